package process

import (
	"bufio"
	"io"
	"strings"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// lastLines is the number of lines that are kept of standard error, and longest
// the length that is kept of each, in bytes.
const (
	lastLines = 20
	longest   = 500
)

// tail keeps the last lines of an adapter's standard error and passes all of it
// on to a log.
type tail struct {
	log   io.Writer   // may be nil
	known *secret.Net // what is taken out of each line

	mu    sync.Mutex
	lines []string
}

// readAll reads to the end, or until reading fails.
func (t *tail) readAll(r io.Reader) {
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		text, err := in.ReadSlice('\n')
		if len(text) > 0 {
			t.note(strings.TrimRight(string(text), "\r\n"))
		}
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
	}
}

// note adds a line.
func (t *tail) note(text string) {
	text = t.known.Text(text)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.log != nil {
		_, _ = io.WriteString(t.log, text+"\n")
	}
	if len(t.lines) == lastLines {
		t.lines = t.lines[1:]
	}
	t.lines = append(t.lines, strings.ToValidUTF8(text[:min(len(text), longest)], "?"))
}

// last are the last lines.
func (t *tail) last() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.lines...)
}

// lockedWriter lets several processes write lines to one writer.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// locked is a writer that can be used concurrently, or nil for nil.
func locked(w io.Writer) io.Writer {
	if w == nil {
		return nil
	}
	return &lockedWriter{w: w}
}

// Write writes a text as a whole.
func (l *lockedWriter) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(text)
}
