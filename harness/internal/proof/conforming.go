package proof

import (
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// RightRow is what exploring a service that conforms has shown.
type RightRow struct {
	Service string           `json:"service"`
	What    string           `json:"what"` // is unusual about it
	Verdict judge.Conclusion `json:"verdict"`
	Traces  int              `json:"traces"`
	// Exercised of Applicable MUST rules were asked.
	Exercised  int           `json:"exercised"`
	Applicable int           `json:"applicable"`
	Elapsed    time.Duration `json:"elapsedNanos"`
	// Violation is that of which it was accused, if it was.
	Violation string `json:"violation,omitempty"`
}

// newRightRow is the row of a service that conforms.
func newRightRow(service, what string, r *harness.Result) RightRow {
	row := RightRow{Service: service, What: what, Verdict: r.Verdict, Traces: r.Traces, Elapsed: r.Elapsed}
	for _, rule := range r.Rules {
		if rule.Level != "MUST" || rule.Verdict == judge.NotApplicable {
			continue
		}
		row.Applicable++
		if rule.Checks > 0 {
			row.Exercised++
		}
	}
	if r.Found != nil {
		row.Violation = r.Found.Violation.Signature.String()
	}
	return row
}

// passes reports whether a service was cleared with every rule exercised.
func (r *RightRow) passes() bool {
	return r.Verdict == judge.Conformant && r.Violation == "" && r.Exercised == r.Applicable
}

// Drawn is what drawing has drawn.
type Drawn struct {
	Traces int `json:"traces"`
	// Kinds of AllKinds operations were drawn, and Pairs of AllPairs of two in a
	// row.
	Kinds    int `json:"kinds"`
	AllKinds int `json:"allKinds"`
	Pairs    int `json:"pairs"`
	AllPairs int `json:"allPairs"`
}

// newDrawn counts what is in traces.
func newDrawn(traces func(yield func(models.Trace) bool)) *Drawn {
	all := len(models.Kinds())
	d := &Drawn{AllKinds: all, AllPairs: all * all}
	kinds, pairs := make(map[models.Kind]bool), make(map[[2]models.Kind]bool)
	for t := range traces {
		d.Traces++
		for i, op := range t.Ops {
			kinds[op.Kind()] = true
			if i > 0 {
				pairs[[2]models.Kind{t.Ops[i-1].Kind(), op.Kind()}] = true
			}
		}
	}
	d.Kinds, d.Pairs = len(kinds), len(pairs)
	return d
}

// right writes what exploring services that conform has shown.
func (p *page) right(services []RightRow) {
	if len(services) == 0 {
		return
	}
	rows := [][]string{{"conforming service", "verdict", "traces", "MUST rules", "took", "what is unusual about it"}}
	for _, r := range services {
		verdict := string(r.Verdict)
		if r.Violation != "" {
			verdict += ": " + r.Violation
		}
		rows = append(rows, []string{r.Service, verdict, wording.Grouped(r.Traces), fmt.Sprintf("%d of %d asked", r.Exercised, r.Applicable), wording.Elapsed(r.Elapsed), r.What})
	}
	p.Blank()
	p.Table("", rows)
}
