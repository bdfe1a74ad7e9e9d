package rundir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Saved is a run that was read back from its directory and judged again with the
// rules of today.
type Saved struct {
	evidence.Run
	// Was are the results as they were saved.
	Was *results.Results
	// Histories were judged again, with Events in all; Unfinished of them never
	// came to their end.
	Histories, Events, Unfinished int
	// Signatures count the violations of the exploration.
	Signatures map[models.Signature]int
	// Changes say in sentences what differs from the saved results, and Warnings
	// what could not be read.
	Changes, Warnings []string
}

// ErrNoRun says that a directory holds no run.
var ErrNoRun = errors.New("is no run of crosstalk")

// Read reads the directory of a run back and judges its histories again. They
// are read one after the other, so that a long run takes little memory. Of a run
// that was killed it reads what there is; its results are those of the histories.
// The error names the file, and the line of a history that cannot be read.
func Read(path string) (*Saved, error) {
	was, err := readResults(path)
	if err != nil {
		return nil, err
	}
	r := newReading(path, was)
	if err := r.histories(path); err != nil {
		return nil, err
	}
	r.finish(path)
	return r.saved, nil
}

func readResults(path string) (*results.Results, error) {
	file := filepath.Join(path, evidence.ResultsFile)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s %w: there is no %s in it; name a directory that crosstalk run or reduce has written", path, ErrNoRun, evidence.ResultsFile)
	}
	if err != nil {
		return nil, fmt.Errorf("read the results: %w", err)
	}
	var out results.Results
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, fmt.Errorf("%s %w: %s: expected results of the form %s: %w", path, ErrNoRun, file, results.Schema, err)
	}
	if out.Schema != results.Schema {
		return nil, fmt.Errorf("%s %w that can be read: %s has the form %q, expected %s", path, ErrNoRun, file, out.Schema, results.Schema)
	}
	return &out, nil
}

// reading is the state of reading a run back.
type reading struct {
	saved  *Saved
	tally  judge.Tally
	policy models.Policy
	// explored makes of the history of a trace that was given one of an exploration.
	explored func(*history.Logged)
	// wanted are the worlds of the histories to keep, and kept these, with the
	// verdicts on them.
	wanted map[models.Namespace]bool
	kept   map[models.Namespace]*history.History
	worlds map[models.Namespace]int
	first  *harness.Found // where the saved results have none
}

func newReading(path string, was *results.Results) *reading {
	s := &Saved{Was: was, Signatures: make(map[models.Signature]int)}
	b := &was.Rebuild
	s.Run = evidence.Run{
		Result: harness.Result{
			Target: was.Target, Mix: was.Mix, Seed: was.Seed, Workers: was.Workers, Started: was.Started,
			Elapsed: time.Duration(math.Round(was.ElapsedSeconds * float64(time.Second))), Verdict: was.Verdict, Rules: ruleResults(was.Rules), Coverage: was.Coverage, Choices: was.Choices, Crowded: was.Crowded, Unsent: was.Unsent, Incident: was.Incident,
			Refused: judge.Refused{Kinds: was.Refused, Tokens: was.RefusedTokens},
			Traces:  was.Traces, Operations: was.Operations, Requests: was.Requests, Renewed: was.TokensRenewed, Replays: was.Replays, ReplayRequests: was.ReplayRequests,
		},
		End: was.End, Problem: was.Error, Invocation: evidence.Invocation{Program: b.Program, Target: b.TargetArgs},
		Source: b.Source, Strict: b.Strict, Whole: b.Whole, Configuration: b.Configuration, Config: b.Config, Dir: path, Exposures: exposure.New(),
	}
	if was.ExitCode != nil {
		s.Exit = *was.ExitCode
	}
	if b.ConfigLines != nil {
		s.ConfigLine = func(k models.Kind) int { return b.ConfigLines[k] }
	}
	if b.Implementation != nil {
		s.Implementation = *b.Implementation
	}
	r := &reading{saved: s, explored: asExplored(s.Source), policy: models.ReferencePolicy(), wanted: make(map[models.Namespace]bool),
		kept: make(map[models.Namespace]*history.History), worlds: make(map[models.Namespace]int)}
	for _, world := range []models.Namespace{b.FoundWorld, b.MinimalWorld, b.RecordWorld} {
		r.wanted[world] = true
	}
	for _, c := range b.Others {
		r.wanted[c.FoundWorld], r.wanted[c.MinimalWorld] = true, true
	}
	return r
}

func ruleResults(rules []results.Rule) []judge.RuleResult {
	out := make([]judge.RuleResult, len(rules))
	for i, rule := range rules {
		out[i] = rule.RuleResult
	}
	return out
}

// histories judges the histories of a run's directory.
func (r *reading) histories(path string) error {
	file, err := os.Open(filepath.Join(path, evidence.HistoryFile))
	if errors.Is(err, fs.ErrNotExist) {
		r.saved.Warnings = append(r.saved.Warnings, "there is no "+evidence.HistoryFile+": rules and exposures are as they were saved")
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the history: %w", err)
	}
	defer file.Close()
	if err := history.EachHistory(file, r.take); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(path, evidence.HistoryFile), err)
	}
	return nil
}

// take judges one history.
func (r *reading) take(l *history.Logged) error {
	h, s := &l.History, r.saved
	s.Histories, s.Events = s.Histories+1, s.Events+len(h.Events)
	r.policy = h.Policy
	v := judge.CheckAllExposures(h)
	v.Unblame(l)
	if r.wanted[h.World] {
		r.kept[h.World] = h
	}
	r.explored(l)
	s.Exposures.Add(l.WithBegun(), &v, l.Purpose, l.Number)
	if !l.Done {
		s.Unfinished++
	}
	if l.Purpose != history.Exploring || !l.Done && s.End == evidence.Finished { // the run did not count it, either
		return nil
	}
	r.worlds[h.World] = l.Number
	r.tally.Add(l.Number, h, &v)
	for _, x := range v.Violations {
		s.Signatures[x.Signature]++
	}
	r.sight(l, &v)
	return nil
}

// sight keeps the violation that the exploration would have stopped for, where
// the saved results have none: a run was killed before it wrote one down, or the
// rules are stricter today.
func (r *reading) sight(l *history.Logged, v *judge.Verdict) {
	if r.saved.Was.Found != nil {
		return
	}
	violation, ok := v.GravestBut(r.known)
	s := judge.Sighting{Index: l.Number, Violation: violation}
	if !ok || r.first != nil && !s.Precedes(&judge.Sighting{Index: r.first.Index, Violation: r.first.Violation}, r.saved.Strict) {
		return
	}
	r.first = &harness.Found{Index: l.Number, Trace: l.Trace(), Violation: violation, History: &l.History, Verdict: judge.Check(&l.History)}
	r.first.Verdict.Unblame(l)
}

// known reports whether the service is known to break a rule.
func (r *reading) known(rule string) bool {
	return slices.ContainsFunc(r.saved.Was.Rules, func(x results.Rule) bool { return x.ID == rule && x.Known != "" })
}

// finish makes the run of what was read.
func (r *reading) finish(path string) {
	s := r.saved
	if r.tally.Traces > 0 {
		s.Rules = r.tally.RulesAgain(s.Rules)
		s.Coverage = r.tally.Coverage
		s.Traces, s.Operations, s.Requests = r.tally.Traces, r.tally.Operations, r.tally.Requests
		s.Renewed = r.tally.Renewed
		s.Refused = r.tally.Refused
		s.Choices, s.Crowded = r.tally.Choices(&r.policy), r.tally.Crowded
		s.Incident = judge.IncidentIn(&s.Coverage, r.policy.Switchless)
		s.Verdict = s.Incident.Qualify(s.Refused.Qualify(judge.Overall(s.Rules, s.Strict), s.Rules))
		s.Verdict = s.Choices.Qualify(s.Verdict, s.Crowded, s.Traces)
		if s.Source != "" {
			s.Incident = ""
			s.Verdict = s.Refused.QualifyOne(judge.VerdictOfOne(s.Rules, s.Strict))
		}
	}
	if !r.unrecognized() {
		r.found()
	}
	if s.Minimal != nil {
		s.Minimal.Record = r.record(path)
	}
	r.changes()
	if s.End == evidence.Finished && s.Verdict != s.Was.Verdict {
		s.Exit = s.Verdict.ExitCode()
	}
}

// unrecognized reports whether nothing was recognized in what the service showed of a
// run, which then is what ended it.
func (r *reading) unrecognized() bool {
	s := r.saved
	err := judge.Unrecognized(&s.Coverage, r.first != nil || s.Was.Found != nil)
	if s.Source != "" || err == nil {
		return false
	}
	s.End, s.Problem, s.Exit, s.Verdict = evidence.Failed, err.Error(), judge.ExitUnrecognized, judge.Inconclusive
	s.Rules, s.Exposures = judge.Disbelieved(s.Rules), exposure.New()
	clear(s.Signatures)
	return true
}
