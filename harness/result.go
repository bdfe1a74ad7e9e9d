package harness

import (
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Conclusion is the verdict on a whole run, or on one rule.
type Conclusion = judge.Conclusion

// The verdicts on a run.
const (
	Conformant   = judge.Conformant   // every MUST rule is kept, or does not apply
	Violated     = judge.Violated     // a MUST rule is broken
	Inconclusive = judge.Inconclusive // no MUST rule is broken, and not every one was asked conclusively
)

// Result is what an exploration found.
type Result struct {
	Target  string
	Mix     string
	Seed    int
	Workers int
	Started time.Time
	Elapsed time.Duration

	Verdict  Conclusion
	Rules    []judge.RuleResult
	Coverage coverage.Coverage
	// Choices are those of the service about the life of a visit.
	Choices judge.Choices
	// Crowded counts the traces that could be understood in too many ways to judge all
	// of them.
	Crowded int
	// Incident says whether the shape of 9 June 2020 was asked about; empty where one
	// trace was given.
	Incident judge.Incident
	// Unsent are the arguments that could not be sent, and so were not asked about.
	Unsent map[models.Kind][]string
	// Refused is what the service refuses of what a correct one accepts.
	Refused judge.Refused

	Traces     int // explored
	Operations int // performed while exploring
	Requests   int // sent while exploring
	Renewed    int // tokens that had expired and were renewed meanwhile
	// Replays and ReplayRequests are what confirming and reducing took.
	Replays        int
	ReplayRequests int

	// Found is nil where no rule was violated, and Minimal where nothing was
	// found or what was found did not show again.
	Found   *Found
	Minimal *reduce.Minimal
	// Others are violations of other rules, one of each, where the whole budget
	// was to be explored.
	Others []Case
}

// Case is a violation and what it was reduced to.
type Case struct {
	Found *Found
	// Minimal is nil where it did not show again.
	Minimal *reduce.Minimal
}

// Found is the first violation of an exploration, as it was seen.
type Found struct {
	Index     int // of the trace, from 0
	Trace     models.Trace
	Violation models.Violation
	History   *history.History
	Verdict   judge.Verdict
	// Worlds are the traces, by their index, that the same service had seen: the
	// owners of another world's recordings are in them.
	Worlds map[models.Namespace]int
	// Before is the number of operations performed on all services until it was
	// seen for certain.
	Before int
	// Reproduced says whether it showed again on a fresh service.
	Reproduced bool
}

// result is the result of hunting.
func (e *explorer) result() *Result {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.soFar()
}

// soFar is the result of hunting so far, for one who holds e.mu.
func (e *explorer) soFar() *Result {
	r := &Result{
		Target: e.launcher.Name(), Mix: e.options.Mix.Name, Seed: e.options.Seed, Workers: e.options.Workers, Started: e.started,
		Coverage: e.tally.Coverage, Traces: e.tally.Traces, Operations: e.tally.Operations, Requests: e.tally.Requests, Renewed: e.tally.Renewed,
		Unsent: e.launcher.Capabilities().Unsent,
		Rules:  e.tally.Rules(e.launcher.Capabilities(), e.options.Known), Refused: e.tally.Refused.Clone(),
	}
	r.Incident = judge.IncidentIn(&r.Coverage, e.launcher.Capabilities().Policy.Switchless)
	policy := e.launcher.Capabilities().Policy
	r.Choices, r.Crowded = e.tally.Choices(&policy), e.tally.Crowded
	r.Verdict = r.Incident.Qualify(r.Refused.Qualify(judge.Overall(r.Rules, e.options.Strict), r.Rules))
	r.Verdict = r.Choices.Qualify(r.Verdict, r.Crowded, r.Traces)
	if e.found != nil {
		r.Found = e.asFound(e.found)
	}
	return r
}

// asFound is a sighting with the names of those who were exposed.
func (e *explorer) asFound(s *sighting) *Found {
	v := s.Violation
	v.Exposures = e.name(s, v.Exposures)
	return &Found{Index: s.Index, Trace: e.draw(s.Index), Violation: v, History: s.history, Verdict: s.verdict,
		Worlds: s.worker.worlds, Before: e.tally.Operations}
}

// recognized is an error where nothing was recognized in what the service showed. What
// was found by it is no finding.
func (r *Result) recognized() error {
	err := judge.Unrecognized(&r.Coverage, r.Found != nil)
	if err != nil {
		r.Found, r.Verdict, r.Rules = nil, Inconclusive, judge.Disbelieved(r.Rules)
	}
	return err
}
