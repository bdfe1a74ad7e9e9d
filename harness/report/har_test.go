package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
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

func archived(t *testing.T, r *report.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.HAR(&b, r))
	return b.Bytes()
}

// loggedIn are exchanges with secrets in every place.
func loggedIn() []targets.Recorded {
	return []targets.Recorded{
		{
			Exchange: models.Exchange{ID: "w1-1-1", Traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Method: "POST", Path: "/sessions", Status: 201},
			URL:      "http://h.example/api/sessions", Took: 1500 * time.Microsecond,
			RequestHeader: http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"w1-1-1"},
				"Traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}},
			RequestBody:    []byte(`{"email":"alice@x","password":"only-for-conformance-tests-alice","clientSecret":"s3cr3t/+="}`),
			ResponseHeader: http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"sid=c00kie-value; Path=/; HttpOnly"}},
			ResponseBody:   []byte(`{"id":"u-17-alice","accessToken":"tok-abc\/def==","tokenType":"Bearer","pin":"7","play":"\/links\/l1nk-secret"}`),
		},
		{
			Exchange: models.Exchange{Method: "GET", Path: "/links/l1nk-secret?token=tok-abc%2Fdef%3D%3D", Status: 200}, Step: 2,
			URL:            "http://h.example/api/links/l1nk-secret?token=tok-abc%2Fdef%3D%3D",
			RequestHeader:  http.Header{"Authorization": {"Bearer tok-abc/def=="}, "Cookie": {"sid=c00kie-value"}},
			ResponseHeader: http.Header{"Content-Type": {"application/octet-stream"}},
			ResponseBody:   []byte("\x00\xff media echoed with tok-abc/def=="),
		},
		{
			Exchange: models.Exchange{Method: "GET", Path: "/big"}, Step: 8, URL: "http://h.example/api/big", Failure: "no answer within 10s, sent tok-abc/def==",
		},
	}
}

// allSecrets are those of loggedIn, as they were.
var allSecrets = []string{"s3cr3t/+=", "c00kie-value", "tok-abc/def==", "tok-abc%2Fdef%3D%3D", `tok-abc\/def==`, "l1nk-secret"}

func TestAnArchiveHasNoSecretsAndShowsWhereTheyWent(t *testing.T) {
	r := exchanged(t, loggedIn()...)
	text := string(archived(t, &r))
	for _, secret := range allSecrets {
		require.NotContains(t, text, secret)
	}
	all, err := report.ReadHAR(strings.NewReader(text))
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Contains(t, string(all[0].RequestBody), "only-for-conformance-tests-alice", "which protects nothing")
	token := strings.TrimPrefix(all[1].RequestHeader["Authorization"][0], "Bearer ")
	require.Regexp(t, `^\[secret-\d\]$`, token)
	require.Contains(t, string(all[0].ResponseBody), `"accessToken":"`+token+`","tokenType":"Bearer","pin":"[secret-`)
	require.Contains(t, all[1].URL, "?token="+token)
	require.Equal(t, "\x00\xff media echoed with "+token, string(all[1].ResponseBody))
	require.Contains(t, all[2].Failure, token)
	require.Equal(t, []string{"sid=" + strings.Split(strings.Split(all[0].ResponseHeader["Set-Cookie"][0], "=")[1], ";")[0]}, all[1].RequestHeader["Cookie"])
}

func TestAnArchiveIsReadBackAsItWasWritten(t *testing.T) {
	r := exchanged(t, loggedIn()...)
	first := archived(t, &r)
	all, err := report.ReadHAR(bytes.NewReader(first))
	require.NoError(t, err)
	require.Equal(t, r.Recorded()[0].Exchange.ID, all[0].ID)
	require.Equal(t, []int{1, 2, 8}, []int{all[0].Step, all[1].Step, all[2].Step})
	require.Equal(t, r.Recorded()[0].Took, all[0].Took)
	again := exchanged(t, all...)
	require.Equal(t, string(first), string(archived(t, &again)))
}

func TestALongBodyIsCutAndSaysSo(t *testing.T) {
	long := loggedIn()[:1]
	long[0].ResponseBody = []byte(strings.Repeat("x", 65535) + "\u00e9\u00e9")
	r := exchanged(t, long...)
	text := archived(t, &r)
	require.Contains(t, string(text), "the first 65536 of 65539 bytes")
	all, err := report.ReadHAR(bytes.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("x", 65535), string(all[0].ResponseBody), "no character is cut")
}

func TestAnArchiveKeepsTheFormat(t *testing.T) {
	file, err := os.Open(filepath.Join("testdata", "har-1.2.schema.json"))
	require.NoError(t, err)
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("har.json", doc))
	schema, err := c.Compile("har.json")
	require.NoError(t, err)
	r := exchanged(t, loggedIn()...)
	validate(t, schema, archived(t, &r))
	taken := recorded(t, "bola", traceOf(t, "bola"))
	validate(t, schema, archived(t, &taken))
	golden(t, "violation.har", func(w io.Writer) error { return report.HAR(w, &r) })
}

func TestWhatIsNoArchiveIsAnErrorThatSaysWhere(t *testing.T) {
	for text, want := range map[string]string{
		"":   "read an HTTP archive: EOF",
		"{}": `expected a member "log"`,
		`{"log":{"entries":[{"startedDateTime":"x"}]}}`:                                                             "entry 1: expected a request and a response",
		`{"log":{"entries":[{"startedDateTime":"x","request":{},"response":{}}]}}`:                                  "entry 1: startedDateTime: expected a time",
		`{"log":{"entries":[{"startedDateTime":"2020-06-09T15:04:05Z","comment":"x","request":{},"response":{}}]}}`: "entry 1: comment: expected \"step N",
	} {
		_, err := report.ReadHAR(strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
}

func FuzzReadHAR(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("testdata", "violation.har"))
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"log":{"entries":[null]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := report.ReadHAR(bytes.NewReader(text))
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
		judge := harness.NewJudge(context.Background(), launcher, 0, dir.Log())
		defer judge.Close()
		record, err := judge.Record(context.Background(), traceOf(t, slug))
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
