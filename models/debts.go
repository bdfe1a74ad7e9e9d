package models

import "slices"

// debt is something that a caller was not shown although in this state they should
// have been. A service that chose otherwise would not have shown it to anybody. So the
// state is not ruled out before everybody was asked who may see it, and if one of
// them is shown it, it was lacking.
type debt struct {
	booking   Handle
	viewer    Handle
	content   bool // a part of what is recorded, and not the whole
	violation Violation
}

func equalDebts(a, b debt) bool {
	return a.booking == b.booking && a.viewer == b.viewer && a.content == b.content
}

func hasDebt(all []debt, d debt) bool {
	return slices.ContainsFunc(all, func(e debt) bool { return equalDebts(d, e) })
}

// addDebt adds a debt, unless it is there already.
func addDebt(to []debt, d debt) []debt {
	if hasDebt(to, d) {
		return to
	}
	return append(to, d)
}

// lackRules are the rules that are broken by what is missing, where they name nobody
// who is exposed.
var lackRules = [...]string{"LIST-2", "LIST-3", "READ-2", "READ-3", "MODE-2", "PROXY-1", "KILL-1", "DURABLE-1"}

// lacks are the debts that an answer leaves in a state in which it breaks rules, or
// nil where it breaks one by more than what is missing.
func (o *Observation) lacks(violations []Violation) []debt {
	var out []debt
	for i := range violations {
		v := &violations[i]
		if v.Rule == "FAULT-1" || !v.Must() {
			continue
		}
		if len(v.Exposures) > 0 || !slices.Contains(lackRules[:], v.Rule) {
			return nil
		}
		for _, h := range o.lacking() {
			out = addDebt(out, debt{h, o.Call.Op.Actor(), v.Rule == "READ-2", *v})
		}
	}
	return out
}

// lacking are the bookings of which an answer does not show what is expected.
func (o *Observation) lacking() []Handle {
	if h, _, ok := o.reads(); ok {
		return []Handle{h.Booking()}
	}
	if o.Expected.Listing == nil {
		return nil
	}
	var out []Handle
	for i := range o.Expected.Listing.Rows {
		h := o.Expected.Listing.Rows[i].Recording
		if (o.Got.Listing == nil || o.Got.Listing.find(h) == nil) && !slices.Contains(out, h.Booking()) {
			out = append(out, h.Booking())
		}
	}
	return out
}

// owing is the state with debts, or nil where everybody who takes part in one of the
// visits was asked: then it is ruled out.
func (s *State) owing(more []debt) *State {
	out := *s
	out.debts = slices.Clip(s.debts)
	for _, d := range more {
		out.debts = addDebt(out.debts, d)
	}
	for _, d := range out.debts {
		if b := s.booking(d.booking); b != nil && out.allLack(b, d.content) {
			return nil
		}
	}
	return &out
}

// allLack reports whether all who take part in a visit were asked for what is
// recorded of it.
func (s *State) allLack(b *booking, content bool) bool {
	for _, who := range [...]Handle{b.patient, b.clinician, b.guest} {
		if who != "" && !s.owes(debt{booking: b.handle, viewer: who, content: content}) {
			return false
		}
	}
	return true
}

// owed reports whether each of some debts is one that the state has.
func (s *State) owed(some []debt) bool {
	return !slices.ContainsFunc(some, func(d debt) bool { return !s.owes(d) })
}

// owes reports whether a debt is one that the state has.
func (s *State) owes(d debt) bool { return hasDebt(s.debts, d) }

// collect reports what somebody was not shown where every state that is left owes it:
// the service has shown that it chose to show it.
func (f *Findings) collect(survivors []reading, step int) bool {
	for i := range survivors {
		if len(survivors[i].before.debts) == 0 {
			return false
		}
	}
	v := survivors[0].before.debts[0].violation
	v.Step, v.Message = step, v.Message+", though its like is shown"
	f.violations = append(f.violations, v)
	rule := slices.IndexFunc(f.rules, func(r Rule) bool { return r.ID == v.Rule })
	f.tallies[rule].Checks++
	f.tallies[rule].Violations++
	for i := range survivors {
		paid := *survivors[i].before
		paid.debts = nil
		survivors[i].before = &paid
	}
	return true
}
