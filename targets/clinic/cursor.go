package clinic

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// cursorSum is how many bytes of a cursor bind it to its caller.
const cursorSum = 8

// newCursor returns a cursor to what follows the recording with number after, for one caller and one filter alone. It is no
// secret and grants nothing: the page it leads to is filtered by its reader like the first. Binding it to the caller is
// there to make a mix-up of two users' pages an error that is seen, where it would otherwise be a page that looks right.
func newCursor(who care.Caller, filter care.Mode, after int64) string {
	position := binary.BigEndian.AppendUint64(nil, uint64(after))
	return base64.RawURLEncoding.EncodeToString(append(position, sumOf(who, filter, position)...))
}

// parseCursor returns the position of a cursor; [care.ErrMalformed] for one that is garbage, another caller's or another
// filter's.
func parseCursor(who care.Caller, filter care.Mode, cursor string) (int64, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) != 8+cursorSum {
		return 0, care.Refuse(care.ErrMalformed, "the cursor is not one of yours")
	}
	position, sum := raw[:8], raw[8:]
	if subtle.ConstantTimeCompare(sum, sumOf(who, filter, position)) != 1 {
		return 0, care.Refuse(care.ErrMalformed, "the cursor is not one of yours")
	}
	return int64(binary.BigEndian.Uint64(position)), nil
}

func sumOf(who care.Caller, filter care.Mode, position []byte) []byte {
	sum := sha256.Sum256(append([]byte(who.ID+"\x00"+string(filter)+"\x00"), position...))
	return sum[:cursorSum]
}
