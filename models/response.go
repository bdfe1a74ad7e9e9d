package models

import (
	"fmt"
	"strings"
)

// Outcome is what a service did with an operation, out of a closed set.
type Outcome string

// The outcomes, with the HTTP status codes (RFC 9110) that they stand for.
const (
	OK          Outcome = "ok"          // 2xx
	Denied      Outcome = "denied"      // 401, 403
	Missing     Outcome = "missing"     // 404, 410
	Invalid     Outcome = "invalid"     // 400, 413, 415, 416, 422
	Conflict    Outcome = "conflict"    // 409, 412
	Unavailable Outcome = "unavailable" // 429, 503: switched off or overloaded, and says so
	Unknown     Outcome = "unknown"     // a time-out or any other 5xx: nobody can tell what was done
	// Unbound means that nothing was sent: the service never gave an id for a
	// handle that the operation uses.
	Unbound Outcome = "unbound"
)

// Refused reports whether the service said no.
func (o Outcome) Refused() bool {
	return o == Denied || o == Missing || o == Invalid || o == Conflict
}

// Response is what a service answered to one operation, in the terms of the
// model. Which parts are present depends on the operation.
type Response struct {
	Outcome Outcome `json:"outcome"`
	// Status is the HTTP status code, or 0 where there was none (a time-out, or
	// a target that does not speak HTTP).
	Status int `json:"status,omitempty"`
	// Encounter is what the service says of the consultation it acted on.
	Encounter *Encounter `json:"encounter,omitempty"`
	// Listing is what list showed.
	Listing *Listing `json:"listing,omitempty"`
	// Row is the metadata that get showed.
	Row *Row `json:"row,omitempty"`
	// Content is the media that play, open or export delivered, what thumb or
	// transcript derived from it, or what head described.
	Content *Content `json:"content,omitempty"`
	// Audit is the trail that audit showed.
	Audit []Access `json:"audit,omitempty"`
	Caching
	// Reason is what the service said of a refusal, without ids of the request.
	Reason string `json:"reason,omitempty"`
	// Requests is the number of requests the target sent for the operation.
	Requests int `json:"requests,omitempty"`
	// Renewed is how often the caller's token was renewed for it, because it had
	// expired.
	Renewed int `json:"renewed,omitempty"`
	// Exchanges are those requests, where the target speaks HTTP.
	Exchanges []Exchange `json:"exchanges,omitempty"`
	// Detail is evidence for people and is never judged.
	Detail string `json:"detail,omitempty"`
}

// Exchange is a request over HTTP, by the ids under which the service's own logs
// and traces know it.
type Exchange struct {
	// ID is the X-Request-Id header.
	ID string `json:"id"`
	// Traceparent is the header of that name (W3C Trace Context, section 3.2):
	// one trace for each operation, one span for each request.
	Traceparent string `json:"traceparent"`
	Method      string `json:"method"`
	Path        string `json:"path"`             // with the query
	Status      int    `json:"status,omitempty"` // 0 where nothing came back
}

// retrieved reports whether the answer is to a GET or a HEAD, as far as is known.
func (r *Response) retrieved() bool {
	if len(r.Exchanges) == 0 {
		return true
	}
	method := r.Exchanges[len(r.Exchanges)-1].Method
	return method == "GET" || method == "HEAD"
}

// Encounter is what a service says of a consultation. Parts that it does not
// say are empty or 0.
type Encounter struct {
	Status EncounterStatus `json:"status,omitempty"`
	Mode   Mode            `json:"mode,omitempty"`
	// Segment is the number of the segment that media goes to now, from 1.
	Segment int `json:"segment,omitempty"`
}

// EncounterStatus is the state of a consultation, after FHIR R5
// Encounter.status.
type EncounterStatus string

// The states of a consultation.
const (
	Planned    EncounterStatus = "planned"
	InProgress EncounterStatus = "in-progress"
	Completed  EncounterStatus = "completed"
	Cancelled  EncounterStatus = "cancelled"
)

// Listing is one whole listing: the rows of every page.
type Listing struct {
	Rows  []Row `json:"rows"`
	Pages int   `json:"pages,omitempty"`
	// Truncated says that the target stopped asking for pages, and More that the
	// service gave a cursor which was not asked to be followed.
	Truncated bool `json:"truncated,omitempty"`
	More      bool `json:"more,omitempty"`
	// Total is the number of rows that the service says the whole listing has,
	// or nil where it does not say.
	Total *int `json:"total,omitempty"`
}

// Row is a recording as a listing or its metadata shows it.
type Row struct {
	// ID is the service's own id: evidence, never compared.
	ID string `json:"id,omitempty"`
	// Recording is the handle under which the world knows the id, else one it
	// gave by the tag, else a phantom's. It is empty for another world's row.
	Recording Handle `json:"recording,omitempty"`
	// Tag is the tag found in the title; its World is empty where none was.
	Tag Tag `json:"tag"`
	// Subject is the patient to whom the service attributes the recording:
	// [Nobody] where it names none, [Somebody] where it names one unknown to
	// this world, empty where the service does not say.
	Subject Handle `json:"subject,omitempty"`
	Mode    Mode   `json:"mode,omitempty"`
	// Segment is the number the service gives the recording within its
	// consultation, or 0.
	Segment int   `json:"segment,omitempty"`
	Size    int64 `json:"size,omitempty"`
	// Page is the page of the listing the row stood on, from 1.
	Page int `json:"page,omitempty"`
}

// The subjects of a [Row] that are not a patient of this world.
const (
	Nobody   Handle = "nobody"
	Somebody Handle = "somebody"
)

// Content is delivered media, reduced to the tags in it.
type Content struct {
	// From is the offset of the first byte delivered, Length the number
	// delivered, and Total the size of the whole object, or -1 if not told.
	From   int64 `json:"from,omitempty"`
	Length int64 `json:"length"`
	Total  int64 `json:"total"`
	// Pieces are the moments found, in order, and Stray the number of bytes
	// that no tag explains.
	Pieces []Piece `json:"pieces,omitempty"`
	Stray  int     `json:"stray,omitempty"`
}

// String summarizes the response in the words of a trace's comments:
// "ok [b1.r1]", "missing", "ok 256 of 512 bytes b1".
func (r Response) String() string {
	var b strings.Builder
	b.WriteString(string(r.Outcome))
	switch {
	case r.Listing != nil:
		r.Listing.summarize(&b)
	case r.Audit != nil:
		fmt.Fprintf(&b, " %d accesses", len(r.Audit))
	case r.Row != nil:
		fmt.Fprintf(&b, " %s", r.Row.name())
	case r.Content != nil:
		r.Content.summarize(&b)
	case r.Encounter != nil:
		r.Encounter.summarize(&b)
	}
	if r.Outcome == Unknown && r.Status != 0 {
		fmt.Fprintf(&b, " (%d)", r.Status)
	}
	return b.String()
}

func (e *Encounter) summarize(b *strings.Builder) {
	for _, word := range []string{string(e.Status), string(e.Mode)} {
		if word != "" {
			b.WriteString(" " + word)
		}
	}
}

// maxNamed is the number of rows that a summary names.
const maxNamed = 8

func (l *Listing) summarize(b *strings.Builder) {
	b.WriteString(" [")
	for i, row := range l.Rows {
		if i == maxNamed {
			fmt.Fprintf(b, " and %d more", len(l.Rows)-i)
			break
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(row.name()))
	}
	b.WriteByte(']')
	if l.Total != nil && *l.Total != len(l.Rows) {
		fmt.Fprintf(b, " of %d", *l.Total)
	}
	if l.Pages > 1 {
		fmt.Fprintf(b, " on %d pages", l.Pages)
	}
	if l.Truncated {
		b.WriteString(" truncated")
	}
}

// name returns the row's handle, or that of the other world's booking, or "?".
func (r Row) name() Handle {
	if r.Recording != "" {
		return r.Recording
	}
	if r.Tag.World == "" {
		return "?"
	}
	return Handle(r.Tag.World) + ":" + r.Tag.Booking
}

func (c *Content) summarize(b *strings.Builder) {
	if c.Total >= 0 {
		fmt.Fprintf(b, " %d of %d bytes", c.Length, c.Total)
	} else {
		fmt.Fprintf(b, " %d bytes", c.Length)
	}
	last := Handle("")
	for _, p := range c.Pieces {
		name := p.Tag.Booking
		if name != last {
			fmt.Fprintf(b, " %s", name)
			last = name
		}
	}
}
