package judge

import "github.com/telehealth-conformance/crosstalk/harness/internal/coverage"

// Incident says whether the shape of 9 June 2020 was asked about.
type Incident string

// What can be said of it.
const (
	IncidentAsked   Incident = "asked"     // by at least one trace
	IncidentUnasked Incident = "not asked" // by none: that is no pass
	NoSwitch        Incident = "no switch" // the service declares that there is no switch of mode
)

// IncidentIn says whether what was exercised has the shape, of a service that may
// declare that it has no switch of mode.
func IncidentIn(c *coverage.Coverage, switchless bool) Incident {
	switch {
	case c.Shape > 0:
		return IncidentAsked
	case switchless:
		return NoSwitch
	}
	return IncidentUnasked
}

// Qualify is the conclusion on a run, unless the shape was never asked about.
func (i Incident) Qualify(c Conclusion) Conclusion {
	if c == Conformant && i == IncidentUnasked {
		return Inconclusive
	}
	return c
}
