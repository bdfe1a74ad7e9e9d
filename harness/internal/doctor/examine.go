package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Patient is what is examined.
type Patient struct {
	Launcher targets.Launcher
	// Where finds a value of the configuration by its path; nil where there is
	// no file.
	Where func(key string) (config.Position, bool)
	// Blame says which value of the configuration a failed launch is due to;
	// nil where nobody can tell.
	Blame func(error) (key string)
	// Redact puts other text for secrets; nil where there are none.
	Redact func(string) string
	// Patience is how long recordings are waited for at least, whatever the policy
	// says: 5 s if 0.
	Patience time.Duration
}

// worlds of a walk have these namespaces, with what keeps them apart from those
// of other walks behind.
const (
	firstWorld  = "doc1"
	secondWorld = "doc2"
	thirdWorld  = "doc3"
)

// Examine walks through a service: it is launched, walked through by one trace of
// every operation, launched or reset again, and left. The suffix keeps the names
// of the walk apart from those of earlier ones (four lower-case letters and
// digits). It returns an error only when ctx ends.
func Examine(ctx context.Context, p Patient, suffix string) (*Report, error) {
	e := &examination{Patient: p, report: &Report{Target: p.Launcher.Name()}, suffix: suffix}
	err := e.examine(ctx)
	e.report.rank()
	if p.Redact != nil {
		e.report.redact(p.Redact)
	}
	if cause := context.Cause(ctx); cause != nil {
		return e.report, cause
	}
	if err != nil && !errors.Is(err, errStop) {
		return e.report, err
	}
	return e.report, nil
}

// errStop ends an examination that has reported why.
var errStop = errors.New("nothing else can be tried")

type examination struct {
	Patient
	report *Report
	suffix string
	// registered says that a patient could be registered.
	registered bool
	// course is what the service was seen to choose; nil where it was not asked.
	course *course
}

func (e *examination) examine(ctx context.Context) error {
	target, err := e.launch(ctx)
	if err != nil {
		return err
	}
	w, err := e.walk(ctx, target, models.Namespace(firstWorld+e.suffix))
	if err == nil {
		err = e.judgeWalk(ctx, target, w)
	}
	if closeErr := target.Close(); err == nil && closeErr != nil {
		e.wrong("close", closeErr.Error(), e.place("target", ""))
	}
	if err != nil {
		return err
	}
	err = e.reset(ctx)
	caps := target.Capabilities()
	e.judgeChoices(&caps, e.course)
	return err
}

// judgeWalk says what a walk has shown. Where something is wrong that is not with the
// choices about the life of a visit which the service was seen to make, it is walked
// through by those, and it is they that are said.
func (e *examination) judgeWalk(ctx context.Context, target targets.Target, w *walked) error {
	launched := slices.Clone(e.report.Findings)
	e.judge(w)
	declared := target.Capabilities().Policy
	if w.late(declared.Lag) {
		return nil // what comes later than the policy says looks like a choice
	}
	e.course = measure(ctx, target, models.Namespace(secondWorld+e.suffix))
	if e.report.Healthy() || e.course.policy(declared) == (*course)(nil).policy(declared) {
		return nil
	}
	first := e.report.Findings
	again, err := e.walk(ctx, target, models.Namespace(thirdWorld+e.suffix))
	if err == nil {
		e.report.Findings = launched
		e.judge(again)
	}
	if err != nil || !e.report.Healthy() {
		e.report.Findings = first
	}
	return nil
}

// launch starts the service and tells whether it answers.
func (e *examination) launch(ctx context.Context) (targets.Target, error) {
	target, err := e.Launcher.Launch(ctx)
	if err != nil {
		e.wrong("launch", err.Error(), e.blamed(err)...)
		return nil, errStop
	}
	e.works("launch", "the service answers")
	return target, nil
}

// reset tells whether a service that is launched again has forgotten everybody.
// Where it need not, nothing is tried.
func (e *examination) reset(ctx context.Context) error {
	if !e.Launcher.Fresh() {
		e.add(Finding{Check: "reset", Status: Missing, Detail: "the service is not reset: tests are told apart by unique names alone"})
		return nil
	}
	target, err := e.Launcher.Launch(ctx)
	if err != nil {
		e.wrong("reset", err.Error(), e.blamed(err)...)
		return errStop
	}
	defer target.Close()
	again, err := target.Open(ctx, models.Namespace(firstWorld+e.suffix))
	if err != nil {
		e.wrong("reset", err.Error(), e.place("target.reset", ""))
		return errStop
	}
	defer again.Close()
	r, err := again.Apply(ctx, models.Call{Step: 1, Op: models.Patient{Name: "alice"}})
	switch {
	case err != nil:
		e.wrong("reset", err.Error(), e.place("target.reset", ""))
	case r.Outcome != models.OK && !e.registered:
		e.add(Finding{Check: "reset", Status: Untried, Detail: "nobody could be registered"})
	case r.Outcome != models.OK:
		e.wrong("reset", fmt.Sprintf("expected a service in which nobody exists; registering the same patient again was answered %s", r),
			e.place("target.reset", "it does not make the service forget"))
	default:
		e.works("reset", "a service launched again has forgotten everybody")
	}
	return nil
}

func (e *examination) add(f Finding) { e.report.Findings = append(e.report.Findings, f) }

func (e *examination) works(check, detail string) {
	e.add(Finding{Check: check, Status: Works, Detail: detail})
}

func (e *examination) wrong(check, detail string, where ...Place) {
	e.add(Finding{Check: check, Status: Wrong, Detail: oneLine(detail), Where: where})
}

// adapter is the key of what an adapter is started by. It is in a file that has
// neither operations nor a policy: the adapter says those itself.
const adapter = "target.process.command"

// place is a value of the configuration, or the nearest above it that is in the
// file. Of what an adapter says it is the adapter. Without a file there is only
// the reason.
func (e *examination) place(key, why string) Place {
	if e.Where == nil {
		return Place{Why: why}
	}
	p := Place{Key: key, Why: why}
	if position, ok := e.Where(adapter); ok && !strings.HasPrefix(key, "target") {
		return Place{Key: adapter, Position: position, Why: saidOf(key, why)}
	}
	for at := key; at != ""; at = parent(at) {
		if position, ok := e.Where(at); ok {
			p.Position = position
			return p
		}
	}
	return p
}

// saidOf says which part of an adapter is to blame, and why.
func saidOf(key, why string) string {
	out := "what it declares as " + key
	if kind, ok := strings.CutPrefix(key, "operations."); ok {
		out = "how it performs " + kind
	}
	if why != "" {
		out += ": " + why
	}
	return out
}

func (e *examination) blamed(err error) []Place {
	key := "target"
	if e.Blame != nil {
		if k := e.Blame(err); k != "" {
			key = k
		}
	}
	return []Place{e.place(key, "")}
}
