package doctor_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/harness/internal/doctor"
	"github.com/telehealth-conformance/crosstalk/harness/internal/setup"
	"github.com/telehealth-conformance/crosstalk/targets/container"
)

// built is the directory of the service's binary.
var built string

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

// visitsBinary builds the example service once, static, so that an image can be
// made of it.
var visitsBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "visits-")
	if err != nil {
		return "", err
	}
	built = dir
	cmd := exec.Command("go", "build", "-trimpath", "-o", dir, "../../../targets/mapping/example/visits")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return filepath.Join(dir, "visits"), nil
})

// startVisits starts the service and returns its address, and how it is ended.
func startVisits() (address string, end func(), err error) {
	binary, err := visitsBinary()
	if err != nil {
		return "", nil, err
	}
	cmd := exec.Command(binary, "-listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, address, _ = strings.Cut(strings.TrimSpace(line), "http://")
	return address, func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}, err
}

// diagnosis is what was said about a file, and the place that was named first.
type diagnosis struct {
	text  string
	first config.Position
}

// clinics are the containers of a test; nil where it needs none.
type clinics func(context.Context) (*container.Fleet, error)

// diagnose reads a file and examines the service that it describes, as the
// command doctor does.
func diagnose(ctx context.Context, path string, env map[string]string, fleet clinics) diagnosis {
	f, err := config.Load(path, func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	if err != nil {
		return complaint(err)
	}
	s, err := setup.Open(ctx, f, setup.Options{Fleet: fleet})
	if err != nil {
		if d := complaint(err); d.first.Line > 0 {
			return d
		}
		at := f.Where(setup.Blame(err))
		return diagnosis{fmt.Sprintf("%s: %s\n", at, err), at}
	}
	defer s.Close()
	p := doctor.Patient{Launcher: s, Blame: setup.Blame, Redact: f.Redact, Patience: 600 * time.Millisecond,
		Where: func(key string) (config.Position, bool) { return f.Where(key), f.Says(key) }}
	r, err := doctor.Examine(ctx, p, "t1")
	if err != nil {
		return diagnosis{text: err.Error()}
	}
	var b strings.Builder
	_ = r.Text(&b)
	place, _ := r.First()
	return diagnosis{b.String(), place.Position}
}

// complaint is an error as the program prints it.
func complaint(err error) diagnosis {
	d := diagnosis{text: err.Error() + "\n"}
	if all, ok := errors.AsType[config.Problems](err); ok {
		d.first = config.Position{File: all[0].File, Line: all[0].Line, Column: all[0].Column}
	}
	return d
}

// What differs from run to run.
var (
	took    = regexp.MustCompile(`\b[0-9.]+(ms|µs|s)\b`)
	dialled = regexp.MustCompile(`dial tcp.*refused`)
)

// withoutChance puts dots for what differs from run to run.
func withoutChance(text, dir string) string {
	var out []string
	for line := range strings.Lines(strings.ReplaceAll(text, dir+string(filepath.Separator), "")) {
		if strings.HasPrefix(line, "works") || strings.Contains(line, " appeared after ") {
			line = took.ReplaceAllString(line, "…")
		}
		out = append(out, dialled.ReplaceAllString(line, "connection refused"))
	}
	return strings.Join(out, "")
}

// env are the variables of visits.yaml.
func env(address string) map[string]string {
	return map[string]string{"VISITS_ADDRESS": address, "VISITS_PASSWORD": "letmein"}
}

func TestAServiceOfAnotherShapeIsHealthy(t *testing.T) {
	address, end, err := startVisits()
	require.NoError(t, err)
	defer end()
	d := diagnose(t.Context(), filepath.Join("testdata", "visits.yaml"), env(address), nil)
	require.Zero(t, d.first, d.text)
	require.Contains(t, d.text, ", 0 wrong, ")
	require.NotContains(t, d.text, "letmein")
}
