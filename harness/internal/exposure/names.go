package exposure

import (
	"fmt"
)

// namer gives out pseudonyms, or names, in the order in which they are asked for.
type namer struct {
	register            *Register
	names               bool
	persons, recordings map[place]string
}

// person is the name of a person, or empty for nobody.
func (n *namer) person(p place) string {
	if p == (place{}) {
		return ""
	}
	return n.name(n.persons, "P", p, n.knows(p))
}

// recording is the name of a recording, or empty for none.
func (n *namer) recording(p place) string {
	if p.name == "" {
		return ""
	}
	return n.name(n.recordings, "R", p, true)
}

// knows reports whether a person's name is known: that of another test's patient
// is not, who goes by their booking.
func (n *namer) knows(p place) bool {
	_, seen := n.register.traces[p.world]
	return seen
}

func (n *namer) name(given map[place]string, prefix string, p place, known bool) string {
	if name, ok := given[p]; ok {
		return name
	}
	name := fmt.Sprintf("%s-%04d", prefix, len(given)+1)
	if trace, ok := n.register.traces[p.world]; n.names && ok {
		name = fmt.Sprintf("%s of trace %d", p.name, trace)
	} else if n.names && known {
		name = fmt.Sprintf("%s of another test (%s)", p.name, p.world)
	} else if n.names {
		name = fmt.Sprintf("patient of %s of another test (%s)", p.name, p.world)
	}
	given[p] = name
	return name
}
