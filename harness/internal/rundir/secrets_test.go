package rundir_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/targets"
)

func TestNoSecretOfARealRunIsInAnyFileOfItsDirectory(t *testing.T) {
	for _, slug := range []string{"switch-drops-filter", "link-outlives"} {
		path := t.TempDir()
		launcher := samples.WithFault(t, slug)
		dir, err := rundir.Create(path, evidence.Run{Invocation: evidence.Invocation{Program: "crosstalk"}})
		require.NoError(t, err)
		j := judge.NewJudge(context.Background(), launcher, 0, history.NewLog(dir.Log()))
		defer j.Close()
		record, err := j.Record(context.Background(), samples.TraceOf(t, slug))
		require.NoError(t, err)
		record.Logs = []byte("GET / with " + strings.Join(tokensOf(t, record.Exchanges), " "))
		r := samples.Recorded(t, slug, samples.TraceOf(t, slug))
		r.Minimal.Record, r.Minimal.History, r.Whole = record, record.History, true
		require.NoError(t, dir.Finish(r))
		for _, name := range []string{evidence.SARIFFile, evidence.SummaryFile, evidence.MinimalHAR, evidence.ReproScript, evidence.ReproTest,
			evidence.MinimalLog, evidence.StatementJSONFile} {
			require.FileExists(t, filepath.Join(path, name))
		}
		secrets := append(tokensOf(t, record.Exchanges), samples.OperatorToken)
		require.Greater(t, len(secrets), 2)
		files, err := os.ReadDir(path)
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(filepath.Join(path, file.Name()))
			require.NoError(t, err)
			for _, secret := range secrets {
				require.NotContains(t, string(text), secret, file.Name())
			}
		}
	}
}

// tokensOf are the tokens that a clinic gave out, and the secrets of its links.
func tokensOf(t *testing.T, all []targets.Recorded) (out []string) {
	t.Helper()
	for _, x := range all {
		var made struct{ Token, Path string }
		if json.Unmarshal(x.ResponseBody, &made) == nil && made.Token != "" {
			out = append(out, made.Token)
		}
	}
	return out
}
