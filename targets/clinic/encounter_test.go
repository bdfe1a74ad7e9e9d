package clinic_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func TestASlotIsTakenWhileItsAppointmentIsBookedOrArrived(t *testing.T) {
	b := newBench(t)
	alice, bob, dr1, dr2 := b.patient(), b.patient(), b.practitioner(), b.practitioner()
	again := func(dr user, slot int) int {
		return bob.as("POST", "/appointments", map[string]any{"practitioner": dr.id, "slot": slot, "mode": "audio"}).status
	}
	a := alice.book(dr1, 1, "audio", "")
	require.Equal(t, 409, again(dr1, 1), "booked")
	require.Equal(t, 201, again(dr1, 2), "another slot")
	require.Equal(t, 201, again(dr2, 1), "another practitioner")
	alice.join(a).is(200)
	require.Equal(t, 409, again(dr1, 1), "arrived")
	alice.leave(a).is(200)
	require.Equal(t, 201, again(dr1, 1), "fulfilled")
	c := alice.book(dr1, 3, "audio", "")
	alice.as("POST", "/appointments/"+c.Id+"/cancel", nil).is(200)
	require.Equal(t, 201, again(dr1, 3), "cancelled")
}

func TestWhoMayBookWhat(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	for name, c := range map[string]struct {
		who    user
		body   map[string]any
		status int
	}{
		"a practitioner":             {dr, map[string]any{"practitioner": dr.id, "slot": 1, "mode": "audio"}, 403},
		"nobody":                     {user{bench: b}, map[string]any{"practitioner": dr.id, "slot": 1, "mode": "audio"}, 401},
		"with a patient":             {alice, map[string]any{"practitioner": bob.id, "slot": 1, "mode": "audio"}, 422},
		"with nobody":                {alice, map[string]any{"slot": 1, "mode": "audio"}, 422},
		"slot 0":                     {alice, map[string]any{"practitioner": dr.id, "slot": 0, "mode": "audio"}, 422},
		"a slot that is a text":      {alice, map[string]any{"practitioner": dr.id, "slot": "1", "mode": "audio"}, 422},
		"a mode that is none":        {alice, map[string]any{"practitioner": dr.id, "slot": 1, "mode": "fax"}, 422},
		"a field that is none":       {alice, map[string]any{"practitioner": dr.id, "slot": 1, "mode": "audio", "x": 1}, 422},
		"a description of 257":       {alice, map[string]any{"practitioner": dr.id, "slot": 1, "mode": "audio", "description": strings.Repeat("é", 257)}, 422},
		"a description of 256 is ok": {alice, map[string]any{"practitioner": dr.id, "slot": 1, "mode": "audio", "description": strings.Repeat("é", 256)}, 201},
	} {
		t.Run(name, func(t *testing.T) {
			b.doWild("POST", "/appointments", c.who.token, c.body).is(c.status)
		})
	}
}

func TestAnAppointmentIsKnownToItsTwoOnly(t *testing.T) {
	b := newBench(t)
	alice, bob, dr1, dr2 := b.patient(), b.patient(), b.practitioner(), b.practitioner()
	a := alice.book(dr1, 1, "audio", "knee")
	require.Equal(t, a, into[api.Appointment](alice.as("GET", "/appointments/"+a.Id, nil).is(200)))
	require.Equal(t, a, into[api.Appointment](dr1.as("GET", "/appointments/"+a.Id, nil).is(200)))
	for _, stranger := range []user{bob, dr2} {
		stranger.as("GET", "/appointments/"+a.Id, nil).is(404)
		stranger.as("POST", "/appointments/"+a.Id+"/cancel", nil).is(404)
		for _, verb := range []string{"join", "drop", "leave", "end"} {
			stranger.step(a, verb).is(404)
		}
		stranger.turn(a, "video").is(404)
		stranger.speak(a, "hello").is(404)
	}
	require.Equal(t, a, into[api.Appointment](alice.as("GET", "/appointments/"+a.Id, nil).is(200)), "nothing has changed")
	dr1.as("POST", "/appointments/"+a.Id+"/cancel", nil).is(200)
	require.EqualValues(t, "cancelled", into[api.Appointment](alice.as("GET", "/appointments/"+a.Id, nil).is(200)).Status)
	alice.as("POST", "/appointments/"+a.Id+"/cancel", nil).is(409)
	alice.join(a).is(409)
}

// deed is a step of the patient (p) or the practitioner (d), and the status it is answered with.
type deed struct {
	who, verb string
	status    int
}

func TestTheLifeOfAnEncounter(t *testing.T) {
	for name, life := range map[string][]deed{
		"nothing before somebody joins": {{"p", "drop", 409}, {"p", "leave", 409}, {"d", "end", 409}, {"p", "speak", 409}, {"p", "video", 409}},
		"joined twice":                  {{"p", "join", 200}, {"p", "join", 409}, {"d", "join", 200}},
		"dropped and back":              {{"p", "join", 200}, {"p", "drop", 200}, {"p", "drop", 409}, {"p", "speak", 409}, {"p", "leave", 409}, {"p", "join", 200}, {"p", "speak", 200}},
		"left and back":                 {{"p", "join", 200}, {"d", "join", 200}, {"p", "leave", 200}, {"p", "speak", 409}, {"p", "join", 200}, {"p", "video", 200}},
		"the last to leave completes":   {{"p", "join", 200}, {"d", "join", 200}, {"p", "leave", 200}, {"d", "leave", 200}, {"p", "join", 409}, {"d", "end", 409}},
		"waits for the dropped":         {{"p", "join", 200}, {"d", "join", 200}, {"p", "drop", 200}, {"d", "leave", 200}, {"p", "join", 200}, {"p", "leave", 200}, {"p", "join", 409}},
		"the practitioner ends":         {{"p", "join", 200}, {"d", "end", 409}, {"d", "join", 200}, {"p", "end", 403}, {"d", "end", 200}, {"p", "speak", 409}, {"p", "join", 409}},
		"a patient never may end":       {{"p", "end", 403}},
		"not cancelled once begun":      {{"p", "join", 200}, {"p", "cancel", 409}, {"p", "leave", 200}, {"d", "cancel", 409}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			patient, practitioner := b.patient(), b.practitioner()
			a := patient.book(practitioner, 1, "audio", "")
			for i, d := range life {
				who := map[string]user{"p": patient, "d": practitioner}[d.who]
				require.Equal(t, d.status, who.try(a, d.verb).status, "step %d: %v", i+1, d)
			}
		})
	}
}

func (u user) try(a api.Appointment, verb string) answer {
	u.t.Helper()
	switch verb {
	case "speak":
		return u.speak(a, "hello")
	case "audio", "video":
		return u.turn(a, verb)
	case "cancel":
		return u.as("POST", "/appointments/"+a.Id+"/cancel", nil)
	default:
		return u.step(a, verb)
	}
}

func TestWhatAnEncounterSaysOfItself(t *testing.T) {
	b := newBench(t)
	alice, dr := b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "knee")
	says := func(got answer, status, mode string, segment int, present ...string) {
		t.Helper()
		e := into[api.Encounter](got.is(200))
		require.Equal(t, a.Encounter, e.Id)
		require.Equal(t, a.Id, e.Appointment)
		require.EqualValues(t, status, e.Status)
		require.EqualValues(t, mode, e.Mode)
		require.Equal(t, segment, e.Segment)
		var participants []string
		for _, p := range e.Participants {
			participants = append(participants, string(p.Role)+" "+string(p.Status))
		}
		require.Equal(t, present, participants)
	}
	says(alice.join(a), "in-progress", "audio", 1, "patient present")
	says(alice.turn(a, "audio"), "in-progress", "audio", 1, "patient present")
	says(alice.speak(a, "x"), "in-progress", "audio", 1, "patient present")
	says(alice.turn(a, "video"), "in-progress", "video", 2, "patient present")
	says(alice.turn(a, "audio"), "in-progress", "audio", 2, "patient present")
	says(dr.join(a), "in-progress", "audio", 2, "patient present", "practitioner present")
	says(alice.drop(a), "in-progress", "audio", 2, "patient dropped", "practitioner present")
	says(dr.speak(a, "y"), "in-progress", "audio", 2, "patient dropped", "practitioner present")
	arrived := into[api.Appointment](alice.as("GET", "/appointments/"+a.Id, nil).is(200))
	require.EqualValues(t, "arrived", arrived.Status)
	require.EqualValues(t, "audio", arrived.Mode)

	ended := dr.end(a)
	says(ended, "completed", "audio", 0)
	require.Equal(t, alice.list(), into[api.Encounter](ended).Recordings)
	require.Len(t, alice.list(), 2)
	require.EqualValues(t, "fulfilled", into[api.Appointment](dr.as("GET", "/appointments/"+a.Id, nil).is(200)).Status)
}

func TestAnyParticipantMayEndWhereThePolicySaysSo(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.EndPolicy = care.ParticipantEnds })
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "")
	alice.end(a).is(409)
	alice.join(a).is(200)
	bob.end(a).is(404)
	alice.end(a).is(200)
}

func TestMediaIsOneTo65536Bytes(t *testing.T) {
	b := newBench(t)
	alice, dr := b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "")
	alice.join(a).is(200)
	path := "/encounters/" + a.Encounter + "/media"
	alice.speak(a, strings.Repeat("x", 65536)).is(200)
	b.doWild("POST", path, alice.token, []byte(strings.Repeat("x", 65537))).is(413)
	b.doWild("POST", path, alice.token, []byte{}).is(422)
	b.doWild("POST", path, alice.token, "{}").is(415)
	b.doWild("POST", path, alice.token, nil).is(415)
	require.EqualValues(t, 65536, into[api.Encounter](alice.leave(a).is(200)).Recordings[0].Size)
}
