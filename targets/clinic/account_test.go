package clinic_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

func TestWhoCanRegisterAsAPatient(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]any
		status int
	}{
		"sixteen today":                {map[string]any{"birthDate": "2004-06-09"}, 201},
		"sixteen tomorrow":             {map[string]any{"birthDate": "2004-06-10"}, 422},
		"not born yet":                 {map[string]any{"birthDate": "2030-01-01"}, 422},
		"no birth date":                {map[string]any{"birthDate": nil}, 422},
		"a birth date that is none":    {map[string]any{"birthDate": "9 June"}, 422},
		"bupa with a member number":    {map[string]any{"plan": "bupa", "memberNumber": "M1"}, 201},
		"bupa without a member number": {map[string]any{"plan": "bupa"}, 422},
		"nhs with a member number":     {map[string]any{"memberNumber": "M1"}, 422},
		"private":                      {map[string]any{"plan": "private"}, 201},
		"a plan that is none":          {map[string]any{"plan": "gold"}, 422},
		"no name":                      {map[string]any{"name": " "}, 422},
		"an address that is none":      {map[string]any{"email": "alice"}, 422},
		"an address with a name":       {map[string]any{"email": "Alice <alice@example.org>"}, 422},
		"a password that is too short": {map[string]any{"password": "1234567"}, 422},
		"a password that is too long":  {map[string]any{"password": strings.Repeat("p", 129)}, 422},
		"a field that is none":         {map[string]any{"role": "practitioner"}, 422},
		"a name that is a number":      {map[string]any{"name": 7}, 422},
		"a body beyond all measure":    {map[string]any{"name": strings.Repeat("n", 20000)}, 413},
	} {
		t.Run(name, func(t *testing.T) {
			body := map[string]any{"name": "Alice", "email": "alice@example.org", "password": password,
				"birthDate": "1990-01-01", "plan": "nhs"}
			for k, v := range c.change {
				body[k] = v
			}
			newBench(t).doWild("POST", "/patients", "", body).is(c.status)
		})
	}
}

func TestABodyThatIsNotJSONIsMalformed(t *testing.T) {
	b := newBench(t)
	for _, body := range []string{"", "{", "nonsense", `{"email":`, `{"email":"a@example.org","password":"p"} {}`} {
		b.doWild("POST", "/sessions", "", body).is(400)
	}
	b.doWild("POST", "/sessions", "", []byte("{}")).is(415)
	b.doWild("POST", "/sessions", "", "{}").is(422)
	b.doWild("POST", "/sessions", "", "[]").is(422)
}

func TestAnAddressIsRegisteredOnceInWhateverCase(t *testing.T) {
	b := newBench(t)
	alice := b.patient()
	for _, email := range []string{alice.email, strings.ToUpper(alice.email)} {
		b.do("POST", "/patients", "", map[string]any{"name": "Eve", "email": email, "password": password,
			"birthDate": "1990-01-01", "plan": "nhs"}).is(409)
		b.do("POST", "/practitioners", operatorToken, map[string]any{"name": "Eve", "email": email,
			"password": password}).is(409)
	}
}

func TestOnlyTheOperatorRegistersPractitioners(t *testing.T) {
	b := newBench(t)
	body := map[string]any{"name": "Dr", "email": "dr@example.org", "password": password}
	b.do("POST", "/practitioners", "", body).is(401)
	b.do("POST", "/practitioners", "guess", body).is(401)
	b.do("POST", "/practitioners", b.patient().token, body).is(403)
	b.do("POST", "/practitioners", b.practitioner().token, body).is(403)
	b.do("POST", "/practitioners", operatorToken, body).is(201)
}

func TestAServiceWithoutAnOperatorTokenHasNoOperator(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.OperatorToken = "" })
	body := map[string]any{"name": "Dr", "email": "dr@example.org", "password": password}
	b.do("POST", "/practitioners", "", body).is(401)
	b.do("POST", "/practitioners", "", body, "Authorization", "Bearer ").is(401)
	b.do("POST", "/practitioners", operatorToken, body).is(401)
}

func TestLoggingIn(t *testing.T) {
	b := newBench(t)
	alice := b.patient()
	login := func(email, password string) answer {
		return b.do("POST", "/sessions", "", map[string]any{"email": email, "password": password})
	}
	again := into[api.Credentials](login(alice.email, password).is(201))
	require.Equal(t, alice.id, again.Id)
	require.NotEqual(t, alice.token, again.Token)
	wrong, unknown := login(alice.email, "wrong password").is(401), login("nobody@example.org", password).is(401)
	require.Equal(t, string(wrong.body), string(unknown.body))

	b.do("DELETE", "/sessions/current", again.Token, nil).is(204)
	b.do("GET", "/recordings", again.Token, nil).is(401)
	b.do("DELETE", "/sessions/current", again.Token, nil).is(401)
	b.do("GET", "/recordings", alice.token, nil).is(200)
}

func TestATokenExpires(t *testing.T) {
	now := noon
	b := newBench(t, func(c *clinic.Config) {
		c.Now = func() time.Time { return now }
		c.TokenTTL = time.Hour
	})
	alice := b.patient()
	now = noon.Add(time.Hour - time.Second)
	alice.as("GET", "/recordings", nil).is(200)
	now = noon.Add(time.Hour)
	alice.as("GET", "/recordings", nil).is(401)
}

func TestEveryOperationNeedsATokenUnlessTheDocumentOpensIt(t *testing.T) {
	b := newBench(t)
	doc, _ := loadDocument()
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			open, optional := opened(op)
			for _, header := range []string{"", "Bearer", "Bearer ", "Bearer guess", "Basic Z3Vlc3M6"} {
				path := placeholder.ReplaceAllString(path, "3f0a8ab0-5f6c-4f5e-9d0b-6a3a7b1c2d3e")
				got := b.doWild(method, path, "", nil, "Authorization", header)
				refused := !open && !(optional && header == "")
				require.Equal(t, refused, got.status == 401, "%s %s with %q: %d", method, path, header, got.status)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// opened tells whether an operation needs no token, and whether one may be left out but has to be valid if it is there.
func opened(op *openapi3.Operation) (open, optional bool) {
	if op.Security == nil {
		return false, false
	}
	for _, way := range *op.Security {
		optional = optional || len(way) == 0
	}
	return len(*op.Security) == 0, optional
}

func TestWhatIsNotInTheDocumentIsAProblemToo(t *testing.T) {
	b := newBench(t)
	alice := b.patient()
	b.doWild("GET", "/admin", alice.token, nil).is(404)
	b.doWild("GET", "/admin", "", nil).is(401)
	got := b.doWild("PATCH", "/recordings", alice.token, nil).is(http.StatusMethodNotAllowed)
	require.Equal(t, "GET, HEAD", got.header.Get("Allow"))
}
