package judge

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Refusal is an answer that refuses what a correct service accepts. It exposes nobody.
type Refusal struct {
	Step int
	Kind models.Kind
	// Rules are those that it breaks: of what is one's own and cannot be read.
	Rules []string
}

// RefusedToken is a valid token that a service refuses from a step on.
type RefusedToken struct {
	User models.Handle
	Step int
}

// refusals gathers what a service refused of what a correct one accepts.
type refusals struct {
	all     []Refusal
	allowed map[models.Kind]int
	tokens  []RefusedToken
	untold  []UntoldAnswer
	refused map[models.Handle]bool // users whose token is refused, until they log in again
}

// note takes note of the next answer.
func (r *refusals) note(e *history.Event, s *models.Step) {
	op, got := e.Call.Op, e.Response.Outcome
	switch {
	case s.Unheard:
		if !r.refused[op.Actor()] {
			r.tokens = append(r.tokens, RefusedToken{op.Actor(), e.Call.Step})
			r.refused[op.Actor()] = true
		}
	case s.Untold:
		r.untold = append(r.untold, untold(e, s))
	case s.Refused:
		r.all = append(r.all, Refusal{Step: e.Call.Step, Kind: op.Kind()})
		r.allowed[op.Kind()]++
	case s.Expected.Outcome == models.OK && got == models.OK:
		r.allowed[op.Kind()]++
	}
	if op.Kind() == models.KindLogin && got == models.OK {
		delete(r.refused, op.Actor())
	}
}

// breaking says which rules the refusals break.
func (r *refusals) breaking(violations []models.Violation) []Refusal {
	for i := range r.all {
		for _, v := range violations {
			if v.Step == r.all[i].Step && !slices.Contains(r.all[i].Rules, v.Rule) {
				r.all[i].Rules = append(r.all[i].Rules, v.Rule)
			}
		}
	}
	return r.all
}

// RefusedIn is what one history shows to be refused.
func RefusedIn(h *history.History, v *Verdict) Refused {
	var t Tally
	t.addRefused(h, v)
	return t.Refused
}

// RefusedKind is a kind of operation that a service refuses where a correct one
// accepts it.
type RefusedKind struct {
	Kind models.Kind `json:"kind"`
	// Refused of Allowed answers refuse it: of those in which a correct service
	// accepts, and that were given.
	Refused int `json:"refused"`
	Allowed int `json:"allowed"`
	// Rules are those that such a refusal breaks.
	Rules []string `json:"rules,omitempty"`
	// Example is such an operation, in the trace language, and its answer: that which
	// comes first in the alphabet, whatever the order of traces.
	Example string `json:"example"`
}

// leastRefused is the number of attempts from which on it means something that all
// were refused.
const leastRefused = 3

// Always reports whether everything of the kind was refused, which leaves all that
// it would have led to unasked. What a rule says that is known to be broken is known.
func (k *RefusedKind) Always(known func(rule string) bool) bool {
	return k.Refused == k.Allowed && k.Refused >= leastRefused && !slices.ContainsFunc(k.Rules, known)
}

// RefusedTokens are the valid tokens that a service refuses.
type RefusedTokens struct {
	Count int `json:"count"`
	// User is whose one of them is, and Example the operation in which it was refused
	// first, with its answer.
	User    models.Handle `json:"user"`
	Example string        `json:"example"`
}

// Refused is what a service refuses of what a correct one accepts, over a run.
type Refused struct {
	// Kinds are in the order of [models.Kinds].
	Kinds []RefusedKind
	// Tokens is nil where every valid token was taken.
	Tokens *RefusedTokens
	// Untold are the answers that should refuse content and show none that is known; nil
	// where there are none.
	Untold *Untold
}

// Clone is a copy that does not change when more is added.
func (r *Refused) Clone() Refused {
	out := Refused{Kinds: slices.Clone(r.Kinds)}
	for i := range out.Kinds {
		out.Kinds[i].Rules = slices.Clone(out.Kinds[i].Rules)
	}
	if r.Tokens != nil {
		tokens := *r.Tokens
		out.Tokens = &tokens
	}
	if r.Untold != nil {
		answers := *r.Untold
		out.Untold = &answers
	}
	return out
}

// add adds a refusal.
func (r *Refused) add(x *Refusal, example string) {
	order := models.Kinds()
	i, found := slices.BinarySearchFunc(r.Kinds, x.Kind, func(k RefusedKind, kind models.Kind) int {
		return slices.Index(order, k.Kind) - slices.Index(order, kind)
	})
	if !found {
		r.Kinds = slices.Insert(r.Kinds, i, RefusedKind{Kind: x.Kind, Example: example})
	}
	k := &r.Kinds[i]
	k.Refused++
	k.Example = min(k.Example, example)
	for _, rule := range x.Rules {
		if at, found := slices.BinarySearch(k.Rules, rule); !found {
			k.Rules = slices.Insert(k.Rules, at, rule)
		}
	}
}

// addToken adds a refused token.
func (r *Refused) addToken(x *RefusedToken, example string) {
	if r.Tokens == nil {
		r.Tokens = &RefusedTokens{User: x.User, Example: example}
	}
	r.Tokens.Count++
	if example < r.Tokens.Example {
		r.Tokens.User, r.Tokens.Example = x.User, example
	}
}

// Always are the kinds of which everything was refused.
func (r *Refused) Always(rules []RuleResult) []RefusedKind {
	known := func(rule string) bool {
		return slices.ContainsFunc(rules, func(r RuleResult) bool { return r.ID == rule && r.Known != "" })
	}
	return slices.DeleteFunc(slices.Clone(r.Kinds), func(k RefusedKind) bool { return !k.Always(known) })
}

// QualifyOne is the conclusion on one trace by its rules, unless the service refused
// what the trace is about.
func (r *Refused) QualifyOne(c Conclusion) Conclusion {
	if c == Conformant && (r.Tokens != nil || r.Untold != nil || len(r.Kinds) > 0) {
		return Inconclusive
	}
	return c
}

// Qualify is the conclusion on a run by its rules, unless what was refused leaves it
// open.
func (r *Refused) Qualify(c Conclusion, rules []RuleResult) Conclusion {
	if c == Conformant && (r.Tokens != nil || r.Untold != nil || len(r.Always(rules)) > 0) {
		return Inconclusive
	}
	return c
}
