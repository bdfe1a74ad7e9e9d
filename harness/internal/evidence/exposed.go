package evidence

import (
	"github.com/telehealth-conformance/crosstalk/models"
)

// Exposed is an exposure, and the violation that it is part of.
type Exposed struct {
	Rule string `json:"rule"`
	// Step is that of the minimal trace for the rule, or where there is none that
	// of the trace in which it was found.
	Step int `json:"step"`
	Exposure
}

// Exposed are the exposures by all that was found. The list is never nil.
func (r *Run) Exposed() []Exposed {
	out := []Exposed{}
	for _, e := range r.Cases() {
		for _, x := range e.Exposures(e.Violation.Exposures) {
			out = append(out, Exposed{Rule: e.Violation.Rule, Step: e.Violation.Step, Exposure: x})
		}
	}
	return out
}

// Exposure is a recording of one patient shown to another.
type Exposure struct {
	models.Exposure
	// OwnerTrace is the index of the earlier trace whose patient the owner is,
	// absent for one of the same trace.
	OwnerTrace *int   `json:"ownerTrace,omitempty"`
	Sentence   string `json:"sentence"`
}

// Exposures are exposures of the evidence, each with its sentence.
func (e *Evidence) Exposures(all []models.Exposure) []Exposure {
	var out []Exposure
	for _, x := range all {
		one := Exposure{Exposure: x, Sentence: e.Sentence([]models.Exposure{x})}
		if index, ok := e.Worlds[x.World]; ok && x.World != "" {
			one.OwnerTrace = &index
		}
		out = append(out, one)
	}
	return out
}
