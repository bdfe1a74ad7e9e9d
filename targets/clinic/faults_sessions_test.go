package clinic_test

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

// sessionsStories tell the faults in what is kept from request to request.
func sessionsStories() map[string]func(cast) bool {
	return map[string]func(cast) bool{
		"logout-keeps-link": func(c cast) bool {
			_, alices := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			link := into[api.Link](c.alice.as("POST", "/recordings/"+alices[0].Id+"/links", nil).is(201))
			c.alice.as("DELETE", "/sessions/current", nil).is(204)
			return c.alice.as("GET", "/recordings", nil).status == 401 &&
				string(c.do("GET", link.Path, "", nil).body) == "alice speaks"
		},
		"pool-keeps-setting": func(c cast) bool {
			c.alice.consult(c.dr, 1, "alice's", "alice speaks") // on video
			before := len(c.bob.list()) == 0
			c.alice.as("GET", "/recordings?mode=audio", nil).is(200)
			return before && slices.Equal(titles(c.bob.list()), []string{"alice's"}) && len(c.bob.list()) == 0
		},
	}
}
