package report

import (
	"io"
	"slices"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Schema names the form of [Results]. A number behind the slash that is greater
// means that a reader of the form before may be wrong; fields may be added
// under the same number.
const Schema = "crosstalk-results/1"

// Results is the content of results.json.
type Results struct {
	Schema string `json:"schema"` // [Schema]
	// Complete says that the run came to its own end: its budget was spent, or
	// a violation was found and reduced. A run that goes on, was interrupted,
	// failed or was killed is not complete; its counts are those so far.
	Complete bool `json:"complete"`
	// End is running, finished, interrupted or failed. A run that was killed
	// stays running.
	End End `json:"end"`
	// Verdict is conformant, violation or inconclusive. A run that is not
	// complete is never conformant.
	Verdict harness.Outcome `json:"verdict"`
	// ExitCode is absent while the run goes on.
	ExitCode *int `json:"exitCode,omitempty"`
	// Error says what ended the run early.
	Error string `json:"error,omitempty"`

	Target         string    `json:"target"`
	Mix            string    `json:"mix"`
	Seed           int       `json:"seed"` // of the run: the same seed draws the same traces
	Workers        int       `json:"workers"`
	Started        time.Time `json:"started"`
	ElapsedSeconds float64   `json:"elapsedSeconds"`

	// Traces were explored, with Operations in Requests. Replays, in
	// ReplayRequests, are what confirming and reducing took.
	Traces         int `json:"traces"`
	Operations     int `json:"operations"`
	Requests       int `json:"requests"`
	Replays        int `json:"replays"`
	ReplayRequests int `json:"replayRequests"`

	// Rules and Coverage are those so far while a run goes on.
	Rules    []Rule           `json:"rules"`
	Coverage harness.Coverage `json:"coverage"`

	// Exposures say who was exposed to whom, by all that was found.
	Exposures []Exposed `json:"exposures"`

	// Found is the violation as it was first seen, and Minimal the shortest
	// trace that shows it on a fresh service.
	Found   *Found   `json:"found,omitempty"`
	Minimal *Minimal `json:"minimal,omitempty"`

	Commands Commands `json:"commands"`
	// Limits are what the run does not tell, in sentences.
	Limits []string `json:"limits"`
	// Rebuild is what the reports are built again from, besides the rest and the
	// other files.
	Rebuild Rebuild `json:"rebuild"`
}

// Rule is a rule and the verdict on it: pass, fail, not exercised, not
// applicable or inconclusive. Checks counts how often it was asked where it
// could have failed.
type Rule struct {
	harness.RuleResult
	CWE   []int  `json:"cwe,omitempty"`
	OWASP string `json:"owasp,omitempty"`
}

// Found is a violation as it was first seen.
type Found struct {
	Index      int  `json:"index"` // of the trace, from 0
	Before     int  `json:"operationsBefore"`
	Reproduced bool `json:"reproduced"` // on a fresh service
	Counterexample
}

// Minimal is the violation on the shortest trace that shows it.
type Minimal struct {
	Counterexample
	Proven      bool                `json:"proven"` // every operation is needed
	Certificate harness.Certificate `json:"certificate"`
	// Rate is how often the violation showed before the trace was reduced.
	Rate     harness.Rate `json:"rate"`
	From     int          `json:"from"` // operations before reducing
	Replays  int          `json:"replays"`
	Requests int          `json:"requests"`
}

// Counterexample is a trace and what it shows.
type Counterexample struct {
	Trace     string    `json:"trace"` // in the trace language
	Violation Violation `json:"violation"`
	Steps     []Step    `json:"steps"`
}

// Violation is a broken rule.
type Violation struct {
	Rule      string        `json:"rule"`
	Level     models.Level  `json:"level"`
	Path      models.Path   `json:"path"`
	Step      int           `json:"step"` // from 1
	Viewer    models.Handle `json:"viewer"`
	Message   string        `json:"message"`
	Exposures []Exposure    `json:"exposures,omitempty"`
	// More counts the exposures that are not listed.
	More int `json:"more,omitempty"`
}

// Exposure is a recording of one patient shown to another.
type Exposure struct {
	models.Exposure
	// OwnerTrace is the index of the earlier trace whose patient the owner is,
	// absent for one of the same trace.
	OwnerTrace *int   `json:"ownerTrace,omitempty"`
	Sentence   string `json:"sentence"`
}

// Step is an operation, what a correct service answers and what was answered.
type Step struct {
	Step     int    `json:"step"`
	Op       string `json:"op"`
	Expected string `json:"expected"`
	Answer   string `json:"answer"`
	// Response is the whole answer in the terms of the model.
	Response *models.Response `json:"response,omitempty"`
}

// JSON writes the results of a run.
func JSON(w io.Writer, r *Run) error { return encode(w, r.Results()) }

// Results are the results of the run as they are written.
func (r *Run) Results() *Results {
	out := &Results{
		Schema: Schema, Complete: r.End == Finished, End: r.End, Verdict: r.verdict(), Error: r.Problem,
		Target: r.Target, Mix: r.Mix, Seed: r.Seed, Workers: r.Workers, Started: r.Started.UTC(), ElapsedSeconds: r.Elapsed.Seconds(),
		Traces: r.Traces, Operations: r.Operations, Requests: r.Requests, Replays: r.Replays, ReplayRequests: r.ReplayRequests,
		Rules: rulesOf(r.Rules), Coverage: r.Coverage, Commands: r.Commands(), Limits: r.Limits(),
		Exposures: r.exposed(),
		Rebuild:   r.rebuild(),
	}
	if r.End != Running {
		out.ExitCode = &r.Exit
	}
	if r.Found != nil {
		found := foundOf(r.Found)
		out.Found = &found
	}
	if r.Minimal != nil {
		out.Minimal = minimalOf(r.Minimal)
	}
	return out
}

// verdict is that of the result, but no pass before the end, and no rule that
// passed unexpectedly.
func (r *Run) verdict() harness.Outcome {
	if r.End != Finished && (r.Verdict == harness.Conformant || r.Verdict == harness.Violated && !r.broken()) {
		return harness.Inconclusive
	}
	return r.Verdict
}

// broken reports whether a rule is broken that was not known to be.
func (r *Run) broken() bool {
	return r.Found != nil || slices.ContainsFunc(r.Rules, func(rule harness.RuleResult) bool { return rule.Verdict == harness.Fail && rule.Known == "" })
}

func foundOf(f *harness.Found) Found {
	e := foundEvidence(f)
	return Found{Index: f.Index, Before: f.Before, Reproduced: f.Reproduced, Counterexample: e.counterexample()}
}

func minimalOf(m *harness.Minimal) *Minimal {
	e := minimalEvidence(m)
	return &Minimal{Counterexample: e.counterexample(), Proven: m.Proven(), Certificate: m.Certificate, Rate: m.Rate,
		From: m.From, Replays: m.Replays, Requests: m.Requests}
}

func rulesOf(results []harness.RuleResult) []Rule {
	out := make([]Rule, len(results))
	for i, r := range results {
		out[i].RuleResult = r
		if rule, err := models.RuleByID(r.ID); err == nil {
			out[i].CWE, out[i].OWASP = rule.CWE, rule.OWASP
		}
	}
	return out
}

func (e *evidence) counterexample() Counterexample {
	v := e.violation
	out := Counterexample{
		Trace: e.trace.String(),
		Violation: Violation{Rule: v.Rule, Level: v.Level, Path: v.Path, Step: v.Step, Viewer: v.Viewer, Message: v.Message,
			Exposures: e.exposures(v.Exposures), More: v.More},
	}
	for i, op := range e.trace.Ops {
		s := Step{Step: i + 1, Op: op.String(), Expected: e.expected(i + 1), Answer: e.answer(i + 1)}
		if i < len(e.history.Events) {
			s.Response = withoutLinks(&e.history.Events[i].Response)
		}
		out.Steps = append(out.Steps, s)
	}
	return out
}

func (e *evidence) exposures(all []models.Exposure) []Exposure {
	var out []Exposure
	for _, x := range all {
		one := Exposure{Exposure: x, Sentence: e.sentence([]models.Exposure{x})}
		if index, ok := e.worlds[x.World]; ok && x.World != "" {
			one.OwnerTrace = &index
		}
		out = append(out, one)
	}
	return out
}
