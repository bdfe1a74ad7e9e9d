package clinic_test

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

// hintsStories tell the faults by which something is told about recordings that are not shown.
func hintsStories() map[string]func(cast) bool {
	return map[string]func(cast) bool{
		"pages-before-filter": func(c cast) bool {
			c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			c.bob.consult(c.dr, 2, "bob's", "bob speaks")
			first := into[api.RecordingPage](c.bob.as("GET", "/recordings?limit=1", nil).is(200))
			if first.Next == "" {
				return false
			}
			second := into[api.RecordingPage](c.bob.as("GET", "/recordings?limit=1&cursor="+first.Next, nil).is(200))
			return len(first.Items) == 0 && first.Total == 1 && slices.Equal(titles(second.Items), []string{"bob's"}) &&
				second.Next == "" && slices.Equal(titles(c.bob.list()), []string{"bob's"}) && len(c.dr.list()) == 2
		},
		"oracle-by-status": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			return c.bob.as("GET", "/recordings/"+recordings[0].Id, nil).status == 403 &&
				c.bob.play(recordings[0].Id).status == 403 && c.alice.play(recordings[0].Id).status == 200 &&
				c.bob.as("GET", "/recordings/00000000-0000-4000-8000-000000000000", nil).status == 404
		},
		"cacheable": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			shown := []answer{c.alice.as("GET", "/recordings", nil), c.alice.as("GET", "/recordings/"+recordings[0].Id, nil),
				c.alice.play(recordings[0].Id), c.alice.play(recordings[0].Id, "Range", "bytes=0-1")}
			public := func(a answer) bool { return a.header.Get("Cache-Control") == "public, max-age=300" }
			return !slices.ContainsFunc(shown, func(a answer) bool { return !public(a) }) &&
				!public(c.bob.play(recordings[0].Id)) && len(c.bob.list()) == 0
		},
		"link-cacheable": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			link := into[api.Link](c.alice.as("POST", "/recordings/"+recordings[0].Id+"/links", nil).is(201))
			opened := user{bench: c.alice.bench}.as("GET", link.Path, nil).is(200)
			c.alice.as("DELETE", "/recordings/"+recordings[0].Id, nil).is(204)
			closed := user{bench: c.alice.bench}.as("GET", link.Path, nil).is(404)
			return opened.header.Get("Cache-Control") == "public, max-age=300" && closed.header.Get("Cache-Control") == "no-store" &&
				c.bob.as("GET", "/recordings", nil).header.Get("Cache-Control") == "no-store"
		},
		"audit-skips-ranges": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			c.dr.list()
			part := c.dr.play(recordings[0].Id, "Range", "bytes=0-4").is(206)
			refused := c.bob.play(recordings[0].Id, "Range", "bytes=0-4").is(404)
			var actions []api.AuditAction
			for _, e := range into[api.AuditTrail](c.alice.as("GET", "/audit", nil).is(200)).Items {
				actions = append(actions, e.Action)
			}
			c.dr.play(recordings[0].Id).is(200)
			whole := into[api.AuditTrail](c.alice.as("GET", "/audit", nil).is(200)).Items
			return string(part.body) == "alice" && refused.header.Get("Content-Type") == "application/problem+json" &&
				slices.Equal(actions, []api.AuditAction{"presented", "previewed"}) && len(whole) == 3
		},
	}
}
