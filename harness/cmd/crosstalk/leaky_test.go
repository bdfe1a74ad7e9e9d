package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// leaky is a clinic that lets one patient read another's recordings, behind a
// proxy that repeats every secret that it was ever sent in whatever it answers, in
// every form. It keeps sessions by cookies, too, signs links, and lets the operator
// log in.
type leaky struct {
	t       *testing.T
	planted map[string]string // by where the configuration has them
	rotates bool              // it sets another cookie with each answer
	URL     string

	mu   sync.Mutex
	told []string // secrets that it gave out itself
	seen strings.Builder
	n    int
}

// newLeaky starts the service. Its URL has a secret in its path.
func newLeaky(t *testing.T, planted map[string]string) *leaky {
	t.Helper()
	fault, err := faults.Find("bola")
	require.NoError(t, err)
	config := clinic.Config{OperatorToken: "clinic-behind-a-proxy", PasswordParams: clinic.FastPasswords(), Database: filepath.Join(t.TempDir(), "clinic.db"), Unsynced: true}
	fault.Apply(&config)
	server, err := clinic.Start(t.Context(), "127.0.0.1:0", config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	behind, err := url.Parse(server.URL)
	require.NoError(t, err)
	l := &leaky{t: t, planted: planted}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { l.pass(r, behind) }, ModifyResponse: l.leak}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { l.serve(w, r, proxy) }))
	t.Cleanup(front.Close)
	l.URL = front.URL
	return l
}

// give makes a secret and remembers it.
func (l *leaky) give(what string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	secret := fmt.Sprintf("%s-%d-q7Zx.9f", what, l.n)
	l.told = append(l.told, secret)
	return secret
}

// serve answers what no clinic has, and passes the rest on.
func (l *leaky) serve(w http.ResponseWriter, r *http.Request, proxy http.Handler) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		l.t.Errorf("read a request: %v", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	l.note(r, body)
	switch path := strings.TrimPrefix(r.URL.Path, "/"+l.planted["url"]); path {
	case "/op-login":
		answerJSON(w, map[string]any{"key": l.give("operator-key"), "echo": l.everything()})
	case "/oauth":
		answerJSON(w, map[string]any{"access_token": l.give("oauth-token"), "token_type": "Bearer", "expires_in": 3600, "refresh_token": l.give("oauth-refresh")})
	case "/reset":
		w.WriteHeader(http.StatusNoContent)
	default:
		r.URL.Path, r.URL.RawPath = path, ""
		body = withoutNote(body)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		proxy.ServeHTTP(w, r)
	}
}

// withoutNote is a body of JSON without the field that the clinic does not know.
func withoutNote(body []byte) []byte {
	var object map[string]any
	if json.Unmarshal(body, &object) != nil || object["note"] == nil {
		return body
	}
	delete(object, "note")
	body, _ = json.Marshal(object) // which was JSON
	return body
}

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// note remembers what was sent.
func (l *leaky) note(r *http.Request, body []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	plain, _ := url.QueryUnescape(r.URL.RawQuery)
	fmt.Fprintf(&l.seen, "%s\n%s\n%v\n%s\n", r.URL.Path, plain, r.Header, body)
	if user, password, ok := r.BasicAuth(); ok {
		fmt.Fprintf(&l.seen, "%s:%s\n", user, password)
	}
	var v any
	if json.Unmarshal(body, &v) == nil {
		fmt.Fprintf(&l.seen, "%v\n", v)
	}
}

// pass passes a request on as the clinic knows it: by the operator's own token
// where the operator's key is in it.
func (l *leaky) pass(r *httputil.ProxyRequest, behind *url.URL) {
	r.SetURL(behind)
	r.Out.Host = ""
	if r.In.Header.Get("X-Operator") != "" {
		r.Out.Header.Set("Authorization", "Bearer clinic-behind-a-proxy")
	}
	query := r.Out.URL.Query()
	for _, name := range []string{"apikey", "flag", "X-Amz-Signature"} {
		query.Del(name)
	}
	r.Out.URL.RawQuery = query.Encode()
}

// leak adds every secret to an answer: to its headers, to JSON, and to why it
// refuses.
func (l *leaky) leak(r *http.Response) error {
	if l.rotates {
		r.Header.Add("Set-Cookie", "sid="+l.give("cookie")+"; Path=/")
	}
	r.Header.Set("X-Leak", base64.StdEncoding.EncodeToString([]byte(strings.Join(l.secrets(3), " "))))
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	var object map[string]any
	if json.Unmarshal(body, &object) == nil && object != nil {
		if token, ok := object["token"].(string); ok {
			l.mu.Lock()
			l.told = append(l.told, token)
			l.mu.Unlock()
		}
		if path, ok := object["path"].(string); ok && strings.HasPrefix(path, "/links/") {
			l.mu.Lock()
			l.told = append(l.told, strings.TrimPrefix(path, "/links/"))
			l.mu.Unlock()
			object["path"] = path + "?X-Amz-Signature=" + l.give("signature")
		}
		object["leak"] = l.everything()
		if detail, ok := object["detail"].(string); ok {
			object["detail"] = detail + " " + l.everything()
		}
		if body, err = json.Marshal(object); err != nil {
			return err
		}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// everything is all that is secret, one behind the other in every form.
func (l *leaky) everything() string {
	var all []string
	for _, secret := range l.secrets(3) {
		all = append(all, writtenForms(secret)...)
	}
	return strings.Join(all, " ")
}

// secrets are those that were planted, and the last of those that were told; all of
// these for a number below 0.
func (l *leaky) secrets(last int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]string, 0, len(l.planted)+len(l.told))
	for _, secret := range l.planted {
		out = append(out, secret)
	}
	slices.Sort(out)
	told := l.told
	if last >= 0 && len(told) > last {
		told = told[len(told)-last:]
	}
	return append(out, told...)
}

// writtenForms are the ways in which a secret may be written, without doubles.
func writtenForms(secret string) []string {
	quoted, _ := json.Marshal(secret)
	twice, _ := json.Marshal(string(quoted))
	out := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1 : len(quoted)-1]), string(twice[3 : len(twice)-3]),
		html.EscapeString(secret), strconv.Quote(secret)[1 : len(strconv.Quote(secret))-1], strings.ReplaceAll(secret, "'", `'"'"'`)}
	for before := range 3 {
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			out = append(out, encoding.EncodeToString([]byte("user:"[:before]+secret)))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// traces are what must not be found of a secret: its forms, and of those in base64
// what the secret alone makes up.
func traces(secret string) []string {
	var out []string
	for _, form := range writtenForms(secret) {
		if !strings.Contains(form, secret) {
			out = append(out, form)
		}
	}
	for before := range 3 {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString([]byte("xyz"[:before] + secret))
			out = append(out, text[4:len(text)-2])
		}
	}
	out = append(out, secret)
	slices.Sort(out)
	return slices.Compact(out)
}
