package process_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/process"
)

// BenchmarkRoundTrip asks the fake adapter, which is written in Go and answers at
// once, for the same listing again and again.
func BenchmarkRoundTrip(b *testing.B) {
	c := fake(b, "agrees")
	c.Messages = nil
	l, err := process.Open(b.Context(), c)
	require.NoError(b, err)
	target, err := l.Launch(b.Context())
	require.NoError(b, err)
	w, err := target.Open(b.Context(), "w")
	require.NoError(b, err)
	for i, op := range parse(b, "alice = patient()").Ops {
		_, err := w.Apply(b.Context(), models.Call{Step: i + 1, Op: op})
		require.NoError(b, err)
	}
	list := models.Call{Step: 2, Op: models.List{ByUser: models.ByUser{User: "alice"}}}
	for b.Loop() {
		if _, err := w.Apply(b.Context(), list); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "trips/s")
	require.NoError(b, target.Close())
	require.NoError(b, l.Close())
}
