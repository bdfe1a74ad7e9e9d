package proof

import (
	"context"
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

// ChoiceRow is what exploring a clinic with choices of its own has shown, which
// declares none of them.
type ChoiceRow struct {
	Choices string        `json:"choices"`
	Traces  int           `json:"traces"`
	Checks  int           `json:"checks"`
	Unknown int           `json:"inconclusive"` // checks besides, whose answer nobody could tell
	Elapsed time.Duration `json:"elapsedNanos"`
	// Violation is that of which it was accused, if it was.
	Violation string `json:"violation,omitempty"`
}

// NewChoiceRow is the row of a clinic with choices.
func NewChoiceRow(choices string, r *harness.Result) ChoiceRow {
	row := ChoiceRow{Choices: choices, Traces: r.Traces, Elapsed: r.Elapsed}
	for _, rule := range r.Rules {
		row.Checks += rule.Checks
		row.Unknown += rule.Inconclusive
	}
	if r.Found != nil {
		row.Violation = r.Found.Violation.Signature.String()
	}
	return row
}

// Share is the share of checks that were inconclusive.
func (r *ChoiceRow) Share() float64 {
	if r.Checks+r.Unknown == 0 {
		return 0
	}
	return float64(r.Unknown) / float64(r.Checks+r.Unknown)
}

// The extent of the proof of choices.
const (
	choiceTraces = 500 // of each clinic with choices
	combinations = 50  // of choices, by their seeds
)

// choosing explores the clinics with choices, one at a time and in combinations.
func (p *Prover) choosing(ctx context.Context, t *Table) error {
	var all []rightful.Combination
	for _, choice := range rightful.Choices() {
		all = append(all, rightful.Combination{choice})
	}
	for seed := range uint64(combinations) {
		all = append(all, rightful.Combine(seed))
	}
	for i, made := range all {
		o := p.Options
		o.Traces, o.Strict = choiceTraces, true
		l := clinic.Launcher{Configure: made.Apply, Label: made.Name()}
		r, err := p.Explore(ctx, fmt.Sprintf("choices (%d of %d)", i+1, len(all)), l, o)
		if r != nil {
			t.Choices = append(t.Choices, NewChoiceRow(made.Name(), r))
		}
		if err != nil {
			return fmt.Errorf("choices %s: %w", made.Name(), err)
		}
	}
	return nil
}

// choices writes what exploring clinics with choices has shown.
func (p *page) choices(all []ChoiceRow) {
	if len(all) == 0 {
		return
	}
	rows := [][]string{{"choices, none declared", "verdict", "traces", "checks", "inconclusive", "took"}}
	for _, r := range all {
		verdict := "not accused"
		if r.Violation != "" {
			verdict = r.Violation
		}
		rows = append(rows, []string{r.Choices, verdict, wording.Grouped(r.Traces), wording.Grouped(r.Checks),
			fmt.Sprintf("%.1f%%", 100*r.Share()), wording.Elapsed(r.Elapsed)})
	}
	p.Blank()
	p.Table("", rows)
}
