package clinic_test

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

// cachesStories tell the faults in caches.
func cachesStories() map[string]func(cast) bool {
	return map[string]func(cast) bool{
		"ignores-vary": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			first := c.bob.play(recordings[0].Id).status == 404
			whole := c.alice.play(recordings[0].Id).is(200)
			anybody := c.do("GET", "/recordings/"+recordings[0].Id+"/content", "", nil)
			return first && string(c.bob.play(recordings[0].Id).body) == "alice speaks" && anybody.status == 200 &&
				whole.header.Get("Vary") == "Authorization" && whole.header.Get("Cache-Control") == "no-store" &&
				c.bob.play(recordings[0].Id, "Range", "bytes=0-4").status == 404 && len(c.bob.list()) == 0
		},
		"key-lacks-user": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			first := slices.Equal(titles(c.alice.list()), []string{"alice's"})
			other := into[api.RecordingPage](c.bob.as("GET", "/recordings?limit=5", nil).is(200))
			shown := titles(c.bob.list())
			c.bob.consult(c.dr, 2, "bob's", "bob speaks")
			return first && len(other.Items) == 0 && slices.Equal(shown, []string{"alice's"}) &&
				c.bob.play(recordings[0].Id).status == 404 && slices.Equal(titles(c.bob.list()), []string{"bob's"}) &&
				c.do("GET", "/recordings", "", nil).status == 401
		},
		"decision-cached": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			path := "/recordings/" + recordings[0].Id
			first := c.bob.as("GET", path, nil).status
			c.alice.list()
			second := c.bob.as("GET", path, nil).status
			c.alice.as("GET", path, nil).is(200)
			return first == 404 && second == 404 && c.bob.as("GET", path, nil).status == 200 &&
				string(c.bob.play(recordings[0].Id).body) == "alice speaks" && len(c.bob.list()) == 0
		},
		"loader-global": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			path := "/recordings/" + recordings[0].Id
			c.alice.as("GET", path, nil).is(200)
			first := c.bob.as("GET", path, nil).status
			c.alice.list()
			shown := c.bob.as("GET", path, nil).status == 200 && string(c.bob.play(recordings[0].Id).body) == "alice speaks"
			c.alice.as("DELETE", path, nil).is(204)
			return first == 404 && shown && c.bob.as("GET", path, nil).status == 404 && len(c.bob.list()) == 0
		},
	}
}
