package clinic_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

func (u user) close() answer {
	u.t.Helper()
	return u.as("DELETE", "/account", nil)
}

func TestAClosedAccountLeavesNothing(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.Groups = true })
	alice, bob, carol, dr := b.patient(), b.patient(), b.patient(), b.practitioner()
	elsewhere := alice.login()
	alices, bobs := alice.one(dr, "alice's"), bob.one(dr, "bob's")
	all := map[string]string{"alice's": alices, "bob's": bobs}
	toAlices, toBobs := dr.link(alices), ""
	bob.share(bobs, alice).is(204)
	toBobs = alice.link(bobs)
	alice.share(alices, bob).is(204)
	alice.appoint(carol).is(204)
	bob.appoint(alice).is(204)
	planned := alice.book(dr, 50, "audio", "planned")
	asGuest := into[api.Appointment](bob.as("POST", "/appointments", map[string]any{"practitioner": dr.id, "slot": 51,
		"mode": "audio", "guest": alice.id}).is(201))
	bob.sees(all, "alice's", "bob's")
	alice.sees(all, "alice's", "bob's")
	carol.sees(all, "alice's")

	dr.close().is(403)
	user{bench: b}.close().is(401)
	alice.close().is(204)
	for _, token := range []user{alice, elsewhere} {
		token.as("GET", "/recordings", nil).is(401)
		token.as("GET", toAlices, nil).is(401)
		token.close().is(401)
	}
	b.do("POST", "/sessions", "", map[string]any{"email": alice.email, "password": password}).is(401)
	bob.sees(all, "bob's")
	carol.sees(all)
	dr.sees(all, "bob's")
	for _, path := range []string{toAlices, toBobs} {
		b.do("GET", path, "", nil).is(404)
	}
	require.EqualValues(t, "cancelled", into[api.Appointment](dr.as("GET", "/appointments/"+planned.Id, nil).is(200)).Status)
	require.Empty(t, into[api.Appointment](bob.as("GET", "/appointments/"+asGuest.Id, nil).is(200)).Guest)
	bob.share(bobs, alice).is(404)

	again := b.registered(alice.email)
	require.NotEqual(t, alice.id, again.id)
	again.sees(all)
	require.Empty(t, into[api.AuditTrail](again.as("GET", "/audit", nil).is(200)).Items)
	require.Empty(t, into[api.Inbox](again.as("GET", "/notifications", nil).is(200)).Items)
	again.as("GET", "/appointments/"+planned.Id, nil).is(404)
	again.as("GET", "/appointments/"+asGuest.Id, nil).is(404)
	require.Equal(t, again.id, into[api.Credentials](b.do("POST", "/sessions", "",
		map[string]any{"email": alice.email, "password": password}).is(201)).Id)
}

// registered is a patient with that address.
func (b *bench) registered(email string) user {
	b.t.Helper()
	c := into[api.Credentials](b.do("POST", "/patients", "", map[string]any{"name": "Pat", "email": email,
		"password": password, "birthDate": "1990-02-03", "plan": "nhs"}).is(201))
	return user{bench: b, id: c.Id, token: c.Token, email: email}
}

func TestAnAccountIsNotClosedDuringAConsultation(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) { c.Groups = true })
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	a := into[api.Appointment](alice.as("POST", "/appointments", map[string]any{"practitioner": dr.id, "slot": 1,
		"mode": "audio", "description": "both", "guest": bob.id}).is(201))
	dr.join(a).is(200)
	alice.close().is(409)
	bob.close().is(409)
	alice.join(a).is(200)
	alice.speak(a, "hello").is(200)
	dr.end(a).is(200)
	require.Equal(t, []string{"both"}, titles(bob.list()))
	bob.close().is(204)
	require.Equal(t, []string{"both"}, titles(alice.list()), "it is Alice's")
	alice.close().is(204)
	require.Empty(t, dr.list())
}

func TestSomebodyOfTheSameNameAndBirthDateIsSomebodyElse(t *testing.T) {
	b := newBench(t)
	alice, dr := b.patient(), b.practitioner() // all patients of a bench have one name and birth date
	alice.one(dr, "knee")
	like := b.patient()
	require.NotEqual(t, alice.id, like.id)
	require.Empty(t, like.list())
}

func TestARestartLosesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clinic.db")
	onFile := func(c *clinic.Config) { c.Database, c.Groups = file, true }
	var alice, bob, carol, dr user
	var all map[string]string
	var going api.Appointment
	var link, closed string
	names := func() map[string]string {
		return map[string]string{alice.id: "alice", bob.id: "bob", dr.id: "dr", all["one"]: "one", all["three"]: "three"}
	}
	var trail []string
	t.Run("before", func(t *testing.T) {
		b := newBench(t, onFile)
		alice, bob, carol, dr = b.patient(), b.patient(), b.patient(), b.practitioner()
		all = map[string]string{"one": alice.one(dr, "one"), "three": alice.one(dr, "three")}
		link = bob.share2(alice, all["one"])
		alice.appoint(carol).is(204)
		alice.play(all["three"]).is(200)
		going = into[api.Appointment](alice.as("POST", "/appointments", map[string]any{"practitioner": dr.id, "slot": 70,
			"mode": "audio", "description": "going", "guest": bob.id}).is(201))
		alice.join(going).is(200)
		alice.speak(going, "half ").is(200)
		bob.join(going).is(200)
		bob.drop(going).is(200)
		gone := b.patient()
		gone.close().is(204)
		closed = gone.email
		trail = alice.trail(names())
		require.NotEmpty(t, trail)
		b.do("PUT", "/operator/replays", operatorToken, map[string]any{"enabled": false}).is(200)
	})
	t.Run("after", func(t *testing.T) {
		b := newBench(t, onFile)
		b.users = 100
		alice.bench, bob.bench, carol.bench, dr.bench = b, b, b, b
		alice.as("GET", "/recordings", nil).is(503)
		require.Equal(t, trail, alice.trail(names()))
		b.do("PUT", "/operator/replays", operatorToken, map[string]any{"enabled": true}).is(200)
		require.Equal(t, "one speaks", string(b.do("GET", link, "", nil).is(200).body))
		alice.sees(all, "one", "three")
		bob.sees(all, "one")
		carol.sees(all, "one", "three")
		b.do("POST", "/sessions", "", map[string]any{"email": closed, "password": password}).is(401)
		require.Len(t, into[api.Inbox](alice.as("GET", "/notifications", nil).is(200)).Items, 2)

		e := into[api.Encounter](alice.speak(going, "whole").is(200))
		require.Equal(t, []api.Participant{{Role: "patient", Status: "present"}, {Role: "guest", Status: "dropped"}}, e.Participants)
		bob.join(going).is(200)
		alice.leave(going).is(200)
		last := into[api.Encounter](bob.leave(going).is(200))
		require.Len(t, last.Recordings, 1)
		require.Equal(t, "half whole", string(bob.play(last.Recordings[0].Id).is(200).body))
	})
}

// share2 has the user share a recording of the owner's, and make a link to it.
func (u user) share2(owner user, recording string) string {
	u.t.Helper()
	owner.share(recording, u).is(204)
	return u.link(recording)
}
