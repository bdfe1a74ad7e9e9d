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
			c.NoteMedia(care.Capturing{})
		}
		require.Equal(t, step.now, c.SegmentNow(care.Capturing{}), "%+v", step)
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

func TestWhoTakesPartInWhichRole(t *testing.T) {
	c := care.Consultation{Patient: "a", Practitioner: "b"}
	for who, want := range map[care.Caller]care.Role{
		{ID: "a", Role: care.Patient}:      care.Patient,
		{ID: "b", Role: care.Practitioner}: care.Practitioner,
		{ID: "a", Role: care.Practitioner}: "",
		{ID: "c", Role: care.Patient}:      "",
		{Role: care.Patient}:               "",
		{}:                                 "",
	} {
		role, err := c.RoleOf(who)
		require.Equal(t, want, role, "%+v", who)
		require.Equal(t, want == "", err != nil)
	}
	c.Guest = "c"
	role, err := c.RoleOf(care.Caller{ID: "c", Role: care.Patient})
	require.NoError(t, err)
	require.Equal(t, care.Guest, role)
	_, err = c.RoleOf(care.Caller{ID: "c", Role: care.Practitioner})
	require.ErrorIs(t, err, care.ErrNotFound)
}

func TestWhatIsRecordedAndHowItIsCut(t *testing.T) {
	for name, c := range map[string]struct {
		policy   care.Capturing
		now      []int // the segment before each of: audio, video, audio
		segments int
	}{
		"each stretch":                {care.Capturing{Grain: care.PerSegment}, []int{1, 2, 3}, 3},
		"each stretch but audio":      {care.Capturing{Grain: care.PerSegment, DiscardAudio: true}, []int{0, 1, 0}, 1},
		"the whole":                   {care.Capturing{Grain: care.PerConsultation}, []int{1, 1, 1}, 1},
		"the whole but what is audio": {care.Capturing{Grain: care.PerConsultation, DiscardAudio: true}, []int{0, 1, 0}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			is := going()
			for i, mode := range []care.Mode{care.Audio, care.Video, care.Audio} {
				_, err := is.Switch(care.Patient, mode)
				require.NoError(t, err)
				require.Equal(t, c.now[i], is.SegmentNow(c.policy))
				if c.policy.Keeps(mode) {
					is.NoteMedia(c.policy)
				}
			}
			require.Equal(t, c.segments, is.Segments)
		})
	}
}
