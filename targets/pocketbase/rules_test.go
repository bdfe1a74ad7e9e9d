package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// clinic is a service with two patients and a clinician.
type clinic struct {
	*service
	alice, bob, dr1 *user
}

func open(t *testing.T, wrong string) clinic {
	t.Helper()
	s := start(t, wrong)
	return clinic{s, s.register("patients", "alice"), s.register("patients", "bob"), s.register("clinicians", "dr1")}
}

const (
	first  = "aaaa"
	second = "bbbb"
	third  = "cccc"
)

// consult holds a consultation of alice's that is switched to video, and gives
// its two recordings.
func (c clinic) consult() (*appointment, []replay) {
	c.t.Helper()
	b := c.alice.book(c.dr1, "audio", 1)
	for _, status := range []int{
		c.alice.join(b), c.alice.speak(b, first), c.dr1.join(b), c.dr1.speak(b, second),
		c.alice.switchTo(b, "video"), c.alice.speak(b, third),
	} {
		require.Equal(c.t, 200, status)
	}
	require.Equal(c.t, "live", c.alice.leave(b).body["status"], "the clinician is still there")
	a := c.dr1.leave(b)
	require.Equal(c.t, "completed", a.body["status"], "nobody is there any more")
	all := replays(a)
	require.Len(c.t, all, 2)
	return b, all
}

func TestParticipantsReplayEverySegmentWhole(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	_, all := c.consult()
	for _, u := range []*user{c.alice, c.dr1} {
		require.Equal(t, all, c.list(u))
		require.Equal(t, first+second, string(c.fetch(u, "GET", all[0], "").raw), "what was said in a segment is one recording")
		require.Equal(t, third, string(c.fetch(u, "GET", all[1], "").raw))
		part := c.fetch(u, "GET", all[0], "2-5")
		require.Equal(t, 206, part.status)
		require.Equal(t, "aabb", string(part.raw))
		require.Equal(t, "8", c.fetch(u, "HEAD", all[0], "").header.Get("Content-Length"))
		require.Equal(t, 416, c.fetch(u, "GET", all[0], "8-9").status)
	}
	require.Len(t, c.alice.export(), 2)
}

func TestConsultationRefusesWhatDoesNotFitItsState(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	b := c.alice.book(c.dr1, "audio", 1)
	refused := func(got int) { t.Helper(); require.Contains(t, []int{400, 404}, got) }
	refused(c.bob.join(b))
	refused(c.alice.speak(b, first))
	refused(c.alice.leave(b).status)
	require.Equal(t, 400, c.bob.ask(c.bob, "POST", record("appointments", ""), fields{"patient": c.bob.id, "clinician": c.dr1.id, "slot": 1,
		"mode": "video", "reason": "taken", "status": "booked", "patientIs": "absent", "clinicianIs": "absent"}).status, "the slot is taken")
	require.Equal(t, 200, c.alice.turn(b, fields{"slot": 2}).status)
	refused(c.bob.turn(b, fields{"slot": 3}).status)
	refused(c.alice.turn(b, fields{"patient": c.bob.id, "slot": 3}).status)
	require.Equal(t, 200, c.alice.join(b))
	refused(c.alice.join(b))
	refused(c.dr1.speak(b, first))
	refused(c.bob.speak(b, first))
	refused(c.bob.switchTo(b, "video"))
	refused(c.dr1.switchTo(b, "audio"))
	refused(c.alice.turn(b, fields{"status": "cancelled"}).status)
	refused(c.alice.turn(b, fields{"status": "completed"}).status)
	refused(c.alice.ask(c.alice, "DELETE", record("patients", c.alice.id), nil).status)
	require.Equal(t, 200, c.alice.turn(b, fields{"patientIs": "dropped"}).status)
	refused(c.alice.speak(b, first))
	require.Equal(t, 200, c.alice.join(b))
	require.Equal(t, 200, c.dr1.join(b))
	require.Equal(t, 200, c.dr1.turn(b, fields{"status": "completed"}).status, "the clinician ends it for everybody")
	refused(c.alice.join(b))
	refused(c.alice.speak(b, first))
	refused(c.alice.switchTo(b, "video"))
	require.Empty(t, c.list(c.alice), "nothing was said")
}

func TestSharingAndProxiesLastAsLongAsTheyAreGiven(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	_, all := c.consult()
	share := func(as, with *user, sign string) int {
		return c.ask(as, "PATCH", record("recordings", all[0].id), fields{"sharedWith" + sign: with.id}).status
	}
	appoint := func(as, proxy *user, sign string) int {
		return c.ask(as, "PATCH", record("patients", as.id), fields{"proxies" + sign: proxy.id}).status
	}
	require.Equal(t, 404, share(c.bob, c.bob, "+"))
	require.Equal(t, 404, share(c.dr1, c.bob, "+"))
	require.Equal(t, 404, share(c.alice, c.alice, "+"))
	require.Equal(t, 400, share(c.alice, c.dr1, "+"), "not a patient")
	require.Equal(t, 200, share(c.alice, c.bob, "+"))
	require.Equal(t, all[:1], c.list(c.bob))
	require.Equal(t, 404, c.ask(c.bob, "DELETE", record("recordings", all[0].id), nil).status)
	require.Equal(t, 200, share(c.alice, c.bob, "-"))
	require.Empty(t, c.list(c.bob))
	require.Equal(t, 404, appoint(c.alice, c.alice, "+"))
	require.Equal(t, 400, appoint(c.alice, c.dr1, "+"))
	require.Equal(t, 200, appoint(c.alice, c.bob, "+"))
	require.Equal(t, all, c.list(c.bob))
	b := c.alice.book(c.dr1, "audio", 2)
	require.Equal(t, 404, c.bob.join(b), "a proxy takes no part in the consultation")
	require.Equal(t, 200, c.bob.turn(b, fields{"status": "cancelled"}).status, "a proxy changes appointments")
	require.Equal(t, 404, appoint(c.alice, c.dr1, "-"), "no proxy")
	require.Equal(t, 200, appoint(c.alice, c.bob, "-"))
	require.Empty(t, c.list(c.bob))
}

func TestLogoutVoidsTokensAndLinks(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	_, all := c.consult()
	token, _ := c.ask(c.alice, "POST", "/files/token", nil).body["token"].(string)
	link := "/files/recordings/" + all[0].id + "/" + all[0].file + "?token=" + token
	require.Equal(t, 200, c.ask(nil, "GET", link, nil).status)
	require.Equal(t, 200, c.alice.logout())
	require.Equal(t, 404, c.ask(nil, "GET", link, nil).status)
	require.Empty(t, c.list(c.alice), "PocketBase takes a void token for none: 200 and no rows")
	require.Equal(t, 401, c.ask(c.alice, "POST", "/files/token", nil).status)
	c.alice.login()
	require.Equal(t, all, c.list(c.alice))
}

func TestDeletionAndTheKillSwitchReachEveryPath(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	_, all := c.consult()
	replays := func(on bool) int {
		return c.ask(c.operator, "PATCH", record("features", "allfeatures0000"), fields{"replays": on}).status
	}
	require.Equal(t, 403, c.ask(c.alice, "PATCH", record("features", "allfeatures0000"), fields{"replays": false}).status)
	require.Equal(t, 200, replays(false))
	require.Empty(t, c.shows(c.alice, all[0]))
	require.Equal(t, 200, replays(true))
	require.Equal(t, []string{"list", "get", "play", "head", "export"}, c.shows(c.alice, all[0]))
	require.Equal(t, 404, c.ask(c.bob, "DELETE", record("recordings", all[0].id), nil).status)
	require.Equal(t, 404, c.ask(c.dr1, "DELETE", record("recordings", all[0].id), nil).status)
	require.Equal(t, 204, c.ask(c.alice, "DELETE", record("recordings", all[0].id), nil).status)
	require.Empty(t, c.shows(c.alice, all[0]))
	require.Equal(t, all[1:], c.list(c.dr1))
	require.Equal(t, 204, c.ask(c.alice, "DELETE", record("patients", c.alice.id), nil).status)
	require.Empty(t, c.list(c.dr1), "the recordings of a closed account are gone")
	c.alice = c.register("patients", "alice")
	require.Empty(t, c.list(c.alice), "who registers with the address of a closed account starts anew")
}

func TestPatientsRegisterFromSixteen(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	a := s.ask(nil, "POST", record("patients", ""), fields{"name": "kid", "email": "kid@crosstalk.example", "password": "only-for-kid",
		"passwordConfirm": "only-for-kid", "birthDate": "2999-01-01", "plan": "nhs"})
	require.Equal(t, 400, a.status)
	require.Equal(t, 403, s.ask(nil, "POST", record("clinicians", ""), fields{"name": "dr"}).status)
}

// shows are the ways by which somebody is shown a recording.
func (c clinic) shows(who *user, r replay) []string {
	c.t.Helper()
	var out []string
	note := func(way string, shown bool) {
		if shown {
			out = append(out, way)
		}
	}
	for _, listed := range c.list(who) {
		note("list", listed == r)
	}
	note("get", c.ask(who, "GET", record("recordings", r.id), nil).status == 200)
	note("play", c.fetch(who, "GET", r, "").status == 200)
	note("head", c.fetch(who, "HEAD", r, "").status == 200)
	if who != nil {
		for _, id := range who.export() {
			note("export", id == r.id)
		}
	}
	return out
}

// Each wrong set of rules, and the ways by which bob and a guest see alice's
// recordings with it: the first was made before the switch, the second after.
func TestWrongRulesLeakAsTheySay(t *testing.T) {
	t.Parallel()
	everywhere := []string{"list", "get", "play", "head"}
	for _, tt := range []struct {
		wrong                string
		before, after, guest []string
		sharesAnothers       int
	}{
		{wrong: "", sharesAnothers: 404},
		{wrong: "owner-empty", after: everywhere, sharesAnothers: 404},
		{wrong: "view-open", before: everywhere[1:], after: everywhere[1:], sharesAnothers: 404},
		{wrong: "file-open", before: everywhere[2:], after: everywhere[2:], guest: everywhere[2:], sharesAnothers: 404},
		{wrong: "relation-editable", sharesAnothers: 200},
		{wrong: "expand-leaks", before: []string{"export"}, after: []string{"export"}, sharesAnothers: 404},
		{wrong: "any-appointment", before: everywhere, after: everywhere, sharesAnothers: 404},
		{wrong: "guest-is-nobody", guest: everywhere, sharesAnothers: 404},
	} {
		t.Run("with "+tt.wrong, func(t *testing.T) {
			t.Parallel()
			c := open(t, tt.wrong)
			_, all := c.consult()
			c.bob.book(c.dr1, "audio", 1)
			require.Equal(t, tt.before, c.shows(c.bob, all[0]), "bob sees the recording made before the switch")
			require.Equal(t, tt.after, c.shows(c.bob, all[1]), "bob sees the recording made after the switch")
			require.Equal(t, tt.guest, c.shows(nil, all[0]), "a guest sees the recording made before the switch")
			require.Len(t, c.list(c.alice), 2, "alice sees her own")
			shared := c.ask(c.bob, "PATCH", record("recordings", all[0].id), fields{"sharedWith+": c.bob.id})
			require.Equal(t, tt.sharesAnothers, shared.status)
			if shared.status == 200 {
				require.Equal(t, all[:1], c.list(c.bob))
			}
		})
	}
}

func TestUnknownSetOfRulesIsNamed(t *testing.T) {
	t.Parallel()
	out, _ := serveCommand(t, freeAddress(t), "typo").CombinedOutput()
	require.Contains(t, string(out), "PB_WRONG=typo: expected one of owner-empty")
}
