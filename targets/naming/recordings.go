// Package naming keeps what a service calls the things that a world has handles
// for: ids of recordings and users, in both directions, and what people say of
// themselves. The targets share it.
package naming

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Recordings are the recordings whose ids a world knows.
type Recordings struct {
	namespace models.Namespace
	invent    func(models.Handle) string
	learnt    map[models.Handle][]*recording // by booking, in the order in which they were learnt
	byID      map[string]*recording
	phantoms  map[string]models.Handle // rows without tag, by id
	nameless  int                      // phantoms that have no id
}

// recording is one whose id was learnt.
type recording struct {
	id      string // empty: the service has given it to another since
	booking models.Handle
	rank    int  // the number in its handle
	number  int  // the number that the service gives it, or 0
	used    bool // an operation has named it: its handle stays
	givenUp bool // deleted: the service may use its id again
}

func (r *recording) handle() models.Handle { return models.RecordingHandle(r.booking, r.rank) }

// NewRecordings knows nothing yet. Invent makes an id that the service never gave,
// always the same for a phantom.
func NewRecordings(n models.Namespace, invent func(models.Handle) string) *Recordings {
	return &Recordings{namespace: n, invent: invent, learnt: make(map[models.Handle][]*recording), byID: make(map[string]*recording),
		phantoms: make(map[string]models.Handle)}
}

// ID is the id of a recording that an operation names, or empty where the service
// never gave one. That of a phantom is one that the service never gave.
func (k *Recordings) ID(h models.Handle) string {
	if h.Phantom() {
		return k.invent(h)
	}
	booking, rank, _ := h.Recording()
	if r := k.at(booking, rank); r != nil {
		r.used = true
		return r.id
	}
	return ""
}

// at is the recording of a booking with a rank, or nil.
func (k *Recordings) at(booking models.Handle, rank int) *recording {
	for _, r := range k.learnt[booking] {
		if r.rank == rank && r.id != "" {
			return r
		}
	}
	return nil
}

// Name is the handle of a row: the one under which its id is known, else one by
// its tag, else a phantom's. Another world's row has none.
func (k *Recordings) Name(id string, tag models.Tag, segment int) models.Handle {
	if r, ok := k.byID[id]; ok && (tag.World != k.namespace || !r.usedAgain(tag.Booking)) {
		return r.handle()
	}
	switch tag.World {
	case k.namespace:
		return k.Learn(tag.Booking, id, segment)
	case "":
		return k.phantom(id)
	}
	return ""
}

// Learn gives an id that is not known yet the handle of a booking's recording:
// that of its segment, or if that is taken or not told, the next free one. What has
// no id is taken for the recording of its segment, where that is known.
func (k *Recordings) Learn(booking models.Handle, id string, segment int) models.Handle {
	if r, ok := k.byID[id]; ok {
		if !r.usedAgain(booking) {
			return r.handle()
		}
		r.id = "" // it is another recording's now
	}
	if id == "" && segment > 0 {
		for _, r := range k.learnt[booking] {
			if r.number == segment {
				return r.handle()
			}
		}
	}
	rank := segment
	if segment < 1 || k.at(booking, segment) != nil {
		for rank = 1; k.at(booking, rank) != nil; {
			rank++
		}
	}
	r := &recording{id: id, booking: booking, rank: rank, number: segment}
	if id != "" {
		k.learnt[booking] = append(k.learnt[booking], r)
		k.byID[id] = r
	}
	return r.handle()
}

// Rank takes up the listing that an operation was answered with, if it is a whole one,
// and names its rows again: the recordings of each
// booking are counted from 1 in the order of the numbers that the service gives them,
// whether it counts from 0, or what left no media, too. A handle that an operation has
// named stays.
func (k *Recordings) Rank(op models.Operation, l *models.Listing) {
	if list, ok := op.(models.List); !ok || list.Mode != "" || l == nil || l.Truncated {
		return
	}
	rows := l.Rows
	for i := range rows {
		if r, ok := k.byID[rows[i].ID]; ok && (i == 0 || rows[i-1].Recording.Booking() != r.booking) {
			k.rank(r.booking)
		}
	}
	for i := range rows {
		if r, ok := k.byID[rows[i].ID]; ok && rows[i].Recording != "" {
			rows[i].Recording = r.handle()
		}
	}
}

// Complete notes that the recordings of a booking are all known, and counts them as Rank
// does.
func (k *Recordings) Complete(booking models.Handle) { k.rank(booking) }

// rank counts the recordings of a booking whose handles are free to change. Those whose
// number was there before, as of a second attempt, come last.
func (k *Recordings) rank(booking models.Handle) {
	if k.ranked(booking) {
		return
	}
	var free []*recording
	taken, again := make(map[int]bool), make(map[*recording]bool)
	for i, r := range k.learnt[booking] {
		again[r] = slices.ContainsFunc(k.learnt[booking][:i], func(o *recording) bool { return r.number > 0 && o.number == r.number })
		if r.used || r.id == "" {
			taken[r.rank] = r.id != ""
			continue
		}
		free = append(free, r)
	}
	slices.SortStableFunc(free, func(a, b *recording) int {
		switch {
		case again[a] == again[b]:
		case again[a]:
			return 1
		default:
			return -1
		}
		return cmp.Compare(a.number, b.number)
	})
	rank := 1
	for _, r := range free {
		for taken[rank] {
			rank++
		}
		r.rank = rank
		rank++
	}
}

// ranked reports whether the recordings of a booking have the handles already that they
// should have.
func (k *Recordings) ranked(booking models.Handle) bool {
	last := -1
	for i, r := range k.learnt[booking] {
		if r.rank != i+1 || r.number <= last && last > 0 {
			return false
		}
		last = r.number
	}
	return true
}

// usedAgain reports whether the id of a recording that was deleted has been given
// to one of another booking.
func (r *recording) usedAgain(booking models.Handle) bool { return r.givenUp && r.booking != booking }

// GiveUp notes that a booking's recording is deleted, or all of them.
func (k *Recordings) GiveUp(deleted models.Handle) {
	for _, r := range k.learnt[deleted.Booking()] {
		if r.handle() == deleted || r.booking == deleted {
			r.used, r.givenUp = true, true
		}
	}
}

func (k *Recordings) phantom(id string) models.Handle {
	h, known := k.phantoms[id]
	if known {
		return h
	}
	h = models.PhantomHandle(len(k.phantoms) + k.nameless + 1)
	if id == "" {
		k.nameless++
	} else {
		k.phantoms[id] = h
	}
	return h
}

// Handle is the handle under which an id is known, or empty.
func (k *Recordings) Handle(id string) models.Handle {
	if r, ok := k.byID[id]; ok {
		return r.handle()
	}
	return ""
}

// Known is the number of recordings whose ids are known.
func (k *Recordings) Known() int { return len(k.byID) }

// UUID is shaped like the ids of the service (a UUID of version 4) and is
// always the same for a phantom of a world.
func UUID(n models.Namespace, h models.Handle) string {
	b := sha256.Sum256([]byte(string(n) + " " + string(h)))
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
