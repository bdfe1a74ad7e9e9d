package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// stop is an operation of the tour.
type stop struct {
	line string
	// needs is a kind without which the operation is left out, besides its own.
	needs models.Kind
	// tests is a key of the configuration that is to blame where the operation is
	// not answered as expected, or empty where that has to be found out.
	tests string
}

// tour has an operation of every kind, each where a correct service accepts it,
// and some that it must refuse.
func tour(caps *models.Capabilities) []stop {
	p := &caps.Policy
	inModes := modesOf(caps).Replace
	var out []stop
	add := func(needs models.Kind, tests, text string) {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				out = append(out, stop{line, needs, tests})
			}
		}
	}
	add("", "", "alice = patient()\nbob = patient()")
	if p.MinAge > 0 {
		add("", "policy.min_age", fmt.Sprintf("carol = patient(age=%d)\ndave = patient(age=%d)", p.MinAge-1, p.MinAge))
	}
	add("", "", inModes(beforeConsultation))
	add("", "policy.patient_may_end", "alice.end(b2)")
	add("", "", "dr1.end(b2)\nalice.join(b1)\ndr1.join(b1)\nalice.speak(b1)\nalice.speak(b1)")
	add(models.KindDrop, "", "alice.drop(b1)\nalice.join(b1)")
	left, listed, _ := strings.Cut(inModes(consultation), "alice.list()")
	add("", "", left)
	if !slices.Contains(p.Choices.Of("completion"), "atOnce") {
		add("", "", "dr1.join(b1)\ndr1.end(b1)")
	}
	add("", "", "alice.list()"+listed)
	add("", "", each("alice", "b1.r1", func(k models.Kind) bool { return models.PathOf(k).Derived() }))
	add("", "", "l1 = alice.link(b1.r1)\nalice.open(l1)")
	add("", "policy.links", "bob.open(l1)")
	add("", "", afterConsultation)
	add("", "", each("alice", "", func(k models.Kind) bool { return models.RowsOf(k).OfAccount() }))
	add(models.KindReplays, "", "operator.replays(off)\nalice.list()\noperator.replays(on)")
	add(models.KindRestart, "", "service.restart()\nalice.list()")
	add("", "", "alice.delete(b1.r1)\nalice.logout()")
	add(models.KindLogout, "operations.logout", "alice.list()")
	add("", "", "bob.close()")
	add(models.KindClose, "operations.close", "bob.list()")
	return out
}

const beforeConsultation = `
dr1 = clinician()
alice.login()
b1 = alice.book(dr1, FIRST)
b2 = alice.book(dr1, audio, slot=2)
b3 = alice.book(dr1, audio, slot=3)
alice.reschedule(b2, slot=4)
alice.cancel(b3)
alice.join(b2)
dr1.join(b2)
`

// consultation has three stretches, so that what a recording holds can be told.
const consultation = `
alice.switch(b1, SECOND)
alice.speak(b1)
alice.switch(b1, FIRST)
alice.speak(b1)
dr1.leave(b1)
alice.leave(b1)
alice.list()
alice.list(limit=1)
bob.list()
anyone.list()
c1 = alice.page(limit=1)
alice.follow(c1)
alice.get(b1.r1)
alice.get(?1)
bob.get(b1.r1)
alice.play(b1.r1)
alice.play(b1.r1, range=64-191)
bob.play(b1.r1)
alice.head(b1.r1)
`

// modesOf puts the mode in which the first consultation is booked, and that to which
// it is switched, into lines: audio first where nothing else can be asked for.
func modesOf(caps *models.Capabilities) *strings.Replacer {
	first, second := models.Video, models.Audio
	if caps.NotSent(models.Book{Mode: first}) != "" || caps.NotSent(models.Switch{Mode: second}) != "" && caps.NotSent(models.Book{Mode: second}) == "" {
		first, second = second, first
	}
	return strings.NewReplacer("FIRST", string(first), "SECOND", string(second))
}

const afterConsultation = `
alice.share(b1.r1, bob)
bob.get(b1.r1)
alice.unshare(b1.r1, bob)
alice.appoint(bob)
alice.dismiss(bob)
`

// each is an operation of each of some kinds, by an actor and on a thing.
func each(actor, uses models.Handle, wanted func(models.Kind) bool) string {
	var lines strings.Builder
	for _, k := range models.Kinds() {
		if wanted(k) {
			lines.WriteString(models.Simplest(k, actor, uses).String() + "\n")
		}
	}
	return lines.String()
}

// tourFor is the tour without what a target lacks.
func tourFor(caps models.Capabilities) ([]stop, models.Trace) {
	all := tour(&caps)
	lines := make([]string, len(all))
	for i, s := range all {
		lines[i] = s.line
	}
	parsed, err := models.Parse(strings.Join(lines, "\n"))
	if err != nil {
		panic(fmt.Sprintf("the tour is no trace: %v", err))
	}
	var t models.Trace
	var stops []stop
	for i, op := range parsed.Ops {
		if caps.Supports(op.Kind()) && caps.NotSent(op) == "" && (all[i].needs == "" || caps.Supports(all[i].needs)) {
			t.Ops, stops = append(t.Ops, op), append(stops, all[i])
		}
	}
	t, kept := t.Repair(&caps.Policy)
	out := make([]stop, len(kept))
	for i, at := range kept {
		out[i] = stops[at]
	}
	return out, t
}
