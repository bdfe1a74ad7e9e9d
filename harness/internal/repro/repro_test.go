package repro_test

import (
	"bytes"
	"context"
	"go/format"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/repro"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

// repeated are faults that show in different ways, and what each script looks
// at.
var repeated = map[string]string{
	"switch-drops-filter": "a tag in a listing",
	"bola":                "a tag in media",
	"link-outlives":       "media behind a link",
	"foreign-delete":      "a status code",
	"total-counts-all":    "a number",
	"double-stop":         "a server error",
	"cursor-drops-owner":  "a tag on a later page",
	"refused-but-done":    "a word of a consultation",
}

func TestAScriptRepeatsAViolationAndClearsTheCorrectService(t *testing.T) {
	needs(t, "sh", "curl", "sed")
	for slug := range repeated {
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			dir := reproIn(t, slug)
			script := filepath.Join(dir, evidence.ReproScript)
			out, code := command(t, dir, nil, "sh", "-n", script)
			require.Zero(t, code, out)

			for range 2 {
				out, code = command(t, dir, onClinic(t, slug), "sh", script, baseURL(t, slug))
				require.Equal(t, 1, code, out)
				require.Regexp(t, `(?m)^(LEAK|VIOLATION): `, out)
			}
			out, code = command(t, dir, onClinic(t, ""), "sh", script, baseURL(t, ""))
			require.Zero(t, code, out)
			require.Contains(t, out, "no leak")
		})
	}
}

func TestAScriptThatCannotTellSaysSo(t *testing.T) {
	needs(t, "sh", "curl", "sed")
	dir := reproIn(t, "bola")
	script := filepath.Join(dir, evidence.ReproScript)
	for want, args := range map[string][]string{
		"expected one argument":        {script},
		"set CROSSTALK_OPERATOR_TOKEN": {script, "http://127.0.0.1:1"},
	} {
		out, code := command(t, dir, []string{"CROSSTALK_OPERATOR_TOKEN="}, "sh", args...)
		require.Equal(t, 2, code, out)
		require.Contains(t, out, want)
	}
	out, code := command(t, dir, onClinic(t, ""), "sh", script, "http://127.0.0.1:1")
	require.Equal(t, 2, code, out)
	require.Contains(t, out, "was not answered")
}

func TestAGeneratedTestRepeatsAViolationAndClearsTheCorrectService(t *testing.T) {
	slugs := sortedSlugs()
	var joined string
	for _, slug := range slugs {
		text, err := os.ReadFile(filepath.Join(reproIn(t, slug), evidence.ReproTest))
		require.NoError(t, err)
		formatted, err := format.Source(text)
		require.NoError(t, err)
		require.Equal(t, string(formatted), string(text))
		joined = joinTest(t, joined, string(text), slug)
	}
	work := t.TempDir()
	binary := compiledTest(t, work, joined)
	for _, slug := range slugs {
		args := []string{"-test.v", "-test.run", "^" + testName(slug) + "$"}
		out, code := command(t, work, append(onClinic(t, slug), "CROSSTALK_BASE_URL="+baseURL(t, slug)), binary, args...)
		require.Equal(t, 1, code, out)
		require.Regexp(t, `(LEAK|VIOLATION): `, out)
		out, code = command(t, work, append(onClinic(t, ""), "CROSSTALK_BASE_URL="+baseURL(t, "")), binary, args...)
		require.Zero(t, code, out)
		require.Contains(t, out, "--- PASS: ", out)
	}
}

func sortedSlugs() []string { return slices.Sorted(maps.Keys(repeated)) }

func testName(slug string) string { return "TestRepro_" + strings.ReplaceAll(slug, "-", "_") }

// joinTest adds the test of a file to another file, which is compiled once for
// all of them: they share what the tests are made with.
func joinTest(t *testing.T, into, text, slug string) string {
	t.Helper()
	const test, functions = "func TestRepro(", "// setting is an environment variable"
	from, to := strings.Index(text, test), strings.Index(text, functions)
	require.Positive(t, from)
	require.Greater(t, to, from)
	text = strings.Replace(text, test, "func "+testName(slug)+"(", 1)
	if into == "" {
		return text
	}
	return into + "\n" + text[from:to+len(testName(slug))-len("TestRepro")]
}

// compiledTest vets and compiles a test in a module of its own.
func compiledTest(t *testing.T, dir, text string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module repro\n\ngo 1.24\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, evidence.ReproTest), []byte(text), 0o644))
	out, code := command(t, dir, nil, "go", "vet", ".")
	require.Zero(t, code, out)
	binary := filepath.Join(dir, "repro.test")
	out, code = command(t, dir, nil, "go", "test", "-c", "-ldflags=-s -w", "-o", binary, ".")
	require.Zero(t, code, out)
	return binary
}

// reproIn writes the script and the test for a fault into a new directory.
func reproIn(t *testing.T, slug string) string {
	t.Helper()
	r := samples.Recorded(t, slug, samples.TraceOf(t, slug))
	dir := t.TempDir()
	for name, write := range map[string]func(*bytes.Buffer) error{
		evidence.ReproScript: func(b *bytes.Buffer) error { return repro.Shell(b, &r) },
		evidence.ReproTest:   func(b *bytes.Buffer) error { return repro.GoTest(b, &r) },
	} {
		var b bytes.Buffer
		require.NoError(t, write(&b))
		require.NotContains(t, b.String(), samples.OperatorToken)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644))
	}
	return dir
}

// onClinic is the environment in which a clinic of these tests is reached.
func onClinic(*testing.T, string) []string {
	return []string{"CROSSTALK_OPERATOR_TOKEN=" + samples.OperatorToken}
}

// baseURL starts a clinic that listens, with a fault or without, and returns where
// it is.
func baseURL(t *testing.T, slug string) string {
	t.Helper()
	launcher := samples.WithFault(t, slug)
	launcher.Listen = true
	target, err := launcher.Launch(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { _ = target.Close() })
	return target.(interface{ URL() string }).URL()
}

// needs skips a test where a program is missing.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("no %s on this machine", p)
		}
	}
}

// command runs a program and returns what it wrote, and its exit code.
func command(t *testing.T, dir string, env []string, program string, args ...string) (string, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	// As the Makefile builds everything: what is compiled of the standard library is there already.
	cmd.Dir, cmd.Env = dir, append(os.Environ(), append([]string{"GOFLAGS=-trimpath", "GOWORK=off"}, env...)...)
	out, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		require.NoError(t, err)
	}
	return strings.TrimSpace(string(out)), cmd.ProcessState.ExitCode()
}
