package models

import (
	"iter"
	"math"
	"strings"
)

// unsaid is a time to live that no directive gives.
const unsaid = -1

// directives are what Cache-Control, or a field in its place, tells a shared cache
// (RFC 9111 section 5.2.2). A directive that names fields, as in
// private="Set-Cookie", protects these fields and not the answer, and so counts as
// not there.
type directives struct {
	noStore, noCache, private, public, revalidate, understand bool
	// stale says that an answer may be reused for some time after it is stale (RFC
	// 5861).
	stale bool
	// shared and fresh are s-maxage and max-age, in seconds, or unsaid.
	shared, fresh int
	// mustRevalidate is revalidate by its own name, which allows a shared cache to
	// store what Authorization protects; proxy-revalidate does not.
	mustRevalidate bool
}

// directivesOf reads a field. Of a directive that is repeated the first counts (RFC
// 9111 section 4.2.1).
func directivesOf(field string) directives {
	d := directives{shared: unsaid, fresh: unsaid}
	for part := range split(field, ',') {
		name, argument, _ := strings.Cut(part, "=")
		d.add(strings.ToLower(strings.TrimSpace(name)), unquoted(strings.TrimSpace(argument)))
	}
	return d
}

// add adds a directive. In a structured field "?0" says that it is not there, and
// "?1" that it is.
func (d *directives) add(name, argument string) {
	if argument == "?0" {
		return
	}
	whole := argument == "" || argument == "?1"
	switch name {
	case "no-store":
		d.noStore = true
	case "no-cache":
		d.noCache = d.noCache || whole
	case "private":
		d.private = d.private || whole
	case "public":
		d.public = true
	case "must-revalidate":
		d.revalidate, d.mustRevalidate = true, true
	case "proxy-revalidate":
		d.revalidate = true
	case "must-understand":
		d.understand = true
	case "s-maxage":
		give(&d.shared, argument)
	case "max-age":
		give(&d.fresh, argument)
	case "stale-while-revalidate", "stale-if-error":
		n, ok := seconds(argument)
		d.stale = d.stale || ok && n > 0
	}
}

// give sets a time to live that was not said before. One that is no number counts
// as none (RFC 9111 section 4.2.1).
func give(to *int, argument string) {
	if *to == unsaid {
		*to, _ = seconds(argument)
	}
}

// expire takes up an Expires header, where max-age is not said (RFC 9111 section
// 5.3).
func (d *directives) expire(after string) {
	if after != "" {
		give(&d.fresh, after)
	}
}

// reuse is what a shared cache may do with a final answer to a GET or HEAD by these
// directives (RFC 9111 sections 3, 3.5 and 4).
func (d *directives) reuse(by Authentication, status int) reuse {
	switch {
	case d.noStore && !d.understand, d.private: // sections 5.2.2.3, 5.2.2.5 and 5.2.2.7
		return notStored
	case by == ByAuthorization && !d.public && !d.mustRevalidate && d.shared == unsaid: // section 3.5
		return notStored
	case !d.explicit() && !heuristic(status): // section 3
		return notStored
	case d.noCache: // section 5.2.2.4
		return askedAgain
	case d.lifetime() == 0 && !d.servedStale(): // section 4.2.4
		return askedAgain
	}
	return reused
}

// explicit reports whether the answer itself says that it can be stored.
func (d *directives) explicit() bool { return d.public || d.fresh != unsaid || d.shared != unsaid }

// lifetime is for how many seconds an answer is fresh to a shared cache, where
// unsaid is as long as the cache finds right (RFC 9111 section 4.2.2).
func (d *directives) lifetime() int {
	if d.shared != unsaid {
		return d.shared
	}
	return d.fresh
}

// servedStale reports whether the answer may be given although it is stale:
// s-maxage forbids that as proxy-revalidate does (RFC 9111 section 5.2.2.10).
func (d *directives) servedStale() bool { return d.stale && !d.revalidate && d.shared == unsaid }

// heuristic reports whether caches store answers of a status code of success that
// do not say for how long (RFC 9110 section 15.1).
func heuristic(status int) bool {
	return status == 200 || status == 203 || status == 204 || status == 206
}

// split yields the parts of a field between separators that are in no quoted
// string, without the spaces around them, and not those that are empty.
func split(field string, separator byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i <= len(field); i++ {
			switch {
			case i == len(field) || field[i] == separator && !quoted:
				if part := strings.TrimSpace(field[start:i]); part != "" && !yield(part) {
					return
				}
				start = i + 1
			case field[i] == '"':
				quoted = !quoted
			case field[i] == '\\' && quoted:
				i = min(i+1, len(field)-1)
			}
		}
	}
}

// unquoted is an argument without the quotes around it.
func unquoted(argument string) string {
	if len(argument) >= 2 && argument[0] == '"' && argument[len(argument)-1] == '"' {
		return argument[1 : len(argument)-1]
	}
	return argument
}

// seconds reads a number of seconds (RFC 9111 section 1.2.2), at most as many as
// fit in 31 bits.
func seconds(text string) (n int, ok bool) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = min(n*10+int(text[i]-'0'), math.MaxInt32)
	}
	return n, text != ""
}

// wellFormed reports whether a targeted field has members and each of them the form
// that RFC 9213 section 2.1 asks for, which is that of a structured field (RFC
// 8941 section 3.2): a cache takes no notice of any other.
func wellFormed(field string) bool {
	members := 0
	for part := range split(field, ',') {
		first := true
		for item := range split(part, ';') {
			name, value, valued := strings.Cut(item, "=")
			if !isKey(name) || valued && !isItem(value) {
				return false
			}
			if first {
				members++
			}
			first = false
		}
	}
	return members > 0
}

// isKey reports whether a text is the key of a structured field.
func isKey(text string) bool {
	for i := range len(text) {
		c := text[i]
		lower := c >= 'a' && c <= 'z' || c == '*'
		if !lower && (i == 0 || (c < '0' || c > '9') && c != '_' && c != '-' && c != '.') {
			return false
		}
	}
	return text != ""
}

// isItem reports whether a text is a number, a string, a token or a truth value of
// a structured field; what else there is no directive takes.
func isItem(text string) bool {
	switch {
	case text == "?0" || text == "?1":
		return true
	case text == "":
		return false
	case text[0] == '"':
		return len(text) >= 2 && text[len(text)-1] == '"'
	}
	digits := text
	if text[0] == '-' {
		digits = text[1:]
	}
	if _, number := seconds(strings.Replace(digits, ".", "", 1)); number {
		return true
	}
	first := text[0] | 0x20
	return (first >= 'a' && first <= 'z' || text[0] == '*') && !strings.ContainsAny(text, " \t\",;=()<>@[]{}?\\")
}
