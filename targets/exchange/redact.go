package exchange

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// A Redactor puts placeholders for secrets: "[secret-1]" wherever the first
// secret occurs, so that one can see where a value came from and where it went.
// Secrets are what headers of authorization and cookies carry, what fields and
// parameters named token, secret, password and the like hold, and what makes a
// playback link one. The passwords of made-up test users are none.
type Redactor struct {
	placeholders map[string]string
	values       []string // in the order of their first occurrence
	offset       int      // the number of placeholders that were there already
	replacer     *strings.Replacer
}

// madeUp begins the passwords of test users, which protect nothing.
const madeUp = "only-for-conformance-tests-"

// leastSecret is the length below which a value is replaced only where it
// stands between quotes: it would be found in other words.
const leastSecret = 4

// Placeholder is the form of what is put for a secret, with its number.
var Placeholder = regexp.MustCompile(`\[secret-(\d+)\]`)

// NewRedactor learns the secrets of exchanges. What is redacted already stays
// as it is.
func NewRedactor(all []targets.Recorded) *Redactor {
	r := &Redactor{placeholders: make(map[string]string)}
	for i := range all {
		r.count(&all[i])
	}
	for i := range all {
		r.learn(&all[i])
	}
	r.replacer = r.compile()
	return r
}

// count notes the placeholders that an exchange has already.
func (r *Redactor) count(x *targets.Recorded) {
	texts := []string{x.URL, string(x.RequestBody), string(x.ResponseBody)}
	for _, header := range []http.Header{x.RequestHeader, x.ResponseHeader} {
		for _, values := range header {
			texts = append(texts, values...)
		}
	}
	for _, text := range texts {
		for _, m := range Placeholder.FindAllStringSubmatch(text, -1) {
			var n int
			if _, err := fmt.Sscan(m[1], &n); err == nil {
				r.offset = max(r.offset, n)
			}
		}
	}
}

// learn takes up the secrets of an exchange, in the order in which they were
// sent.
func (r *Redactor) learn(x *targets.Recorded) {
	r.header(x.RequestHeader)
	r.url(x.URL)
	r.body(x.RequestBody, http.Header(x.RequestHeader).Get("Content-Type"))
	r.header(x.ResponseHeader)
	r.body(x.ResponseBody, http.Header(x.ResponseHeader).Get("Content-Type"))
}

func (r *Redactor) add(value string) {
	value = strings.TrimSpace(value)
	if value == "" || strings.HasPrefix(value, madeUp) || Placeholder.FindString(value) == value {
		return
	}
	if _, known := r.placeholders[value]; known {
		return
	}
	r.values = append(r.values, value)
	r.placeholders[value] = fmt.Sprintf("[secret-%d]", r.offset+len(r.values))
}

func (r *Redactor) header(h http.Header) {
	for _, name := range sorted(h) {
		for _, value := range h[name] {
			switch {
			case strings.HasSuffix(name, "Authorization"):
				r.authorization(value)
			case name == "Cookie":
				for part := range strings.SplitSeq(value, ";") {
					_, v, _ := strings.Cut(part, "=")
					r.add(v)
				}
			case name == "Set-Cookie":
				pair, _, _ := strings.Cut(value, ";")
				_, v, _ := strings.Cut(pair, "=")
				r.add(v)
			case name == "Location" || name == "Content-Location":
				r.url(value)
			case secretName(name):
				r.add(value)
			}
		}
	}
}

// authorization takes up the credentials behind a scheme, and the password in
// those of the scheme Basic.
func (r *Redactor) authorization(value string) {
	scheme, credentials, ok := strings.Cut(value, " ")
	if !ok {
		r.add(value)
		return
	}
	r.add(credentials)
	if strings.EqualFold(scheme, "Basic") {
		if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil {
			_, password, _ := strings.Cut(string(pair), ":")
			r.add(password)
		}
	}
}

// url takes up the parameters that are secrets, and what follows "links".
func (r *Redactor) url(text string) {
	u, err := url.Parse(text)
	if err != nil {
		return
	}
	if password, ok := u.User.Password(); ok {
		r.add(password)
	}
	query := u.Query()
	for _, name := range sorted(query) {
		if secretName(name) || slices.Contains([]string{"sig", "key", "code"}, strings.ToLower(name)) {
			for _, v := range query[name] {
				r.add(v)
			}
		}
	}
	segments := strings.Split(u.Path, "/")
	for i := 1; i < len(segments); i++ {
		if segments[i-1] == "links" || segments[i-1] == "link" {
			r.add(segments[i])
		}
	}
}

func (r *Redactor) body(body []byte, contentType string) {
	var v any
	switch {
	case strings.HasPrefix(contentType, "application/x-www-form-urlencoded"):
		if form, err := url.ParseQuery(string(body)); err == nil {
			r.url("?" + form.Encode())
		}
	case json.Unmarshal(body, &v) == nil:
		r.json("", v)
	}
}

// json takes up the values of members that are named like secrets, and the
// secrets of links.
func (r *Redactor) json(name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sorted(v) {
			r.json(k, v[k])
		}
	case []any:
		for _, one := range v {
			r.json(name, one)
		}
	case string:
		if secretName(name) {
			r.add(v)
		} else if strings.HasPrefix(v, "/") || strings.HasPrefix(v, "http") {
			r.url(v)
		}
	}
}

// secretName reports whether a header, field or parameter of that name holds a
// secret: accessToken and client_secret do, tokenType does not.
func secretName(name string) bool {
	plain := strings.ToLower(strings.Map(func(c rune) rune {
		if c == '-' || c == '_' || c == '.' || c == ' ' {
			return -1
		}
		return c
	}, name))
	for _, end := range []string{"type", "expires", "expiresin", "expiresat", "expiry", "length"} {
		if strings.HasSuffix(plain, end) {
			return false
		}
	}
	for _, word := range []string{"token", "secret", "password", "passwd", "passphrase", "authorization", "cookie", "credential",
		"apikey", "accesskey", "privatekey", "sessionid", "signature", "jwt"} {
		if strings.Contains(plain, word) {
			return true
		}
	}
	return plain == "pin" || plain == "otp" || plain == "session"
}

// compile makes the replacements, longer secrets first, in every form in which a
// value is written: plain, in a URL and in JSON.
func (r *Redactor) compile() *strings.Replacer {
	values := slices.Clone(r.values)
	slices.SortStableFunc(values, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, v := range values {
		placeholder := r.placeholders[v]
		if len(v) < leastSecret {
			pairs = append(pairs, `"`+v+`"`, `"`+placeholder+`"`)
			continue
		}
		quoted, _ := json.Marshal(v) // a string can always be encoded
		inJSON := strings.Trim(string(quoted), `"`)
		forms := []string{v, url.QueryEscape(v), url.PathEscape(v), inJSON, strings.ReplaceAll(inJSON, "/", `\/`)}
		slices.Sort(forms)
		for _, form := range slices.Compact(forms) {
			pairs = append(pairs, form, placeholder)
		}
	}
	return strings.NewReplacer(pairs...)
}

// Text is a text without the secrets.
func (r *Redactor) Text(text string) string { return r.replacer.Replace(text) }

// Bytes are bytes without the secrets; nil stays nil.
func (r *Redactor) Bytes(b []byte) []byte {
	if b == nil {
		return nil
	}
	return []byte(r.Text(string(b)))
}

// Exchanges are copies of exchanges without the secrets.
func (r *Redactor) Exchanges(all []targets.Recorded) []targets.Recorded {
	out := slices.Clone(all)
	for i := range out {
		x := &out[i]
		x.URL, x.Path, x.Failure = r.Text(x.URL), r.Text(x.Path), r.Text(x.Failure)
		x.RequestHeader, x.ResponseHeader = r.headers(x.RequestHeader), r.headers(x.ResponseHeader)
		x.RequestBody, x.ResponseBody = r.Bytes(x.RequestBody), r.Bytes(x.ResponseBody)
	}
	return out
}

func (r *Redactor) headers(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		for _, v := range values {
			if placeholder, ok := r.placeholders[v]; ok {
				v = placeholder // however short
			}
			out[name] = append(out[name], r.Text(v))
		}
	}
	return out
}

// sorted are the keys of a map in order.
func sorted[M ~map[string]V, V any](m M) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
