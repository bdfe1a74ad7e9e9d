package rundir

import (
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
)

// changes says what differs from the saved results.
func (r *reading) changes() {
	s := r.saved
	if s.Run.Concluded() != s.Was.Verdict {
		s.Changes = append(s.Changes, fmt.Sprintf("The verdict is %s, was %s.", s.Run.Concluded(), s.Was.Verdict))
	}
	for _, now := range s.Rules {
		at := slices.IndexFunc(s.Was.Rules, func(was results.Rule) bool { return was.ID == now.ID })
		switch {
		case at < 0 && now.Verdict == judge.NotApplicable: // a new rule that says nothing of this run
		case at < 0:
			s.Changes = append(s.Changes, fmt.Sprintf("%s is %s; the rule is new.", now.ID, now.Verdict))
		case s.Was.Rules[at].Verdict != now.Verdict:
			s.Changes = append(s.Changes, fmt.Sprintf("%s is %s, was %s.", now.ID, now.Verdict, s.Was.Rules[at].Verdict))
		}
	}
	for _, was := range s.Was.Rules {
		if !slices.ContainsFunc(s.Rules, func(now judge.RuleResult) bool { return now.ID == was.ID }) {
			s.Changes = append(s.Changes, was.ID+" is no rule any more, was "+string(was.Verdict)+".")
		}
	}
}
