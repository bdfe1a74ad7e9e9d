package secret

import (
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// Least is the length in bytes from which a value is taken out of every text: what
// is shorter is found in other words.
const Least = 8

// shortest is the length of the shortest form that is looked for. Forms are found
// by as many bytes.
const shortest = 4

// MadeUp begins the passwords of made-up users, which protect nothing.
const MadeUp = "only-for-conformance-tests-"

// Placeholder is what is put for a secret of a name: "[secret-NAME]", or
// "[secret]" for one without.
func Placeholder(name string) string {
	if name == "" {
		return "[secret]"
	}
	return "[secret-" + name + "]"
}

// Set is secrets that are taken out of texts. The zero Set has none and leaves
// every text as it is. It may be read concurrently while nothing is added.
type Set struct {
	known   map[string]bool
	forms   map[[shortest]byte][]form // by how they begin, the longest first
	starts  []uint64                  // a bit for the beginning of each form
	longest int
	short   []form // values that are taken out only where they stand alone
}

// form is a way in which a secret is written, and what is put for it.
type form struct{ text, placeholder string }

// Has reports whether a value was added.
func (s *Set) Has(value string) bool { return s.known[strings.TrimSpace(value)] }

// Add adds secrets, which are called by their names.
func (s *Set) Add(all ...targets.Secret) {
	for i := range all {
		s.Put(all[i].Value, Placeholder(all[i].Name))
	}
}

// Put adds a secret and says what is put for it. What was added first stays.
func (s *Set) Put(value, placeholder string) {
	value = strings.TrimSpace(value)
	if value == "" || s.known[value] || strings.HasPrefix(value, MadeUp) {
		return
	}
	if s.known == nil {
		s.known, s.forms = make(map[string]bool), make(map[[shortest]byte][]form)
	}
	s.known[value] = true
	if !Everywhere(value) {
		s.short = append(s.short, form{value, placeholder})
		return
	}
	for _, text := range formsOf(value) {
		s.put(form{text, placeholder})
	}
}

func (s *Set) put(f form) {
	if s.starts == nil {
		s.starts = make([]uint64, fewStarts)
	}
	key := [shortest]byte([]byte(f.text[:shortest]))
	at, _ := slices.BinarySearchFunc(s.forms[key], f, func(a, b form) int { return len(b.text) - len(a.text) })
	s.forms[key] = slices.Insert(s.forms[key], at, f)
	word, bit := s.start(f.text)
	s.starts[word] |= bit
	s.longest = max(s.longest, len(f.text))
}

// The number of words of bits for the beginnings of the forms of few secrets, and
// of thousands. They are powers of two.
const (
	fewStarts  = 1 << 4
	manyStarts = 1 << 14
)

// start is the bit of how a text begins, which others share.
func (s *Set) start(text string) (word int, bit uint64) {
	key := uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 | uint32(text[3])<<24
	n := key * 0x9E3779B1 // the golden ratio, which spreads what is alike (Knuth, 6.4)
	return int(n>>6) & (len(s.starts) - 1), 1 << (n >> 26)
}

// Text is a text without the secrets; the same text where there are none in it.
func (s *Set) Text(text string) string {
	at, f := s.next(text, 0)
	if f == nil {
		return text
	}
	var b strings.Builder
	from := 0
	for f != nil {
		b.WriteString(text[from:at])
		b.WriteString(f.placeholder)
		from = at + len(f.text)
		at, f = s.next(text, from)
	}
	b.WriteString(text[from:])
	return b.String()
}

// Bytes are bytes without the secrets; nil stays nil.
func (s *Set) Bytes(b []byte) []byte {
	if b == nil || len(s.forms) == 0 {
		return b
	}
	return []byte(s.Text(string(b)))
}

// next is where the next secret is in a text from an offset on, and its form, nil
// for none.
func (s *Set) next(text string, from int) (int, *form) {
	if len(s.forms) == 0 {
		return 0, nil
	}
	for at := from; at+shortest <= len(text); at++ {
		if f := s.at(text, at); f != nil {
			return at, f
		}
	}
	return 0, nil
}

// at is the longest form that stands at an offset.
func (s *Set) at(text string, at int) *form {
	word, bit := s.start(text[at:])
	if s.starts[word]&bit == 0 {
		return nil
	}
	all := s.forms[[shortest]byte([]byte(text[at:at+shortest]))]
	for i := range all {
		if strings.HasPrefix(text[at:], all[i].text) {
			return &all[i]
		}
	}
	return nil
}

// Address is a path with its query without the secrets, and without those that are
// short where they are a whole segment or the value of a parameter.
func (s *Set) Address(path string) string {
	path = s.Text(path)
	for i := range s.short {
		path = alone(path, &s.short[i])
	}
	return path
}

// alone puts the placeholder of a short secret where it stands between the marks of
// a URL.
func alone(path string, f *form) string {
	for from := 0; ; {
		at := strings.Index(path[from:], f.text)
		if at < 0 {
			return path
		}
		at += from
		end := at + len(f.text)
		from = end
		if at > 0 && strings.IndexByte("/=", path[at-1]) >= 0 && (end == len(path) || strings.IndexByte("/?&#", path[end]) >= 0) {
			path = path[:at] + f.placeholder + path[end:]
			from = at + len(f.placeholder)
		}
	}
}
