package formats

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Severities are the scores from 0 to 10 that SARIF gives a violation, as
// "security-severity", by how far somebody was exposed. Code scanning calls 9
// and more critical, 7 and more high, 4 and more medium, and less low.
//
//	controlled  9.8  something of another's was deleted, shared, switched or joined
//	obtained    9.1  the whole recording, or a link to it
//	viewed      8.6  at least one byte of it
//	previewed   7.5  its thumbnail, duration or transcript
//	presented   7.1  its id, title, time or clinician
//	inferred    4.3  that it exists
//	none        5.0  a MUST rule was broken, and nobody was exposed
//	none        2.0  a SHOULD rule was broken, and nobody was exposed
func severity(level models.Level, must bool) string {
	scores := map[models.Level]string{
		models.Controlled: "9.8", models.Obtained: "9.1", models.Viewed: "8.6", models.Previewed: "7.5",
		models.Presented: "7.1", models.Inferred: "4.3",
	}
	switch score, exposed := scores[level]; {
	case exposed:
		return score
	case must:
		return "5.0"
	}
	return "2.0"
}

// sarifFingerprint names the way in which results are told apart, with its
// version.
const sarifFingerprint = "ruleOperationPathLevel/v1"

// SARIF writes a result for each rule that is broken, path and level of
// exposure, as SARIF 2.1.0. A result stands in the configuration file, where
// there is one, else in the minimal trace. Its fingerprint stays the same from
// run to run. Known failures are suppressed.
func SARIF(w io.Writer, r *evidence.Run) error {
	s := &sarifRun{run: r, out: sarif.NewRun()}
	s.out.Tool = sarif.NewTool().WithDriver(s.driver())
	s.out.Taxonomies = []*sarif.ToolComponent{cweTaxonomy(), asvsTaxonomy()}
	s.out.ColumnKind = new(string)
	*s.out.ColumnKind = "unicodeCodePoints"
	s.out.AddInvocation(s.invocation())
	s.results()
	doc := sarif.NewReport()
	doc.AddRun(s.out)
	return doc.PrettyWrite(w)
}

// sarifRun makes the one run of a SARIF log.
type sarifRun struct {
	run  *evidence.Run
	out  *sarif.Run
	seen []string // fingerprints
}

// The names by which rules refer to the taxonomies.
const (
	cweTaxonomyName  = "CWE"
	asvsTaxonomyName = "OWASP ASVS"
)

func (s *sarifRun) driver() *sarif.ToolComponent {
	d := sarif.NewToolComponent().WithName("crosstalk").WithVersion(evidence.Suite()).WithLanguage("en")
	d.WithFullDescription(message("Drives a telehealth service with random sequences of operations and checks that nobody is shown another's recording."))
	d.AddSupportedTaxonomie(sarif.NewToolComponentReference().WithName(cweTaxonomyName).WithIndex(0))
	d.AddSupportedTaxonomie(sarif.NewToolComponentReference().WithName(asvsTaxonomyName).WithIndex(1))
	for _, rule := range models.Rules() {
		d.AddRule(s.descriptor(rule))
	}
	return d
}

func message(text string) *sarif.MultiformatMessageString {
	return sarif.NewMultiformatMessageString().WithText(text)
}

// descriptor describes a rule. Its severity is that of what this run has seen.
func (s *sarifRun) descriptor(rule models.Rule) *sarif.ReportingDescriptor {
	level := models.NotExposed
	for _, e := range s.run.Cases() {
		if e.Violation.Rule == rule.ID {
			level = max(level, e.Violation.Level)
		}
	}
	tags := []string{"security", "privacy"}
	if rule.OWASP != "" {
		tags = append(tags, "OWASP "+rule.OWASP)
	}
	for _, n := range rule.CWE {
		tags = append(tags, fmt.Sprintf("external/cwe/cwe-%d", n))
	}
	properties := sarif.NewPropertyBag().Add("security-severity", severity(level, rule.Must)).Add("precision", "very-high").Add("level", rule.Level())
	d := sarif.NewReportingDescriptor().WithID(rule.ID).WithShortDescription(message(rule.Sentence)).WithFullDescription(message(rule.Sentence)).
		WithHelp(message(rule.Sentence + " [" + evidence.References(rule) + "]")).WithProperties(properties.WithTags(tags)).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithEnabled(true).WithLevel(sarifLevel(rule.Must)))
	relate(d, rule)
	return d
}

// relate says to which weaknesses and requirements a rule refers.
func relate(d *sarif.ReportingDescriptor, rule models.Rule) {
	to := func(taxonomy string, at int, id string, index int, kind string) {
		target := sarif.NewReportingDescriptorReference().WithID(id).WithIndex(index).
			WithToolComponent(sarif.NewToolComponentReference().WithName(taxonomy).WithIndex(at))
		d.AddRelationship(sarif.NewReportingDescriptorRelationship().WithTarget(target).WithKinds([]string{kind}))
	}
	for _, n := range rule.CWE {
		to(cweTaxonomyName, 0, strconv.Itoa(n), slices.Index(allCWE(), n), "superset")
	}
	for _, q := range rule.ASVS {
		to(asvsTaxonomyName, 1, q.ID, slices.Index(allASVS(), q.ID), "relevant")
	}
}

func sarifLevel(must bool) string {
	if must {
		return "error"
	}
	return "warning"
}

// allCWE are the numbers of the weaknesses to which rules refer, in order.
func allCWE() []int {
	var out []int
	for _, rule := range models.Rules() {
		out = append(out, rule.CWE...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func cweTaxonomy() *sarif.ToolComponent {
	t := sarif.NewToolComponent().WithName(cweTaxonomyName).WithOrganization("MITRE").WithInformationURI("https://cwe.mitre.org/").
		WithShortDescription(message("Common Weakness Enumeration"))
	for _, n := range allCWE() {
		t.AddTaxa(sarif.NewReportingDescriptor().WithID(strconv.Itoa(n)).WithHelpURI(fmt.Sprintf("https://cwe.mitre.org/data/definitions/%d.html", n)))
	}
	return t
}

// allASVS are the numbers of the requirements to which rules refer, in order.
func allASVS() []string {
	var out []string
	for _, rule := range models.Rules() {
		for _, q := range rule.ASVS {
			out = append(out, q.ID)
		}
	}
	slices.SortFunc(out, byNumbers)
	return slices.Compact(out)
}

// byNumbers orders numbers of requirements: 8.2.2 before 14.2.2.
func byNumbers(a, b string) int {
	number := func(part string) int { n, _ := strconv.Atoi(part); return n }
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int { return number(x) - number(y) })
}

func asvsTaxonomy() *sarif.ToolComponent {
	t := sarif.NewToolComponent().WithName(asvsTaxonomyName).WithVersion("5.0.0").WithOrganization("OWASP").
		WithInformationURI("https://owasp.org/www-project-application-security-verification-standard/").
		WithShortDescription(message("Application Security Verification Standard"))
	for _, id := range allASVS() {
		t.AddTaxa(sarif.NewReportingDescriptor().WithID(id))
	}
	return t
}

func (s *sarifRun) invocation() *sarif.Invocation {
	r := s.run
	i := sarif.NewInvocation().WithExecutionSuccessful(r.End == evidence.Finished).WithCommandLine(r.Commands().Repeat)
	if !r.Started.IsZero() {
		i.WithStartTimeUtc(r.Started.UTC().Format(time.RFC3339)).WithEndTimeUtc(r.Started.Add(r.Elapsed).UTC().Format(time.RFC3339))
	}
	if r.End != evidence.Running {
		i.WithExitCode(r.Exit)
	}
	if r.Problem != "" || r.End != evidence.Finished {
		text := "the run did not come to its end: " + string(r.End)
		if r.Problem != "" {
			text += ": " + wording.OneLine(r.Problem)
		}
		i.AddToolExecutionNotification(sarif.NewNotification().WithLevel("error").WithMessage(sarif.NewTextMessage(text)))
	}
	properties := sarif.NewPropertyBag().Add("verdict", string(r.Concluded())).Add("target", r.Target).Add("seed", r.Seed).Add("limits", r.Limits())
	return i.WithProperties(properties)
}

// results adds a result for each signature: those of the counterexamples, of
// what else their traces break, and one for each rule that is broken without
// any.
func (s *sarifRun) results() {
	cases := s.run.Cases()
	for i := range cases {
		s.add(&cases[i], cases[i].Violation)
	}
	for i := range cases {
		for _, v := range cases[i].Others() {
			s.add(&cases[i], v)
		}
	}
	for _, rule := range s.run.Rules {
		shown := slices.ContainsFunc(s.out.Results, func(x *sarif.Result) bool { return *x.RuleID == rule.ID })
		if rule.Verdict == judge.Fail && !shown {
			s.out.AddResult(s.without(rule))
		}
	}
}

// fingerprint tells results apart by rule, operation, path and level: nothing
// that differs from run to run.
func fingerprint(rule string, kind models.Kind, path models.Path, level models.Level) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{rule, string(kind), string(path), level.String()}, " ")))
	return hex.EncodeToString(sum[:16])
}

// add adds a result for each path and level of a violation that has none yet.
func (s *sarifRun) add(e *evidence.Evidence, v models.Violation) {
	var kind models.Kind
	if v.Step >= 1 && v.Step <= len(e.Trace.Ops) {
		kind = e.Trace.Ops[v.Step-1].Kind()
	}
	for _, part := range byPathAndLevel(v) {
		print := fingerprint(part.Rule, kind, part.Path, part.Level)
		if slices.Contains(s.seen, print) {
			continue
		}
		s.seen = append(s.seen, print)
		result := s.result(v.Rule, part.Level, story(e, part), s.location(e, v.Step, kind))
		result.WithPartialFingerprints(map[string]string{sarifFingerprint: print})
		result.AddCodeFlow(s.flow(e, v))
		result.WithOccurrenceCount(max(len(part.Exposures)+part.More, 1))
		s.out.AddResult(result)
	}
}

// byPathAndLevel are the parts of a violation whose exposures are by one path
// and of one level each.
func byPathAndLevel(v models.Violation) []models.Violation {
	if len(v.Exposures) == 0 {
		return []models.Violation{v}
	}
	var out []models.Violation
	for _, x := range v.Exposures {
		at := slices.IndexFunc(out, func(p models.Violation) bool { return p.Path == x.Path && p.Level == x.Level })
		if at < 0 {
			part := v
			part.Path, part.Level, part.Exposures, part.More = x.Path, x.Level, nil, 0
			at, out = len(out), append(out, part)
		}
		out[at].Exposures = append(out[at].Exposures, x)
	}
	out[0].More = v.More
	return out
}

// story says in sentences what a violation did to whom.
func story(e *evidence.Evidence, v models.Violation) string {
	sentences := e.Sentences(v.Exposures, v.More)
	if len(sentences) == 0 {
		sentences = []string{strings.TrimSuffix(v.Message, ".") + "."}
	}
	if expected := e.Expected(v.Step); expected != "" {
		sentences = append(sentences, fmt.Sprintf("Line %d, %s: expected %s, answered %s.", v.Step, e.Trace.Ops[v.Step-1], expected, e.Answer(v.Step)))
	}
	return wording.OneLine(strings.Join(sentences, " "))
}

// result is one with what all have.
func (s *sarifRun) result(id string, level models.Level, story string, at *sarif.Location) *sarif.Result {
	rule, err := models.RuleByID(id)
	must := err != nil || rule.Must
	index := slices.IndexFunc(models.Rules(), func(r models.Rule) bool { return r.ID == id })
	result := sarif.NewResult().WithRuleID(id).WithRuleIndex(index).WithKind("fail").WithLevel(sarifLevel(must)).
		WithMessage(sarif.NewTextMessage(story)).AddLocation(at)
	result.WithProperties(sarif.NewPropertyBag().Add("security-severity", severity(level, must)).Add("exposure", level.String()))
	for _, known := range s.run.Rules {
		if known.ID == id && known.Known != "" {
			result.AddSuppression(sarif.NewSuppression().WithKind("external").WithStatus("accepted").WithJustification(wording.OneLine(known.Known)))
		}
	}
	return result
}

// without is the result for a rule that is broken and has no counterexample.
func (s *sarifRun) without(rule judge.RuleResult) *sarif.Result {
	story := fmt.Sprintf("%s It was broken by %s; no counterexample was reduced for it.", rule.Sentence, wording.Count(rule.Violations, "answer"))
	result := s.result(rule.ID, models.NotExposed, story, s.location(nil, 0, ""))
	return result.WithPartialFingerprints(map[string]string{sarifFingerprint: fingerprint(rule.ID, "", "", models.NotExposed)})
}

// location is the operation in the configuration file, else the step in the
// trace, else the results.
func (s *sarifRun) location(e *evidence.Evidence, step int, kind models.Kind) *sarif.Location {
	switch {
	case s.run.Config != "":
		line := 1
		if s.run.ConfigLine != nil && kind != "" {
			line = max(s.run.ConfigLine(kind), 1)
		}
		return lineOf(filepath.ToSlash(s.run.Config), line)
	case e != nil && step > 0:
		return s.stepLocation(e, step)
	}
	return lineOf(evidence.ResultsFile, 1)
}

// stepLocation is the line of a step in the file of the trace that was written.
func (s *sarifRun) stepLocation(e *evidence.Evidence, step int) *sarif.Location {
	name, notes := evidence.FoundTrace, 4
	if s.run.Minimal != nil {
		name, notes = evidence.MinimalTrace, 3
		for i, c := range s.run.Others {
			if c.Minimal != nil && c.Minimal.History == e.History {
				name, notes = fmt.Sprintf("minimal-%d.trace", i+2), 2
			}
		}
	}
	return lineOf(name, 1+notes+step)
}

func lineOf(uri string, line int) *sarif.Location {
	return sarif.NewLocation().WithPhysicalLocation(sarif.NewPhysicalLocation().
		WithArtifactLocation(sarif.NewArtifactLocation().WithURI(uri)).WithRegion(sarif.NewRegion().WithStartLine(line)))
}

// flow are the steps of the trace up to the one that broke the rule.
func (s *sarifRun) flow(e *evidence.Evidence, v models.Violation) *sarif.CodeFlow {
	thread := sarif.NewThreadFlow()
	for i, op := range e.Trace.Ops[:min(v.Step, len(e.Trace.Ops))] {
		text := op.String() + ": " + e.Answer(i+1)
		importance := "important"
		if i+1 == v.Step {
			text, importance = text+", expected "+e.Expected(i+1)+". "+e.Describe(v), "essential"
		}
		at := s.stepLocation(e, i+1).WithMessage(sarif.NewTextMessage(wording.OneLine(text)))
		thread.AddLocation(sarif.NewThreadFlowLocation().WithLocation(at).WithExecutionOrder(i + 1).WithImportance(importance))
	}
	if len(thread.Locations) == 0 {
		thread.AddLocation(sarif.NewThreadFlowLocation().WithLocation(s.location(nil, 0, "")))
	}
	return sarif.NewCodeFlow().AddThreadFlow(thread)
}
