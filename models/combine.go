package models

import (
	"cmp"
	"math"
	"slices"
)

// combine takes over what the rules say of one answer in several states: of all
// the readings there are those that survive it or, where it contradicts, all.
//
// A rule is broken where it is broken in every survivor. It is inconclusive where
// not every survivor breaks it, or only a state that this very answer ruled out: but
// that a service chose otherwise than in the state that is ruled out is no doubt, nor
// is anything where all operations got an answer. It is one as long as it is read off
// what one caller alone was not shown.
func (f *Findings) combine(all, survivors, debtors []reading, unanswered bool, contradicts bool) {
	reported := false
	var doubtful []reading
	for i := range all {
		if unanswered && all[i].sharesChoices(survivors) {
			doubtful = append(doubtful, all[i])
		}
	}
	for i := range f.rules {
		n := len(f.violations)
		f.combineRule(i, doubtful, survivors, debtors)
		reported = reported || broken(f.violations[n:]) > 0
	}
	if !contradicts || reported || slices.ContainsFunc(survivors, func(r reading) bool { return r.broken == 0 }) {
		return
	}
	f.takeBest(survivors)
}

// take takes over what the rules say of one answer in one state.
func (f *Findings) take(found *Findings) {
	for i := range f.tallies {
		t, more := &f.tallies[i], found.tallies[i]
		t.Checks += more.Checks
		t.Violations += more.Violations
		t.Inconclusive += more.Inconclusive
	}
	f.violations = append(f.violations, found.violations...)
}

// sharesChoices reports whether the service may have chosen in a state as in one of
// others.
func (r *reading) sharesChoices(others []reading) bool {
	return slices.ContainsFunc(others, func(o reading) bool {
		_, apart := r.before.choices.Both(o.before.choices)
		return len(apart) == 0
	})
}

// lacksAlike reports whether others who may see what is missing cannot tell why: in
// one of the survivors the service chose alike, but for what was granted to the caller
// alone and what it accepted.
func (r *reading) lacksAlike(survivors []reading) bool {
	return slices.ContainsFunc(survivors, func(o reading) bool {
		_, apart := r.before.choices.Both(o.before.choices)
		return !slices.ContainsFunc(apart, func(key string) bool {
			a, _ := axisByKey(key)
			return a < outside && a != grants
		})
	})
}

// indebted are the readings that an answer rules out by what it does not show alone,
// where the service chose otherwise in every survivor.
func indebted(all, survivors []reading) []reading {
	var out []reading
	for i := range all {
		r := all[i]
		if r.survives() || len(r.lacks) == 0 || r.lacksAlike(survivors) {
			continue
		}
		if r.before.owed(r.lacks) {
			r.lacks = nil // it is known, and no doubt anew
		} else if r.before = r.before.owing(r.lacks); r.before == nil {
			continue
		}
		out = append(out, r)
	}
	return out
}

// combineRule takes over what one rule says.
func (f *Findings) combineRule(rule int, doubtful, survivors, debtors []reading) {
	violated, checked, checks, hidden := 0, 0, math.MaxInt, false
	for i := range survivors {
		t := survivors[i].found.tallies[rule]
		violated += min(t.Violations, 1)
		checked += min(t.Checks, 1)
		checks = min(checks, t.Checks)
		hidden = hidden || t.Inconclusive > 0
	}
	breaks := func(r reading) bool { return r.found.tallies[rule].Violations > 0 }
	owes := func(r reading) bool { return breaks(r) && len(r.lacks) > 0 }
	switch t := &f.tallies[rule]; {
	case violated == len(survivors):
		t.Checks += checks
		n := len(f.violations)
		f.violations = append(f.violations, common(f.rules[rule].ID, survivors)...)
		t.Violations += len(f.violations) - n
	case violated > 0 || slices.ContainsFunc(doubtful, breaks):
		t.Inconclusive++
	case checked == len(survivors):
		t.Checks += checks
	case slices.ContainsFunc(debtors, owes):
		t.Inconclusive++
	case hidden:
		t.Inconclusive++
	}
}

// common are the violations of a rule that every reading has: with the exposures
// that every one has, too. Where they have them by other paths, they are those of
// the first.
func common(rule string, readings []reading) []Violation {
	var out []Violation
	first := readings[0].found.of(rule)
	for _, v := range first {
		everywhere := true
		for i := 1; i < len(readings) && everywhere; i++ {
			others := readings[i].found.of(rule)
			at := slices.IndexFunc(others, func(u Violation) bool { return u.Path == v.Path })
			if everywhere = at >= 0; everywhere {
				v = v.both(&others[at])
			}
		}
		if everywhere {
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		out = append(out, first[0].both(&Violation{}))
	}
	return out
}

// of are the violations of a rule.
func (f *Findings) of(rule string) []Violation {
	var out []Violation
	for _, v := range f.violations {
		if v.Rule == rule {
			out = append(out, v)
		}
	}
	return out
}

// both is a violation with those of its exposures that another has, too, at the
// level that both claim.
func (v Violation) both(u *Violation) Violation {
	if len(v.Exposures) == 0 {
		return v
	}
	var shared []Exposure
	level := NotExposed
	for _, e := range v.Exposures {
		at := slices.IndexFunc(u.Exposures, e.isOf)
		if at >= 0 {
			e.Level = min(e.Level, u.Exposures[at].Level)
			shared = append(shared, e)
			level = max(level, e.Level)
		}
	}
	v.Exposures, v.Level, v.More = shared, level, min(v.More, u.More)
	return v
}

// unless is a violation without some of its exposures.
func (v Violation) unless(leftOut func(Exposure) bool) Violation {
	v.Exposures = slices.DeleteFunc(slices.Clone(v.Exposures), leftOut)
	v.Level = NotExposed
	for _, e := range v.Exposures {
		v.Level = max(v.Level, e.Level)
	}
	return v
}

// isOf reports whether two exposures show the same of the same patient to the same
// viewer.
func (e Exposure) isOf(o Exposure) bool {
	return e.Viewer == o.Viewer && e.Owner == o.Owner && e.World == o.World && e.Recording.Booking() == o.Recording.Booking()
}

// takeBest takes over the reading that speaks least against the service, where all
// break a MUST rule and none in common: of those that break the fewest one in which
// the answer is as expected. Nobody is exposed to one who is entitled in any.
func (f *Findings) takeBest(readings []reading) {
	against := func(a, b reading) int {
		if c := cmp.Compare(a.broken, b.broken); c != 0 || a.agrees == b.agrees {
			return c
		}
		if a.agrees {
			return -1
		}
		return 1
	}
	entitled := func(e Exposure) bool {
		return slices.ContainsFunc(readings, func(r reading) bool { return r.before.Entitled(e.Viewer, e.Recording) })
	}
	best := slices.MinFunc(readings, against)
	for i, rule := range f.rules {
		all := best.found.of(rule.ID)
		if broken(all) == 0 {
			continue
		}
		f.tallies[i].Inconclusive-- // it was, for the others
		f.tallies[i].Checks++
		f.tallies[i].Violations += len(all)
		for _, v := range all {
			f.violations = append(f.violations, v.unless(entitled))
		}
	}
}
