package clinic_test

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

// accessStories tell the faults in who may get at a recording, a listing, or what derives from them; some are in stories.
func accessStories() map[string]func(cast) bool {
	return map[string]func(cast) bool{
		"total-counts-all": func(c cast) bool {
			c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			page := into[api.RecordingPage](c.bob.as("GET", "/recordings?mode=video", nil).is(200))
			none := into[api.RecordingPage](c.bob.as("GET", "/recordings?mode=audio", nil).is(200))
			return len(page.Items) == 0 && page.Total == 1 && none.Total == 0
		},
		"link-outlives": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			first, second := c.alice.link(recordings[0].Id), c.dr.link(recordings[0].Id)
			c.alice.as("DELETE", "/recordings/"+recordings[0].Id, nil).is(204)
			c = c.restarted()
			outlives := string(c.do("GET", first, "", nil).body) == "alice speaks" &&
				c.bob.as("GET", second, nil).status == 200
			c.alice.as("DELETE", "/sessions/current", nil).is(204)
			return outlives && c.do("GET", first, "", nil).status == 404 && c.do("GET", second, "", nil).status == 200
		},
		"notice-misdirected": func(c cast) bool {
			c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			own := slices.Equal(c.notices(c.alice), []string{"alice's"})
			a := c.alice.book(c.dr, 1, "video", "alice's again")
			c.alice.join(a).is(200)
			c.alice.speak(a, "more").is(200)
			c.bob.book(c.dr, 2, "video", "bob's")
			c.alice.leave(a).is(200)
			return own && slices.Equal(c.notices(c.bob), []string{"alice's again"}) &&
				slices.Equal(c.notices(c.alice), []string{"alice's"}) && len(c.alice.list()) == 2 && len(c.bob.list()) == 0
		},
		"foreign-delete": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			path := "/recordings/" + recordings[0].Id
			return c.bob.as("GET", path, nil).status == 404 && c.bob.as("DELETE", path, nil).status == 204 &&
				len(c.alice.list()) == 0 && c.alice.as("GET", path, nil).status == 404
		},
		"store-open": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			path := "/recordings/" + recordings[0].Id
			part := c.do("GET", path+"/content", "", nil, "Range", "bytes=6-")
			return string(part.body) == "speaks" && part.status == 206 && c.do("HEAD", path+"/content", "", nil).status == 200 &&
				c.do("GET", path, "", nil).status == 401 && c.bob.play(recordings[0].Id).status == 404 &&
				c.do("GET", path+"/content", "revoked", nil).status == 401
		},
		"kill-switch-partial": func(c cast) bool {
			_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
			link := c.alice.link(recordings[0].Id)
			c.do("PUT", "/operator/replays", operatorToken, map[string]any{"enabled": false}).is(200)
			c = c.restarted()
			return c.alice.as("GET", "/recordings", nil).status == 503 && c.alice.as("GET", "/export", nil).status == 503 &&
				string(c.alice.play(recordings[0].Id).body) == "alice speaks" && c.do("GET", link, "", nil).status == 200 &&
				c.bob.play(recordings[0].Id).status == 404
		},
	}
}

// notices are the titles in somebody's inbox.
func (c cast) notices(of user) []string {
	c.t.Helper()
	told := []string{}
	for _, n := range into[api.Inbox](of.as("GET", "/notifications", nil).is(200)).Items {
		told = append(told, n.Title)
	}
	return told
}
