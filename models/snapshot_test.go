package models_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// after is the state of a correct service after a trace.
func after(t *testing.T, text string) *models.State {
	t.Helper()
	trace, err := models.Parse(text)
	require.NoError(t, err)
	policy := models.ReferencePolicy()
	s := models.NewState(&policy)
	for _, c := range trace.Calls() {
		s = s.Step(c, s.Expect(c))
	}
	return s
}

func TestASnapshotTellsWhatTheModelKnows(t *testing.T) {
	got := after(t, `alice = patient()
bob = patient()
dr1 = clinician()
b1 = alice.book(dr1, audio)
alice.join(b1)
dr1.join(b1)
alice.switch(b1, video)
alice.speak(b1)
dr1.drop(b1)
b2 = bob.book(dr1, video, slot=2)
alice.appoint(bob)
bob.logout()
`).Snapshot()
	require.Equal(t, models.Snapshot{
		Users: []models.UserSnapshot{
			{Handle: "alice", LoggedIn: true, Proxies: []models.Handle{"bob"}}, {Handle: "bob"},
			{Handle: "dr1", Clinician: true, LoggedIn: true},
		},
		Bookings: []models.BookingSnapshot{
			{Handle: "b1", Patient: "alice", Clinician: "dr1", Slot: 1, Status: models.InProgress, Booked: models.Audio, Mode: models.Video,
				Switches: 1, Present: []models.Handle{"alice"}, Dropped: []models.Handle{"dr1"}, Spoken: []int{8}},
			{Handle: "b2", Patient: "bob", Clinician: "dr1", Slot: 2, Status: models.Planned, Booked: models.Video, Mode: models.Video},
		},
	}, got)
}

func TestASnapshotTellsOfRecordingsAndLinks(t *testing.T) {
	s := after(t, `alice = patient()
bob = patient()
dr1 = clinician()
b1 = alice.book(dr1, video)
alice.join(b1)
alice.speak(b1)
alice.switch(b1, audio)
alice.speak(b1)
alice.leave(b1)
l1 = alice.link(b1.r2)
alice.share(b1.r2, bob)
alice.delete(b1.r1)
operator.replays(off)
service.restart()
`)
	got := s.Snapshot()
	require.Equal(t, []models.RecordingSnapshot{
		{Handle: "b1.r1", Owner: "alice", Mode: models.Video, Size: models.MediaSize, Spoken: []int{6}, Deleted: true},
		{Handle: "b1.r2", Owner: "alice", Mode: models.Audio, Size: models.MediaSize, Spoken: []int{8}, Shared: []models.Handle{"bob"}},
	}, got.Recordings)
	require.Equal(t, []models.LinkSnapshot{{Handle: "l1", Recording: "b1.r2", Maker: "alice"}}, got.Links)
	require.True(t, got.ReplaysOff)
	require.Equal(t, 1, got.Restarts)
	for handle, step := range map[models.Handle]int{"b1.r1": 6, "b1.r2": 8, "b1": 6, "b1.r3": 0, "b9.r1": 0, "?1": 0} {
		require.Equal(t, step, s.Made(handle), handle)
	}
}

func TestChangesAreWhatIsOtherThanBefore(t *testing.T) {
	before := `alice = patient()
bob = patient()
dr1 = clinician()
b1 = alice.book(dr1, video)
b2 = bob.book(dr1, video, slot=2)
alice.join(b1)
alice.speak(b1)
`
	s := after(t, before)
	require.Equal(t, models.Snapshot{}, s.Changes(after(t, before)))
	left := after(t, before+"alice.leave(b1)\n").Changes(s)
	require.Empty(t, left.Users)
	require.Len(t, left.Bookings, 1)
	require.Equal(t, models.Completed, left.Bookings[0].Status)
	require.Equal(t, models.Handle("b1.r1"), left.Recordings[0].Handle)
	require.Equal(t, models.Snapshot{Gone: []models.Handle{"b1.r1"}}.Gone, s.Changes(after(t, before+"alice.leave(b1)\n")).Gone)
	require.Equal(t, []models.UserSnapshot{{Handle: "bob"}}, after(t, before+"bob.logout()\n").Changes(s).Users)
}
