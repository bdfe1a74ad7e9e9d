package secret

import (
	"io"
	"strings"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// Net is the secrets of a run, through which everything goes that is written. It
// is safe for concurrent use, also while secrets are added. A nil Net has none.
type Net struct {
	mu  sync.RWMutex
	all []targets.Secret
	set Set
}

// Add adds secrets. What was written before is not changed.
func (n *Net) Add(all ...targets.Secret) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, one := range all {
		if one.Value != "" {
			n.all = append(n.all, one)
			n.set.Add(one)
		}
	}
}

// Has reports whether a value was added.
func (n *Net) Has(value string) bool {
	if n == nil {
		return false
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.set.Has(value)
}

// Secrets are those added so far, in order.
func (n *Net) Secrets() []targets.Secret {
	if n == nil {
		return nil
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.all[:len(n.all):len(n.all)]
}

// Text is a text without the secrets.
func (n *Net) Text(text string) string {
	if n == nil {
		return text
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.set.Text(text)
}

// Address is a path with its query without the secrets, as [Set.Address] does it.
func (n *Net) Address(path string) string {
	if n == nil {
		return path
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.set.Address(path)
}

// Writer passes on what is written to it without the secrets, also those whose
// parts come one after the other. What may be the beginning of a secret is held
// back until more is written or the writer is closed. Closing it does not close
// what it writes to.
func (n *Net) Writer(to io.Writer) *Writer { return &Writer{net: n, to: to} }

// Writer is a writer of a [Net]. It is safe for concurrent use where what it writes
// to is.
type Writer struct {
	net *Net
	to  io.Writer

	mu   sync.Mutex
	held string
}

// Write writes a text. The error is that of the writer behind it.
func (w *Writer) Write(b []byte) (int, error) {
	if w.net == nil {
		return w.to.Write(b)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.net.mu.RLock()
	text, held := w.net.set.cut(w.held + string(b))
	w.net.mu.RUnlock()
	w.held = held
	if text == "" {
		return len(b), nil
	}
	if _, err := io.WriteString(w.to, text); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Behind is the writer that is written to.
func (w *Writer) Behind() io.Writer { return w.to }

// Close writes what was held back.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	held := w.held
	w.held = ""
	if held == "" {
		return nil
	}
	_, err := io.WriteString(w.to, w.net.Text(held))
	return err
}

// cut is a text without the secrets, and the end of it that may begin another.
func (s *Set) cut(text string) (clean, held string) {
	if len(s.forms) == 0 {
		return text, ""
	}
	end := s.open(text)
	var b strings.Builder
	from := 0
	for at := 0; at < end; {
		if at+shortest <= len(text) {
			if f := s.at(text, at); f != nil {
				b.WriteString(text[from:at])
				b.WriteString(f.placeholder)
				at += len(f.text)
				from = at
				continue
			}
		}
		at++
	}
	if from > end { // a secret goes on behind it
		end = from
	}
	b.WriteString(text[from:end])
	return b.String(), text[end:]
}

// open is the offset from which a text may be the beginning of a secret.
func (s *Set) open(text string) int {
	for at := max(0, len(text)-s.longest+1); at < len(text); at++ {
		if s.begins(text[at:]) {
			return at
		}
	}
	return len(text)
}

// begins reports whether a secret may begin with a text, and go on.
func (s *Set) begins(text string) bool {
	if len(text) >= shortest {
		if word, bit := s.start(text); s.starts[word]&bit == 0 {
			return false
		}
		for _, f := range s.forms[[shortest]byte([]byte(text[:shortest]))] {
			if len(f.text) > len(text) && strings.HasPrefix(f.text, text) {
				return true
			}
		}
		return false
	}
	for key := range s.forms {
		if strings.HasPrefix(string(key[:]), text) {
			return true
		}
	}
	return false
}
