package exposure

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// form names the form of [Pack] as JSON. A greater number behind the slash
// means that a reader of the form before may be wrong.
const form = "crosstalk-exposure/1"

// Facts are what the exposures were seen in.
type Facts struct {
	Target     string    `json:"target"`
	Seed       int       `json:"seed"`
	Started    time.Time `json:"started"`
	Ended      time.Time `json:"ended"`
	Traces     int       `json:"traces"`
	Operations int       `json:"operations"`
	Requests   int       `json:"requests"`
	// Complete says that the run came to its own end.
	Complete bool `json:"complete"`
	// Story is what happened in one sentence, with the names of the test; it is
	// written only where names are asked for.
	Story string `json:"story,omitempty"`
}

// Options say how a pack is written.
type Options struct {
	// Names puts the names of the test in place of pseudonyms.
	Names bool
	// Aware is when the controller became aware of the breach, in the zone in
	// which it was given; zero where nobody has said.
	Aware time.Time
	// Now is the time at which the pack is written, by which it is said how long
	// the deadline is; zero leaves that out.
	Now time.Time
}

// Pack is what a register knows, in the order of first exposure. The same
// histories give the same pack.
type Pack struct {
	Schema string `json:"schema"` // "crosstalk-exposure/1"
	Run    Facts  `json:"run"`
	// Named says that names stand in place of pseudonyms.
	Named bool `json:"named"`
	// Replays are the runs besides the exploration, of which Showing showed an
	// exposure: evidence of the mechanism, not more people.
	Replays        int `json:"replays"`
	ReplaysShowing int `json:"replaysShowing"`

	Exposures []Exposure `json:"exposures"`
	// Levels count persons and recordings, from the least level to the most.
	Levels []LevelCount `json:"levels"`
	// Inform are the subjects, the most exposed first.
	Inform []Subject `json:"inform"`
	// Unidentified counts the exposures of which nobody can tell whose they are,
	// and Uncounted those to recipients that are no certain number of persons: a
	// caller without a login, the holder of a revoked token.
	Unidentified int `json:"unidentified"`
	Uncounted    int `json:"uncounted"`

	options Options
}

// Exposure is a recording of one person's shown to another, by one path and to
// one extent.
type Exposure struct {
	ID            string        `json:"id"`
	Certainty     Certainty     `json:"certainty"`
	Evidence      Evidence      `json:"evidence"`
	Level         models.Level  `json:"level"`
	Path          models.Path   `json:"path"`
	Recipient     string        `json:"recipient"`
	RecipientKind RecipientKind `json:"recipientKind"`
	// Subject is empty where nobody can tell whose it is.
	Subject string `json:"subject,omitempty"`
	// Recording is the recording, or the consultation where no recording of it
	// is known; empty where neither is.
	Recording  string    `json:"recording,omitempty"`
	First      time.Time `json:"first"`
	Last       time.Time `json:"last"`
	Times      int       `json:"times"` // in how many answers
	Bytes      int64     `json:"bytes,omitempty"`
	BytesTotal int64     `json:"bytesTotal,omitempty"`
	Size       int64     `json:"size,omitempty"`
	Rules      []string  `json:"rules,omitempty"`
	Steps      []string  `json:"steps"` // TRACE/STEP
	// RequestIDs and Traceparents are of all requests of those steps, where the
	// target speaks HTTP.
	RequestIDs   []string `json:"requestIds,omitempty"`
	Traceparents []string `json:"traceparents,omitempty"`

	keys keys
}

// keys tell persons and recordings apart when they are counted. Those of the
// lower bound take for one what may be one.
type keys struct {
	recipient, subject, subjectAtLeast, recording, booking place
}

// Certainty is proven or possible.
type Certainty string

// The certainties.
const (
	Proven   Certainty = "proven"
	Possible Certainty = "possible"
)

// RecipientKind says who a recipient is.
type RecipientKind string

// The kinds of recipient. Only the first two are persons that can be counted.
const (
	Patient   RecipientKind = "patient"
	Clinician RecipientKind = "clinician"
	Anyone    RecipientKind = "anyone" // a caller without a login
	Holder    RecipientKind = "token"  // whoever holds the subject's revoked token
)

// counted reports whether recipients of the kind are a certain number of
// persons.
func (k RecipientKind) counted() bool { return k == Patient || k == Clinician }

// Pack is what the register knows.
func (r *Register) Pack(facts Facts, o Options) *Pack {
	facts.Started, facts.Ended = facts.Started.UTC(), facts.Ended.UTC()
	if !o.Names {
		facts.Story = ""
	}
	p := &Pack{Schema: form, Run: facts, Named: o.Names, Replays: r.replays, ReplaysShowing: r.showing, options: o, Exposures: []Exposure{}}
	n := &namer{register: r, names: o.Names, persons: make(map[place]string), recordings: make(map[place]string)}
	for i, e := range r.sorted() {
		x := e.exposure(r, n)
		x.ID = fmt.Sprintf("E-%04d", i+1)
		if x.Subject == "" {
			p.Unidentified++
		}
		if !x.RecipientKind.counted() {
			p.Uncounted++
		}
		p.Exposures = append(p.Exposures, x)
	}
	p.count()
	p.inform()
	return p
}

// sorted are the entries in order of first exposure.
func (r *Register) sorted() []*entry {
	out := make([]*entry, 0, len(r.entries))
	for _, e := range r.entries {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b *entry) int {
		return cmp.Or(a.first.Compare(b.first), cmp.Compare(a.steps[0].Trace, b.steps[0].Trace), cmp.Compare(a.steps[0].Step, b.steps[0].Step),
			comparePlaces(a.recording, b.recording), comparePlaces(a.viewer, b.viewer), comparePlaces(a.owner, b.owner),
			cmp.Compare(a.path, b.path), cmp.Compare(a.level, b.level))
	})
	return out
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.world, b.world), cmp.Compare(a.name, b.name))
}

// exposure is the entry as it is written.
func (e *entry) exposure(r *Register, n *namer) Exposure {
	k := r.keysOf(e)
	x := Exposure{
		Certainty: Possible, Evidence: e.evidence, Level: e.level, Path: e.path, RecipientKind: r.kindOf(e), keys: k,
		First: e.first.UTC(), Last: e.last.UTC(), Times: e.times, Bytes: e.bytes, BytesTotal: e.total, Size: e.of, Rules: e.rules,
	}
	if e.evidence.proven() {
		x.Certainty = Proven
	}
	x.Subject = n.person(k.subject)
	x.Recording = n.recording(k.recording)
	switch x.RecipientKind {
	case Anyone:
		x.Recipient = "anyone"
	case Holder:
		x.Recipient = "holder of " + x.Subject + "'s revoked token"
	default:
		x.Recipient = n.person(k.recipient)
	}
	for _, s := range e.steps {
		x.Steps = append(x.Steps, fmt.Sprintf("%d/%d", s.Trace, s.Step))
	}
	for _, q := range e.requests {
		x.RequestIDs = append(x.RequestIDs, q.ID)
		x.Traceparents = append(x.Traceparents, q.Traceparent)
	}
	return x
}

// kindOf says who the recipient of an entry is.
func (r *Register) kindOf(e *entry) RecipientKind {
	switch {
	case e.viewer.name == models.Anyone:
		return Anyone
	case e.viewer == e.owner:
		return Holder
	case r.clinicians[e.viewer]:
		return Clinician
	}
	return Patient
}

// keysOf tells who and what an entry is counted as.
func (r *Register) keysOf(e *entry) keys {
	k := keys{recipient: e.viewer, recording: e.recording, booking: place{e.recording.world, e.recording.name.Booking()}}
	owner := e.owner.name
	if owner == "" {
		owner = r.Owner(e.recording.world, e.recording.name)
	}
	switch {
	case owner == models.Somebody || owner == "" && e.recording.name == "":
	case owner != "":
		k.subject = place{e.owner.world, owner}
		k.subjectAtLeast = k.subject
	default: // a patient of another test
		k.subject, k.subjectAtLeast = k.booking, place{e.recording.world, "?"}
	}
	return k
}
