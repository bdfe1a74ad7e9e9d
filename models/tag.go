package models

import (
	"bytes"
	"strconv"
	"strings"
)

// Namespace keeps the names, titles and media of one world apart from those of
// every other world on the same service: lower-case letters and digits, at most
// [MaxNamespace] of them, never used twice on one service.
type Namespace string

// MaxNamespace is the greatest length of a [Namespace], in characters.
const MaxNamespace = 12

// MaxBooking is the greatest length of a booking's name, in characters: with the
// longest namespace and a moment of five digits it fits into a cell of media.
const MaxBooking = 8

// MediaSize is the size in bytes of the media of one speak operation, and
// cellSize that of the cells it is made of. Each cell carries the whole tag, so
// that any range of 2*cellSize bytes names its owner.
const (
	MediaSize = 256
	cellSize  = 32
	cells     = MediaSize / cellSize
)

// tagPrefix begins every tag. No word of a title or a page ends like it, as
// words do in "ct-" (ct-scan-report, product-list-item).
const tagPrefix = "xk-"

// Tag marks a title or a piece of media with the booking it belongs to. Whose
// recording something is is read from the tag found in it; the service is never
// asked. Moment is the step of the trace at which the media was spoken, and 0
// in a title.
type Tag struct {
	World   Namespace `json:"world"`
	Booking Handle    `json:"booking"`
	Moment  int       `json:"moment,omitempty"`
}

// Title returns the text that a booking carries as its title or reason.
func (t Tag) Title() string {
	return tagPrefix + string(t.World) + "-" + string(t.Booking)
}

// Media returns the MediaSize bytes that are spoken at the tag's moment. They
// are a function of the tag alone.
func (t Tag) Media() []byte {
	out := make([]byte, 0, MediaSize)
	for i := range cells {
		out = t.appendCell(out, i)
	}
	return out
}

func (t Tag) appendCell(out []byte, index int) []byte {
	start := len(out)
	out = append(out, tagPrefix...)
	out = append(out, t.World...)
	out = append(out, '-')
	out = append(out, t.Booking...)
	out = append(out, '-')
	out = strconv.AppendInt(out, int64(t.Moment), 10)
	out = append(out, '-')
	out = strconv.AppendInt(out, int64(index), 10)
	for len(out)-start < cellSize {
		out = append(out, '.')
	}
	return out[:start+cellSize]
}

// FindTag finds the first title tag in a text, wherever a service put it.
func FindTag(text string) (Tag, bool) {
	for {
		at := strings.Index(text, tagPrefix)
		if at < 0 {
			return Tag{}, false
		}
		text = text[at+len(tagPrefix):]
		world, rest, ok := strings.Cut(text, "-")
		if !ok || !isNamespace(world) {
			continue
		}
		if booking := leadingName(rest); booking != "" {
			return Tag{World: Namespace(world), Booking: Handle(booking)}, true
		}
	}
}

func isNamespace(s string) bool {
	return len(s) <= MaxNamespace && isName(s)
}

// isName reports whether s consists of lower-case letters and digits.
func isName(s string) bool { return s != "" && leadingName(s) == s }

// leadingName returns the lower-case letters and digits that s begins with.
func leadingName(s string) string {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return s[:i]
		}
	}
	return s
}

// A Piece is a run of bytes in delivered media that were spoken at one moment:
// bytes From (inclusive) to To (exclusive) of that moment's [Tag.Media].
type Piece struct {
	Tag  Tag `json:"tag"`
	From int `json:"from"`
	To   int `json:"to"`
}

// ReadMedia reads the tags in delivered media. Stray counts the bytes that no
// tag explains. Up to cellSize-1 bytes at either end of more, cut off from their
// tag by a range, are neither attributed nor counted as stray.
func ReadMedia(body []byte) (pieces []Piece, stray int) {
	end := 0 // of the last piece, in body
	for at := 0; at < len(body); {
		if n := len(pieces) - 1; n >= 0 && at == end && pieces[n].continues(body[at:]) {
			pieces[n].To += cellSize
			at += cellSize
			end = at
			continue
		}
		tag, index, ok := parseCell(body[at:])
		if !ok {
			next := nextCell(body, at+1)
			stray += strayBytes(body, at, next)
			at = next
			continue
		}
		from := index * cellSize
		pieces = append(pieces, Piece{tag, from, from + cellSize})
		at += cellSize
		end = at
	}
	return pieces, stray
}

// continues reports whether b begins with the cell that follows the piece.
func (p Piece) continues(b []byte) bool {
	return p.To < MediaSize && bytes.HasPrefix(b, p.Tag.appendCell(make([]byte, 0, cellSize), p.To/cellSize))
}

// nextCell is the offset of the first whole cell at or behind from.
func nextCell(body []byte, from int) int {
	for from < len(body) {
		at := bytes.Index(body[from:], []byte(tagPrefix))
		if at < 0 {
			break
		}
		if _, _, ok := parseCell(body[from+at:]); ok {
			return from + at
		}
		from += at + 1
	}
	return len(body)
}

// strayBytes counts the bytes between two offsets, unless they can be the rest
// of a cell that a range has cut.
func strayBytes(body []byte, from, to int) int {
	atEdge := from == 0 || to == len(body)
	if atEdge && to-from < cellSize && to-from < len(body) {
		return 0
	}
	return to - from
}

// parseCell reads one whole cell at the beginning of b. What is not, byte for
// byte, the cell of the tag that it names is none.
func parseCell(b []byte) (tag Tag, index int, ok bool) {
	if len(b) < cellSize || !bytes.HasPrefix(b, []byte(tagPrefix)) {
		return Tag{}, 0, false
	}
	text := strings.TrimRight(string(b[len(tagPrefix):cellSize]), ".")
	world, rest, _ := strings.Cut(text, "-")
	booking, rest, _ := strings.Cut(rest, "-")
	moment, number, _ := strings.Cut(rest, "-")
	m, errMoment := strconv.Atoi(moment)
	index, errIndex := strconv.Atoi(number)
	if !isNamespace(world) || !isName(booking) || errMoment != nil || errIndex != nil || m < 0 || index < 0 || index >= cells {
		return Tag{}, 0, false
	}
	tag = Tag{Namespace(world), Handle(booking), m}
	cell := tag.appendCell(make([]byte, 0, cellSize), index)
	return tag, index, bytes.Equal(cell, b[:cellSize])
}
