package scenarios

import (
	"testing"

	"github.com/telehealth-conformance/crosstalk/models"
)

func BenchmarkDraw(b *testing.B) {
	g := Consultations().Traces(models.ReferencePolicy())
	n := 0
	for i := 0; b.Loop(); i++ {
		n += len(Draw(g, i).Ops)
	}
	b.ReportMetric(float64(n)/float64(b.N), "ops/trace")
}
