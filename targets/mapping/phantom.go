package mapping

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"regexp"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

// The shapes of ids that have a name.
const (
	idsUUID    = "uuid"
	idsInteger = "integer"
)

var (
	uuidShape    = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	integerShape = regexp.MustCompile(`^[0-9]+$`)
)

// invent is the id of a recording that never existed. In a world it is always
// the same for a handle.
func (w *World) invent(h models.Handle) string {
	if id, known := w.invented[h]; known {
		return id
	}
	id := w.inventNew(h)
	w.invented[h] = id
	return id
}

func (w *World) inventNew(h models.Handle) string {
	m := w.target.mapping
	if m.phantom != nil {
		if id, err := m.phantom.render(&bindings{world: w, random: random(w.namespace, h)[:20]}); err == nil {
			return id
		}
	}
	shape := m.spec.IDs.Recording.Value
	seen := w.target.seen.Load()
	switch {
	case shape == idsInteger:
		return bigNumber(w.namespace, h)
	case shape == idsUUID, seen == nil, uuidShape.MatchString(*seen):
		return naming.UUID(w.namespace, h)
	case integerShape.MatchString(*seen):
		return bigNumber(w.namespace, h)
	}
	return like(*seen, random(w.namespace, h))
}

// bigNumber is a number that no service has come to yet, and that fits into 32
// bits.
func bigNumber(n models.Namespace, h models.Handle) string {
	sum := sha256.Sum256([]byte(string(n) + " " + string(h)))
	return fmt.Sprint(2_000_000_000 + (int(sum[0])<<16|int(sum[1])<<8|int(sum[2]))%147_000_000)
}

// random are 52 lower-case letters and digits, always the same for a handle.
func random(n models.Namespace, h models.Handle) string {
	sum := sha256.Sum256([]byte(string(n) + " " + string(h)))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))
}

// leastRandom is the number of random characters without which an id could be
// one that the service gives.
const leastRandom = 12

// like is an id with the shape of another: a letter for each letter and a digit
// for each digit. A short one gets longer at its end.
func like(seen, random string) string {
	var b strings.Builder
	used, last := 0, byte('a')
	next := func(c byte) {
		r := random[used%len(random)]
		used++
		switch {
		case c >= '0' && c <= '9':
			b.WriteByte('0' + r%10)
		case c >= 'A' && c <= 'Z':
			b.WriteByte('A' + r%26)
		default:
			b.WriteByte('a' + r%26)
		}
		last = c
	}
	for i := range len(seen) {
		c := seen[i]
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			next(c)
			continue
		}
		b.WriteByte(c)
	}
	for used < leastRandom {
		next(last)
	}
	return b.String()
}
