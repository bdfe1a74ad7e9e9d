package clinic_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// never is the id of nothing.
const never = "3f0a8ab0-5f6c-4f5e-9d0b-6a3a7b1c2d3e"

func (u user) share(recording string, with user) answer {
	u.t.Helper()
	return u.as("PUT", "/recordings/"+recording+"/shares/"+with.id, nil)
}

func (u user) unshare(recording string, with user) answer {
	u.t.Helper()
	return u.as("DELETE", "/recordings/"+recording+"/shares/"+with.id, nil)
}

func (u user) appoint(proxy user) answer {
	u.t.Helper()
	return u.as("PUT", "/proxies/"+proxy.id, nil)
}
func (u user) dismiss(proxy user) answer {
	u.t.Helper()
	return u.as("DELETE", "/proxies/"+proxy.id, nil)
}

// one is a consultation that leaves one recording, and its id.
func (u user) one(with user, title string) string {
	u.t.Helper()
	_, recordings := u.consult(with, u.users+len(title), title, title+" speaks")
	return recordings[0].Id
}

// sees requires that the user sees exactly the recordings with those titles, by every way there is.
func (u user) sees(all map[string]string, want ...string) {
	u.t.Helper()
	page := into[api.RecordingPage](u.as("GET", "/recordings?limit=100", nil).is(200))
	require.ElementsMatch(u.t, want, titles(page.Items))
	require.Equal(u.t, len(want), page.Total)
	for title, id := range all {
		status := 404
		for _, w := range want {
			if w == title {
				status = 200
			}
		}
		for _, way := range []string{"", "/content", "/thumbnail", "/transcript"} {
			u.as("GET", "/recordings/"+id+way, nil).is(status)
		}
		u.as("HEAD", "/recordings/"+id+"/content", nil).is(status)
	}
}

func TestWhoMaySeeARecording(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.Groups = true })
	alice, bob, carol, dave, dr := b.patient(), b.patient(), b.patient(), b.patient(), b.practitioner()
	all := map[string]string{"alice 1": alice.one(dr, "alice 1"), "alice 22": alice.one(dr, "alice 22"), "bob": bob.one(dr, "bob")}
	alice.sees(all, "alice 1", "alice 22")
	bob.sees(all, "bob")
	carol.sees(all)
	dr.sees(all, "alice 1", "alice 22", "bob")

	alice.share(all["alice 1"], bob).is(204)
	alice.share(all["alice 1"], bob).is(204)
	bob.sees(all, "alice 1", "bob")
	bob.appoint(carol).is(204)
	carol.sees(all, "bob") // not what was shared with Bob
	alice.appoint(dave).is(204)
	alice.appoint(dave).is(204)
	dave.sees(all, "alice 1", "alice 22")
	alice.share(all["alice 1"], dave).is(204)
	dave.sees(all, "alice 1", "alice 22") // each once
	alice.dismiss(dave).is(204)
	alice.dismiss(dave).is(204)
	dave.sees(all, "alice 1") // it was shared as well
	alice.unshare(all["alice 1"], dave).is(204)
	alice.unshare(all["alice 1"], bob).is(204)
	alice.unshare(all["alice 1"], bob).is(204)
	bob.sees(all, "bob")
	dave.sees(all)
	alice.dismiss(carol).is(204) // who never was
	carol.sees(all, "bob")
}

func TestListingsOfOthersRecordingsArePagedToo(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	all := map[string]string{}
	for _, title := range []string{"a", "bb", "ccc", "dddd"} {
		all[title] = alice.one(dr, title)
	}
	bob.consult(dr, 1, "bob's", "b")
	alice.appoint(bob).is(204)
	var got []string
	for path := "/recordings?limit=2"; path != ""; {
		page := into[api.RecordingPage](bob.as("GET", path, nil).is(200))
		require.Equal(t, 5, page.Total)
		got = append(got, titles(page.Items)...)
		path = ""
		if page.Next != "" {
			path = "/recordings?limit=2&cursor=" + page.Next
		}
	}
	require.Equal(t, []string{"a", "bb", "ccc", "dddd", "bob's"}, got)
}

func TestListingsAreFilteredByMode(t *testing.T) {
	b := newBench(t)
	alice, dr := b.patient(), b.practitioner()
	for i, mode := range []string{"audio", "video", "audio"} {
		a := alice.book(dr, i+1, mode, mode)
		alice.join(a).is(200)
		alice.speak(a, "hello").is(200)
		alice.leave(a).is(200)
	}
	for _, u := range []user{alice, dr} {
		for mode, want := range map[string]int{"audio": 2, "video": 1} {
			page := into[api.RecordingPage](u.as("GET", "/recordings?mode="+mode, nil).is(200))
			require.Len(t, page.Items, want)
			require.Equal(t, want, page.Total)
			require.EqualValues(t, mode, page.Items[0].Mode)
		}
	}
	b.doWild("GET", "/recordings?mode=fax", alice.token, nil).is(400)
	first := into[api.RecordingPage](alice.as("GET", "/recordings?limit=1&mode=audio", nil).is(200))
	require.Equal(t, 2, first.Total)
	alice.as("GET", "/recordings?limit=1&mode=audio&cursor="+first.Next, nil).is(200)
	alice.as("GET", "/recordings?limit=1&cursor="+first.Next, nil).is(400)
	alice.as("GET", "/recordings?limit=1&mode=video&cursor="+first.Next, nil).is(400)
	dr.as("GET", "/recordings?limit=1&mode=audio&cursor="+first.Next, nil).is(400)
}

func TestWhatCanBeSharedWithWhom(t *testing.T) {
	b := newBench(t)
	alice, bob, carol, gone, dr := b.patient(), b.patient(), b.patient(), b.patient(), b.practitioner()
	gone.as("DELETE", "/account", nil).is(204)
	id := alice.one(dr, "knee")
	alice.share(id, bob).is(204)
	nobody := user{bench: b, id: never}
	for _, verb := range []string{"PUT", "DELETE"} {
		try := func(who user, recording string, with user) answer {
			return who.as(verb, "/recordings/"+recording+"/shares/"+with.id, nil)
		}
		try(alice, id, alice).is(422)
		try(alice, id, dr).is(422)
		try(alice, id, nobody).is(404)
		try(alice, id, gone).is(404)
		try(dr, id, carol).is(403)
		try(bob, id, carol).is(403)
		require.Equal(t, string(try(carol, never, bob).is(404).body), string(try(carol, id, bob).is(404).body))
		try(user{bench: b}, id, bob).is(401)
		proxies := func(who, with user) answer { return who.as(verb, "/proxies/"+with.id, nil) }
		proxies(alice, alice).is(422)
		proxies(alice, dr).is(422)
		proxies(alice, nobody).is(404)
		proxies(alice, gone).is(404)
		proxies(dr, alice).is(403)
	}
	carol.sees(map[string]string{"knee": id})
}

func TestAProxyHandlesAppointmentsAndTakesNoPart(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "knee")
	bob.as("GET", "/appointments/"+a.Id, nil).is(404)
	bob.reschedule(a, 2).is(404)
	alice.appoint(bob).is(204)
	require.Equal(t, a, into[api.Appointment](bob.as("GET", "/appointments/"+a.Id, nil).is(200)))
	require.EqualValues(t, 2, into[api.Appointment](bob.reschedule(a, 2).is(200)).Slot)
	for _, verb := range []string{"join", "drop", "leave", "end"} {
		bob.step(a, verb).is(403)
	}
	bob.turn(a, "video").is(403)
	bob.speak(a, "hello").is(403)
	bob.as("POST", "/appointments/"+a.Id+"/cancel", nil).is(200)
	alice.dismiss(bob).is(204)
	bob.as("GET", "/appointments/"+a.Id, nil).is(404)
	bob.join(a).is(404)
}

func (u user) reschedule(a api.Appointment, slot int) answer {
	u.t.Helper()
	return u.as("POST", "/appointments/"+a.Id+"/reschedule", map[string]any{"slot": slot})
}

func TestRescheduling(t *testing.T) {
	b := newBench(t)
	alice, bob, dr1, dr2 := b.patient(), b.patient(), b.practitioner(), b.practitioner()
	a, other := alice.book(dr1, 1, "audio", "knee"), bob.book(dr1, 2, "audio", "hip")
	bob.book(dr2, 3, "audio", "hip")
	alice.reschedule(a, 1).is(200)
	alice.reschedule(a, 2).is(409)
	moved := into[api.Appointment](alice.reschedule(a, 3).is(200))
	want := a
	want.Slot = 3
	require.Equal(t, want, moved)
	require.Equal(t, want, into[api.Appointment](dr1.as("GET", "/appointments/"+a.Id, nil).is(200)))
	dr1.reschedule(other, 1).is(200)
	dr1.reschedule(a, 2).is(200)
	bob.reschedule(a, 5).is(404)
	dr2.reschedule(a, 5).is(404)
	require.Equal(t, string(bob.as("POST", "/appointments/"+never+"/reschedule", map[string]any{"slot": 5}).is(404).body),
		string(bob.reschedule(a, 5).is(404).body))
	for _, body := range []any{map[string]any{"slot": 0}, map[string]any{}, "[]"} {
		b.doWild("POST", "/appointments/"+a.Id+"/reschedule", alice.token, body).is(422)
	}
	alice.join(a).is(200)
	alice.reschedule(a, 4).is(409)
	alice.reschedule(a, 2).is(409)
	alice.speak(a, "hello").is(200)
	alice.leave(a).is(200)
	alice.reschedule(a, 4).is(409)
	require.Equal(t, []string{"knee"}, titles(alice.list()))
	bob.book(dr1, 2, "audio", "free again")
}

func TestAGuestTakesPartAndSeesTheRecording(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.Groups, c.EndPolicy = true, care.ParticipantEnds })
	alice, bob, carol, dr := b.patient(), b.patient(), b.patient(), b.practitioner()
	book := func(guest string) answer {
		return alice.as("POST", "/appointments", map[string]any{"practitioner": dr.id, "slot": 1, "mode": "audio",
			"description": "both", "guest": guest})
	}
	for _, guest := range []string{alice.id, dr.id, never} {
		book(guest).is(422)
	}
	a := into[api.Appointment](book(bob.id).is(201))
	require.Equal(t, bob.id, a.Guest)
	require.Equal(t, a, into[api.Appointment](bob.as("GET", "/appointments/"+a.Id, nil).is(200)))
	bob.reschedule(a, 2).is(403)
	bob.as("POST", "/appointments/"+a.Id+"/cancel", nil).is(403)
	alice.appoint(carol).is(204)
	bob.appoint(carol).is(204)

	bob.join(a).is(200)
	alice.join(a).is(200)
	dr.join(a).is(200)
	e := into[api.Encounter](bob.turn(a, "video").is(200))
	require.Equal(t, []api.Participant{{Role: "patient", Status: "present"}, {Role: "practitioner", Status: "present"},
		{Role: "guest", Status: "present"}}, e.Participants)
	bob.speak(a, "guest speaks").is(200)
	bob.drop(a).is(200)
	alice.leave(a).is(200)
	require.EqualValues(t, "in-progress", into[api.Encounter](dr.leave(a).is(200)).Status, "the guest is waited for")
	bob.join(a).is(200)
	last := into[api.Encounter](bob.leave(a).is(200))
	require.EqualValues(t, "completed", last.Status)
	all := map[string]string{"both": last.Recordings[0].Id}
	require.Equal(t, alice.id, last.Recordings[0].Subject)
	alice.sees(all, "both")
	bob.sees(all, "both")
	dr.sees(all, "both")
	carol.sees(all, "both") // Alice's proxy, not Bob's
	alice.dismiss(carol).is(204)
	carol.sees(all)
	require.Empty(t, into[api.Export](bob.as("GET", "/export", nil).is(200)).Recordings)
	require.Empty(t, into[api.Inbox](bob.as("GET", "/notifications", nil).is(200)).Items)
	bob.as("DELETE", "/recordings/"+all["both"], nil).is(403)
	bob.share(all["both"], carol).is(403)

	again := into[api.Appointment](book(bob.id).is(201))
	bob.join(again).is(200)
	require.EqualValues(t, "completed", into[api.Encounter](bob.end(again).is(200)).Status)
}

func TestThereAreNoGuestsWithoutGroups(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	alice.as("POST", "/appointments", map[string]any{"practitioner": dr.id, "slot": 1, "mode": "audio", "guest": bob.id}).is(422)
	alice.book(dr, 1, "audio", "the slot is still free")
}

func (u user) link(recording string) string {
	u.t.Helper()
	l := into[api.Link](u.as("POST", "/recordings/"+recording+"/links", nil).is(201))
	require.Equal(u.t, recording, l.Recording)
	return l.Path
}

func TestALinkOpensForAnybodyWhileItsMakerMaySeeTheRecording(t *testing.T) {
	b := newBench(t)
	alice, bob, carol, dr := b.patient(), b.patient(), b.patient(), b.practitioner()
	anyone := user{bench: b}
	id := alice.one(dr, "knee")
	bob.as("POST", "/recordings/"+id+"/links", nil).is(404)
	alice.share(id, bob).is(204)
	links := map[string]string{"alice": alice.link(id), "again": alice.link(id), "bob": bob.link(id), "dr": dr.link(id)}
	opens := func(want ...string) {
		t.Helper()
		for name, path := range links {
			status := 404
			for _, w := range want {
				if w == name {
					status = 200
				}
			}
			for _, u := range []user{anyone, alice, carol, dr} {
				got := u.as("GET", path, nil).is(status)
				u.as("HEAD", path, nil).is(status)
				if status == 200 {
					require.Equal(t, "knee speaks", string(got.body))
					require.Equal(t, "no-store", got.header.Get("Cache-Control"))
				}
			}
		}
	}
	opens("alice", "again", "bob", "dr")
	require.Equal(t, "knee", string(anyone.as("GET", links["dr"], nil, "Range", "bytes=0-3").is(206).body))
	require.Equal(t, "11", anyone.as("HEAD", links["dr"], nil, "Range", "bytes=0-3").is(200).header.Get("Content-Length"))
	b.doWild("GET", links["alice"], "revoked", nil).is(401)
	unknown := anyone.as("GET", "/links/unknown", nil).is(404)

	alice.unshare(id, bob).is(204)
	opens("alice", "again", "dr")
	require.Equal(t, string(unknown.body), string(anyone.as("GET", links["bob"], nil).body))
	alice.share(id, bob).is(204)
	opens("alice", "again", "bob", "dr")
	alice.login()
	opens("alice", "again", "bob", "dr")
	alice.as("DELETE", "/sessions/current", nil).is(204)
	alice.login()
	alice = alice.login()
	opens("bob", "dr")
	links["new"] = alice.link(id)
	opens("new", "bob", "dr")
	alice.as("DELETE", "/recordings/"+id, nil).is(204)
	opens()
}

// login returns the user with a token more.
func (u user) login() user {
	u.t.Helper()
	u.token = into[api.Credentials](u.do("POST", "/sessions", "",
		map[string]any{"email": u.email, "password": password}).is(201)).Token
	return u
}

func TestOnlyAHashOfALinksSecretIsKept(t *testing.T) {
	file := t.TempDir() + "/clinic.db"
	var secret string
	t.Run("made", func(t *testing.T) {
		b := newBench(t, func(c *clinic.Config) { c.Database = file })
		alice, dr := b.patient(), b.practitioner()
		secret = strings.TrimPrefix(alice.link(alice.one(dr, "knee")), "/links/")
		require.GreaterOrEqual(t, len(secret), 43)
	})
	requireNotInFile(t, file, secret)
}

func TestAPersonalLinkOpensForItsMakerAlone(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.Links = clinic.PersonalLinks })
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	id := alice.one(dr, "knee")
	path := alice.link(id)
	require.Equal(t, "knee speaks", string(alice.as("GET", path, nil).is(200).body))
	alice.login().as("GET", path, nil).is(200)
	for _, stranger := range []user{bob, dr} {
		require.Equal(t, string(stranger.as("GET", "/links/unknown", nil).is(404).body),
			string(stranger.as("GET", path, nil).is(404).body))
	}
	user{bench: b}.as("GET", path, nil).is(401)
	user{bench: b}.as("GET", "/links/unknown", nil).is(401)
	alice.as("DELETE", "/recordings/"+id, nil).is(204)
	alice.as("GET", path, nil).is(404)
}

func TestADeletedRecordingIsGoneFromEverywhereForEverybody(t *testing.T) {
	b := newBench(t)
	alice, bob, carol, dr := b.patient(), b.patient(), b.patient(), b.practitioner()
	id, kept := alice.one(dr, "knee"), alice.one(dr, "kept")
	alice.share(id, bob).is(204)
	alice.appoint(carol).is(204)
	path := alice.link(id)
	for _, who := range []user{bob, carol, dr} {
		who.as("DELETE", "/recordings/"+id, nil).is(403)
	}
	stranger := b.patient()
	require.Equal(t, string(stranger.as("DELETE", "/recordings/"+never, nil).is(404).body),
		string(stranger.as("DELETE", "/recordings/"+id, nil).is(404).body))
	user{bench: b}.as("DELETE", "/recordings/"+id, nil).is(401)

	alice.as("DELETE", "/recordings/"+id, nil).is(204)
	all := map[string]string{"knee": id, "kept": kept}
	for _, who := range []user{alice, carol, dr} {
		who.sees(all, "kept")
	}
	bob.sees(all)
	alice.as("DELETE", "/recordings/"+id, nil).is(404)
	alice.share(id, bob).is(404)
	alice.unshare(id, bob).is(404)
	alice.as("POST", "/recordings/"+id+"/links", nil).is(404)
	alice.as("GET", path, nil).is(404)
	require.Len(t, into[api.Export](alice.as("GET", "/export", nil).is(200)).Recordings, 1)
	inbox := into[api.Inbox](alice.as("GET", "/notifications", nil).is(200)).Items
	require.Len(t, inbox, 1)
	require.Equal(t, kept, inbox[0].Recording)
}

func TestWhatDerivesFromARecording(t *testing.T) {
	b := newBench(t)
	alice, dr := b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "knee")
	alice.join(a).is(200)
	pieces := []string{strings.Repeat("a", 40), "short ", strings.Repeat("c", 33)}
	for _, piece := range pieces {
		alice.speak(a, piece).is(200)
	}
	id := into[api.Encounter](alice.leave(a).is(200)).Recordings[0].Id
	thumbnail := alice.as("GET", "/recordings/"+id+"/thumbnail", nil).is(200)
	require.Equal(t, pieces[0][:32], string(thumbnail.body))
	require.Equal(t, "no-store", thumbnail.header.Get("Cache-Control"))
	transcript := dr.as("GET", "/recordings/"+id+"/transcript", nil).is(200)
	require.Equal(t, pieces[0][:32]+pieces[1]+pieces[2][:32], string(transcript.body))
	require.Equal(t, "no-store", transcript.header.Get("Cache-Control"))

	_, short := alice.consult(dr, 2, "short", "few")
	require.Equal(t, "few", string(alice.as("GET", "/recordings/"+short[0].Id+"/thumbnail", nil).is(200).body))
}

func TestExportAndNotices(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	a, one := alice.consult(dr, 1, "one", "first words")
	_, two := alice.consult(dr, 1, "two", "more words")
	bob.share(bob.one(dr, "bob's"), alice).is(204)

	got := alice.as("GET", "/export", nil).is(200)
	require.Equal(t, "no-store", got.header.Get("Cache-Control"))
	require.Equal(t, api.Export{Recordings: []api.ExportedRecording{
		{Recording: one[0], Content: []byte("first words")}, {Recording: two[0], Content: []byte("more words")}}},
		into[api.Export](got))
	dr.as("GET", "/export", nil).is(403)

	got = alice.as("GET", "/notifications", nil).is(200)
	require.Equal(t, "no-store", got.header.Get("Cache-Control"))
	inbox := into[api.Inbox](got).Items
	require.Len(t, inbox, 2)
	require.Equal(t, api.Notification{Id: inbox[0].Id, Kind: api.ReplayReady, Recording: one[0].Id, Appointment: a.Id,
		Title: "one"}, inbox[0])
	require.Equal(t, "two", inbox[1].Title)
	require.Empty(t, into[api.Inbox](dr.as("GET", "/notifications", nil).is(200)).Items)
}

// trail is the user's audit trail as lines of agent, action and recording.
func (u user) trail(names map[string]string) []string {
	u.t.Helper()
	got := u.as("GET", "/audit", nil).is(200)
	require.Equal(u.t, "no-store", got.header.Get("Cache-Control"))
	var lines []string
	for _, e := range into[api.AuditTrail](got).Items {
		require.Equal(u.t, u.id, e.Subject)
		require.Equal(u.t, noon, e.At)
		lines = append(lines, strings.TrimSpace(names[e.Agent]+" "+string(e.Role)+" "+string(e.Action)+" "+names[e.Recording]))
	}
	return lines
}

func TestTheAuditTrailNamesWhoWasShownWhat(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	one, two := alice.one(dr, "one"), alice.one(dr, "three")
	names := map[string]string{alice.id: "alice", bob.id: "bob", dr.id: "dr", "": "", one: "one", two: "two"}
	require.Empty(t, alice.trail(names))
	alice.share(one, bob).is(204)
	path := alice.link(one)
	bob.play(two).is(404)
	require.Empty(t, alice.trail(names), "nothing was shown yet")

	for range 2 { // repeats are kept once
		bob.list()
		bob.as("GET", "/recordings/"+one+"/thumbnail", nil).is(200)
		user{bench: b}.as("HEAD", path, nil).is(200)
		user{bench: b}.as("GET", path, nil).is(200)
		bob.as("GET", path, nil).is(200)
		dr.as("GET", "/recordings/"+two, nil).is(200)
		dr.play(two, "Range", "bytes=0-0").is(206)
		alice.as("GET", "/notifications", nil).is(200)
	}
	alice.as("GET", "/recordings?limit=1", nil).is(200)
	alice.as("GET", "/export", nil).is(200)
	want := []string{"bob patient presented one", "bob patient previewed one", "previewed one", "played one",
		"bob patient played one", "dr practitioner previewed two", "dr practitioner played two",
		"alice patient presented one", "alice patient presented two", "alice patient played one", "alice patient played two"}
	require.ElementsMatch(t, want, alice.trail(names))
	require.Empty(t, bob.trail(names))
	dr.as("GET", "/audit", nil).is(403)
	alice.as("DELETE", "/recordings/"+one, nil).is(204)
	require.ElementsMatch(t, want, alice.trail(names), "deleted recordings stay in it")
}

func TestReplaysSwitchedOff(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	id := alice.one(dr, "knee")
	path := alice.link(id)
	set := func(token string, body any) answer { return b.doWild("PUT", "/operator/replays", token, body) }
	off, on := map[string]any{"enabled": false}, map[string]any{"enabled": true}
	set("", off).is(401)
	set("guess", off).is(401)
	set(alice.token, off).is(403)
	set(dr.token, off).is(403)
	set(operatorToken, map[string]any{}).is(422)
	set(operatorToken, map[string]any{"enabled": "no"}).is(422)
	alice.as("GET", "/recordings", nil).is(200)

	require.False(t, into[api.Replays](set(operatorToken, off).is(200)).Enabled)
	reads := []struct{ method, path string }{{"GET", "/recordings"}, {"GET", "/recordings?cursor=garbage"},
		{"GET", path}, {"HEAD", path}, {"GET", "/links/unknown"}, {"GET", "/export"}}
	for _, recording := range []string{id, never} {
		reads = append(reads, []struct{ method, path string }{{"GET", "/recordings/" + recording},
			{"GET", "/recordings/" + recording + "/content"}, {"HEAD", "/recordings/" + recording + "/content"},
			{"GET", "/recordings/" + recording + "/thumbnail"}, {"GET", "/recordings/" + recording + "/transcript"},
			{"POST", "/recordings/" + recording + "/links"}}...)
	}
	for _, read := range reads {
		for _, who := range []user{alice, bob, dr} {
			who.as(read.method, read.path, nil).is(http.StatusServiceUnavailable)
		}
		if !strings.HasPrefix(read.path, "/links/") {
			b.do(read.method, read.path, "", nil).is(401)
		}
	}
	user{bench: b}.as("GET", path, nil).is(503)
	b.do("GET", path, "revoked", nil).is(401)

	alice.share(id, bob).is(204)
	alice.unshare(id, bob).is(204)
	alice.appoint(bob).is(204)
	alice.as("GET", "/audit", nil).is(200)
	require.Len(t, into[api.Inbox](alice.as("GET", "/notifications", nil).is(200)).Items, 1)
	alice.consult(dr, 9, "while off", "hello")
	alice.as("DELETE", "/recordings/"+id, nil).is(204)
	set(operatorToken, off).is(200)
	require.True(t, into[api.Replays](set(operatorToken, on).is(200)).Enabled)
	require.Equal(t, []string{"while off"}, titles(bob.list()))
}

func TestTheOperationsThatReplaysSwitchedOffClosesAreThoseOfTheDocument(t *testing.T) {
	b := newBench(t)
	b.do("PUT", "/operator/replays", operatorToken, map[string]any{"enabled": false}).is(200)
	doc, _ := loadDocument()
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			got := b.doWild(method, placeholder.ReplaceAllString(path, never), b.patient().token, nil)
			require.Equal(t, op.Responses.Value("503") != nil, got.status == 503, "%s %s: %d", method, path, got.status)
		}
	}
}
