package clinic_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// settings are each other than in the reference, alone and some together, and what is declared then.
var settings = map[string]struct {
	configure func(*clinic.Config)
	declare   func(*models.Policy)
}{
	"reference":             {func(*clinic.Config) {}, func(*models.Policy) {}},
	"per consultation":      {func(c *clinic.Config) { c.Recordings = care.PerConsultation }, func(p *models.Policy) { p.Recordings = models.PerConsultation }},
	"audio is not recorded": {func(c *clinic.Config) { c.DiscardAudio = true }, func(p *models.Policy) { p.RecordAudio = false }},
	"denied":                {func(c *clinic.Config) { c.Refusal = clinic.AsDenied }, func(p *models.Policy) { p.Refusal = models.Denied }},
	"groups":                {func(c *clinic.Config) { c.Groups = true }, func(p *models.Policy) { p.Groups = true }},
	"personal links":        {func(c *clinic.Config) { c.Links = clinic.PersonalLinks }, func(p *models.Policy) { p.Links = models.PersonalLinks }},
	"a lag":                 {func(c *clinic.Config) { c.Lag = time.Millisecond }, func(p *models.Policy) { p.Lag = time.Millisecond }},
	"adults, who may end": {func(c *clinic.Config) { c.MinimumAge, c.EndPolicy = 18, care.ParticipantEnds },
		func(p *models.Policy) { p.MinAge, p.PatientMayEnd = 18, true }},
	"a choice about the course of a consultation": {func(c *clinic.Config) { c.Choices.DropLeaves = true },
		func(p *models.Policy) { *p = p.Undeclared() }},
	"most": {func(c *clinic.Config) {
		c.Recordings, c.DiscardAudio, c.Groups, c.EndPolicy = care.PerConsultation, true, true, care.ParticipantEnds
	}, func(p *models.Policy) {
		p.Recordings, p.RecordAudio, p.Groups, p.PatientMayEnd = models.PerConsultation, false, true, true
	}},
}

func TestLauncherDeclaresThePolicyThatIsConfigured(t *testing.T) {
	for name, s := range settings {
		t.Run(name, func(t *testing.T) {
			want := models.ReferencePolicy()
			s.declare(&want)
			l := clinic.Launcher{Configure: s.configure}
			require.Equal(t, want, l.Capabilities().Policy)
			target := launch(t, l)
			require.Equal(t, want, target.Capabilities().Policy)
			require.Equal(t, l.Capabilities(), target.Capabilities())
			l.Undeclared = true
			require.Equal(t, want.Undeclared(), l.Capabilities().Policy)
			require.Equal(t, l.Capabilities(), launch(t, l).Capabilities())
		})
	}
}

func TestDrawnTracesBreakNoRuleOnAClinicOfAnyPolicy(t *testing.T) {
	for name, s := range settings {
		if name == "a lag" {
			continue // how long the harness waits is not to be tested here
		}
		t.Run(name, func(t *testing.T) {
			target := launch(t, clinic.Launcher{Configure: s.configure})
			traces := scenarios.Consultations().Only(target.Capabilities()).Traces(target.Capabilities().Policy)
			for seed := range seeds(15) {
				trace := scenarios.Draw(traces, seed)
				h, err := harness.Run(t.Context(), target, models.Namespace(fmt.Sprintf("s%d", seed)), trace, nil)
				require.NoError(t, err)
				require.Empty(t, harness.Check(h).Violations, "seed %d:\n%s", seed, annotated(h))
			}
		})
	}
}

func TestOneRecordingForAWholeConsultation(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.Recordings = care.PerConsultation })
	alice, dr := b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "knee")
	alice.join(a).is(200)
	for _, mode := range []string{"audio", "video", "audio"} {
		alice.turn(a, mode).is(200)
		require.Equal(t, 1, into[api.Encounter](alice.speak(a, mode+" ").is(200)).Segment)
	}
	alice.leave(a).is(200)
	got := alice.list()
	require.Len(t, got, 1)
	require.Equal(t, api.Mode(""), got[0].Mode)
	require.Equal(t, 1, got[0].Segment)
	require.Equal(t, "audio video audio ", string(alice.play(got[0].Id).is(200).body))
	require.Equal(t, "audio video audio ", string(alice.as("GET", "/recordings/"+got[0].Id+"/transcript", nil).is(200).body))
	require.NotContains(t, string(alice.as("GET", "/recordings", nil).body), `"mode"`)
	for _, mode := range []string{"audio", "video"} {
		require.Zero(t, into[api.RecordingPage](alice.as("GET", "/recordings?mode="+mode, nil).is(200)).Total)
	}

	_, same := alice.consult(dr, 1, "hip", "hello")
	require.EqualValues(t, "video", same[0].Mode, "it was never changed")
	silent := alice.book(dr, 1, "audio", "silent")
	alice.join(silent).is(200)
	alice.turn(silent, "video").is(200)
	alice.speak(silent, "only now").is(200)
	require.Equal(t, api.Mode(""), into[api.Encounter](alice.leave(silent).is(200)).Recordings[0].Mode)
}

func TestAudioIsNotRecordedWhereItIsDiscarded(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.DiscardAudio = true })
	alice, dr := b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "knee")
	require.Zero(t, into[api.Encounter](alice.join(a).is(200)).Segment)
	alice.speak(a, "heard ").is(200)
	require.Equal(t, 1, into[api.Encounter](alice.turn(a, "video").is(200)).Segment)
	alice.speak(a, "recorded").is(200)
	require.Zero(t, into[api.Encounter](alice.turn(a, "audio").is(200)).Segment)
	alice.speak(a, "heard").is(200)
	alice.leave(a).is(200)
	got := alice.list()
	require.Len(t, got, 1)
	require.Equal(t, "recorded", string(alice.play(got[0].Id).is(200).body))

	only := alice.book(dr, 1, "audio", "hip")
	alice.join(only).is(200)
	alice.speak(only, "heard").is(200)
	require.Empty(t, into[api.Encounter](alice.leave(only).is(200)).Recordings)
	require.Len(t, alice.list(), 1)
	require.Len(t, into[api.Inbox](alice.as("GET", "/notifications", nil)).Items, 1)
}

func TestARefusalMayBeADenial(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.Refusal = clinic.AsDenied })
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	id := alice.one(dr, "knee")
	a := alice.book(dr, 99, "audio", "hip")
	for _, way := range []struct{ method, path, id string }{
		{"GET", "/recordings/%s", id}, {"GET", "/recordings/%s/content", id}, {"GET", "/recordings/%s/thumbnail", id},
		{"GET", "/recordings/%s/transcript", id}, {"DELETE", "/recordings/%s", id}, {"POST", "/recordings/%s/links", id},
		{"PUT", "/recordings/%s/shares/" + alice.id, id}, {"DELETE", "/recordings/%s/shares/" + dr.id, id},
		{"GET", "/appointments/%s", a.Id}, {"POST", "/appointments/%s/cancel", a.Id},
		{"POST", "/encounters/%s/join", a.Encounter}, {"POST", "/encounters/%s/leave", a.Encounter},
	} {
		foreign := bob.as(way.method, fmt.Sprintf(way.path, way.id), nil).is(403)
		none := bob.as(way.method, fmt.Sprintf(way.path, never), nil).is(403)
		require.Equal(t, string(none.body), string(foreign.body), way)
	}
	bob.as("HEAD", "/recordings/"+id+"/content", nil).is(403)
	alice.share(id, user{bench: b, id: never}).is(404)
	user{bench: b}.as("GET", "/links/unknown", nil).is(404)
	alice.as("DELETE", "/recordings/"+id, nil).is(204)
	require.Equal(t, string(bob.as("GET", "/recordings/"+never, nil).body), string(alice.as("GET", "/recordings/"+id, nil).is(403).body))
}

func TestARecordingAppearsAfterTheLag(t *testing.T) {
	now := noon
	b := newBench(t, func(c *clinic.Config) { c.Lag, c.Now = time.Minute, func() time.Time { return now } })
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	_, recordings := alice.consult(dr, 1, "knee", "hello")
	id := recordings[0].Id
	alice.appoint(bob).is(204)
	all := map[string]string{"knee": id}
	for _, now = range []time.Time{noon, noon.Add(time.Minute - 1)} {
		for _, u := range []user{alice, bob, dr} {
			u.sees(all)
		}
		alice.share(id, bob).is(404)
		alice.as("DELETE", "/recordings/"+id, nil).is(404)
		alice.as("POST", "/recordings/"+id+"/links", nil).is(404)
		require.Empty(t, into[api.Inbox](alice.as("GET", "/notifications", nil).is(200)).Items)
		require.Empty(t, into[api.Export](alice.as("GET", "/export", nil).is(200)).Recordings)
	}
	now = noon.Add(time.Minute)
	for _, u := range []user{alice, bob, dr} {
		u.sees(all, "knee")
	}
	alice.link(id)
	require.Len(t, into[api.Inbox](alice.as("GET", "/notifications", nil).is(200)).Items, 1)
	require.Len(t, into[api.Export](alice.as("GET", "/export", nil).is(200)).Recordings, 1)
}
