package clinic_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// The tests of package faults are here because they need what is here: each shows by HTTP alone that a service with the
// fault does what the fault's mechanism says, and that the correct service does not.

// A cast is who appears in a story: two patients and a practitioner of one service.
type cast struct {
	*bench
	changes        []func(*clinic.Config)
	alice, bob, dr user
}

// stories tell, for each fault, a sequence and what about its outcome shows the fault.
var stories = map[string]func(cast) bool{
	"switch-loses-owner": func(c cast) bool {
		a := c.switched("audio", "video")
		foreign := c.alice.end2(a)
		return slices.Contains(titles(c.bob.list()), "alice's") && c.bob.play(foreign).status == 200 &&
			c.bob.as("GET", "/recordings/"+foreign, nil).status == 200 && len(c.alice.list()) == 2
	},
	"switch-drops-filter": func(c cast) bool {
		_, foreign := c.bob.consult(c.dr, 2, "bob's", "bob speaks")
		before := titles(c.alice.list())
		c.switched("audio", "video")
		return !slices.Contains(before, "bob's") && slices.Contains(titles(c.alice.list()), "bob's") &&
			c.alice.play(foreign[0].Id).status == 404 && len(c.bob.list()) == 1
	},
	"recorder-reused": func(c cast) bool {
		_, bobs := c.bob.consult(c.dr, 2, "bob's", "bob speaks. ")
		a := c.switched("audio", "video")
		c.alice.leave(a).is(200)
		return string(c.bob.play(bobs[0].Id).body) == "bob speaks. after" && len(c.alice.list()) == 1
	},
	"stuck-egress": func(c cast) bool {
		a := c.switched("audio", "video")
		last := c.alice.end2(a)
		_, bobs := c.bob.consult(c.dr, 2, "bob's", " bob speaks")
		c.bob.consult(c.dr, 2, "bob's", " once more")
		return string(c.alice.play(last).body) == "after bob speaks" && string(c.bob.play(bobs[0].Id).body) == " bob speaks"
	},
	"second-switch": func(c cast) bool {
		a := c.switched("audio", "video")
		c.alice.turn(a, "audio").is(200)
		c.alice.speak(a, "at last").is(200)
		c.alice.leave(a).is(200)
		return len(c.alice.list()) == 2
	},
	"slot-key": func(c cast) bool {
		_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
		c.bob.book(c.dr, 1, "audio", "bob's")
		got := c.bob.list()
		return len(got) == 1 && got[0].Title == "bob's" && got[0].Subject == c.bob.id &&
			string(c.bob.play(recordings[0].Id).body) == "alice speaks" &&
			len(c.alice.list()) == 0 && c.alice.play(recordings[0].Id).status == 404
	},
	"cache-by-url": func(c cast) bool {
		c.alice.consult(c.dr, 1, "alice's", "alice speaks")
		return slices.Equal(titles(c.alice.list()), []string{"alice's"}) &&
			slices.Equal(titles(c.bob.list()), []string{"alice's"}) &&
			c.do("GET", "/recordings", "", nil).status == 200
	},
	"bytes-unguarded": func(c cast) bool {
		_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
		path := "/recordings/" + recordings[0].Id
		return c.bob.as("GET", path, nil).status == 404 &&
			string(c.bob.play(recordings[0].Id).body) == "alice speaks" &&
			string(c.bob.play(recordings[0].Id, "Range", "bytes=0-4").body) == "alice" &&
			c.bob.as("HEAD", path+"/content", nil).status == 200 && len(c.bob.list()) == 0
	},
	"bola": func(c cast) bool {
		_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
		return c.bob.as("GET", "/recordings/"+recordings[0].Id, nil).status == 200 &&
			string(c.bob.play(recordings[0].Id).body) == "alice speaks" && len(c.bob.list()) == 0
	},
	"cursor-drops-owner": func(c cast) bool {
		c.alice.consult(c.dr, 1, "alice's", "one")
		c.bob.consult(c.dr, 2, "bob's", "bob speaks")
		c.alice.consult(c.dr, 1, "alice's", "two")
		first := into[api.RecordingPage](c.alice.as("GET", "/recordings?limit=1", nil).is(200))
		second := into[api.RecordingPage](c.alice.as("GET", "/recordings?limit=5&cursor="+first.Next, nil).is(200))
		return slices.Contains(titles(second.Items), "bob's") && len(c.alice.list()) == 2
	},
	"phantom-rows": func(c cast) bool {
		a := c.alice.book(c.dr, 1, "audio", "alice's")
		c.alice.turn(a, "video").is(409)
		got := c.bob.list()
		return len(got) == 1 && got[0].Title == "" && got[0].Size == 0 && got[0].Subject == ""
	},
	"refused-but-done": func(c cast) bool {
		a := c.alice.book(c.dr, 1, "audio", "alice's")
		c.alice.join(a).is(200)
		c.bob.turn(a, "video").is(404)
		other := c.alice.book(c.dr, 2, "audio", "alice's")
		c.bob.as("POST", "/appointments/"+other.Id+"/cancel", nil).is(404)
		mode := into[api.Encounter](c.dr.join(a).is(200)).Mode
		status := into[api.Appointment](c.alice.as("GET", "/appointments/"+other.Id, nil).is(200)).Status
		return mode == "video" && status == "cancelled"
	},
	"double-stop": func(c cast) bool {
		a := c.alice.book(c.dr, 1, "audio", "alice's")
		c.alice.join(a).is(200)
		return c.alice.turn(a, "audio").status == 500
	},
	"switch-unguarded": func(c cast) bool {
		a := c.alice.book(c.dr, 1, "audio", "alice's")
		c.alice.join(a).is(200)
		return c.bob.turn(a, "video").status == 200
	},
	"empty-listing": func(c cast) bool {
		_, recordings := c.alice.consult(c.dr, 1, "alice's", "alice speaks")
		return len(c.alice.list()) == 0 && len(c.dr.list()) == 0 && c.alice.play(recordings[0].Id).status == 404
	},
}

// switched is a consultation of Alice's in which she speaks before and after a change of mode, and which goes on.
func (c cast) switched(from, to string) api.Appointment {
	c.t.Helper()
	a := c.alice.book(c.dr, 1, from, "alice's")
	c.alice.join(a).is(200)
	c.alice.speak(a, "before").is(200)
	c.alice.turn(a, to).is(200)
	c.alice.speak(a, "after").is(200)
	return a
}

// end2 leaves a consultation that leaves two recordings, and returns the id of the second.
func (u user) end2(a api.Appointment) string {
	u.t.Helper()
	recordings := into[api.Encounter](u.leave(a).is(200)).Recordings
	require.Len(u.t, recordings, 2)
	return recordings[1].Id
}

// allStories are the stories of every group.
func allStories() map[string]func(cast) bool {
	all := maps.Clone(stories)
	for _, group := range []map[string]func(cast) bool{
		switchingStories(),
		bookingStories(),
		sessionsStories(),
		cachesStories(),
		accessStories(),
		hintsStories(),
	} {
		maps.Copy(all, group)
	}
	return all
}

func TestEachFaultDoesWhatItsMechanismSaysAndTheCorrectServiceDoesNot(t *testing.T) {
	told := allStories()
	for _, fault := range faults.All() {
		t.Run(fault.Slug, func(t *testing.T) {
			shows, ok := told[fault.Slug]
			require.True(t, ok, "no story shows this fault")
			require.True(t, shows(newCast(t, fault.Apply)), "with the fault")
			require.False(t, shows(newCast(t)), "without the fault")
		})
	}
	require.Len(t, told, len(faults.All()))
}

func newCast(t *testing.T, changes ...func(*clinic.Config)) cast {
	file := filepath.Join(t.TempDir(), "clinic.db")
	changes = append(changes, func(c *clinic.Config) { c.Database, c.Unsynced = file, true })
	b := newBench(t, changes...)
	b.lenient = true
	return cast{bench: b, changes: changes, alice: b.patient(), bob: b.patient(), dr: b.practitioner()}
}

// restarted returns the same cast at a service that was stopped and started again.
func (c cast) restarted() cast {
	c.t.Helper()
	require.NoError(c.t, c.service.Close())
	b := newBench(c.t, c.changes...)
	b.lenient, b.users = true, c.users
	for _, u := range []*user{&c.alice, &c.bob, &c.dr} {
		u.bench = b
	}
	c.bench = b
	return c
}

func TestAFaultReplacesExactlyOneSeam(t *testing.T) {
	for _, fault := range faults.All() {
		var c clinic.Config
		fault.Apply(&c)
		replaced := 0
		for _, seam := range []bool{c.Recorder != nil, c.Archive != nil, c.Authorizer != nil, c.Consultations != nil,
			c.Grants != nil, c.LinkKeeper != nil, c.Notifier != nil, c.Trail != nil, c.Accounts != nil, c.Gate != nil,
			c.Recovery != nil, c.Front != nil} {
			if seam {
				replaced++
			}
		}
		require.Equal(t, 1, replaced, fault.Slug)
	}
}

func TestWhatAFaultRemembersBelongsToOneService(t *testing.T) {
	fault, err := faults.Find("switch-drops-filter")
	require.NoError(t, err)
	var cfg clinic.Config
	fault.Apply(&cfg)
	same := func(c *clinic.Config) { c.Consultations = cfg.Consultations }
	require.True(t, stories[fault.Slug](newCast(t, same)))
	require.True(t, stories[fault.Slug](newCast(t, same)), "Alice of the second service starts with a listing that is right")
}

func TestFaultsAreDescribed(t *testing.T) {
	for _, f := range faults.All() {
		for _, text := range []string{f.Slug, f.Mechanism, f.Trigger, f.Source} {
			require.NotEmpty(t, strings.TrimSpace(text), f.Slug)
		}
		require.NotEmpty(t, f.Class, f.Slug)
		require.NotEmpty(t, f.Rules, f.Slug)
		require.Positive(t, f.CWE, f.Slug)
		found, err := faults.Find(f.Slug)
		require.NoError(t, err)
		require.Equal(t, f.Slug, found.Slug)
	}
	_, err := faults.Find("switch-lose-owner")
	require.ErrorIs(t, err, faults.ErrUnknown)
	require.ErrorContains(t, err, "switch-loses-owner")
}
