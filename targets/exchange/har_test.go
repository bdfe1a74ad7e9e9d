package exchange_test

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// archived is an archive of exchanges, redacted, whose operations are those of
// a trace.
func archived(t testing.TB, all []targets.LoggedExchange) []byte {
	t.Helper()
	names := map[int]string{1: "alice = patient()", 2: "bob = patient()", 8: "alice.list()"}
	var b bytes.Buffer
	require.NoError(t, exchange.HAR(&b, exchange.NewRedactor(all).Exchanges(all), "unreleased", func(step int) string { return names[step] }))
	return b.Bytes()
}

// loggedIn are exchanges with secrets in every place.
func loggedIn() []targets.LoggedExchange {
	all := []targets.LoggedExchange{
		{
			Step: 1, Exchange: models.Exchange{ID: "w1-1-1", Traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Method: "POST", Path: "/sessions", Status: 201},
			URL: "http://h.example/api/sessions", Took: 1500 * time.Microsecond,
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
	for i := range all {
		all[i].Started = time.Date(2020, time.June, 9, 15, 4, 5+i, 0, time.UTC)
	}
	return all
}

// allSecrets are those of loggedIn, as they were.
var allSecrets = []string{"s3cr3t/+=", "c00kie-value", "tok-abc/def==", "tok-abc%2Fdef%3D%3D", `tok-abc\/def==`, "l1nk-secret"}

func TestAnArchiveHasNoSecretsAndShowsWhereTheyWent(t *testing.T) {
	text := string(archived(t, loggedIn()))
	for _, secret := range allSecrets {
		require.NotContains(t, text, secret)
	}
	all, err := exchange.ReadHAR(strings.NewReader(text))
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
	sent := loggedIn()
	first := archived(t, sent)
	all, err := exchange.ReadHAR(bytes.NewReader(first))
	require.NoError(t, err)
	require.Equal(t, sent[0].ID, all[0].ID)
	require.Equal(t, []int{1, 2, 8}, []int{all[0].Step, all[1].Step, all[2].Step})
	require.Equal(t, sent[0].Took, all[0].Took)
	require.Equal(t, string(first), string(archived(t, all)))
}

func TestALongBodyIsCutAndSaysSo(t *testing.T) {
	long := loggedIn()[:1]
	long[0].ResponseBody = []byte(strings.Repeat("x", 65535) + "\u00e9\u00e9")
	text := archived(t, long)
	require.Contains(t, string(text), "the first 65536 of 65539 bytes")
	all, err := exchange.ReadHAR(bytes.NewReader(text))
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
	text := archived(t, loggedIn())
	archive, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(archive))
	golden := filepath.Join("testdata", "logged-in.har")
	if *update {
		require.NoError(t, os.WriteFile(golden, text, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), string(text))
}

func TestWhatIsNoArchiveIsAnErrorThatSaysWhere(t *testing.T) {
	for text, want := range map[string]string{
		"":   "read an HTTP archive: EOF",
		"{}": `expected a member "log"`,
		`{"log":{"entries":[{"startedDateTime":"x"}]}}`:                                                             "entry 1: expected a request and a response",
		`{"log":{"entries":[{"startedDateTime":"x","request":{},"response":{}}]}}`:                                  "entry 1: startedDateTime: expected a time",
		`{"log":{"entries":[{"startedDateTime":"2020-06-09T15:04:05Z","comment":"x","request":{},"response":{}}]}}`: "entry 1: comment: expected \"step N",
	} {
		_, err := exchange.ReadHAR(strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
}

func FuzzReadHAR(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("testdata", "logged-in.har"))
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"log":{"entries":[null]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := exchange.ReadHAR(bytes.NewReader(text))
		if err == nil {
			archived(t, all)
		}
	})
}
