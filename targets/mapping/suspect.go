package mapping

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// suspect is a key of the file that may be to blame for an answer, and why.
type suspect struct{ key, text string }

// suspects are the keys that an answer points to, the likeliest first.
func (w *World) suspects(ctx context.Context, a *reply, s *bindings) []suspect {
	r, text := a.request, a.answered()
	switch status := a.Status; {
	case status == 0 && a.took >= w.target.timeout:
		return []suspect{{"target.timeout", fmt.Sprintf("%s was not answered within %s", r.method, w.target.timeout)}}
	case status == 0:
		return []suspect{{"target", a.Detail}}
	case status == http.StatusNotFound || status == http.StatusGone:
		return w.lost(ctx, a, s)
	case status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented:
		if allowed := a.Header.Get("Allow"); allowed != "" {
			text += "; there it takes " + allowed
		}
		return []suspect{{r.key + ".method", text}}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return w.refused(a, s)
	case status == http.StatusUnsupportedMediaType:
		return []suspect{{w.given(r, "type", "multipart", "raw", "form", "json"), text}}
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity || status == http.StatusConflict:
		return w.misunderstood(a, s)
	case a.leadsToLogin():
		return w.refused(a, s)
	case status >= 300 && status < 400:
		return []suspect{{r.key + ".redirects", fmt.Sprintf("%s, which leads to %s and is not followed", text, a.Header.Get("Location"))}}
	}
	return []suspect{{r.key, text}}
}

// lost are the suspects where the service knows no such thing: the path, an id in
// it, or what is in front of all paths.
func (w *World) lost(ctx context.Context, a *reply, s *bindings) []suspect {
	alike, others := w.ids(a.request, s)
	out := append(alike, suspect{a.request.addressKey(), a.answered()})
	out = append(out, others...)
	if a.request.url == nil && !w.target.finds(ctx) {
		base := suspect{"target.base", fmt.Sprintf("no path was found below %q; %s", orWord(w.target.mapping.base, "/"), a.answered())}
		return append([]suspect{base}, out...)
	}
	return out
}

// refused are the suspects where the service lets the caller not do something:
// their credentials, unless those were good before, or what they ask for.
func (w *World) refused(a *reply, s *bindings) []suspect {
	r, text := a.request, a.answered()
	auth := suspect{w.authKey(r), text}
	alike, others := w.ids(r, s)
	if a.Status == http.StatusUnauthorized || r.as == asAnyone || !w.trusted[w.caller(r, s)] {
		return slices.Concat([]suspect{auth}, alike, others)
	}
	return slices.Concat(alike, []suspect{{w.given(r, "as"), text}}, others)
}

// misunderstood are the suspects where the service finds fault with what was
// sent: the field that it names, or the whole.
func (w *World) misunderstood(a *reply, s *bindings) []suspect {
	r := a.request
	section, fields := r.fields()
	text := a.answered()
	if section == "" {
		return []suspect{{w.given(r, "json", "form", "multipart", "raw", "query"), text}}
	}
	name, meant := fieldNamed(a.words(), fields)
	switch {
	case name == "" && len(fields) == 1:
		name = fields[0].name
	case name == "":
		return []suspect{{r.key + "." + section, text}}
	case meant != "":
		text += fmt.Sprintf("; %s is sent, perhaps %s is meant", name, meant)
	}
	out := suspect{r.key + "." + section + "." + name, text}
	for _, f := range fields {
		if f.name == name && f.value != nil {
			alike, others := w.idsOf([]*template{f.value}, s)
			return slices.Concat(alike, []suspect{out}, others)
		}
	}
	return []suspect{out}
}

// fields are the named values of a request's body, by the key of its section; of
// a request without one, those of its query.
func (r *request) fields() (section string, fields []namedTemplate) {
	switch body := r.body.(type) {
	case formBody:
		return "form", body
	case multipartBody:
		for _, p := range body {
			fields = append(fields, namedTemplate{p.name, p.content})
		}
		return "multipart", fields
	case jsonBody:
		for _, m := range body.root.members {
			var name string
			if err := json.Unmarshal(m.name[:len(m.name)-1], &name); err == nil {
				fields = append(fields, namedTemplate{name, m.node.value})
			}
		}
		if len(fields) > 0 {
			return "json", fields
		}
	case nil:
		if len(r.query) > 0 {
			return "query", r.query
		}
	}
	return "", nil
}

// fieldNamed is the field of which some words speak, and where it is written in
// another way there, how. It is empty where there is none.
func fieldNamed(words []string, fields []namedTemplate) (name, meant string) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	for _, word := range words {
		if slices.Contains(names, word) {
			return word, ""
		}
	}
	for _, word := range words {
		if len(word) < shortestName {
			continue
		}
		if name = nearest(word, names); name != "" {
			return name, word
		}
	}
	return "", ""
}

// shortestName is the number of letters that a name has at least to be told from
// one that is alike.
const shortestName = 4

// words are those of which an answer consists that could be names.
func (a *reply) words() []string {
	body, err := a.body()
	if err != nil {
		body = string(a.Body[:min(len(a.Body), maxWords)])
	}
	var out []string
	collectWords(body, &out, 0)
	return out
}

// maxWords is the number of bytes that are searched for names.
const maxWords = 2000

// envelope are fields of answers that say that something is wrong, not what.
var envelope = []string{"type", "title", "status", "detail", "instance", "error", "errors", "message", "code", "reason", "details", "fields", "data"}

func collectWords(v any, out *[]string, depth int) {
	switch v := v.(type) {
	case string:
		*out = append(*out, strings.FieldsFunc(v[:min(len(v), maxWords)], func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-'
		})...)
	case map[string]any:
		for _, key := range keysOf(v) {
			if !slices.Contains(envelope, key) {
				collectWords(key, out, depth)
			}
			collectWords(v[key], out, depth+1)
		}
	case []any:
		for _, item := range v {
			collectWords(item, out, depth+1)
		}
	}
}

func (r *request) addressKey() string {
	if r.url != nil {
		return r.key + ".url"
	}
	return r.key + ".path"
}

// given is the first of some keys that the file gives for a request, or else the
// address.
func (w *World) given(r *request, keys ...string) string {
	at := w.target.mapping.spec.Where(r.key)
	for _, k := range keys {
		if pos := w.target.mapping.spec.Where(r.key + "." + k); pos != at {
			return r.key + "." + k
		}
	}
	return r.addressKey()
}

// authKey is what the credentials of a request come from.
func (w *World) authKey(r *request) string {
	section := "auth.user"
	switch {
	case r.as == asOperator:
		section = "auth.operator"
	case r.as == asAnyone && strings.HasPrefix(r.key, "operations."):
		return w.given(r, "as", "json", "form", "multipart", "raw")
	case r.as == asAnyone:
		return w.given(r, "json", "form", "multipart", "raw", "headers")
	}
	at := w.target.mapping.spec.Where(section)
	for _, k := range []string{"bearer", "basic", "cookies", "headers", "oauth2"} {
		if pos := w.target.mapping.spec.Where(section + "." + k); pos != at {
			return section + "." + k
		}
	}
	return section
}
