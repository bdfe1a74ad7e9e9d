package exchange

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// Keep notes a secret of the world, as a token that the service gave.
func (s *Session) Keep(one targets.Secret) {
	_, kept := s.kept[one.Value]
	if kept || one.Value == "" || strings.HasPrefix(one.Value, secret.MadeUp) || s.Known.Has(one.Value) {
		return
	}
	if s.kept == nil {
		s.kept = make(map[string]targets.Secret)
	}
	s.kept[one.Value] = one
	if s.Told != nil && secret.Everywhere(one.Value) {
		s.Told.Add(one)
		return
	}
	s.secrets.Put(one.Value, secret.Placeholder(one.Name)) // which a template may put anywhere
}

// keepCookies notes the cookies that an answer sets.
func (s *Session) keepCookies(h http.Header) {
	for _, line := range h["Set-Cookie"] {
		if c, err := http.ParseSetCookie(line); err == nil {
			s.Keep(targets.Secret{Value: c.Value, Place: targets.Place{In: targets.InCookie, Name: c.Name}})
		}
	}
}

// Conceal is a text without the secrets.
func (s *Session) Conceal(text string) string {
	if len(text) < secret.Least {
		return text // as most are
	}
	return s.Told.Text(s.secrets.Text(s.Known.Text(text)))
}

// ConcealAddress is a URL, or a path with its query, without the secrets, and
// without the signature that lets everybody use it.
func (s *Session) ConcealAddress(address string) string {
	s.KeepSigned(address)
	return s.Told.Text(s.secrets.Address(s.Known.Address(address)))
}

// KeepSigned notes the signature of a URL and what else in its query is a secret by
// the parameter's name.
func (s *Session) KeepSigned(address string) {
	_, query, asks := strings.Cut(address, "?")
	if !asks {
		return
	}
	for parameter := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(parameter, "=")
		if value == "" || !secretParameter(name) {
			continue
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			s.Keep(targets.Secret{Value: plain, Place: targets.Place{In: targets.InQuery, Name: name}})
		}
	}
}

// conceal takes the secrets out of what was answered.
func (s *Session) conceal(r *models.Response) {
	for i := range r.Exchanges {
		r.Exchanges[i].Path = s.ConcealAddress(r.Exchanges[i].Path)
	}
	secret.Conceal(r, s.Conceal)
}
