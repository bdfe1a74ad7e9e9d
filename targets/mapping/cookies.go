package mapping

import (
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/telehealth-conformance/crosstalk/models"
)

// jar is the cookies of one user, or of the operator: which of them a request
// carries is decided by their paths, domains and times as RFC 6265 says. A nil jar
// keeps none. It is safe for concurrent use.
type jar struct {
	cookies *cookiejar.Jar
	used    atomic.Bool
}

// newJar is a jar where cookies are kept, else nil. All that is put into it comes
// from one origin, so that it needs no list of public suffixes.
func (c *credentials) newJar() *jar {
	if c == nil || !c.kept {
		return nil
	}
	cookies, _ := cookiejar.New(nil) // which never fails
	return &jar{cookies: cookies}
}

// holds reports whether any cookie was ever put into the jar.
func (j *jar) holds() bool { return j != nil && j.used.Load() }

// keep takes up the cookies that an answer from a URL sets, and drops those that it
// deletes.
func (j *jar) keep(from string, header http.Header) {
	if j == nil || len(header["Set-Cookie"]) == 0 {
		return
	}
	if at := jarURL(from); at != nil {
		j.cookies.SetCookies(at, (&http.Response{Header: header}).Cookies())
		j.used.Store(true)
	}
}

// carried are the cookies for a request to a URL.
func (j *jar) carried(to string) []*http.Cookie {
	if !j.holds() {
		return nil
	}
	if at := jarURL(to); at != nil {
		return j.cookies.Cookies(at)
	}
	return nil
}

// jarURL is a URL as a jar sees it. As browsers do, cookies that are for secure
// connections alone go to this machine without one (W3C Secure Contexts, section
// 3.1).
func jarURL(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		return nil
	}
	if u.Scheme == "http" && loopback(u.Hostname()) {
		u.Scheme = "https"
	}
	return u
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// cookieText is a cookie as a Cookie header has it (RFC 6265 section 4.2).
func cookieText(c *http.Cookie) string {
	r := http.Request{Header: http.Header{}}
	r.AddCookie(c)
	return r.Header.Get("Cookie")
}

// rotates reports whether the cookies of an answer are kept. Those with which
// somebody has logged out, or closed the account, or which the service no longer
// knows, are kept as they were: whether they are still good is what is tried.
func (s *bindings) rotates(a *reply) bool {
	if s.op != nil && (s.op.Kind() == models.KindLogout || s.op.Kind() == models.KindClose) {
		return false
	}
	return a.Status != http.StatusUnauthorized
}
