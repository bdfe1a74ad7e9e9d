package formats

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/terminal"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
)

// JUnit writes a test case for each rule: failed with its counterexample,
// skipped with the reason, or passed with the number of its checks.
func JUnit(w io.Writer, r *evidence.Run) error {
	suite := junit.Testsuite{Name: "crosstalk " + r.Target, Package: "crosstalk." + r.Mix, Time: seconds(r.Elapsed.Seconds())}
	suite.SetTimestamp(r.Started.UTC())
	suite.AddProperty("seed", fmt.Sprint(r.Seed))
	suite.AddProperty("traces", fmt.Sprint(r.Traces))
	suite.AddProperty("repeat", r.Commands().Repeat)
	for _, rule := range r.Rules {
		suite.AddTestcase(testcase(r, rule))
	}
	if r.End != evidence.Finished {
		suite.AddTestcase(unfinished(r))
	} else if r.Concluded() == judge.Inconclusive {
		for _, what := range r.Unasked() {
			suite.AddTestcase(unasked(r, what))
		}
	}
	clean(&suite)
	all := junit.Testsuites{Name: suite.Name, Time: suite.Time}
	all.AddSuite(suite)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return all.WriteXML(w)
}

// clean takes out what XML does not have: control characters, which the service
// may have sent.
func clean(suite *junit.Testsuite) {
	suite.Name = inXML(suite.Name)
	for i := range *suite.Properties {
		(*suite.Properties)[i].Value = inXML((*suite.Properties)[i].Value)
	}
	for i := range suite.Testcases {
		c := &suite.Testcases[i]
		c.Name, c.Classname = inXML(c.Name), inXML(c.Classname)
		for _, result := range []*junit.Result{c.Error, c.Failure, c.Skipped} {
			if result != nil {
				result.Message, result.Data = inXML(result.Message), inXML(result.Data)
			}
		}
		if c.SystemOut != nil {
			c.SystemOut.Data = inXML(c.SystemOut.Data)
		}
	}
}

// inXML is a text of the characters that XML 1.0 has (section 2.2).
func inXML(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t' || c == '\n', c >= ' ' && c <= 0xd7ff, c >= 0xe000 && c <= 0xfffd, c >= 0x10000:
			return c
		}
		return '\ufffd'
	}, s)
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }

func testcase(r *evidence.Run, rule judge.RuleResult) junit.Testcase {
	c := junit.Testcase{Name: rule.ID + " " + rule.Sentence, Classname: "crosstalk." + r.Mix, Time: seconds(0)}
	switch rule.Verdict {
	case judge.Pass:
		if rule.Unexpected() && len(r.Unexpected()) > 0 {
			c.Failure = &junit.Result{Type: "unexpected pass", Message: "passed, which was known to be broken: " + rule.Known}
		}
		c.SystemOut = &junit.Output{Data: "checked in " + wording.Count(rule.Checks, "answer")}
	case judge.Fail:
		failure := failure(r, rule)
		if rule.Known != "" {
			c.Skipped = &junit.Result{Message: "known failure: " + rule.Known + ": " + failure.Message}
			c.SystemOut = &junit.Output{Data: failure.Data}
			break
		}
		if rule.Level != "MUST" && !r.Strict {
			c.Skipped = &junit.Result{Message: "advice: a SHOULD rule is broken: " + failure.Message}
			c.SystemOut = &junit.Output{Data: failure.Data}
			break
		}
		c.Failure = failure
	case judge.NotExercised:
		c.Skipped = &junit.Result{Message: "not exercised: no answer in " + wording.Count(r.Traces, "trace") + " could have broken it"}
	case judge.NotApplicable:
		c.Skipped = &junit.Result{Message: "not applicable: the target lacks operations that the rule needs, or what it is about, or it is judged only where that is asked for"}
	default:
		c.Skipped = &junit.Result{Message: fmt.Sprintf("%s: unknown outcomes hid %s", rule.Verdict, wording.Count(rule.Inconclusive, "answer"))}
	}
	return c
}

// failure holds the counterexample, where it is for this rule.
func failure(r *evidence.Run, rule judge.RuleResult) *junit.Result {
	out := &junit.Result{Type: "violation", Message: "broken by " + wording.Count(rule.Violations, "answer")}
	cases := r.Cases()
	at := slices.IndexFunc(cases, func(e evidence.Evidence) bool { return e.Violation.Rule == rule.ID })
	if at < 0 {
		return out
	}
	e := cases[at]
	out.Message = e.Headline()
	var b strings.Builder
	_ = terminal.Shown(&b, &e) // a builder takes everything
	if at == 0 {
		b.WriteString(r.Commands().Replay + "\n")
	}
	out.Data = b.String()
	return out
}

// unasked stands for what was never asked.
func unasked(r *evidence.Run, what string) junit.Testcase {
	return junit.Testcase{Name: "not asked: " + what, Classname: "crosstalk." + r.Mix, Time: seconds(0),
		Skipped: &junit.Result{Message: "inconclusive: what it would have led to was never asked"}}
}

// unfinished stands for a run that did not come to its end.
func unfinished(r *evidence.Run) junit.Testcase {
	message := string(r.End)
	if r.Problem != "" {
		message += ": " + r.Problem
	}
	return junit.Testcase{Name: "run", Classname: "crosstalk." + r.Mix, Time: seconds(0), Error: &junit.Result{Message: message, Type: string(r.End)}}
}
