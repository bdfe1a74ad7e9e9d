package evidence

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// Spent says how much was explored: "12 traces, 345 operations, 678 requests".
func Spent(traces, operations, requests int) string {
	return fmt.Sprintf("%s, %s, %s", wording.Count(traces, "trace"), wording.Count(operations, "operation"), wording.Count(requests, "request"))
}

// Evidence is the best there is: the minimal trace, else the one found.
func (r *Run) Evidence() (Evidence, bool) {
	switch {
	case r.Minimal != nil:
		return OfMinimal(r.Minimal), true
	case r.Found != nil:
		return OfFound(r.Found), true
	}
	return Evidence{}, false
}

// Concluded is the verdict: that of the result, but no pass before the end, and no rule that
// passed unexpectedly.
func (r *Run) Concluded() judge.Conclusion {
	if r.End != Finished && (r.Verdict == judge.Conformant || r.Verdict == judge.Violated && !r.broken()) {
		return judge.Inconclusive
	}
	return r.Verdict
}

// broken reports whether a rule is broken that was not known to be.
func (r *Run) broken() bool {
	return r.Found != nil || slices.ContainsFunc(r.Rules, func(rule judge.RuleResult) bool { return rule.Verdict == judge.Fail && rule.Known == "" })
}

// Run is what the reports of an exploration are written from.
type Run struct {
	harness.Result
	End End
	// Exit is the exit code; it means nothing while the run goes on.
	Exit int
	// Problem is the error that ended the run early, on one line, or empty.
	Problem    string
	Invocation Invocation
	// Source is the trace that was given to be reduced, empty for an
	// exploration.
	Source string
	// Strict says that broken SHOULD rules count like broken MUST rules.
	Strict bool
	// Whole says that the whole budget was to be explored, whatever is found.
	Whole          bool
	Implementation Implementation
	// Configuration is that of the test, without secrets; empty where there was
	// no file.
	Configuration string
	// Config is the path of the configuration file, empty where there was none.
	Config string
	// ConfigLine is the line of that file that says how a kind of operation is
	// performed, or 0; it may be nil.
	ConfigLine func(models.Kind) int
	// Dir is the directory of the run, as it was named.
	Dir string
	// Exposures are who was shown what of whom, by all histories; nil where
	// nobody has counted. Notice says how that is written.
	Exposures *exposure.Register
	Notice    exposure.Options
	// Secrets are taken out of everything that is written; nil for none.
	Secrets *secret.Net
}

// End says how a run came to its end.
type End string

// The ends. A run that was killed stays [Running].
const (
	Running     End = "running"
	Finished    End = "finished"    // its budget was spent, or a violation was found and reduced
	Interrupted End = "interrupted" // by a signal
	Failed      End = "failed"      // by an error of the configuration, the service or the harness
)

// File is the path of a file of the run's directory.
func (r *Run) File(name string) string { return filepath.Join(r.Dir, name) }

// Advisory reports whether what was found breaks a SHOULD rule alone, which does
// not end an exploration.
func (r *Run) Advisory() bool {
	return r.Found != nil && !r.Strict && !r.Found.Violation.Must()
}

// Unexpected are the rules that are kept although they were known to be broken.
// A run that was not explored to the end of its budget cannot tell.
func (r *Run) Unexpected() []judge.RuleResult {
	if r.End != Finished || r.Found != nil && !r.Whole && !r.Advisory() {
		return nil
	}
	var out []judge.RuleResult
	for _, rule := range r.Rules {
		if rule.Unexpected() {
			out = append(out, rule)
		}
	}
	return out
}

// Known are the rules that are broken as it was known.
func (r *Run) Known() []string {
	var out []string
	for _, rule := range r.Rules {
		if rule.Known != "" && rule.Verdict == judge.Fail {
			out = append(out, rule.ID)
		}
	}
	return out
}

// Cases is the evidence of everything that was found, the gravest first.
func (r *Run) Cases() []Evidence {
	var out []Evidence
	if e, ok := r.Evidence(); ok {
		out = append(out, e)
	}
	for _, c := range r.Others {
		if c.Minimal != nil {
			out = append(out, OfMinimal(c.Minimal))
		} else {
			out = append(out, OfFound(c.Found))
		}
	}
	return out
}

// Limits are what this run does not tell, in sentences.
func (r *Run) Limits() []string {
	var out []string
	if r.End != Finished {
		out = append(out, "The run did not come to its end: its counts are those so far.")
	}
	if r.Found != nil && r.Source == "" && !r.Advisory() && !r.Whole {
		out = append(out, "Exploring stops at the first violation: other rules were exercised only as far as it came, and there may be more violations.")
	}
	if r.Found != nil && !r.Found.Reproduced {
		out = append(out, "The violation was not shown again on a fresh service: its evidence is the history of the trace that showed it.")
	}
	if r.End == Finished && r.Source == "" && r.Found == nil && r.Verdict == judge.Inconclusive && OpenRules(r.Rules) != "" {
		out = append(out, "Not every MUST rule was asked conclusively. That is not a pass.")
	}
	if not := notSent(r.Unsent); not != "" {
		out = append(out, "Not asked, because it cannot be sent: "+not+".")
	}
	for _, rule := range r.Unexpected() {
		out = append(out, rule.ID+" was known to be broken ("+rule.Known+") and passed: take it off the list of known failures.")
	}
	if r.Crowded > 0 {
		out = append(out, wording.Count(r.Crowded, "trace")+" could be understood in too many ways to judge all of it.")
	}
	if r.Choices.Conflict != nil {
		out = append(out, r.Choices.Conflict.String())
	}
	out = append(out, refusals(&r.Refused)...)
	if m := r.Minimal; m != nil && !m.Proven() {
		out = append(out, notMinimal(m))
	}
	if (r.Found == nil || r.Advisory()) && r.Source == "" && r.Verdict == judge.Conformant {
		out = append(out, "No violation was found in these traces. That is not a proof that there is none.")
	}
	return out
}

// Implementation says which service was put to the test.
type Implementation struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	// Reached is how: the URL, the image or the adapter's command.
	Reached string `json:"reached,omitempty"`
	// Digest is the image's content digest, "sha256:...".
	Digest string `json:"digest,omitempty"`
}
