package propose_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/propose"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/mapping"
)

// practice describes the example service of another shape.
const practice = "../../../targets/mapping/example/visits/openapi.yaml"

const operatorToken = "the-operator-of-this-test"

// load reads a file as crosstalk does, with the operator's secrets in the
// environment.
func load(t *testing.T, text []byte) *config.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crosstalk.yaml")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	file, err := config.Load(path, func(name string) (string, bool) { return operatorToken, strings.HasPrefix(name, "CROSSTALK_") })
	require.NoError(t, err, "%s", text)
	return file
}

func compile(t *testing.T, text []byte) *mapping.Mapping {
	t.Helper()
	m, problems := mapping.Compile(load(t, text).Spec)
	require.Empty(t, problems, "%s", text)
	return m
}

func TestAFileFromNothingLoadsAndCompiles(t *testing.T) {
	text, err := propose.New(propose.Options{})
	require.NoError(t, err)
	compile(t, text)
}

// The documents' proposals load as they are, but for what the test fills in as a
// person would where TODO says so.
func TestProposalsLoadAndCompile(t *testing.T) {
	for file, filled := range map[string][]string{
		"../../../targets/clinic/openapi.yaml": nil,
		"testdata/visits.yaml":                 nil,
		practice:                               {"# reset: {http:", "reset: {http:"},
		"testdata/fhir.json":                   nil,
		"testdata/graphql.yaml":                {"operations:\n", "operations:\n  logout: {path: /graphql}\n"},
	} {
		t.Run(filepath.Base(file), func(t *testing.T) {
			p, err := propose.FromFile(file, propose.Options{})
			require.NoError(t, err)
			text := strings.NewReplacer(filled...).Replace(string(p.File))
			require.True(t, filled == nil || text != string(p.File), "nothing was filled in")
			compile(t, []byte(text))
		})
	}
}

func TestTheProposalForTheClinicDrivesItAsTheModelExpects(t *testing.T) {
	p, err := propose.FromFile("../../../targets/clinic/openapi.yaml", propose.Options{})
	require.NoError(t, err)
	text, err := os.ReadFile("../../../targets/rest/testdata/life.trace")
	require.NoError(t, err)
	trace, err := models.Parse(string(text))
	require.NoError(t, err)
	server, err := clinic.Start(t.Context(), "127.0.0.1:0", clinic.Config{OperatorToken: operatorToken,
		PasswordParams: clinic.FastPasswords(), Database: filepath.Join(t.TempDir(), "clinic.db"), Unsynced: true, Groups: true})
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close()) }()
	policy := models.ReferencePolicy()
	policy.Groups = true
	target, err := mapping.New(mapping.Config{Mapping: compile(t, p.File), URL: server.URL, Policy: policy,
		Restart: func(ctx context.Context) (string, error) { return server.URL, server.Restart(ctx) }})
	require.NoError(t, err)
	h, err := judge.Run(t.Context(), target, "life", trace, nil)
	require.NoError(t, err)
	verdict := judge.Check(h)
	for i := range h.Events {
		require.Equal(t, verdict.Expected[i].Outcome, h.Events[i].Response.Outcome, "step %d, %s: %s", i+1, trace.Ops[i], h.Events[i].Response.Detail)
	}
	require.Empty(t, verdict.Violations)
	require.NoError(t, target.Close())
}
