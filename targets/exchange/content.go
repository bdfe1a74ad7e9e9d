package exchange

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Content is the media in an answer. Of an answer that is a refusal or broke
// off it is what was delivered all the same, or nil.
func (a *Answer) Content() *models.Content {
	c := &models.Content{Length: int64(len(a.Body)), Total: -1}
	c.Pieces, c.Stray = models.ReadMedia(a.Body)
	success := a.Status >= 200 && a.Status < 300
	switch {
	case !success && len(c.Pieces) == 0, a.Status == 0:
		return nil
	case !success:
	case a.Status == http.StatusPartialContent:
		a.placeRange(c)
	case a.Outcome == models.OK:
		c.Total = c.Length
	default:
		c.Total = a.Length
	}
	return c
}

// placeRange reads from where the bytes of a partial answer are.
func (a *Answer) placeRange(c *models.Content) {
	r, ok := parseContentRange(a.Header.Get("Content-Range"))
	if !ok {
		a.Doubt("a partial answer without a valid Content-Range")
		return
	}
	c.From, c.Total = r.first, r.total
}

// contentRange is what a Content-Range header says: the offsets of the first
// and the last byte, and the size of the whole or -1.
type contentRange struct {
	first, last, total int64
}

// parseContentRange reads a header like "bytes 0-99/512" or "bytes 0-99/*"
// (RFC 9110 section 14.4).
func parseContentRange(text string) (r contentRange, ok bool) {
	unit, rest, ok1 := strings.Cut(text, " ")
	span, total, ok2 := strings.Cut(rest, "/")
	first, last, ok3 := strings.Cut(span, "-")
	if !ok1 || !ok2 || !ok3 || !strings.EqualFold(unit, "bytes") {
		return r, false
	}
	r.first, ok1 = parseOffset(first)
	r.last, ok2 = parseOffset(last)
	r.total, ok3 = -1, true
	if total != "*" {
		r.total, ok3 = parseOffset(total)
	}
	valid := r.first <= r.last && (r.total < 0 || r.last < r.total)
	return r, ok1 && ok2 && ok3 && valid
}

// parseOffset reads a number that is written with digits alone.
func parseOffset(text string) (int64, bool) {
	if text == "" || text[0] < '0' || text[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}
