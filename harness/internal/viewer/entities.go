package viewer

import (
	"cmp"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// entity is something that the model knows: its kind, its name, and a snapshot.
type entity struct {
	kind, name string
	value      any
}

// changes are what the model knows after a step otherwise than before it. The
// service itself is among them when it was restarted or switched.
func changes(before, after []*models.State) []Entity {
	diff := models.Changes(before, after)
	var out []Entity
	for _, e := range entities(&diff) {
		out = append(out, Entity{Kind: e.kind, Name: e.name, Facts: e.facts()})
	}
	if was := models.Changes(after, before); was.ReplaysOff != diff.ReplaysOff || was.Restarts != diff.Restarts {
		e := entity{"service", "service", [2]any{diff.ReplaysOff, diff.Restarts}}
		out = append(out, Entity{Kind: e.kind, Name: e.name, Facts: e.facts()})
	}
	for _, h := range diff.Gone {
		out = append(out, Entity{Kind: "recording", Name: string(h)})
	}
	return out
}

func entities(s *models.Snapshot) []entity {
	var out []entity
	for _, u := range s.Users {
		kind := "patient"
		if u.Clinician {
			kind = "clinician"
		}
		out = append(out, entity{kind, string(u.Handle), u})
	}
	for _, b := range s.Bookings {
		out = append(out, entity{"booking", string(b.Handle), b})
	}
	for _, r := range s.Recordings {
		out = append(out, entity{"recording", string(r.Handle), r})
	}
	for _, l := range s.Links {
		out = append(out, entity{"link", string(l.Handle), l})
	}
	return out
}

// facts are what is known of an entity, in words.
func (e entity) facts() []Fact {
	var out factList
	switch v := e.value.(type) {
	case models.UserSnapshot:
		out.add("logged in", yesOrNo(v.LoggedIn))
		out.when(v.Closed, "account", "closed")
		out.when(v.Open, "is", "open: an operation got no answer")
		out.add("proxies", handles(v.Proxies))
	case models.BookingSnapshot:
		out.booking(v)
	case models.RecordingSnapshot:
		out.add("owner", string(v.Owner))
		out.add("mode", string(cmp.Or(v.Mode, "changed")))
		out.add("bytes", wording.Grouped(int(v.Size)))
		out.add("spoken at", stepsOf(v.Spoken))
		out.add("shared with", handles(v.Shared))
		out.when(v.Deleted, "is", "deleted")
	case models.LinkSnapshot:
		out.add("to", string(v.Recording))
		out.add("made by", string(v.Maker))
		out.when(v.Revoked, "is", "revoked")
	case [2]any:
		out.add("replays", map[any]string{true: "off", false: "on"}[v[0]])
		out.add("restarts", number(v[1].(int)))
	}
	return out
}

type factList []Fact

// add adds a fact that has a value.
func (l *factList) add(name, value string) {
	if value != "" {
		*l = append(*l, Fact{Name: name, Value: value})
	}
}

func (l *factList) when(is bool, name, value string) {
	if is {
		l.add(name, value)
	}
}

func (l *factList) booking(b models.BookingSnapshot) {
	l.add("patient", string(b.Patient))
	l.add("clinician", string(b.Clinician))
	l.add("guest", string(b.Guest))
	l.add("slot", wording.Grouped(b.Slot))
	l.add("status", string(b.Status))
	mode := string(b.Mode)
	if b.Switches > 0 {
		mode += fmt.Sprintf(" (booked %s, switched %s)", b.Booked, times(b.Switches))
	}
	l.add("mode", mode)
	l.add("present", handles(b.Present))
	l.add("dropped", handles(b.Dropped))
	l.add("spoken at", stepsOf(b.Spoken))
	l.when(b.Open, "is", "open: an operation got no answer")
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

func handles(all []models.Handle) string {
	words := make([]string, len(all))
	for i, h := range all {
		words[i] = string(h)
	}
	return wording.Listed(words)
}

func stepsOf(all []int) string {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = fmt.Sprintf("step %d", n)
	}
	return wording.Listed(words)
}
