package evidence

import (
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
)

// Pack is what is known of who was exposed, or nil where nobody has counted.
func (r *Run) Pack() *exposure.Pack {
	if r.Exposures == nil {
		return nil
	}
	facts := exposure.Facts{Target: r.Target, Seed: r.Seed, Started: r.Started, Ended: r.Started.Add(r.Elapsed),
		Traces: r.Traces, Operations: r.Operations, Requests: r.Requests, Complete: r.End == Finished}
	if e, ok := r.Evidence(); ok {
		facts.Story = e.Headline() + "."
	}
	return r.Exposures.Pack(facts, r.Notice)
}
