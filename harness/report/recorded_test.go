package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// exchanged is a run whose minimal trace was recorded as these exchanges.
func exchanged(t *testing.T, all ...targets.Recorded) report.Run {
	t.Helper()
	r := violated(t)
	for i := range all {
		if all[i].Step == 0 {
			all[i].Step = 1
		}
		all[i].Started = started.Add(time.Duration(i) * time.Second)
	}
	r.Minimal.Record = &harness.Record{History: r.Minimal.History, Verdict: r.Minimal.Verdict, Exchanges: all}
	return r
}

func TestTheArchiveOfARunKeepsTheFormat(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "targets", "exchange", "testdata", "har-1.2.schema.json"))
	require.NoError(t, err)
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("har.json", doc))
	schema, err := c.Compile("har.json")
	require.NoError(t, err)
	r := recorded(t, "bola", traceOf(t, "bola"))
	var b bytes.Buffer
	require.NoError(t, report.HAR(&b, &r))
	require.Contains(t, b.String(), `"comment": "step 1: `+r.Minimal.Trace.Ops[0].String()+`"`)
	validate(t, schema, b.Bytes())
}

func FuzzReportsOfAnArchive(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("..", "..", "targets", "exchange", "testdata", "logged-in.har"))
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"log":{"entries":[null]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := exchange.ReadHAR(bytes.NewReader(text))
		if err != nil || len(all) == 0 {
			return
		}
		for i := range all {
			all[i].Step = max(all[i].Step, 1)
		}
		r := exchanged(t, all...)
		for _, write := range []func(io.Writer, *report.Run) error{report.HAR, report.ReproShell, report.ReproGo} {
			var b bytes.Buffer
			require.NoError(t, write(&b, &r))
		}
	})
}

func TestNoSecretOfARealRunIsInAnyFileOfItsDirectory(t *testing.T) {
	for _, slug := range []string{"switch-drops-filter", "link-outlives"} {
		path := t.TempDir()
		launcher := withFault(t, slug)
		dir, err := report.Create(path, report.Run{Invocation: report.Invocation{Program: "crosstalk"}})
		require.NoError(t, err)
		j := harness.NewJudge(context.Background(), launcher, 0, dir.Log())
		defer j.Close()
		record, err := j.Record(context.Background(), traceOf(t, slug))
		require.NoError(t, err)
		record.Logs = []byte("GET / with " + strings.Join(tokensOf(t, record.Exchanges), " "))
		r := recorded(t, slug, traceOf(t, slug))
		r.Minimal.Record, r.Minimal.History, r.Whole = record, record.History, true
		require.NoError(t, dir.Finish(r))
		for _, name := range []string{report.SARIFFile, report.SummaryFile, report.MinimalHAR, report.ReproScript, report.ReproTest,
			report.MinimalLog, report.StatementJSONFile} {
			require.FileExists(t, filepath.Join(path, name))
		}
		secrets := append(tokensOf(t, record.Exchanges), operatorToken)
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
