package models

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// answer is the answer to one operation while it is edited.
type answer struct {
	t     *testing.T
	state *State
	Response
	row *Row // the last that was named
}

// edit changes the answer as a word says:
//
//	ok denied missing ...  the outcome; what was shown stays with "unknown"
//	status=500             the HTTP status
//	nothing                what was shown is left out
//	+b2.r1 +?1 +w9:b1      a row more: a recording's, a phantom's, another world's
//	-b1.r1                 that row is left out
//	total=2 total=         the number of rows the listing is said to have; unsaid
//	+entry=bob/alice/b1.r1/viewed  an entry more in an audit trail: who was shown whose recording, and how; "-entry=" leaves it out
//	reason=not-yours       what is said of a refusal
//	cache=private cache=   the Cache-Control header
//	by=cookie              how the request was authenticated
//	cdn=max-age=60 cached=cdn;hit age=7 vary=Cookie  the headers of that meaning
//	method=POST            that of the request
//	b1.r1                  the row that the next words are about:
//	id=b1.r1 tag=b2 tag= subject=bob mode=video segment=2 size=256 page=2
//	row=b2.r1              the metadata shown is that row
//	truncated              the listing was not read to its end
//	media=b1@9,w9:b3@2,?50 the media of these moments, or 50 bytes without a tag; "media=" for none
//	bytes=0-99             of that media, these bytes
//	says=completed/video/2 what is said of the consultation; parts may be empty
func (a *answer) edit(word string) {
	key, value, _ := strings.Cut(word, "=")
	switch key {
	case "status":
		a.Status = a.number(value)
	case "nothing":
		a.Encounter, a.Listing, a.Row, a.Content, a.Audit = nil, nil, nil, nil, nil
	case "reason":
		a.Reason = value
	case "cache", "by", "cdn", "cached", "age", "vary":
		a.editCaching(key, value)
	case "method":
		a.Exchanges = []Exchange{{Method: value}}
	case "total":
		a.Listing.Total = nil
		if value != "" {
			total := a.number(value)
			a.Listing.Total = &total
		}
	case "+entry", "-entry":
		a.editTrail(key[0] == '+', a.entry(value))
	case "truncated":
		a.Listing.Truncated = true
	case "row":
		a.Response.Row = a.rowOf(value)
		a.row = a.Response.Row
	case "media":
		a.deliver(value)
	case "bytes":
		a.cut(value)
	case "says":
		a.say(strings.Split(value, "/"))
	case "id", "tag", "subject", "mode", "segment", "size", "page":
		a.editRow(key, value)
	default:
		if !a.editOutcome(Outcome(word)) {
			a.editListing(word)
		}
	}
}

func (a *answer) editCaching(key, value string) {
	if a.Caches == nil {
		a.Caches = &CacheHeaders{}
	}
	*map[string]*string{"cache": &a.CacheControl, "by": (*string)(&a.Authentication), "cdn": &a.Caches.CDNCacheControl,
		"cached": &a.Caches.CacheStatus, "age": &a.Caches.Age, "vary": &a.Caches.Vary}[key] = value
}

func (a *answer) number(text string) int {
	n, err := strconv.Atoi(text)
	require.NoError(a.t, err)
	return n
}

func (a *answer) editOutcome(o Outcome) bool {
	if o != OK && o != Unknown && o != Unavailable && o != Unbound && !o.Refused() {
		return false
	}
	a.Outcome, a.Status, a.Reason, a.CacheControl = o, status(o), "", "no-store"
	if o != Unknown {
		a.edit("nothing")
	}
	return true
}

func (a *answer) editListing(word string) {
	if a.Listing == nil {
		a.Listing = &Listing{}
	}
	l := a.Listing
	if name, more := strings.CutPrefix(word, "+"); more {
		l.Rows = append(l.Rows, *a.rowOf(name))
		a.row = &l.Rows[len(l.Rows)-1]
		return
	}
	name, less := strings.CutPrefix(word, "-")
	for i := range l.Rows {
		if l.Rows[i].Recording == Handle(name) {
			if a.row = &l.Rows[i]; less {
				l.Rows = append(l.Rows[:i], l.Rows[i+1:]...)
			}
			return
		}
	}
	require.Fail(a.t, "no such row", word)
}

// entry is an entry of an audit trail.
func (a *answer) entry(text string) Access {
	parts := strings.Split(text, "/")
	require.Len(a.t, parts, 4, text)
	var level Level
	require.NoError(a.t, level.UnmarshalText([]byte(parts[3])))
	return Access{Who: Handle(parts[0]), Whose: Handle(parts[1]), Recording: Handle(parts[2]), Level: level}
}

func (a *answer) editTrail(more bool, e Access) {
	if more {
		a.Audit = append(a.Audit, e)
		return
	}
	require.Contains(a.t, a.Audit, e)
	a.Audit = slices.DeleteFunc(a.Audit, func(other Access) bool { return other == e })
}

// rowOf is a row as a correct service shows it to one who may see it.
func (a *answer) rowOf(name string) *Row {
	if world, booking, other := strings.Cut(name, ":"); other {
		return &Row{Tag: Tag{World: Namespace(world), Booking: Handle(booking)}}
	}
	h := Handle(name)
	if rec, ok := a.state.recording(h); ok {
		row := rec.row()
		row.Tag.World = testWorld
		return &row
	}
	if booking, _, ok := h.Recording(); ok {
		return &Row{Recording: h, Tag: Tag{World: testWorld, Booking: booking}}
	}
	return &Row{Recording: h}
}

func (a *answer) editRow(key, value string) {
	require.NotNil(a.t, a.row, "no row was named before %s", key)
	switch key {
	case "id":
		a.row.Recording = Handle(value)
	case "tag":
		a.row.Tag = Tag{}
		if value != "" {
			a.row.Tag = Tag{World: testWorld, Booking: Handle(value)}
		}
	case "subject":
		a.row.Subject = Handle(value)
	case "mode":
		a.row.Mode = Mode(value)
	case "segment":
		a.row.Segment = a.number(value)
	case "size":
		a.row.Size = int64(a.number(value))
	case "page":
		a.row.Page = a.number(value)
	}
}

func (a *answer) deliver(media string) {
	var body []byte
	for one := range strings.SplitSeq(media, ",") {
		if one == "" {
			continue
		}
		if noise, ok := strings.CutPrefix(one, "?"); ok {
			body = append(body, make([]byte, a.number(noise))...)
			continue
		}
		name, moment, _ := strings.Cut(one, "@")
		world, booking, other := strings.Cut(name, ":")
		if !other {
			world, booking = string(testWorld), name
		}
		body = append(body, Tag{Namespace(world), Handle(booking), a.number(moment)}.Media()...)
	}
	a.Content = &Content{Length: int64(len(body)), Total: int64(len(body))}
	a.Content.Pieces, a.Content.Stray = ReadMedia(body)
}

// cut leaves a range of the bytes that the pieces were spoken as.
func (a *answer) cut(text string) {
	low, high, _ := strings.Cut(text, "-")
	first, last := a.number(low), a.number(high)
	var body []byte
	for _, p := range a.Content.Pieces {
		body = append(body, p.Tag.Media()[p.From:p.To]...)
	}
	body = body[first : last+1]
	a.Content.From, a.Content.Length = int64(first), int64(len(body))
	a.Content.Pieces, a.Content.Stray = ReadMedia(body)
}

func (a *answer) say(parts []string) {
	a.Encounter = &Encounter{Status: EncounterStatus(parts[0])}
	if len(parts) > 1 {
		a.Encounter.Mode = Mode(parts[1])
	}
	if len(parts) > 2 {
		a.Encounter.Segment = a.number(parts[2])
	}
}
