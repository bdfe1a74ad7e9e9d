package store

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// readAhead is how many bytes of media are fetched at once, where the pieces are that small.
const readAhead = 64 << 10

// Media returns the content of a recording, or segment, of the given size in bytes. Nothing is read before it is asked
// for, and little more than is asked for, however long the recording.
func (s *Store) Media(ctx context.Context, id string, size int64) io.ReadSeeker {
	return &media{ctx: context.WithoutCancel(ctx), store: s, id: id, size: size}
}

// Transcript returns the first so many bytes of each piece of media of a recording, one after the other.
func (s *Store) Transcript(ctx context.Context, id string, each int) (string, error) {
	rows, err := s.rows(ctx, transcript, id, each)
	if err != nil {
		return "", classify("read transcript", err)
	}
	defer rows.Close()
	var said []byte
	for rows.Next() {
		var piece []byte
		if err := rows.Scan(&piece); err != nil {
			return "", classify("read transcript", err)
		}
		said = append(said, piece...)
	}
	return string(said), classify("read transcript", rows.Err())
}

type media struct {
	ctx   context.Context
	store *Store
	id    string
	size  int64
	pos   int64

	buffer []byte // what was fetched last
	start  int64  // the position of its first byte
}

// Read implements io.Reader.
func (m *media) Read(p []byte) (int, error) {
	if m.pos >= m.size {
		return 0, io.EOF
	}
	if m.pos < m.start || m.pos >= m.start+int64(len(m.buffer)) {
		if err := m.fetch(); err != nil {
			return 0, err
		}
	}
	from := m.buffer[m.pos-m.start:]
	n := copy(p, from[:min(int64(len(from)), m.size-m.pos)])
	m.pos += int64(n)
	return n, nil
}

// fetch fills the buffer with the piece that holds the present position and those that follow.
func (m *media) fetch() error {
	rows, err := m.store.rows(m.ctx, mediaFrom, m.id, m.pos)
	if err != nil {
		return classify("read media", err)
	}
	defer rows.Close()
	m.start, m.buffer = -1, m.buffer[:0]
	for len(m.buffer) < readAhead && rows.Next() {
		var start int64
		var piece []byte
		if err := rows.Scan(&start, &piece); err != nil {
			return classify("read media", err)
		}
		if m.start < 0 {
			m.start = start
		}
		m.buffer = append(m.buffer, piece...)
	}
	if err := rows.Err(); err != nil {
		return classify("read media", err)
	}
	if m.start < 0 || m.pos >= m.start+int64(len(m.buffer)) {
		return fmt.Errorf("read media at %d of %d: %w", m.pos, m.size, io.ErrUnexpectedEOF)
	}
	return nil
}

// Seek implements io.Seeker.
func (m *media) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += m.pos
	case io.SeekEnd:
		offset += m.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning of the media")
	}
	m.pos = offset
	return offset, nil
}
