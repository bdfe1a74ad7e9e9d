package secret

import (
	"strconv"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// In are those of some secrets that are in a recorded exchange or in a log, in
// order, and those that are secrets only in a place.
func In(all []targets.Secret, exchanges []targets.LoggedExchange, log []byte) []targets.Secret {
	s := new(Set)
	for i := range all {
		s.Put(all[i].Value, strconv.Itoa(i))
	}
	f := finder{set: s, seen: make(map[string]bool)}
	for i := range exchanges {
		f.exchange(&exchanges[i])
	}
	f.text(string(log))
	var out []targets.Secret
	for i := range all {
		if !Everywhere(all[i].Value) || f.seen[strconv.Itoa(i)] {
			out = append(out, all[i])
		}
	}
	return out
}

// finder notes which secrets it has seen, by their placeholders.
type finder struct {
	set  *Set
	seen map[string]bool
}

func (f *finder) exchange(x *targets.LoggedExchange) {
	for _, text := range []string{x.URL, x.Path, x.Failure, string(x.RequestBody), string(x.ResponseBody)} {
		f.text(text)
	}
	for _, header := range []map[string][]string{x.RequestHeader, x.ResponseHeader} {
		for _, values := range header {
			for _, value := range values {
				f.text(value)
			}
		}
	}
}

func (f *finder) text(text string) {
	for at, found := f.set.next(text, 0); found != nil; at, found = f.set.next(text, at+len(found.text)) {
		f.seen[found.placeholder] = true
	}
}
