package rightful_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

// drawn returns how many traces each clinic is tried with.
func drawn() int {
	if testing.Short() {
		return 1
	}
	return 4
}

func TestNoChoiceShowsWhatIsAnothersOrLosesWhatWasRecorded(t *testing.T) {
	t.Parallel()
	for _, choice := range rightful.Choices() {
		t.Run(choice.Slug, func(t *testing.T) { requireRight(t, rightful.Combination{choice}) })
	}
}

func TestNoCombinationShowsWhatIsAnothersOrLosesWhatWasRecorded(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		combination := rightful.Combine(seed)
		t.Run(combination.Name(), func(t *testing.T) { requireRight(t, combination) })
	}
}

// requireRight performs drawn traces and requires of every answer that it is no failure and shows nobody what only others
// may see, and of what the patients have in the end that all is there which was said in completed consultations.
func requireRight(t *testing.T, made rightful.Combination) {
	t.Helper()
	keeps := !slices.ContainsFunc(made, recordsLess)
	caps := clinic.Launcher{}.Capabilities()
	if keeps {
		caps = targets.Without(caps, models.KindDelete, models.KindClose)
	}
	traces := scenarios.Consultations().Only(caps).Traces(caps.Policy)
	for seed := range drawn() {
		trace := scenarios.Draw(traces, seed)
		trace.Ops = append(trace.Ops, inTheEnd(trace)...)
		all := apply(t, made.Apply, trace)
		requireOwn(t, trace, all)
		if keeps {
			requireWhole(t, trace, all)
		}
	}
}

// recordsLess tells whether a choice is to record less, or to hand less out in an export.
func recordsLess(c rightful.Choice) bool {
	return slices.Contains([]string{"recorded-from-clinician", "recorded-while-both", "audio-not-recorded", "restart-loses", "export-of-rows"}, c.Slug)
}

// inTheEnd has each patient log in and export what they have.
func inTheEnd(trace models.Trace) []models.Operation {
	end := []models.Operation{models.Replays{On: true}}
	for _, op := range trace.Ops {
		if p, ok := op.(models.Patient); ok {
			end = append(end, models.Login{ByUser: models.ByUser{User: p.Name}}, models.Export{ByUser: models.ByUser{User: p.Name}})
		}
	}
	return end
}

// requireOwn requires that nobody is shown a recording but those who were in its consultation, or were named by its patient
// at some time. What a link leads to may be seen by whoever has the link.
func requireOwn(t *testing.T, trace models.Trace, all []models.Response) {
	t.Helper()
	may := maySee(trace)
	for i, r := range all {
		if trace.Ops[i].Kind() == models.KindOpen {
			continue
		}
		for _, tag := range shown(r) {
			require.Contains(t, may[tag.Booking], trace.Ops[i].Actor(), "%s is shown %s's\n%s", trace.Ops[i].Actor(), tag.Booking, trace)
		}
	}
}

// maySee returns, by booking, who may ever see what is recorded of it.
func maySee(trace models.Trace) map[models.Handle][]models.Handle {
	may, patients := map[models.Handle][]models.Handle{}, map[models.Handle]models.Handle{}
	for _, op := range trace.Ops {
		if b, ok := op.(models.Book); ok {
			may[b.Booking], patients[b.Booking] = []models.Handle{b.User, b.Clinician, b.With}, b.User
		}
	}
	for _, op := range trace.Ops {
		switch op := op.(type) {
		case models.Share:
			may[op.Recording.Booking()] = append(may[op.Recording.Booking()], op.Peer)
		case models.Appoint:
			for booking, patient := range patients {
				if patient == op.User {
					may[booking] = append(may[booking], op.Proxy)
				}
			}
		}
	}
	return may
}

// shown are the tags that a response shows.
func shown(r models.Response) []models.Tag {
	var tags []models.Tag
	if r.Listing != nil {
		for _, row := range r.Listing.Rows {
			tags = append(tags, row.Tag)
		}
	}
	if r.Row != nil {
		tags = append(tags, r.Row.Tag)
	}
	if r.Content != nil {
		for _, piece := range r.Content.Pieces {
			tags = append(tags, piece.Tag)
		}
	}
	return tags
}

// requireWhole requires that the exports hold every moment that was captured in a consultation that is completed.
func requireWhole(t *testing.T, trace models.Trace, all []models.Response) {
	t.Helper()
	said, exported := map[models.Handle][]int{}, map[string]bool{}
	status := map[models.Handle]models.EncounterStatus{}
	for i, op := range trace.Ops {
		r := all[i]
		if r.Outcome != models.OK {
			continue
		}
		on := op.Uses()
		if r.Encounter != nil {
			status[on] = r.Encounter.Status
		}
		switch op.Kind() {
		case models.KindSpeak:
			said[on] = append(said[on], i+1)
		case models.KindExport:
			for _, tag := range shown(r) {
				exported[fmt.Sprint(tag.Booking, tag.Moment)] = true
			}
		}
	}
	for booking, moments := range said {
		for _, moment := range moments {
			if status[booking] == models.Completed {
				require.True(t, exported[fmt.Sprint(booking, moment)], "%s at %d is lost\n%s", booking, moment, trace)
			}
		}
	}
}

func TestACombinationIsTheSameForTheSameSeedAndContradictsItselfNowhere(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(200) {
		made := rightful.Combine(seed)
		require.Equal(t, made.Name(), rightful.Combine(seed).Name())
		require.GreaterOrEqual(t, len(made), 2)
		for i, one := range made {
			for _, other := range made[:i] {
				require.False(t, rightful.Contradict(one, other), "%s", made.Name())
			}
			seen[one.Slug] = true
		}
	}
	require.Len(t, seen, len(rightful.Choices()), "every choice is drawn")
}
