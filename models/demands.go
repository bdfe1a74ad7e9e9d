package models

// Demand is a case in which an operation must be refused, or may be.
type Demand struct {
	// When says when, in words behind "refused".
	When string
	// Rule demands it. It is empty where a service may refuse or accept: its answer
	// says what it chose.
	Rule string
}

// Demands are the cases of operations of kind k. Those of a token that is lacking and
// of replays that are switched off come first, where they concern the kind.
func Demands(k Kind) []Demand {
	r := rowOf(k)
	var out []Demand
	if r.sent == UserCredentials {
		out = append(out, r.demand(withoutToken))
	}
	if r.replays {
		out = append(out, r.demand(replaysOff))
	}
	for _, b := range r.obstacles {
		out = append(out, r.demand(b))
	}
	return out
}

func (r *row) demand(b obstacle) Demand {
	d := Demand{b.row().when, b.row().rule}
	if d.Rule == guard {
		d.Rule = r.guardedBy
	}
	return d
}
