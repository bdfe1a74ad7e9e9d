package care_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// rules are those of the reference clinic.
var rules care.Rules

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
		require.NoError(t, c.Switch(&rules, care.Patient, step.mode))
		if step.media {
			c.NoteMedia()
		}
		require.Equal(t, step.now, c.SegmentNow(&rules, care.Patient), "%+v", step)
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
		require.ErrorIs(t, c.Switch(&rules, care.Patient, care.Video), care.ErrConflict)
		require.ErrorIs(t, c.Leave(&rules, care.Patient), care.ErrConflict)
		require.ErrorIs(t, c.Drop(&rules, care.Patient), care.ErrConflict)
		require.ErrorIs(t, c.Capture(&rules, care.Patient), care.ErrConflict)
		require.ErrorIs(t, c.End(&rules, care.Practitioner), care.ErrConflict)
		require.ErrorIs(t, c.End(&rules, care.Patient), care.ErrForbidden)
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
		rules    care.Rules
		now      []int // the segment before each of: audio, video, audio
		segments int
	}{
		"each stretch":                {care.Rules{Grain: care.PerSegment}, []int{1, 2, 3}, 3},
		"each stretch but audio":      {care.Rules{Grain: care.PerSegment, DiscardAudio: true}, []int{0, 1, 0}, 1},
		"the whole":                   {care.Rules{Grain: care.PerConsultation}, []int{1, 1, 1}, 1},
		"the whole but what is audio": {care.Rules{Grain: care.PerConsultation, DiscardAudio: true}, []int{0, 1, 0}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			is := going()
			for i, mode := range []care.Mode{care.Audio, care.Video, care.Audio} {
				require.NoError(t, is.Switch(&c.rules, care.Patient, mode))
				require.Equal(t, c.now[i], is.SegmentNow(&c.rules, care.Patient))
				if is.Keeps(&c.rules) {
					is.NoteMedia()
				}
			}
			require.Equal(t, c.segments, is.Segments)
		})
	}
}
