package models_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// recorded is the state after bob's consultation was recorded and alice came.
func recorded(t *testing.T) *models.State {
	t.Helper()
	trace, err := models.Parse(`alice = patient()
bob = patient()
dr1 = clinician()
b1 = bob.book(dr1, video)
bob.join(b1)
bob.speak(b1)
bob.leave(b1)
`)
	require.NoError(t, err)
	policy := models.ReferencePolicy()
	state := models.NewState(&policy)
	for _, c := range trace.Calls() {
		state = state.Step(c, state.Expect(c))
	}
	return state
}

func TestAnUnknownOutcomeLeavesOpenWhatItWasAskedFor(t *testing.T) {
	state := recorded(t)
	for text, want := range map[string]models.Exposure{
		"alice.list()":                 {Level: models.Presented, Path: models.PathList},
		"alice.inbox()":                {Level: models.Presented, Path: models.PathInbox},
		"alice.play(b1.r1)":            {Level: models.Obtained, Path: models.PathContent},
		"alice.play(b1.r1, range=0-9)": {Level: models.Viewed, Path: models.PathContent},
		"alice.thumb(b1.r1)":           {Level: models.Previewed, Path: models.PathThumb},
		"l1 = alice.link(b1.r1)":       {Level: models.Obtained, Path: models.PathLink},
		"alice.delete(b1.r1)":          {Level: models.Controlled, Path: models.PathRecording},
		"alice.join(b1)":               {Level: models.Controlled, Path: models.PathEncounter, Recording: "b1"},
	} {
		t.Run(text, func(t *testing.T) {
			op, err := models.ParseOperation(text)
			require.NoError(t, err)
			o := &models.Observation{Before: state, Call: models.Call{Step: 8, Op: op}, Got: models.Response{Outcome: models.Unknown}}
			want.Viewer, want.Owner = "alice", "bob"
			if want.Recording == "" {
				want.Recording = "b1.r1"
			}
			require.Equal(t, []models.Exposure{want}, o.Possible())
			for _, outcome := range []models.Outcome{models.OK, models.Missing, models.Unavailable, models.Unbound} {
				o.Got.Outcome = outcome
				require.Empty(t, o.Possible(), outcome)
			}
		})
	}
}

func TestAnUnknownOutcomeLeavesNothingOpenOfOnesOwn(t *testing.T) {
	state := recorded(t)
	for _, text := range []string{"bob.list()", "bob.play(b1.r1)", "bob.delete(b1.r1)", "dr1.get(b1.r1)", "alice.get(?1)", "alice.login()"} {
		op, err := models.ParseOperation(text)
		require.NoError(t, err)
		o := &models.Observation{Before: state, Call: models.Call{Step: 8, Op: op}, Got: models.Response{Outcome: models.Unknown}}
		require.Empty(t, o.Possible(), text)
	}
}

func TestEveryExposureIsListedWhereAskedFor(t *testing.T) {
	state := recorded(t)
	op, err := models.ParseOperation("alice.list()")
	require.NoError(t, err)
	rows := make([]models.Row, models.MaxExposures+50)
	for i := range rows {
		rows[i] = models.Row{Tag: models.Tag{World: "w0", Booking: models.BookingHandle(i + 1)}, Page: 1}
	}
	o := &models.Observation{World: "w1", Before: state, Call: models.Call{Step: 8, Op: op},
		Got: models.Response{Outcome: models.OK, Listing: &models.Listing{Rows: rows, Pages: 1}}}
	for listed, findings := range map[int]*models.Findings{models.MaxExposures: models.NewFindings(), len(rows): models.NewFindings().ListAll()} {
		findings.Observe(o)
		v := findings.Violations()[0]
		require.Len(t, v.Exposures, listed)
		require.Equal(t, len(rows)-listed, v.More)
	}
}
