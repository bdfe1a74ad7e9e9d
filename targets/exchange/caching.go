package exchange

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// authentication is how a request is authenticated, as a cache sees it, or empty
// for one that caches only pass on.
func authentication(r *http.Request) models.Authentication {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return ""
	case len(r.Header["Authorization"]) > 0:
		return models.ByAuthorization
	case len(r.Header["Cookie"]) > 0:
		return models.ByCookie
	}
	return models.ByLink
}

// Caching is what the answer tells caches, and they of it. Few answers have more
// than Cache-Control; for those that have not, nothing is allocated.
func (a *Answer) Caching() models.Caching {
	c := models.Caching{CacheControl: lines(a.Header, "Cache-Control")}
	if a.Outcome == models.OK {
		c.Authentication = a.Authentication
	}
	rare := models.CacheHeaders{
		CDNCacheControl: lines(a.Header, "Cdn-Cache-Control"), CacheStatus: lines(a.Header, "Cache-Status"), Age: lines(a.Header, "Age"),
		Vary: lines(a.Header, "Vary"), ExpiresAfter: expiresAfter(a.Header),
	}
	if rare != (models.CacheHeaders{}) {
		c.Caches = &models.CacheHeaders{}
		*c.Caches = rare
	}
	return c
}

// lines is a header, whose lines are one list (RFC 9110 section 5.3).
func lines(header http.Header, name string) string {
	values := header[name]
	if len(values) == 1 {
		return values[0]
	}
	return strings.Join(values, ", ")
}

// expiresAfter is the number of seconds from Date to Expires, 0 where an answer has
// expired or Expires is no date, and empty where there is none.
func expiresAfter(header http.Header) string {
	expires := header["Expires"]
	if len(expires) == 0 {
		return ""
	}
	until, err := http.ParseTime(expires[0])
	if err != nil {
		return "0"
	}
	from, err := http.ParseTime(lines(header, "Date"))
	if err != nil {
		from = time.Unix(0, 0)
	}
	return strconv.FormatInt(max(int64(until.Sub(from)/time.Second), 0), 10)
}
