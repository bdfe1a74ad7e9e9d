package clinic_test

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

// switchingStories tell the faults in a switch of mode and in the life of a recording.
func switchingStories() map[string]func(cast) bool {
	return map[string]func(cast) bool{
		"room-name-key": func(c cast) bool {
			_, early := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			own := len(c.alice.list()) == 1 && c.bob.play(early[0].Id).status == 404
			_, late := c.alice.consult(c.dr, 1, "alice's", "alice again")
			c.bob.join(c.bob.book(c.dr, 2, "video", "bob's")).is(200)
			return own && slices.Equal(titles(c.bob.list()), []string{"bob's"}) &&
				string(c.bob.play(late[0].Id).body) == "alice again" && len(c.alice.list()) == 1
		},
		"wrong-participant": func(c cast) bool {
			a := c.alice.book(c.dr, 1, "video", "alice's")
			c.alice.join(a).is(200)
			c.dr.join(a).is(200)
			c.alice.speak(a, "alice speaks").is(200)
			c.alice.leave(a).is(200)
			recordings := into[api.Encounter](c.dr.leave(a).is(200)).Recordings
			return recordings[0].Subject == c.dr.id && len(c.alice.list()) == 0 && len(c.dr.list()) == 1 &&
				c.alice.play(recordings[0].Id).status == 404
		},
		"orphan-repair": func(c cast) bool {
			c.bob.book(c.dr, 2, "video", "bob's")
			a := c.alice.book(c.dr, 1, "video", "alice's")
			c.alice.join(a).is(200)
			c.alice.speak(a, "before").is(200)
			c = c.restarted()
			shown := c.bob.list()
			c.alice.speak(a, "after").is(200)
			c.alice.leave(a).is(200)
			return slices.Equal(titles(shown), []string{"alice's"}) && string(c.bob.play(shown[0].Id).body) == "before" &&
				len(c.alice.list()) == 1 && len(c.bob.list()) == 1
		},
		"stitch-by-time": func(c cast) bool {
			_, alices := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			a := c.bob.book(c.dr, 1, "video", "bob's")
			c.bob.join(a).is(200)
			c.bob.speak(a, " bob speaks").is(200)
			c.bob.speak(a, " once more").is(200)
			bobs := into[api.Encounter](c.bob.leave(a).is(200)).Recordings
			return string(c.bob.play(bobs[0].Id).body) == "alice speaks bob speaks once more" &&
				string(c.bob.play(bobs[0].Id, "Range", "bytes=10-15").body) == "ks bob" &&
				string(c.alice.play(alices[0].Id).body) == "alice speaks"
		},
	}
}
