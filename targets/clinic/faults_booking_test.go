package clinic_test

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

// bookingStories tell the faults in appointments and in who is who.
func bookingStories() map[string]func(cast) bool {
	return map[string]func(cast) bool{
		"reschedule-mutates": func(c cast) bool {
			_, alices := c.alice.consult(c.dr, 2, "alice's", "alice speaks")
			b := c.bob.book(c.dr, 1, "video", "bob's")
			c.bob.as("POST", "/appointments/"+b.Id+"/reschedule", map[string]any{"slot": 2}).is(200)
			return slices.Equal(titles(c.bob.list()), []string{"alice's"}) && len(c.alice.list()) == 0 &&
				string(c.bob.play(alices[0].Id).body) == "alice speaks" && c.alice.play(alices[0].Id).status == 404
		},
		"transcript-join": func(c cast) bool {
			_, alices := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			_, bobs := c.bob.consult(c.dr, 1, "bob's", "bob speaks")
			transcript := func(u user, r api.Recording) answer { return u.as("GET", "/recordings/"+r.Id+"/transcript", nil) }
			return string(transcript(c.bob, bobs[0]).body) == "alice speaks" && transcript(c.bob, alices[0]).status == 404 &&
				string(transcript(c.alice, alices[0]).body) == "alice speaks" && string(c.bob.play(bobs[0].Id).body) == "bob speaks"
		},
		"merge-by-name": func(c cast) bool {
			// Everybody at the bench has the same name and birth date.
			_, alices := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			again := into[api.Credentials](c.do("POST", "/sessions", "", map[string]any{"email": c.bob.email,
				"password": password}).is(201))
			return c.bob.id == c.alice.id && again.Id == c.alice.id && len(c.bob.list()) == 1 &&
				string(c.bob.play(alices[0].Id).body) == "alice speaks"
		},
		"proxy-not-revoked": func(c cast) bool {
			c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			none := len(c.bob.list()) == 0
			c.alice.as("PUT", "/proxies/"+c.bob.id, nil).is(204)
			c.alice.as("DELETE", "/proxies/"+c.bob.id, nil).is(204)
			return none && len(c.bob.list()) == 1 && len(c.restarted().bob.list()) == 1
		},
		"account-remap": func(c cast) bool {
			_, alices := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			c.bob.book(c.dr, 2, "video", "bob's")
			c = c.restarted()
			return slices.Equal(titles(c.bob.list()), []string{"alice's"}) && len(c.alice.list()) == 0 &&
				string(c.bob.play(alices[0].Id).body) == "alice speaks"
		},
		"recycled-handle": func(c cast) bool {
			_, alices := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			c.alice.as("DELETE", "/account", nil).is(204)
			gone := len(c.dr.list()) == 0
			heir := into[api.Credentials](c.do("POST", "/patients", "", map[string]any{"name": "Heir", "email": c.alice.email,
				"password": password, "birthDate": "1980-02-03", "plan": "nhs"}).is(201))
			new := user{bench: c.bench, id: heir.Id, token: heir.Token}
			return gone && new.id != c.alice.id && slices.Equal(titles(new.list()), []string{"alice's"}) &&
				string(new.play(alices[0].Id).body) == "alice speaks"
		},
	}
}
