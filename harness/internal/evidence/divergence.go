package evidence

import (
	"fmt"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Divergence is the first answer that no correct service gives, in words.
type Divergence struct {
	Step int `json:"step"`
	// Expected are what a correct service answers, one for each reading of what went
	// before.
	Expected []string `json:"expected"`
	Answered string   `json:"answered"`
	// Explanations are what explains it, the best first. None absolves the service.
	Explanations []Explanation `json:"explanations,omitempty"`
}

// Explanation is an operation that did not do what was answered to it.
type Explanation struct {
	Step int    `json:"step"`
	Text string `json:"text"`
}

// Divergence is that of the history up to the end of the trace. It returns nil where
// there is none.
func (e *Evidence) Divergence() *Divergence {
	if e.History == nil {
		return nil
	}
	h := *e.History
	h.Events = h.Events[:min(len(h.Events), len(e.Trace.Ops))]
	answers := h.Answers()
	states := answers.Fold(models.NewFindings(), func(int, models.Step, []*models.State) {})
	d, ok := states.Divergence(len(h.Events), answers.At)
	if !ok {
		return nil
	}
	out := &Divergence{Step: d.Step, Answered: e.Answer(d.Step)}
	for i := range d.Expected {
		out.Expected = append(out.Expected, d.Expected[i].String())
	}
	for _, x := range d.Explanations {
		did := "was accepted and had no effect"
		if x.Refused {
			did = "was refused and took effect all the same"
		}
		out.Explanations = append(out.Explanations, Explanation{x.Step, fmt.Sprintf("line %d, %s, %s", x.Step, e.Trace.Ops[x.Step-1], did)})
	}
	return out
}

// Tells reports whether a divergence tells more of a violation than what was expected
// in its place.
func (d *Divergence) Tells(v *models.Violation) bool {
	return d != nil && (d.Step != v.Step || len(d.Expected) > 1 || len(d.Explanations) > 0)
}

// maxExplanations is the number of explanations that a report for people names.
const maxExplanations = 3

// Rows are the lines of a report for people, each with a label: what is expected in
// each reading, what was answered, and what explains it.
func (d *Divergence) Rows() [][2]string {
	var out [][2]string
	for i, text := range d.Expected {
		label := "expected"
		if i > 0 {
			label = "or"
		}
		out = append(out, [2]string{label, text})
	}
	out = append(out, [2]string{"answered", d.Answered})
	for i, x := range d.Explanations[:min(len(d.Explanations), maxExplanations)] {
		label := "explained if"
		if i > 0 {
			label = "or if"
		}
		out = append(out, [2]string{label, x.Text})
	}
	if more := len(d.Explanations) - maxExplanations; more > 0 {
		out = append(out, [2]string{"", fmt.Sprintf("and %d more, in %s", more, ResultsFile)})
	}
	return out
}
