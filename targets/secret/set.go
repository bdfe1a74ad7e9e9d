package secret

import (
	"net/url"
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
	short   []form // values that are taken out only where they stand alone in an address
}

// form is a way in which a secret is written, and what is put for it.
type form struct {
	text, placeholder string
	// parameter, if not empty, is the only one whose value the secret is.
	parameter string
}

// Has reports whether a value was added.
func (s *Set) Has(value string) bool { return s.known[strings.TrimSpace(value)] }

// Add adds secrets, which are called by their names. Those that are secrets only in
// a header, a cookie or a body are in no text.
func (s *Set) Add(all ...targets.Secret) {
	for i := range all {
		parameter := ""
		switch at := all[i].Place; {
		case Everywhere(strings.TrimSpace(all[i].Value)) || at.In == "":
		case at.In == targets.InQuery:
			parameter = url.QueryEscape(at.Name)
		default:
			s.know(all[i].Value)
			continue
		}
		s.add(all[i].Value, Placeholder(all[i].Name), parameter)
	}
}

// Put adds a secret and says what is put for it. What was added first stays. One
// that is short is a secret wherever it stands alone in an address.
func (s *Set) Put(value, placeholder string) { s.add(value, placeholder, "") }

func (s *Set) add(value, placeholder, parameter string) {
	value = strings.TrimSpace(value)
	if value == "" || s.known[value] || strings.HasPrefix(value, MadeUp) {
		return
	}
	s.know(value)
	if !Everywhere(value) {
		s.short = append(s.short, form{value, placeholder, parameter})
		return
	}
	for _, text := range formsOf(value) {
		s.put(form{text, placeholder, ""})
	}
}

func (s *Set) know(value string) {
	if s.known == nil {
		s.known = make(map[string]bool)
	}
	s.known[value] = true
}

func (s *Set) put(f form) {
	if s.forms == nil {
		s.forms = make(map[[shortest]byte][]form)
	}
	if len(s.forms)*8 >= len(s.starts)*64 {
		s.widen()
	}
	key := [shortest]byte([]byte(f.text[:shortest]))
	at, _ := slices.BinarySearchFunc(s.forms[key], f, func(a, b form) int { return len(b.text) - len(a.text) })
	s.forms[key] = slices.Insert(s.forms[key], at, f)
	word, bit := s.start(f.text)
	s.starts[word] |= bit
	s.longest = max(s.longest, len(f.text))
}

// leastStarts is the number of words of bits for the beginnings of the forms of few
// secrets. It is a power of two.
const leastStarts = 1 << 4

// widen makes room for more beginnings, of which few may share a bit.
func (s *Set) widen() {
	s.starts = make([]uint64, max(leastStarts, 4*len(s.starts)))
	for key := range s.forms {
		word, bit := s.start(string(key[:]))
		s.starts[word] |= bit
	}
}

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
		if f.fits(path[:at]) && (end == len(path) || strings.IndexByte("/?&#", path[end]) >= 0) {
			path = path[:at] + f.placeholder + path[end:]
			from = at + len(f.placeholder)
		}
	}
}

// fits reports whether a short secret may stand behind the beginning of a path.
func (f *form) fits(before string) bool {
	if f.parameter == "" {
		return strings.HasSuffix(before, "/") || strings.HasSuffix(before, "=")
	}
	return strings.HasSuffix(before, "?"+f.parameter+"=") || strings.HasSuffix(before, "&"+f.parameter+"=")
}
