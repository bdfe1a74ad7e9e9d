package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

const beforePolicy = `# ours
version: 1
target: {url: http://127.0.0.1:8080} # the test rig
operations:
  list: {path: /replays, rows: ".[]"}
`

var measuredChoices = []models.Declaration{{Key: "starts", Word: "clinician"}, {Key: "drop", Word: "leaves"}}

// placed is a file with a text.
func placed(t *testing.T, text string) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crosstalk.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	f, err := Load(path, variables)
	require.NoError(t, err)
	return f
}

func TestChoicesAreWrittenIntoThePolicyAndNothingElseChanges(t *testing.T) {
	for name, c := range map[string]struct{ policy, want string }{
		"a block": {"policy: # chosen\n  # after the law\n  min_age: 18 # years\n\nrun: {traces: 5}\n",
			"policy: # chosen\n  starts: clinician\n  drop: leaves\n  # after the law\n  min_age: 18 # years\n\nrun: {traces: 5}\n"},
		"a block that is indented by four": {"policy:\n    min_age: 18\n", "policy:\n    starts: clinician\n    drop: leaves\n    min_age: 18\n"},
		"a flow":                           {"policy: {min_age: 18} # chosen\n", "policy: {starts: clinician, drop: leaves, min_age: 18} # chosen\n"},
		"an empty flow":                    {"policy: {}\n", "policy: {starts: clinician, drop: leaves}\n"},
		"none":                             {"", "\npolicy:\n  starts: clinician\n  drop: leaves\n"},
		"no end of line":                   {"policy: {min_age: 18}", "policy: {starts: clinician, drop: leaves, min_age: 18}"},
		"no end, no such":                  {"run: {traces: 5}", "run: {traces: 5}\n\npolicy:\n  starts: clinician\n  drop: leaves\n"},
	} {
		t.Run(name, func(t *testing.T) {
			f := placed(t, beforePolicy+c.policy)
			require.NoError(t, f.Declare(measuredChoices))
			require.Equal(t, beforePolicy+c.want, readText(t, f.Path))
			after, err := Load(f.Path, variables)
			require.NoError(t, err)
			require.Equal(t, "starts=clinician drop=leaves", after.Policy.Choices.String())
			info, err := os.Stat(f.Path)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		})
	}
}

func TestLinesThatEndAsOnWindowsStaySo(t *testing.T) {
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	f := placed(t, crlf(beforePolicy+"policy:\n  min_age: 18\n"))
	require.NoError(t, f.Declare(measuredChoices))
	require.Equal(t, crlf(beforePolicy+"policy:\n  starts: clinician\n  drop: leaves\n  min_age: 18\n"), readText(t, f.Path))
}

func TestAFileThatChangedMeanwhileIsLeftAlone(t *testing.T) {
	f := placed(t, beforePolicy)
	require.NoError(t, os.WriteFile(f.Path, []byte(beforePolicy+"# mine\n"), 0o600))
	require.EqualError(t, f.Declare(measuredChoices), f.Path+": changed meanwhile; nothing was written")
	require.Equal(t, beforePolicy+"# mine\n", readText(t, f.Path))
}

func TestAPolicyThatStandsElsewhereIsLeftAlone(t *testing.T) {
	for _, text := range []string{
		strings.Replace(beforePolicy, "version: 1", "version: 1\nrun: &r {}", 1) + "policy: *r\n",
		beforePolicy + "policy: &p {min_age: 18}\n",
	} {
		f := placed(t, text)
		require.EqualError(t, f.Declare(measuredChoices), f.Path+": policy is not written in a way that can be added to; add to it: starts: clinician, drop: leaves")
		require.Equal(t, text, readText(t, f.Path))
	}
}
