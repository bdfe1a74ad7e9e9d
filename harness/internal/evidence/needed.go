package evidence

import (
	"fmt"
	"strconv"

	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
)

// Need says how many operations a minimal trace has, and which of them are needed.
func Need(m *reduce.Minimal) string {
	all := wording.Count(len(m.Trace.Ops), "operation")
	switch {
	case m.Proven():
		return all + ", every one of them is needed"
	case m.Certified():
		return fmt.Sprintf("%s, %d of them perhaps not needed", all, len(m.Perhaps()))
	case m.Certificate.On == reduce.Leftovers:
		return all + ", perhaps not all of them needed: nothing can be certified on a service that is not reset where earlier runs have a part in it"
	case len(m.Certificate.Without) > 0:
		return all + ", perhaps not all of them needed: the violation did not show again"
	}
	return all + ", perhaps not all of them needed: the reduction was not finished"
}

// Certified says what the certificate of a minimal trace is.
func Certified(m *reduce.Minimal) string {
	switch {
	case !m.Certified():
		return "No certificate"
	case m.Certificate.AtRate():
		return "Certificate: a line is needed where without it the rate is lower, by an exact test at 95%"
	}
	return "Certificate that no line can be left out"
}

// CameOfIt says what came of leaving out an operation.
func CameOfIt(o *reduce.Omission) string {
	if o.Whole == nil {
		return "does not show, " + wording.Count(o.Runs, "run")
	}
	text := fmt.Sprintf("%s, whole %s, %s", o.Without(), o.Whole, pValue(o.P))
	if o.Perhaps {
		text += ": perhaps not needed"
	}
	return text
}

// pValue is a p-value with two digits that tell.
func pValue(p float64) string {
	if p < 0.0001 {
		return "p<0.0001"
	}
	return "p=" + strconv.FormatFloat(p, 'g', 2, 64)
}

// notMinimal is what a run does not tell whose trace is not certified to be minimal.
func notMinimal(m *reduce.Minimal) string {
	switch {
	case m.Certificate.On == reduce.Leftovers:
		return "The trace was not certified to be minimal: what earlier runs had left behind on the service has a part in it."
	case m.Certified():
		return "The trace shows the violation at a rate: within the budget of runs not every operation was shown to be needed."
	}
	return "The trace was not certified to be minimal."
}
