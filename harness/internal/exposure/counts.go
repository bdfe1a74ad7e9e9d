package exposure

import (
	"cmp"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// LevelCount counts persons and recordings at a level. Subjects are those whose
// recordings were exposed, recipients those to whom.
type LevelCount struct {
	Level models.Level `json:"level"`
	// Subjects, Recipients and Recordings count everybody who was exposed to this
	// extent or further, as incidents are reported: who viewed a recording was
	// presented with it, too.
	Subjects   Bounds `json:"subjects"`
	Recipients Bounds `json:"recipients"`
	Recordings Bounds `json:"recordings"`
	// The others count each only where this is their highest level.
	SubjectsHighest   Highest `json:"subjectsHighest"`
	RecipientsHighest Highest `json:"recipientsHighest"`
	RecordingsHighest Highest `json:"recordingsHighest"`
}

// Bounds are a lower bound, by what is proven, and an upper bound, by what is
// proven or possible.
type Bounds struct {
	AtLeast int `json:"atLeast"`
	AtMost  int `json:"atMost"`
}

// Highest counts by the highest level that is proven, and by the highest that is
// proven or possible. The second is no upper bound of the first: a person whom a
// possibility lifts to a higher level is missing from the lower one.
type Highest struct {
	Proven       int `json:"proven"`
	WithPossible int `json:"withPossible"`
}

// highs are the highest levels of persons or recordings.
type highs map[place]models.Level

func (h highs) raise(p place, level models.Level) {
	if p != (place{}) {
		h[p] = max(h[p], level)
	}
}

// at counts those whose highest level it is, and from those at it or above.
func (h highs) at(level models.Level) (at, from int) {
	for _, l := range h {
		if l == level {
			at++
		}
		if l >= level {
			from++
		}
	}
	return at, from
}

// tally is what is counted of one kind: persons or recordings.
type tally struct{ proven, all highs }

func newTally() tally { return tally{make(highs), make(highs)} }

func (t tally) add(x *Exposure, atLeast, atMost place) {
	if x.Certainty == Proven {
		t.proven.raise(atLeast, x.Level)
	}
	t.all.raise(atMost, x.Level)
}

func (t tally) at(level models.Level) (Bounds, Highest) {
	provenAt, provenFrom := t.proven.at(level)
	allAt, allFrom := t.all.at(level)
	return Bounds{provenFrom, allFrom}, Highest{provenAt, allAt}
}

// count counts persons and recordings by level.
func (p *Pack) count() {
	subjects, recipients, recordings := newTally(), newTally(), newTally()
	for i := range p.Exposures {
		x := &p.Exposures[i]
		subjects.add(x, x.keys.subjectAtLeast, x.keys.subject)
		if x.RecipientKind.counted() {
			recipients.add(x, x.keys.recipient, x.keys.recipient)
		}
		if x.keys.recording.name != "" {
			recordings.add(x, x.keys.recording, x.keys.recording)
		}
	}
	mergeConsultations(recordings.proven)
	mergeConsultations(recordings.all)
	for level := models.Inferred; level <= models.Controlled; level++ {
		c := LevelCount{Level: level}
		c.Subjects, c.SubjectsHighest = subjects.at(level)
		c.Recipients, c.RecipientsHighest = recipients.at(level)
		c.Recordings, c.RecordingsHighest = recordings.at(level)
		p.Levels = append(p.Levels, c)
	}
}

// mergeConsultations counts a consultation for one of its recordings where some
// of these are known: they may be the same.
func mergeConsultations(h highs) {
	least := make(map[place]place)
	for p := range h {
		booking := place{p.world, p.name.Booking()}
		if first, ok := least[booking]; p != booking && (!ok || comparePlaces(p, first) < 0) {
			least[booking] = p
		}
	}
	for booking, recording := range least {
		if level, ok := h[booking]; ok {
			h[recording] = max(h[recording], level)
			delete(h, booking)
		}
	}
}

// Subject is a person whose recordings were exposed.
type Subject struct {
	Subject string `json:"subject"`
	// Proven is the highest level that is proven, and Possible that which is
	// proven or possible.
	Proven   models.Level `json:"proven"`
	Possible models.Level `json:"possible"`
	// Recordings and Recipients are those of all exposures of the person.
	Recordings []string `json:"recordings"`
	Recipients []string `json:"recipients"`
}

// inform lists the subjects, the most exposed first, then in order of first
// exposure.
func (p *Pack) inform() {
	p.Inform = []Subject{}
	at := make(map[string]int)
	for i := range p.Exposures {
		x := &p.Exposures[i]
		if x.Subject == "" {
			continue
		}
		n, known := at[x.Subject]
		if !known {
			n = len(p.Inform)
			at[x.Subject] = n
			p.Inform = append(p.Inform, Subject{Subject: x.Subject, Recordings: []string{}, Recipients: []string{}})
		}
		p.Inform[n].add(x)
	}
	slices.SortStableFunc(p.Inform, func(a, b Subject) int {
		return cmp.Or(cmp.Compare(b.Possible, a.Possible), cmp.Compare(b.Proven, a.Proven))
	})
}

func (s *Subject) add(x *Exposure) {
	if x.Certainty == Proven {
		s.Proven = max(s.Proven, x.Level)
	}
	s.Possible = max(s.Possible, x.Level)
	if x.Recording != "" && !slices.Contains(s.Recordings, x.Recording) {
		s.Recordings = append(s.Recordings, x.Recording)
	}
	if !slices.Contains(s.Recipients, x.Recipient) {
		s.Recipients = append(s.Recipients, x.Recipient)
	}
}
