package harness

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
)

// pursueOthers confirms and reduces the first violation of each rule that the
// traces reduced so far do not break: what they show already needs no trace of
// its own.
func (e *explorer) pursueOthers(ctx context.Context, r *Result) error {
	shown := make(map[string]bool)
	if r.Found != nil {
		shown[r.Found.Violation.Rule] = true
	}
	showAll(shown, r.Minimal)
	for _, rule := range models.Rules() {
		s := e.first[rule.ID]
		if s == nil || shown[rule.ID] {
			continue
		}
		c := Case{Found: e.asFound(s)}
		var err error
		if !e.options.Unreduced {
			c.Found.Reproduced, c.Minimal, err = e.pursue(ctx, s)
		}
		r.Others = append(r.Others, c)
		if err != nil {
			return err
		}
		shown[rule.ID] = true
		showAll(shown, c.Minimal)
	}
	return nil
}

// showAll notes the rules that a minimal trace breaks.
func showAll(shown map[string]bool, m *reduce.Minimal) {
	if m == nil {
		return
	}
	for _, v := range m.Verdict.Violations {
		shown[v.Rule] = true
	}
}
