package mapping

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// doubtWithheld puts an answer in doubt that refuses what was asked without the
// credentials that belong to it, because it was asked of another origin: a refusal of
// the next page, or of whoever shows none. It reports whether it did.
func (w *World) doubtWithheld(a *reply, s *bindings) bool {
	next := s.next != ""
	if !a.withheld || a.Outcome == models.OK || !next && a.Status != http.StatusUnauthorized {
		return false
	}
	what, key := "url", a.request.addressKey()
	if next {
		what, key = "next", keyOf(s)+".next"
	}
	w.doubt(a, key, fmt.Sprintf("%s leads to another origin, %s; credentials not sent", what, originOf(a.url)))
	return true
}

// originOf is the origin of a URL.
func originOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	return u.Scheme + "://" + u.Host
}

// toLogin is said of an answer by which a service asks to log in.
const toLogin = "redirected to a login page"

// loginPages are the names of pages on which people log in, in small letters, without
// what joins words.
var loginPages = []string{"login", "signin", "logon"}

// joints are what joins words in names.
var joints = strings.NewReplacer("-", "", "_", "", ".", "")

// leadsToLogin reports whether an answer to a request with credentials leads to a page
// to log in, or is one to which others led.
func (a *reply) leadsToLogin() bool {
	if to, ok := a.redirect(); ok {
		return isLogin(to)
	}
	return a.redirected && a.Status == http.StatusOK && a.isLoginForm()
}

// isLogin reports whether the path of a URL names a page to log in: by one of its
// parts, without its ending.
func isLogin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && slices.ContainsFunc(strings.Split(strings.ToLower(u.Path), "/"), func(part string) bool {
		return slices.Contains(loginPages, joints.Replace(strings.TrimSuffix(part, path.Ext(part))))
	})
}

// isLoginForm reports whether an answer is a page with a form that asks for a password.
func (a *reply) isLoginForm() bool {
	page := bytes.ToLower(a.Body)
	return strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && bytes.Contains(page, []byte("<form")) &&
		slices.ContainsFunc([]string{`type="password"`, `type='password'`, `type=password`}, func(field string) bool {
			return bytes.Contains(page, []byte(field))
		})
}
