package evidence_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
)

func TestWhatIsNeededIsSaidAsItsCertificateProvesIt(t *testing.T) {
	rate := &reduce.Rate{Failed: 5, Runs: 60}
	row, perhaps := reduce.Omission{Runs: 1}, reduce.Omission{Runs: 60, Shown: 2, Whole: rate, P: 0.219, Perhaps: true}
	for want, c := range map[string]reduce.Certificate{
		"2 operations, every one of them is needed":                                      {Runs: reduce.Rate{Failed: 3, Runs: 3}, Without: []reduce.Omission{row, row}, On: reduce.Fresh},
		"2 operations, 1 of them perhaps not needed":                                     {Runs: *rate, Without: []reduce.Omission{row, perhaps}},
		"2 operations, perhaps not all of them needed: the reduction was not finished":   {},
		"2 operations, perhaps not all of them needed: the violation did not show again": {Runs: reduce.Rate{Runs: 60}, Without: []reduce.Omission{perhaps, perhaps}},
		"2 operations, perhaps not all of them needed: nothing can be certified on a service that is not reset where earlier runs have a part in it": {
			Runs: reduce.Rate{Failed: 3, Runs: 3}, Without: []reduce.Omission{row, row}, On: reduce.Leftovers},
	} {
		m := &reduce.Minimal{Trace: models.Trace{Ops: make([]models.Operation, 2)}, Certificate: c}
		require.Equal(t, want, evidence.Need(m))
	}
	require.Equal(t, "does not show, 1 run", evidence.CameOfIt(&row))
	require.Equal(t, "2 of 60, whole 5 of 60, p=0.22: perhaps not needed", evidence.CameOfIt(&perhaps))
}
