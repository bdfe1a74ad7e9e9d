package exchange

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// A Redactor puts placeholders for secrets: "[secret-1]" wherever the first
// secret occurs, so that one can see where a value came from and where it went,
// and "[secret-NAME]" for one that has a name. Secrets are those that the target
// has handed over; besides what headers of authorization and cookies carry, what
// fields and parameters named token, secret, password and the like hold, and what
// makes a playback link one. Values that are short or ordinary words are replaced
// where they stand in the place that they were sent in, and nowhere else. The
// passwords of made-up test users are no secrets.
type Redactor struct {
	placeholders map[string]string
	count        int // of the placeholders with numbers so far
	everywhere   secret.Set
	placed       []placed
}

// Placeholder is the form of what is put for a secret: with a number, a name, or
// neither.
var Placeholder = regexp.MustCompile(`\[secret(?:-(\w+))?\]`)

// NewRedactor learns the secrets of exchanges, and those that are known besides.
// What is redacted already stays as it is.
func NewRedactor(all []targets.LoggedExchange, known ...targets.Secret) *Redactor {
	r := &Redactor{placeholders: make(map[string]string)}
	for i := range all {
		r.skip(&all[i])
	}
	for _, s := range known {
		if s.Name != "" {
			r.name(s)
		}
	}
	for i := range all {
		r.learn(&all[i])
	}
	for _, s := range known {
		r.add(s.Value, s.Place)
	}
	return r
}

// skip passes over the numbers that an exchange has already.
func (r *Redactor) skip(x *targets.LoggedExchange) {
	texts := []string{x.URL, string(x.RequestBody), string(x.ResponseBody)}
	for _, header := range []http.Header{x.RequestHeader, x.ResponseHeader} {
		for _, values := range header {
			texts = append(texts, values...)
		}
	}
	for _, text := range texts {
		for _, m := range Placeholder.FindAllStringSubmatch(text, -1) {
			if n, err := strconv.Atoi(m[1]); err == nil {
				r.count = max(r.count, n)
			}
		}
	}
}

// learn takes up the secrets of an exchange, in the order in which they were
// sent.
func (r *Redactor) learn(x *targets.LoggedExchange) {
	r.header(x.RequestHeader)
	r.url(x.URL)
	r.body(x.RequestBody, http.Header(x.RequestHeader).Get("Content-Type"))
	r.header(x.ResponseHeader)
	r.body(x.ResponseBody, http.Header(x.ResponseHeader).Get("Content-Type"))
}

// add takes up a value that stands in a place, and gives it a number.
func (r *Redactor) add(value string, place targets.Place) {
	value = strings.TrimSpace(value)
	if value == "" || strings.HasPrefix(value, secret.MadeUp) || Placeholder.FindString(value) == value {
		return
	}
	placeholder, known := r.placeholders[value]
	if !known {
		r.count++
		placeholder = secret.Placeholder(strconv.Itoa(r.count))
	}
	r.put(value, placeholder, place)
}

// name takes up a secret that has a name.
func (r *Redactor) name(s targets.Secret) {
	value := strings.TrimSpace(s.Value)
	if value != "" && r.placeholders[value] == "" {
		r.put(value, secret.Placeholder(s.Name), s.Place)
	}
}

func (r *Redactor) put(value, placeholder string, place targets.Place) {
	r.placeholders[value] = placeholder
	if secret.Everywhere(value) {
		r.everywhere.Put(value, placeholder)
		return
	}
	for i := range r.placed {
		if r.placed[i].value == value && r.placed[i].Place == place {
			return
		}
	}
	r.placed = append(r.placed, newPlaced(value, placeholder, place))
}

func (r *Redactor) header(h http.Header) {
	for _, name := range sorted(h) {
		for _, value := range h[name] {
			switch {
			case strings.HasSuffix(name, "Authorization"):
				r.authorization(name, value)
			case name == "Cookie":
				for part := range strings.SplitSeq(value, ";") {
					cookie, v, _ := strings.Cut(part, "=")
					r.add(v, targets.Place{In: targets.InCookie, Name: strings.TrimSpace(cookie)})
				}
			case name == "Set-Cookie":
				pair, _, _ := strings.Cut(value, ";")
				cookie, v, _ := strings.Cut(pair, "=")
				r.add(v, targets.Place{In: targets.InCookie, Name: strings.TrimSpace(cookie)})
			case name == "Location" || name == "Content-Location":
				r.url(value)
			case SecretName(name):
				r.add(value, targets.Place{In: targets.InHeader, Name: name})
			}
		}
	}
}

// authorization takes up the credentials behind a scheme, and the password in
// those of the scheme Basic.
func (r *Redactor) authorization(name, value string) {
	place := targets.Place{In: targets.InHeader, Name: name}
	scheme, credentials, ok := strings.Cut(value, " ")
	if !ok {
		r.add(value, place)
		return
	}
	basic := strings.EqualFold(scheme, "Basic")
	if !basic && r.everywhere.Text(credentials) != credentials {
		return // what is secret in it is known
	}
	r.add(credentials, place)
	if basic {
		if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil {
			_, password, _ := strings.Cut(string(pair), ":")
			r.add(password, targets.Place{})
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
		r.add(password, targets.Place{})
	}
	query := u.Query()
	for _, name := range sorted(query) {
		if secretParameter(name) {
			for _, v := range query[name] {
				r.add(v, targets.Place{In: targets.InQuery, Name: name})
			}
		}
	}
	segments := strings.Split(u.Path, "/")
	for i := 1; i < len(segments); i++ {
		if segments[i-1] == "links" || segments[i-1] == "link" {
			r.add(segments[i], targets.Place{In: inPath, Name: segments[i-1]})
		}
	}
}

func (r *Redactor) body(body []byte, contentType string) {
	var v any
	switch {
	case strings.HasPrefix(contentType, "application/x-www-form-urlencoded"):
		if form, err := url.ParseQuery(string(body)); err == nil {
			r.form(form)
		}
	case json.Unmarshal(body, &v) == nil:
		r.json("", v)
	}
}

// form takes up the fields of a form that are secrets.
func (r *Redactor) form(form url.Values) {
	for _, name := range sorted(form) {
		if secretParameter(name) {
			for _, v := range form[name] {
				r.add(v, targets.Place{In: targets.InBody, Name: name})
			}
		}
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
		if SecretName(name) {
			r.add(v, targets.Place{In: targets.InBody, Name: name})
		} else if strings.HasPrefix(v, "/") || strings.HasPrefix(v, "http") {
			r.url(v)
		}
	}
}

// secretParameter reports whether a parameter of that name holds a secret: those of
// signed URLs do.
func secretParameter(name string) bool {
	return SecretName(name) || slices.Contains([]string{"sig", "key", "code"}, strings.ToLower(name))
}

// SecretName reports whether a header, field or parameter of that name holds a
// secret: accessToken and client_secret do, tokenType does not.
func SecretName(name string) bool {
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

// Text is a text without the secrets that are replaced everywhere.
func (r *Redactor) Text(text string) string { return r.everywhere.Text(text) }

// Bytes are bytes without the secrets; nil stays nil.
func (r *Redactor) Bytes(b []byte) []byte {
	if b == nil {
		return nil
	}
	return []byte(r.Text(string(b)))
}

// Exchanges are copies of exchanges without the secrets.
func (r *Redactor) Exchanges(all []targets.LoggedExchange) []targets.LoggedExchange {
	out := slices.Clone(all)
	for i := range out {
		x := &out[i]
		x.URL, x.Path, x.Failure = r.Address(x.URL), r.Address(x.Path), r.Text(x.Failure)
		x.RequestHeader, x.ResponseHeader = r.headers(x.RequestHeader), r.headers(x.ResponseHeader)
		x.RequestBody, x.ResponseBody = r.content(x.RequestBody), r.content(x.ResponseBody)
	}
	return out
}

// Address is a URL, or a path with its query, without the secrets.
func (r *Redactor) Address(text string) string {
	text = r.Text(text)
	for i := range r.placed {
		text = r.placed[i].address(text)
	}
	return text
}

// content is a body without the secrets; nil stays nil.
func (r *Redactor) content(body []byte) []byte {
	body = r.Bytes(body)
	for i := range r.placed {
		body = r.placed[i].body(body)
	}
	return body
}

func (r *Redactor) headers(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		for _, v := range values {
			for i := range r.placed {
				v = r.placed[i].header(name, v)
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
