package mapping_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
	"github.com/telehealth-conformance/crosstalk/targets/mapping"
)

const operatorToken = "the-operator-of-this-test"

// clinicMapping is the mapping of the reference clinic.
func clinicMapping(t testing.TB) *mapping.Mapping {
	t.Helper()
	text, err := os.ReadFile("testdata/clinic.yaml")
	require.NoError(t, err)
	var root yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(strings.ReplaceAll(string(text), "${CROSSTALK_OPERATOR_TOKEN}", operatorToken)), &root))
	spec, err := mapping.Decode(&root)
	require.NoError(t, err)
	spec.File = "clinic.yaml"
	m, problems := mapping.Compile(spec)
	require.Empty(t, problems)
	return m
}

// mapped launches embedded clinics that are driven by the mapping.
type mapped struct {
	mapping   *mapping.Mapping
	configure func(*clinic.Config)
}

func (l mapped) Name() string { return "mapped clinic" }
func (l mapped) Fresh() bool  { return true }
func (l mapped) Capabilities() models.Capabilities {
	return clinic.Launcher{Configure: l.configure}.Capabilities()
}

// driven is a target that owns the clinic behind it.
type driven struct {
	*mapping.Target
	server *clinic.Server
	dir    string // of its database
}

func (l mapped) Launch(ctx context.Context) (targets.Target, error) {
	dir, err := os.MkdirTemp("", "mapped-")
	if err != nil {
		return nil, err
	}
	cfg := clinic.Config{OperatorToken: operatorToken, PasswordParams: clinic.FastPasswords(), Database: filepath.Join(dir, "clinic.db"), Unsynced: true}
	if l.configure != nil {
		l.configure(&cfg)
	}
	server, err := clinic.Start(ctx, "127.0.0.1:0", cfg)
	if err != nil {
		return nil, err
	}
	d := &driven{server: server, dir: dir}
	d.Target, err = mapping.New(mapping.Config{Mapping: l.mapping, URL: server.URL, Policy: l.Capabilities().Policy,
		Ready: mapping.Ready{Path: "/healthz"}, Restart: func(ctx context.Context) (string, error) { return server.URL, server.Restart(ctx) }})
	return d, err
}

func (d *driven) Close() error {
	_ = d.Target.Close()
	return errors.Join(d.server.Close(), os.RemoveAll(d.dir))
}

func TestTheClinicAnswersThroughItsMappingAsTheModelExpects(t *testing.T) {
	text, err := os.ReadFile("../rest/testdata/life.trace")
	require.NoError(t, err)
	trace, err := models.Parse(string(text))
	require.NoError(t, err)
	l := mapped{clinicMapping(t), func(c *clinic.Config) { c.Groups = true }}
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, target.Close()) }()
	for _, k := range models.Kinds() {
		require.True(t, target.Capabilities().Supports(k), k)
	}
	h, err := harness.Run(t.Context(), target, "life", trace, nil)
	require.NoError(t, err)
	verdict := harness.Check(h)
	said := make([]string, len(h.Events))
	for i := range h.Events {
		r := &h.Events[i].Response
		said[i] = fmt.Sprintf("%s %s | %s", r, r.Detail, r.Reason)
	}
	t.Log(h.Trace().Annotate(said))
	for i := range h.Events {
		require.Equal(t, verdict.Expected[i].Outcome, h.Events[i].Response.Outcome, "step %d, %s", i+1, trace.Ops[i])
	}
	require.Empty(t, verdict.Violations)
}

// TestEachFaultShowsThroughTheMappingAsThroughTheClient takes the minimal trace
// that was once found for each fault.
func TestEachFaultShowsThroughTheMappingAsThroughTheClient(t *testing.T) {
	m := clinicMapping(t)
	for _, f := range faults.All() {
		t.Run(f.Slug, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("..", "..", "harness", "testdata", "golden", f.Slug+".trace")
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			trace, err := models.ParseFile(file, string(text))
			require.NoError(t, err)
			want := gravest(t, clinic.Launcher{Configure: f.Apply}, trace, f)
			got := gravest(t, mapped{m, f.Apply}, trace, f)
			require.Equal(t, want.Signature, got.Signature)
			require.Equal(t, want.Step, got.Step)
		})
	}
}

func gravest(t *testing.T, l targets.Launcher, trace models.Trace, f faults.Fault) models.Violation {
	t.Helper()
	got, err := harness.Replay(t.Context(), l, trace, harness.Options{}.For(f.Rules))
	require.NoError(t, err)
	v, ok := got.Verdict.Gravest()
	require.True(t, ok, "%s", trace)
	return v
}
