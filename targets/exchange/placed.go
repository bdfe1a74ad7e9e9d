package exchange

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// inPath is the place of what makes a path a secret one: the segment behind one of
// a name.
const inPath = "path"

// placed is a value that is a secret only where it was put.
type placed struct {
	targets.Place
	value, placeholder string
	fields             []*regexp.Regexp // of a body; what is around the value are groups
}

func newPlaced(value, placeholder string, at targets.Place) placed {
	p := placed{Place: at, value: value, placeholder: placeholder}
	switch at.In {
	case targets.InHeader:
		p.Name = http.CanonicalHeaderKey(at.Name)
	case targets.InBody:
		quoted, _ := json.Marshal(value) // a text can always be encoded
		name, text := regexp.QuoteMeta(at.Name), regexp.QuoteMeta(string(quoted[1:len(quoted)-1]))
		form := regexp.QuoteMeta(url.QueryEscape(value))
		for _, pattern := range []string{
			`("` + name + `"\s*:\s*"?)` + text + `("?\s*[,}\]])`,
			`((?:^|&)` + regexp.QuoteMeta(url.QueryEscape(at.Name)) + `=)` + form + `(&|$)`,
			`(name="` + name + `"\r\n(?:[^\r\n]+\r\n)*\r\n)` + regexp.QuoteMeta(value) + `(\r\n)`,
		} {
			p.fields = append(p.fields, regexp.MustCompile(pattern))
		}
	}
	return p
}

// header is the value of a header with the placeholder, if it is there.
func (p *placed) header(name, value string) string {
	switch {
	case p.In == targets.InCookie && (name == "Cookie" || name == "Set-Cookie"):
		parts := strings.Split(value, ";")
		for i, part := range parts {
			if cookie, v, _ := strings.Cut(strings.TrimSpace(part), "="); cookie == p.Name && v == p.value && (i == 0 || name == "Cookie") {
				parts[i] = strings.Replace(part, "="+p.value, "="+p.placeholder, 1)
			}
		}
		return strings.Join(parts, ";")
	case name == "Location" || name == "Content-Location":
		return p.address(value)
	case p.In != targets.InHeader || p.Name != name:
		return value
	case value == p.value:
		return p.placeholder
	}
	if scheme, credentials, ok := strings.Cut(value, " "); ok && credentials == p.value {
		return scheme + " " + p.placeholder
	}
	return value
}

// address is a URL with the placeholder, if it is there.
func (p *placed) address(text string) string {
	path, query, asks := strings.Cut(text, "?")
	switch p.In {
	case inPath:
		segments := strings.Split(path, "/")
		for i := 1; i < len(segments); i++ {
			if segments[i-1] == p.Name && segments[i] == p.value {
				segments[i] = p.placeholder
			}
		}
		path = strings.Join(segments, "/")
	case targets.InQuery:
		parts := strings.Split(query, "&")
		for i, part := range parts {
			name, v, _ := strings.Cut(part, "=")
			if plain, err := url.QueryUnescape(v); err == nil && plain == p.value && name == url.QueryEscape(p.Name) {
				parts[i] = name + "=" + p.placeholder
			}
		}
		query = strings.Join(parts, "&")
	}
	if asks {
		return path + "?" + query
	}
	return path
}

// body is a body with the placeholder, if it is there.
func (p *placed) body(body []byte) []byte {
	for _, field := range p.fields {
		body = field.ReplaceAll(body, []byte("${1}"+strings.ReplaceAll(p.placeholder, "$", "$$")+"${2}"))
	}
	return body
}
