package mapping

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// address is the URL of a request.
func (w *World) address(r *request, s *bindings) (string, error) {
	if s.next != "" {
		return s.next, nil
	}
	m, base := w.target.mapping, w.target.URL()
	var out string
	if r.url != nil {
		text, err := r.url.render(s)
		if err != nil {
			return "", err
		}
		if out, err = resolveURL(base+m.base+"/", text); err != nil {
			return "", noValue{r.url.text.Pos, fmt.Sprintf("the URL %q", text)}
		}
	} else {
		path, err := r.path.render(s)
		if err != nil {
			return "", err
		}
		if out, err = w.below(r, path); err != nil {
			return "", err
		}
	}
	query, err := r.queryText(s)
	if err != nil || query == "" {
		return out, err
	}
	if strings.Contains(out, "?") {
		return out + "&" + query, nil
	}
	return out + "?" + query, nil
}

// below is the URL of a path. One that the service gave may have the base of all
// paths already, or be a URL itself.
func (w *World) below(r *request, path string) (string, error) {
	m, base := w.target.mapping, w.target.URL()
	if !r.wholePath {
		return base + m.base + path, nil
	}
	prefix := m.base
	if u, err := url.Parse(base); err == nil {
		prefix = u.Path + m.base
	}
	if !strings.HasPrefix(path, "/") || prefix != "" && strings.HasPrefix(path, prefix+"/") {
		out, err := resolveURL(base+m.base+"/", path)
		if err != nil {
			return "", noValue{r.path.text.Pos, fmt.Sprintf("the path %q", path)}
		}
		return out, nil
	}
	return base + m.base + path, nil
}

func resolveURL(base, text string) (string, error) {
	b, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	u, err := b.Parse(text)
	if err != nil {
		return "", err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("%q is no URL of a service", text)
	}
	u.Fragment = ""
	return u.String(), nil
}

// queryText is the query of a URL. What has no value is left out.
func (r *request) queryText(s *bindings) (string, error) {
	var b strings.Builder
	for _, q := range r.query {
		text, err := q.value.render(s)
		if _, missing := errors.AsType[noValue](err); missing || err == nil && text == "" {
			continue
		}
		if err != nil {
			return "", err
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(q.name) + "=" + url.QueryEscape(text))
	}
	return b.String(), nil
}

// ownOrigin reports whether a URL is at the service's own origin, to which
// credentials may be sent.
func (w *World) ownOrigin(text string) bool {
	if rest, ok := strings.CutPrefix(text, w.target.URL()); ok && strings.HasPrefix(rest, "/") {
		return true
	}
	a, err1 := url.Parse(text)
	b, err2 := url.Parse(w.target.URL())
	return err1 == nil && err2 == nil && sameOrigin(a, b)
}

// sameOrigin reports whether two URLs have one origin (RFC 6454 section 5).
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
