// Package naming keeps what a service calls the things that a world has handles
// for: ids of recordings and users, in both directions, and what people say of
// themselves. The targets share it.
package naming

import (
	"crypto/sha256"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Recordings are the recordings whose ids a world knows.
type Recordings struct {
	namespace models.Namespace
	invent    func(models.Handle) string
	ids       map[models.Handle]string
	handles   map[string]models.Handle
	givenUp   map[models.Handle]bool   // deleted: the service may use their ids again
	phantoms  map[string]models.Handle // rows without tag, by id
	nameless  int                      // phantoms that have no id
}

// NewRecordings knows nothing yet. Invent makes an id that the service never gave,
// always the same for a phantom.
func NewRecordings(n models.Namespace, invent func(models.Handle) string) *Recordings {
	return &Recordings{namespace: n, invent: invent, ids: make(map[models.Handle]string), handles: make(map[string]models.Handle),
		givenUp:  make(map[models.Handle]bool),
		phantoms: make(map[string]models.Handle)}
}

// ID is the id of a recording, or empty where the service never gave one. That
// of a phantom is one that the service never gave.
func (k *Recordings) ID(h models.Handle) string {
	if h.Phantom() {
		return k.invent(h)
	}
	return k.ids[h]
}

// Name is the handle of a row: the one under which its id is known, else one by
// its tag, else a phantom's. Another world's row has none.
func (k *Recordings) Name(id string, tag models.Tag, segment int) models.Handle {
	if h, ok := k.handles[id]; ok && (tag.World != k.namespace || !k.usedAgain(h, tag.Booking)) {
		return h
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
// that of its segment, or if that is taken or not told, the next free one.
func (k *Recordings) Learn(booking models.Handle, id string, segment int) models.Handle {
	if h, ok := k.handles[id]; ok {
		if !k.usedAgain(h, booking) {
			return h
		}
		delete(k.ids, h) // the id is another recording's now
	}
	h := models.RecordingHandle(booking, segment)
	if _, taken := k.ids[h]; taken || segment < 1 {
		h = k.free(booking)
	}
	if id != "" {
		k.ids[h], k.handles[id] = id, h
	}
	return h
}

// usedAgain reports whether the id of a recording that was deleted has been given
// to one of another booking.
func (k *Recordings) usedAgain(h, booking models.Handle) bool {
	return k.givenUp[h] && h.Booking() != booking
}

// GiveUp notes that a booking's recording is deleted, or all of them.
func (k *Recordings) GiveUp(deleted models.Handle) {
	for h := range k.ids {
		if h == deleted || h.Booking() == deleted {
			k.givenUp[h] = true
		}
	}
}

func (k *Recordings) free(booking models.Handle) models.Handle {
	for n := 1; ; n++ {
		h := models.RecordingHandle(booking, n)
		if _, taken := k.ids[h]; !taken {
			return h
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
func (k *Recordings) Handle(id string) models.Handle { return k.handles[id] }

// Known is the number of recordings whose ids are known.
func (k *Recordings) Known() int { return len(k.ids) }

// UUID is shaped like the ids of the service (a UUID of version 4) and is
// always the same for a phantom of a world.
func UUID(n models.Namespace, h models.Handle) string {
	b := sha256.Sum256([]byte(string(n) + " " + string(h)))
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
