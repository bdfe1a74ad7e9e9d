package results

import (
	"io"
	"slices"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// withoutLinks is a response in which the secrets of playback links are left
// out of the paths that were asked for.
func withoutLinks(r *models.Response) *models.Response {
	out := *r
	out.Exchanges = slices.Clone(r.Exchanges)
	for i := range out.Exchanges {
		x := &out.Exchanges[i]
		x.Path = exchange.NewRedactor([]targets.LoggedExchange{{URL: x.Path}}).Address(x.Path)
	}
	return &out
}

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
	End evidence.End `json:"end"`
	// Verdict is conformant, violation or inconclusive. A run that is not
	// complete is never conformant.
	Verdict judge.Conclusion `json:"verdict"`
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
	// TokensRenewed is how often somebody's token had expired while exploring, so that
	// they were logged in again.
	TokensRenewed int `json:"tokensRenewed,omitempty"`

	// Rules and Coverage are those so far while a run goes on.
	Rules []Rule `json:"rules"`
	// Choices are those of the service about the life of a visit, and Crowded counts
	// the traces that could be understood in too many ways to judge all of them.
	Choices  judge.Choices     `json:"choices"`
	Crowded  int               `json:"crowded,omitempty"`
	Coverage coverage.Coverage `json:"coverage"`
	// Incident says whether the shape of 9 June 2020 was asked about; absent where one
	// trace was given.
	Incident judge.Incident `json:"incident,omitempty"`
	// Unsent are the arguments that could not be sent, by operation: what is not sent
	// is not asked.
	Unsent map[models.Kind][]string `json:"unsent,omitempty"`
	// Refused are the kinds of operation that the service refuses where a correct one
	// accepts, and RefusedTokens the valid tokens that it refuses.
	Refused       []judge.RefusedKind  `json:"refused,omitempty"`
	RefusedTokens *judge.RefusedTokens `json:"refusedTokens,omitempty"`

	// Exposures say who was exposed to whom, by all that was found.
	Exposures []evidence.Exposed `json:"exposures"`

	// Found is the violation as it was first seen, and Minimal the shortest
	// trace that shows it on a fresh service.
	Found   *Found   `json:"found,omitempty"`
	Minimal *Minimal `json:"minimal,omitempty"`

	Commands evidence.Commands `json:"commands"`
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
	judge.RuleResult
	CWE   []int  `json:"cwe,omitempty"`
	OWASP string `json:"owasp,omitempty"`
	// ASVS are numbers of requirements.
	ASVS []string `json:"asvs,omitempty"`
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
	Proven      bool               `json:"proven"` // every operation is needed
	Certificate reduce.Certificate `json:"certificate"`
	// Rate is how often the violation showed before the trace was reduced.
	Rate     reduce.Rate `json:"rate"`
	From     int         `json:"from"` // operations before reducing
	Replays  int         `json:"replays"`
	Requests int         `json:"requests"`
}

// Counterexample is a trace and what it shows.
type Counterexample struct {
	Trace     string    `json:"trace"` // in the trace language
	Violation Violation `json:"violation"`
	Steps     []Step    `json:"steps"`
	// Divergence is the first answer that no correct service gives, absent where there
	// is none.
	Divergence *evidence.Divergence `json:"divergence,omitempty"`
}

// Violation is a broken rule.
type Violation struct {
	Rule      string              `json:"rule"`
	Level     models.Level        `json:"level"`
	Path      models.Path         `json:"path"`
	Step      int                 `json:"step"` // from 1
	Viewer    models.Handle       `json:"viewer"`
	Message   string              `json:"message"`
	Exposures []evidence.Exposure `json:"exposures,omitempty"`
	// More counts the exposures that are not listed.
	More int `json:"more,omitempty"`
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

// Write writes the results of a run.
func Write(w io.Writer, r *evidence.Run) error { return layout.JSON(w, Of(r)) }

// Of are the results of a run as they are written.
func Of(r *evidence.Run) *Results {
	out := &Results{
		Schema: Schema, Complete: r.End == evidence.Finished, End: r.End, Verdict: r.Concluded(), Error: r.Problem,
		Target: r.Target, Mix: r.Mix, Seed: r.Seed, Workers: r.Workers, Started: r.Started.UTC(), ElapsedSeconds: r.Elapsed.Seconds(),
		Traces: r.Traces, Operations: r.Operations, Requests: r.Requests, Replays: r.Replays, ReplayRequests: r.ReplayRequests, TokensRenewed: r.Renewed,
		Rules: RulesOf(r.Rules), Choices: r.Choices, Crowded: r.Crowded, Coverage: r.Coverage, Incident: r.Incident, Unsent: r.Unsent, Refused: r.Refused.Kinds, RefusedTokens: r.Refused.Tokens, Commands: r.Commands(), Limits: r.Limits(),
		Exposures: r.Exposed(),
		Rebuild:   rebuild(r),
	}
	if r.End != evidence.Running {
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

func foundOf(f *harness.Found) Found {
	e := evidence.OfFound(f)
	return Found{Index: f.Index, Before: f.Before, Reproduced: f.Reproduced, Counterexample: CounterexampleOf(&e)}
}

func minimalOf(m *reduce.Minimal) *Minimal {
	e := evidence.OfMinimal(m)
	return &Minimal{Counterexample: CounterexampleOf(&e), Proven: m.Proven(), Certificate: m.Certificate, Rate: m.Rate,
		From: m.From, Replays: m.Replays, Requests: m.Requests}
}

// RulesOf are the verdicts on rules, with the numbers of what breaks them.
func RulesOf(results []judge.RuleResult) []Rule {
	out := make([]Rule, len(results))
	for i, r := range results {
		out[i].RuleResult = r
		if rule, err := models.RuleByID(r.ID); err == nil {
			out[i].CWE, out[i].OWASP = rule.CWE, rule.OWASP
			for _, q := range rule.ASVS {
				out[i].ASVS = append(out[i].ASVS, q.ID)
			}
		}
	}
	return out
}

// CounterexampleOf is the trace of some evidence, step by step.
func CounterexampleOf(e *evidence.Evidence) Counterexample {
	v := e.Violation
	out := Counterexample{
		Trace: e.Trace.String(),
		Violation: Violation{Rule: v.Rule, Level: v.Level, Path: v.Path, Step: v.Step, Viewer: v.Viewer, Message: v.Message,
			Exposures: e.Exposures(v.Exposures), More: v.More},
		Divergence: e.Divergence(),
	}
	for i, op := range e.Trace.Ops {
		s := Step{Step: i + 1, Op: op.String(), Expected: e.Expected(i + 1), Answer: e.Answer(i + 1)}
		if i < len(e.History.Events) {
			s.Response = withoutLinks(&e.History.Events[i].Response)
		}
		out.Steps = append(out.Steps, s)
	}
	return out
}
