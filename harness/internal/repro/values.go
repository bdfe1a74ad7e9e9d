package repro

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// source says where in an answer a value is.
type source struct {
	header string // the header's name, or empty for the body
	cookie string // the cookie's name, in a header Set-Cookie
	nth    int    // of the lines with that header, or of the members with that key, from 1
	key    string // of the member
	number bool   // a number, not a text
	path   []any  // the keys and indices that lead to it
}

// short reports whether a value is so short that it would be found in other
// words.
func (k *known) short() bool { return len(k.value) < 6 }

// identifies reports whether the member is named like an id.
func (k *known) identifies() bool {
	name := strings.ToLower(k.key)
	return name == "id" || strings.HasSuffix(k.key, "Id") || strings.HasSuffix(k.key, "ID") || strings.HasSuffix(name, "_id")
}

// valuesOf are the values of an answer that a later request may use: those that
// look as if the service has made them.
func valuesOf(x *targets.LoggedExchange) []*known {
	out := headerValues(x.ResponseHeader)
	decoder := json.NewDecoder(bytes.NewReader(x.ResponseBody))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return out
	}
	w := &walk{members: membersOf(string(x.ResponseBody))}
	w.visit("", nil, v)
	return append(out, w.out...)
}

func headerValues(h http.Header) []*known {
	var out []*known
	for n, line := range h["Set-Cookie"] {
		if c, err := http.ParseSetCookie(line); err == nil {
			out = append(out, &known{value: c.Value, hint: "cookie_" + c.Name, source: source{header: "Set-Cookie", cookie: c.Name, nth: n + 1}})
		}
	}
	for _, name := range wording.Sorted(h) {
		if name == "Set-Cookie" || name == "Date" {
			continue
		}
		for n, v := range h[name] {
			if made(v) {
				out = append(out, &known{value: v, hint: strings.ToLower(name), source: source{header: name, nth: n + 1}})
			}
		}
	}
	return out
}

// made reports whether a value looks as if a service has made it: words of a
// closed set have no digits and are not long.
func made(v string) bool {
	return strings.ContainsAny(v, "0123456789[") || len(v) >= 16
}

// walk goes through a JSON value in the order of its keys.
type walk struct {
	members []member
	out     []*known
}

func (w *walk) visit(key string, path []any, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range wording.Sorted(v) {
			w.visit(k, join(path, k), v[k])
		}
	case []any:
		for i, one := range v {
			w.visit(key, join(path, i), one)
		}
	case string:
		w.leaf(member{key: key, value: v}, path)
	case json.Number:
		w.leaf(member{key: key, value: v.String(), number: true}, path)
	}
}

func join(path []any, more any) []any { return append(append([]any(nil), path...), more) }

// leaf takes up a value whose place among the members of its key is known.
func (w *walk) leaf(m member, path []any) {
	k := &known{value: m.value, hint: keysOf(path), source: source{key: m.key, number: m.number, path: path}}
	if !made(m.value) || m.number && !k.identifies() {
		return
	}
	for _, other := range w.members {
		if other.key == m.key && other.number == m.number {
			k.nth++
			if other.value == m.value {
				w.out = append(w.out, k)
				return
			}
		}
	}
}

// keysOf are the keys of a path, with underscores between.
func keysOf(path []any) string {
	var keys []string
	for _, p := range path {
		if key, ok := p.(string); ok {
			keys = append(keys, key)
		}
	}
	return strings.Join(keys, "_")
}

// member is a member of a JSON object with a text or a number, as sed finds it.
type member struct {
	key, value string
	number     bool
}

// memberLine is a line that is a member and nothing else.
var memberLine = regexp.MustCompile(`^[ \t]*"([^"\\]*)"[ \t]*:[ \t]*(?:"([^"\\]*)"|([0-9]+))[ \t]*$`)

// membersOf finds the members in a text of JSON as the script does: it breaks
// the text into lines at each bracket and comma, and looks for lines that are a
// member. What has one of these inside is not found, but for placeholders.
func membersOf(body string) []member {
	var out []member
	body = exchange.Placeholder.ReplaceAllStringFunc(strings.ReplaceAll(body, `\/`, "/"), func(found string) string {
		return "\x01" + found[1:len(found)-1] + "\x02"
	})
	whole := strings.NewReplacer("\x01", "[", "\x02", "]")
	for _, line := range strings.FieldsFunc(body, func(c rune) bool { return strings.ContainsRune("][{},\n", c) }) {
		if m := memberLine.FindStringSubmatch(line); m != nil {
			out = append(out, member{m[1], whole.Replace(m[2] + m[3]), m[3] != ""})
		}
	}
	return out
}
