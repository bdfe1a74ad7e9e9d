package propose

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestEveryKindHasAClueAndAnExample(t *testing.T) {
	require.Len(t, patterns, len(models.Kinds()))
	for _, k := range models.Kinds() {
		c := patternOf(k)
		require.NotNil(t, c, "no pattern for %s", k)
		value, err := fromYAML(c.example)
		require.NoError(t, err, k)
		require.NotEmpty(t, value, k)
		require.NotEmpty(t, c.means, "the guide says nothing of %s", k)
		require.NotEmpty(t, c.absent, "the guide does not say when %s is left out", k)
		if models.RowsOf(k) != models.PageRows {
			require.NotEmpty(t, c.ways, k)
			require.NotEmpty(t, c.verbs, k)
		}
	}
}

// proposed is what the operations of a document are, by kind: method, path and
// confidence.
func proposed(t *testing.T, file string) map[models.Kind]string {
	t.Helper()
	p, err := FromFile(file, Options{})
	require.NoError(t, err)
	require.Len(t, p.Guesses, len(models.Kinds()))
	out := make(map[models.Kind]string)
	for i, g := range p.Guesses {
		require.Equal(t, models.Kinds()[i], g.Kind)
		require.NotEmpty(t, g.Reason, g.Kind)
		if g.Found() {
			out[g.Kind] = strings.TrimSpace(g.Method + " " + g.Path + " " + string(g.Confidence))
		}
	}
	require.Len(t, out, p.Found())
	return out
}

func TestEveryOperationOfTheClinicIsFound(t *testing.T) {
	want := map[models.Kind]string{
		"patient":    "POST /patients sure",
		"clinician":  "POST /practitioners sure",
		"login":      "POST /sessions sure",
		"logout":     "DELETE /sessions/current sure",
		"close":      "DELETE /account sure",
		"book":       "POST /appointments sure",
		"reschedule": "POST /appointments/{id}/reschedule sure",
		"cancel":     "POST /appointments/{id}/cancel sure",
		"join":       "POST /encounters/{id}/join sure",
		"drop":       "POST /encounters/{id}/drop sure",
		"speak":      "POST /encounters/{id}/media sure",
		"switch":     "PUT /encounters/{id}/mode sure",
		"leave":      "POST /encounters/{id}/leave sure",
		"end":        "POST /encounters/{id}/end sure",
		"list":       "GET /recordings sure",
		"page":       "GET /recordings sure",
		"follow":     "GET /recordings sure",
		"get":        "GET /recordings/{id} sure",
		"play":       "GET /recordings/{id}/content sure",
		"head":       "HEAD /recordings/{id}/content sure",
		"thumb":      "GET /recordings/{id}/thumbnail sure",
		"transcript": "GET /recordings/{id}/transcript sure",
		"link":       "POST /recordings/{id}/links sure",
		"open":       "GET /links/{secret} sure",
		"share":      "PUT /recordings/{id}/shares/{user} sure",
		"unshare":    "DELETE /recordings/{id}/shares/{user} sure",
		"appoint":    "PUT /proxies/{user} sure",
		"dismiss":    "DELETE /proxies/{user} sure",
		"delete":     "DELETE /recordings/{id} sure",
		"export":     "GET /export sure",
		"inbox":      "GET /notifications sure",
		"audit":      "GET /audit sure",
		"replays":    "PUT /operator/replays sure",
	}
	require.Equal(t, want, proposed(t, clinicDocument))
}

func TestOperationsOfVisitsWithNestedRecordingsAreFound(t *testing.T) {
	const recording = "/visits/{visit_id}/recordings/{recording_id}"
	require.Equal(t, map[models.Kind]string{
		"patient":    "POST /signup sure",
		"clinician":  "POST /staff/doctors sure",
		"login":      "POST /login sure",
		"logout":     "POST /logout sure",
		"close":      "DELETE /members/{memberId} sure",
		"book":       "POST /visits sure",
		"reschedule": "PATCH /visits/{visit_id} likely",
		"cancel":     "PATCH /visits/{visit_id} unsure",
		"join":       "POST /visits/{visit_id}/meeting/participants sure",
		"speak":      "POST /visits/{visit_id}/meeting/chunks sure",
		"switch":     "PUT /visits/{visit_id}/meeting/channel sure",
		"leave":      "DELETE /visits/{visit_id}/meeting/participants sure",
		"end":        "POST /visits/{visit_id}/meeting/terminate sure",
		"list":       "GET /me/recordings sure",
		"page":       "GET /me/recordings sure",
		"follow":     "GET /me/recordings sure",
		"get":        "GET " + recording + " sure",
		"play":       "GET " + recording + "/download sure",
		"transcript": "GET " + recording + "/transcript sure",
		"link":       "POST " + recording + "/signed-url sure",
		"open":       "GET  likely",
		"share":      "POST " + recording + "/grants sure",
		"delete":     "DELETE " + recording + " sure",
	}, proposed(t, "testdata/visits.yaml"))
}

func TestOperationsOfAServiceWithEnvelopesAndNumbersAreFound(t *testing.T) {
	require.Equal(t, map[models.Kind]string{
		"patient":    "POST /signup sure",
		"clinician":  "POST /admin/doctors sure",
		"login":      "POST /signin sure",
		"logout":     "POST /signout sure",
		"close":      "DELETE /me sure",
		"book":       "POST /appointments sure",
		"reschedule": "POST /appointments/{no}/slot sure",
		"cancel":     "DELETE /appointments/{no} likely",
		"join":       "POST /appointments/{no}/visit sure",
		"speak":      "POST /appointments/{no}/visit/media sure",
		"switch":     "POST /appointments/{no}/visit/medium sure",
		"leave":      "DELETE /appointments/{no}/visit sure",
		"end":        "POST /appointments/{no}/visit/complete sure",
		"list":       "GET /visits sure",
		"page":       "GET /visits sure",
		"follow":     "GET /visits sure",
		"get":        "GET /recordings/{no} sure",
		"play":       "GET /recordings/{no}/media sure",
		"delete":     "DELETE /recordings/{no} sure",
	}, proposed(t, practiceDocument))
}

func TestWhereNothingCanBeGuessedEverythingIsMarked(t *testing.T) {
	p, err := FromFile("testdata/graphql.yaml", Options{})
	require.NoError(t, err)
	require.Zero(t, p.Found())
	for _, k := range models.Kinds() {
		if k != models.KindRestart {
			require.Contains(t, string(p.File), "# TODO: could not guess: "+string(k)+"\n")
		}
	}
}

func TestWhatIsNotFoundNamesTheNearestEndpoints(t *testing.T) {
	p, err := FromFile("testdata/fhir.json", Options{})
	require.NoError(t, err)
	require.Contains(t, string(p.File), "# TODO: could not guess: play\n  # candidates: GET /Media, GET /Media/{id}\n")
}

func TestTheNameAndTheURLThatAreKnownAreWritten(t *testing.T) {
	p, err := FromFile("testdata/visits.yaml", Options{Name: "acme", URL: "http://test.example"})
	require.NoError(t, err)
	var file struct {
		Target struct{ Name, URL, Base string }
	}
	require.NoError(t, yaml.Unmarshal(p.File, &file))
	require.Equal(t, "acme", file.Target.Name)
	require.Equal(t, "http://test.example", file.Target.URL)
	require.Equal(t, "/api/v2", file.Target.Base)
}

func TestDaysAreWrittenAsInTheExample(t *testing.T) {
	for example, want := range map[string]string{
		"": "{{.day}}", "1999-12-31": "{{.day}}", "31/12/1999": "{{slice .day 8 10}}/{{slice .day 5 7}}/{{slice .day 0 4}}",
		"12/31/1999": "{{slice .day 5 7}}/{{slice .day 8 10}}/{{slice .day 0 4}}", "19991231": "{{slice .day 0 4}}{{slice .day 5 7}}{{slice .day 8 10}}",
	} {
		r := &request{}
		require.Equal(t, want, r.dateTemplate(".day", &shape{example: example}), example)
		require.Empty(t, r.todos, example)
	}
	for _, unclear := range []string{"01/02/1999", "new year's eve"} {
		r := &request{}
		r.dateTemplate(".day", &shape{example: unclear})
		require.Len(t, r.todos, 1, unclear)
	}
}

// pathsOnly is a document of methods of paths.
func pathsOnly(operations ...string) []byte {
	text := "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths:\n"
	for _, o := range operations {
		method, path, _ := strings.Cut(o, " ")
		text += "  " + path + ": {" + strings.ToLower(method) + ": {responses: {'204': {description: done}}}}\n"
	}
	return []byte(text)
}

func TestDeletingAVisitThatNobodyEntersIsNotLeaving(t *testing.T) {
	p, err := FromOpenAPI(pathsOnly("POST /appointments", "DELETE /appointments/{id}/visit"), Options{})
	require.NoError(t, err)
	require.NotContains(t, string(p.File), "\n  leave:\n")
}

func TestOnlyWhatForgetsEverybodyIsAReset(t *testing.T) {
	for operation, want := range map[string]bool{
		"POST /admin/wipe": true, "POST /test/reset": true, "DELETE /admin/passwords/reset": false, "POST /reset": false, "GET /admin/reset": false,
	} {
		p, err := FromOpenAPI(pathsOnly(operation), Options{})
		require.NoError(t, err)
		require.Equal(t, want, strings.Contains(string(p.File), "# reset: {http:"), operation)
	}
}

func TestWordsAreSplitAndMadeSingular(t *testing.T) {
	for name, want := range map[string]string{
		"listRecordings": "list recording", "user_id": "user id", "FHIRMedia": "fhir media", "HTTPServerID": "http server id",
		"proxies": "proxy", "signed-url": "signed url", "status": "status", "access": "access", "ID": "id", "": "", "v2Patients": "v2 patient",
	} {
		require.Equal(t, want, strings.Join(wordsOf(name), " "), name)
	}
}

func TestAnUnusableDocumentIsOneLineWithItsPlace(t *testing.T) {
	t.Chdir("testdata")
	for text, want := range map[string]string{
		"openapi: 3.0.0\n\tpaths: {}\n": "api.yaml:2:1: not YAML or JSON: found a tab character that violates indentation",
		"":                              "api.yaml:1:1: expected a mapping that begins with openapi: 3.0.3 or 3.1.0",
		"- 1":                           "api.yaml:1:1: expected a mapping that begins with openapi: 3.0.3 or 3.1.0",
		"swagger: '2.0'":                "api.yaml:1:1: it is Swagger 2.0; expected OpenAPI 3.0 or 3.1; convert it first",
		"info: {}":                      "api.yaml:1:1: expected openapi: 3.0.3 or 3.1.0, got <nil>",
		"openapi: 3.0.0\ninfo: {title: a, version: '1'}\n": "api.yaml: no operation below paths; expected at least one",
	} {
		_, err := FromOpenAPI([]byte(text), Options{File: "api.yaml"})
		require.ErrorIs(t, err, ErrDocument)
		require.EqualError(t, err, ErrDocument.Error()+": "+want)
	}
	_, err := FromFile("none.yaml", Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestAReferenceThatLeadsNowhereIsNamedWithItsPlace(t *testing.T) {
	for ref, want := range map[string]string{
		"#/components/schemas/None": "api.yaml:8:26: ",
		"https://a.example/x.yaml":  "api.yaml:8:26: ",
		"../../../go.mod":           "api.yaml:",
	} {
		text := "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths:\n  /patients:\n    post:\n      responses: {'201': {description: made}}\n" +
			"      requestBody: {content: {application/json: {schema:\n                  {$ref: '" + ref + "'}}}}\n"
		_, err := FromOpenAPI([]byte(text), Options{File: "testdata/api.yaml"})
		require.ErrorIs(t, err, ErrDocument, ref)
		require.Contains(t, err.Error(), want, ref)
		require.NotContains(t, err.Error(), "\n")
	}
}

// FuzzFromOpenAPI requires an error or YAML of any bytes.
func FuzzFromOpenAPI(f *testing.F) {
	const head = "openapi: 3.1.0\npaths:\n  "
	for _, text := range []string{
		"openapi: 3.0.0\nswagger: 2", "{", "openapi: 3.1.0\npaths: {'/a:b/${x}/{y}': {get: {operationId: \"\\u0085{{\", responses: {default: {$ref: '#'}}}}}",
		head + "/patients: {post: {requestBody: {content: {application/json: {schema: {required: [name, a b], properties: {name: {type: string}, a b: {enum: [x, 'y\nz']}}}}}}}}",
		head + "/me/recordings: {get: {responses: {'200': {content: {application/json: {schema: {type: array, items: {properties: {id: {type: integer}}}}}}}}}}",
		head + "/recordings/{id}/content: {get: {summary: \"a\\u2028b\", parameters: [{in: path, name: id}, {in: query, name: q, required: true}]}}",
		"openapi: 3.0.0\npaths: {/visits: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/V'}}}}}}}\n" +
			"components: {schemas: {V: {allOf: [{$ref: '#/components/schemas/V'}], properties: {v: {$ref: '#/components/schemas/V'}}}}}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := FromOpenAPI(text, Options{File: "testdata/fuzz.yaml"})
		if err != nil {
			require.ErrorIs(t, err, ErrDocument)
			require.NotContains(t, err.Error(), "\n")
			return
		}
		var root map[string]any
		require.NoError(t, yaml.Unmarshal(p.File, &root), "%s", p.File)
		require.Equal(t, 1, root["version"])
	})
}
