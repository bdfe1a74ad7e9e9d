package rundir_test

import (
	"context"
	"encoding/json"
	"html"
	"net/url"
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
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
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
func tokensOf(t *testing.T, all []targets.LoggedExchange) (out []string) {
	t.Helper()
	for _, x := range all {
		var made struct{ Token, Path string }
		if json.Unmarshal(x.ResponseBody, &made) == nil && made.Token != "" {
			out = append(out, made.Token)
		}
	}
	return out
}

// telling is a target of somebody else's, which leaves a secret in what it tells.
type telling struct {
	targets.Launcher
	secret string
}

func (l telling) Launch(ctx context.Context) (targets.Target, error) {
	t, err := l.Launcher.Launch(ctx)
	return tellingTarget{t, l.secret}, err
}

type tellingTarget struct {
	targets.Target
	secret string
}

func (t tellingTarget) Open(ctx context.Context, n models.Namespace) (targets.World, error) {
	w, err := t.Target.Open(ctx, n)
	return tellingWorld{w, t.secret}, err
}

type tellingWorld struct {
	targets.World
	secret string
}

func (w tellingWorld) Apply(ctx context.Context, c models.Call) (models.Response, error) {
	r, err := w.World.Apply(ctx, c)
	r.Detail, r.Reason = "said "+w.secret, w.secret
	return r, err
}

func TestWhatATargetLeavesInIsTakenOutOfEveryFile(t *testing.T) {
	const key = `s3cr3t/+=<&>'"\ key`
	secrets := new(secret.Net)
	secrets.Add(targets.Secret{Value: key, Name: "KEY"})
	r := samples.Recorded(t, "switch-drops-filter", samples.TraceOf(t, "switch-drops-filter"))
	r.Secrets, r.Whole, r.Source = secrets, true, key
	r.Problem, r.Target, r.Configuration, r.Config = key, "service "+key, "key: "+key+"\n", key
	r.Implementation = evidence.Implementation{Name: key, Version: key, Reached: "http://h/" + url.PathEscape(key)}
	r.Invocation = evidence.Invocation{Program: "crosstalk", Target: []string{"--config", key}}
	r.Minimal.Violation.Message += " " + key
	r.Minimal.Record.Logs = []byte("log " + key)
	path := t.TempDir()
	dir, err := rundir.Create(path, r)
	require.NoError(t, err)
	j := judge.NewJudge(t.Context(), telling{samples.WithFault(t, "switch-drops-filter"), key}, 0, history.NewLog(dir.Log()))
	got, err := j.Record(t.Context(), samples.TraceOf(t, "switch-drops-filter"))
	require.NoError(t, err)
	require.NoError(t, j.Close())
	r.Minimal.History, r.Found.History = got.History, got.History
	dir.Found(&r.Result)
	require.NoError(t, dir.Finish(r))
	quoted, err := json.Marshal(key)
	require.NoError(t, err)
	forms := []string{key, url.QueryEscape(key), url.PathEscape(key), string(quoted[1 : len(quoted)-1]), html.EscapeString(key), strings.ReplaceAll(key, "'", `'"'"'`),
		"s3cr3t/+=", "s3cr3t%2F"}
	files, err := os.ReadDir(path)
	require.NoError(t, err)
	require.Greater(t, len(files), 12)
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(path, file.Name()))
		require.NoError(t, err)
		for _, form := range forms {
			require.NotContains(t, string(text), form, file.Name())
		}
	}
	text, err := os.ReadFile(filepath.Join(path, evidence.HistoryFile))
	require.NoError(t, err)
	require.Contains(t, string(text), `"detail":"said [secret-KEY]"`)
}
