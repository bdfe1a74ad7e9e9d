package rundir

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// found makes what was found.
func (r *reading) found() {
	s := r.saved
	if s.Found = r.first; s.Found != nil {
		s.Found.Worlds = r.worlds
		s.Found.Violation.Exposures = r.named(s.Found.Violation.Exposures)
	}
	b := &s.Was.Rebuild
	if s.Was.Found != nil {
		s.Found = r.foundOf(s.Was.Found, b.FoundWorld)
	}
	if s.Was.Minimal != nil {
		s.Minimal = r.minimalOf(s.Was.Minimal, b.MinimalWorld)
	}
	for i := range b.Others {
		c := harness.Case{Found: r.foundOf(&b.Others[i].Found, b.Others[i].FoundWorld)}
		if m := b.Others[i].Minimal; m != nil {
			c.Minimal = r.minimalOf(m, b.Others[i].MinimalWorld)
		}
		s.Others = append(s.Others, c)
	}
}

func (r *reading) foundOf(f *results.Found, world models.Namespace) *harness.Found {
	h := r.historyOf(&f.Counterexample, world)
	out := &harness.Found{Index: f.Index, Before: f.Before, Reproduced: f.Reproduced, History: h, Trace: h.Trace(), Verdict: judge.Check(h), Worlds: r.worlds}
	out.Violation = r.violationOf(&f.Violation, &out.Verdict)
	return out
}

func (r *reading) minimalOf(m *results.Minimal, world models.Namespace) *reduce.Minimal {
	h := r.historyOf(&m.Counterexample, world)
	out := &reduce.Minimal{History: h, Trace: h.Trace(), Verdict: judge.Check(h), Rate: m.Rate, Certificate: m.Certificate,
		From: m.From, Replays: m.Replays, Requests: m.Requests}
	if t, err := models.Parse(m.Trace); err == nil {
		out.Trace = t // the history may go on behind the violation
	}
	out.Violation = r.violationOf(&m.Violation, &out.Verdict)
	return out
}

// historyOf is the history of a counterexample: that of the log, else what the
// results have of it, without times.
func (r *reading) historyOf(c *results.Counterexample, world models.Namespace) *history.History {
	if h := r.kept[world]; h != nil && len(h.Events) >= len(c.Steps) {
		return h
	}
	h := &history.History{World: world, Policy: r.policy, Started: r.saved.Started}
	for _, step := range c.Steps {
		op, err := models.ParseOperation(step.Op)
		if err != nil || step.Response == nil {
			break
		}
		h.Events = append(h.Events, history.Event{Call: models.Call{Step: step.Step, Op: op}, Response: *step.Response})
	}
	return h
}

// violationOf is a saved violation as the rules see it today, or as it was saved
// where they do not see it, or compare runs.
func (r *reading) violationOf(v *results.Violation, now *judge.Verdict) models.Violation {
	signature := models.Signature{Rule: v.Rule, Level: v.Level, Path: v.Path}
	for _, x := range now.Violations {
		if x.Signature == signature && x.Step == v.Step {
			x.Exposures = r.named(x.Exposures)
			return x
		}
	}
	out := models.Violation{Signature: signature, Step: v.Step, Viewer: v.Viewer, Message: v.Message, More: v.More}
	for _, x := range v.Exposures {
		out.Exposures = append(out.Exposures, x.Exposure)
	}
	if rule, err := models.RuleByID(v.Rule); err != nil || !rule.Compares {
		r.saved.Changes = append(r.saved.Changes, fmt.Sprintf("What was found (%s at step %d) is no violation by today's rules; it is shown as it was saved.", signature, v.Step))
	}
	return out
}

// named fills in whose recordings of earlier traces were exposed.
func (r *reading) named(exposures []models.Exposure) []models.Exposure {
	out := slices.Clone(exposures)
	for i := range out {
		if out[i].Owner == "" && out[i].World != "" {
			out[i].Owner = r.saved.Exposures.Owner(out[i].World, out[i].Recording)
		}
	}
	return out
}

// record is the recorded run of the minimal trace, or nil where there is none.
func (r *reading) record(path string) *judge.Record {
	out := &judge.Record{History: r.kept[r.saved.Was.Rebuild.RecordWorld]}
	recorded := out.History != nil
	if !recorded {
		out.History = r.saved.Minimal.History
	}
	out.Verdict = judge.Check(out.History)
	if file, err := os.Open(filepath.Join(path, evidence.MinimalHAR)); err == nil {
		defer file.Close()
		if out.Exchanges, err = exchange.ReadHAR(file); err != nil {
			r.saved.Warnings = append(r.saved.Warnings, evidence.MinimalHAR+": "+err.Error()+"; its requests are left out")
		}
	}
	if file, err := os.Open(filepath.Join(path, evidence.MinimalLog)); err == nil {
		defer file.Close()
		if out.Logs, err = io.ReadAll(file); err != nil {
			r.saved.Warnings = append(r.saved.Warnings, err.Error())
		}
	}
	if !recorded && len(out.Exchanges) == 0 && len(out.Logs) == 0 {
		return nil
	}
	return out
}
