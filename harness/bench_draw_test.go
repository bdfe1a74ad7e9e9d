package harness_test

import (
	"testing"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
)

// BenchmarkDraw draws traces and runs none of them. An iteration is one trace.
func BenchmarkDraw(b *testing.B) {
	traces := scenarios.Consultations().Traces(models.ReferencePolicy())
	operations, seed := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		operations += len(scenarios.Draw(traces, seed).Ops)
		seed++
	}
	b.ReportMetric(float64(seed)/b.Elapsed().Seconds(), "traces/s")
	b.ReportMetric(float64(operations)/b.Elapsed().Seconds(), "operations/s")
}
