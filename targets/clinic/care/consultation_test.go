package care_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func going() care.Consultation {
	return care.Consultation{Status: care.InProgress, Mode: care.Audio, Booked: care.Audio, Stretch: 1,
		PatientPresence: care.Present}
}

func TestOnlyStretchesWithMediaHaveANumber(t *testing.T) {
	c := going()
	for _, step := range []struct {
		mode  care.Mode
		media bool
		now   int
	}{{care.Audio, false, 1}, {care.Video, false, 1}, {care.Audio, true, 1}, {care.Audio, true, 1}, {care.Video, false, 2},
		{care.Audio, true, 2}} {
		_, err := c.Switch(care.Patient, step.mode)
		require.NoError(t, err)
		if step.media {
			c.NoteMedia()
		}
		require.Equal(t, step.now, c.SegmentNow(), "%+v", step)
	}
	require.Equal(t, 2, c.Segments)
	require.Equal(t, 5, c.Stretch)
	require.Equal(t, care.Audio, c.Booked)
}

func TestARefusedStepChangesNothing(t *testing.T) {
	for status, presence := range map[care.Status]care.Presence{
		care.Planned: care.Away, care.Completed: care.Away, care.Cancelled: care.Away, care.InProgress: care.Dropped} {
		c := care.Consultation{Status: status, PatientPresence: presence, PractitionerPresence: presence, Mode: care.Audio}
		before := c
		_, err := c.Switch(care.Patient, care.Video)
		require.ErrorIs(t, err, care.ErrConflict)
		require.ErrorIs(t, c.Leave(care.Patient), care.ErrConflict)
		require.ErrorIs(t, c.Drop(care.Patient), care.ErrConflict)
		require.ErrorIs(t, c.Capture(care.Patient), care.ErrConflict)
		require.ErrorIs(t, c.End(care.Practitioner, care.PractitionerEnds), care.ErrConflict)
		require.ErrorIs(t, c.End(care.Patient, care.PractitionerEnds), care.ErrForbidden)
		require.Equal(t, before, c)
	}
}

func TestNobodyWithoutAnIdOwnsARecording(t *testing.T) {
	require.False(t, care.Recording{}.BelongsTo(care.Caller{Role: care.Patient}))
	require.False(t, care.Recording{}.BelongsTo(care.Caller{Role: care.Practitioner}))
	require.False(t, care.Recording{Subject: "a", Practitioner: "b"}.BelongsTo(care.Caller{ID: "a", Role: care.Practitioner}))
	require.True(t, care.Recording{Subject: "a", Practitioner: "b"}.BelongsTo(care.Caller{ID: "b", Role: care.Practitioner}))
}
