package clinic

import (
	"encoding/base64"
	"fmt"
	"io"
	"sync"

	"github.com/google/uuid"
)

// tokenBytes is the entropy of a session token: 256 bits.
const tokenBytes = 32

// random makes ids and tokens from one reader, in the order in which they are asked for.
type random struct {
	mu     sync.Mutex
	reader io.Reader
}

// id returns a random UUID (RFC 9562, version 4).
func (r *random) id() (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, err := uuid.NewRandomFromReader(r.reader)
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return id.String(), nil
}

// token returns a session token, in URL-safe base64.
func (r *random) token() (string, error) {
	var raw [tokenBytes]byte
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := io.ReadFull(r.reader, raw[:]); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}
