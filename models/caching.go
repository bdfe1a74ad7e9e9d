package models

import "strings"

// Authentication is how a request showed for whom it was, as far as that matters
// to a cache on its way.
type Authentication string

// The ways to authenticate a request. It is empty where nobody has noted it: in
// histories of earlier versions, and with targets that tell Cache-Control alone.
const (
	// ByAuthorization is by the Authorization header, whose answers a shared cache
	// reuses only where it is told that it may (RFC 9111 section 3.5).
	ByAuthorization Authentication = "authorization"
	// ByCookie is by the Cookie header alone (RFC 6265).
	ByCookie Authentication = "cookie"
	// ByLink is by neither: by a secret in the URL, by a header of the service's
	// own, or not at all.
	ByLink Authentication = "link"
	// Untold is of a target that tells nothing of headers: there is no saying what
	// a cache would do.
	Untold Authentication = "untold"
)

// Caching is what an answer tells caches, and what caches tell of it: of several
// requests for one operation, that of the answer that is least protected.
type Caching struct {
	// Authentication is told of answers to GET and HEAD that are ok.
	Authentication Authentication `json:"authentication,omitempty"`
	// CacheControl is the Cache-Control header (RFC 9111 section 5.2.2).
	CacheControl string `json:"cacheControl,omitempty"`
	// Caches are the headers that few answers have, or nil for none of them.
	Caches *CacheHeaders `json:"caches,omitempty"`
}

// CacheHeaders are the headers, besides Cache-Control, by which an answer and the
// caches that it went through tell of each other. Each is empty where it is not
// there.
type CacheHeaders struct {
	CDNCacheControl string `json:"cdnCacheControl,omitempty"` // RFC 9213 section 3.1
	CacheStatus     string `json:"cacheStatus,omitempty"`     // RFC 9211
	Age             string `json:"age,omitempty"`             // RFC 9111 section 5.1, in seconds
	Vary            string `json:"vary,omitempty"`            // RFC 9110 section 12.5.5
	// ExpiresAfter is for how many seconds Expires lets an answer be fresh: 0 where it
	// is over, or no date (RFC 9111 section 5.3).
	ExpiresAfter string `json:"expiresAfter,omitempty"`
}

// headers are those that few answers have.
func (c *Caching) headers() CacheHeaders {
	if c.Caches == nil {
		return CacheHeaders{}
	}
	return *c.Caches
}

// reuse is what a shared cache that keeps to RFC 9111 may do with an answer, from
// the least on.
type reuse int

const (
	notStored  reuse = iota // it may not store it
	askedAgain              // it may store it, and asks the service before each reuse
	keyed                   // it may reuse it for the same credentials alone
	reused                  // it may give it to others, and not ask
)

// LessProtected reports whether a shared cache may do more with an answer of this
// status code than with another, and where that is the same, whether it could if
// nothing but the answers protected them.
func (c *Caching) LessProtected(status int, than *Caching) bool {
	if mine, others := c.danger(status), than.danger(status); mine != others {
		return mine > others
	}
	mine, others := *c, *than
	mine.Authentication, others.Authentication = "", ""
	return mine.danger(status) > others.danger(status)
}

// danger orders answers by what may become of them.
func (c *Caching) danger(status int) reuse {
	if c.breach(status) != "" {
		return reused
	}
	return c.reuse(status)
}

// breach says what a shared cache may do, or has done, with an answer that it must
// not do, or "".
func (c *Caching) breach(status int) string {
	may, h := c.reuse(status), c.headers()
	switch {
	case may == reused:
		return "an answer about recordings may be kept by shared caches"
	case may != keyed && (aged(h.Age) || cacheSays(h.CacheStatus, "hit")):
		return "an answer about recordings was given by a shared cache"
	case may == notStored && cacheSays(h.CacheStatus, "stored"):
		return "an answer about recordings was kept by a shared cache"
	}
	return ""
}

// reuse is what a shared cache may do with an answer of a status code: one that
// heeds CDN-Cache-Control, which to it stands before Cache-Control and Expires (RFC
// 9213 section 2.2), or one that does not know it.
func (c *Caching) reuse(status int) reuse {
	h := c.headers()
	plain := directivesOf(c.CacheControl)
	plain.expire(h.ExpiresAfter)
	may := plain.reuse(c.Authentication, status)
	if wellFormed(h.CDNCacheControl) {
		targeted := directivesOf(h.CDNCacheControl)
		may = max(may, targeted.reuse(c.Authentication, status))
	}
	if may == reused && c.keyed(h.Vary) {
		return keyed
	}
	return may
}

// keyed reports whether Vary keeps an answer from whoever has other credentials
// (RFC 9111 section 4.1). Where it is not known by what a request was
// authenticated, either header will do.
func (c *Caching) keyed(vary string) bool {
	for name := range strings.SplitSeq(vary, ",") {
		switch name = strings.TrimSpace(name); {
		case name == "*":
			return true
		case strings.EqualFold(name, "Authorization") && (c.Authentication == ByAuthorization || c.Authentication == ""):
			return true
		case strings.EqualFold(name, "Cookie") && (c.Authentication == ByCookie || c.Authentication == ""):
			return true
		}
	}
	return false
}

// aged reports whether an Age header shows an answer that the service neither gave
// nor confirmed for this request. Some caches write 0 into answers that they only
// passed on.
func aged(age string) bool {
	n, ok := seconds(age)
	return ok && n > 0
}

// cacheSays reports whether a cache of those in a Cache-Status header has a
// parameter (RFC 9211 section 2): "hit", that it answered by itself, or "stored",
// that it kept what the service answered.
func cacheSays(status, parameter string) bool {
	for cache := range split(status, ',') {
		first := true
		for part := range split(cache, ';') {
			name, value, valued := strings.Cut(part, "=")
			if !first && strings.TrimSpace(name) == parameter && (!valued || strings.TrimSpace(value) == "?1") {
				return true
			}
			first = false
		}
	}
	return false
}
