package process

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// greeting is the answer to hello.
type greeting struct {
	Name       string        `json:"name"`
	Version    string        `json:"version"`
	Operations []models.Kind `json:"operations"`
	// Unsent are the arguments that cannot be sent, by operation.
	Unsent map[models.Kind][]string `json:"unsent"`
	Policy policy                   `json:"policy"`
	Fresh  bool                     `json:"fresh"`
}

// policy is what an adapter declares; nil is what the reference does, and a choice
// that is left out is found out.
type policy struct {
	Recordings    *models.Grain      `json:"recordings"`
	Totals        *models.Totals     `json:"totals"`
	RecordAudio   *bool              `json:"recordAudio"`
	MinAge        *int               `json:"minAge"`
	PatientMayEnd *bool              `json:"patientMayEnd"`
	Refusal       *models.Outcome    `json:"refusal"`
	LagSeconds    *float64           `json:"lagSeconds"`
	Groups        *bool              `json:"groups"`
	Repeats       *bool              `json:"repeats"`
	Switchless    *bool              `json:"switchless"`
	Links         *models.LinkPolicy `json:"links"`
	// Access and Choices have the words of what is declared, by their keys.
	Access  map[string]string `json:"access"`
	Choices map[string]string `json:"choices"`
}

func (p *policy) model() models.Policy {
	m := models.ReferencePolicy().Undeclared()
	give(&m.Recordings, p.Recordings)
	give(&m.Totals, p.Totals)
	give(&m.RecordAudio, p.RecordAudio)
	give(&m.MinAge, p.MinAge)
	give(&m.PatientMayEnd, p.PatientMayEnd)
	give(&m.Refusal, p.Refusal)
	give(&m.Groups, p.Groups)
	give(&m.Repeats, p.Repeats)
	give(&m.Switchless, p.Switchless)
	give(&m.Links, p.Links)
	if p.LagSeconds != nil {
		m.Lag = time.Duration(*p.LagSeconds * float64(time.Second))
	}
	for key, word := range p.Access { // what there is not, the schema has refused
		m.Access, _ = m.Access.With(key, word)
	}
	for axis, value := range p.Choices { // what there is not, the schema has refused
		m.Choices, _ = m.Choices.Choose(axis, value)
	}
	return m
}

// give sets what was given.
func give[T any](to, value *T) {
	if value != nil {
		*to = *value
	}
}

// capabilities are what the harness may ask for. Where others may use the service
// it is neither restarted nor are its replays switched off, as with
// [targets.Shared].
func (g *greeting) capabilities() models.Capabilities {
	c := models.Capabilities{Policy: g.Policy.model()}
	for _, k := range models.Kinds() {
		if slices.Contains(g.Operations, k) && (g.Fresh || !models.ConcernsService(k)) {
			c.Operations = append(c.Operations, k)
		}
	}
	for k, arguments := range g.Unsent {
		c = c.Lacking(k, arguments...)
	}
	return c
}

// answer is the answer to an operation.
type answer struct {
	Outcome   models.Outcome `json:"outcome"`
	Status    int            `json:"status"`
	Encounter *encounter     `json:"encounter"`
	Listing   *listing       `json:"listing"`
	Row       *row           `json:"row"`
	Content   *content       `json:"content"`
	Audit     []access       `json:"audit"`
	// CacheControl is nil where the adapter tells nothing of headers.
	CacheControl   *string               `json:"cacheControl"`
	Authentication models.Authentication `json:"authentication"`
	Caches         *models.CacheHeaders  `json:"caches"`
	Reason         string                `json:"reason"`
	Detail         string                `json:"detail"`
	Requests       *int                  `json:"requests"`
	Renewed        int                   `json:"renewed"`
}

type encounter struct {
	Status     models.EncounterStatus `json:"status"`
	Mode       models.Mode            `json:"mode"`
	Segment    int                    `json:"segment"`
	Recordings []row                  `json:"recordings"`
}

type listing struct {
	Rows      []row `json:"rows"`
	Total     *int  `json:"total"`
	More      bool  `json:"more"`
	Truncated bool  `json:"truncated"`
}

type row struct {
	ID      string      `json:"id"`
	Title   string      `json:"title"`
	Subject somebody    `json:"subject"`
	Mode    models.Mode `json:"mode"`
	Segment int         `json:"segment"`
	Size    int64       `json:"size"`
	Page    int         `json:"page"`
}

type content struct {
	Body  []byte `json:"body"`
	From  int64  `json:"from"`
	Total *int64 `json:"total"`
}

type access struct {
	Who       somebody     `json:"who"`
	Whose     somebody     `json:"whose"`
	Recording string       `json:"recording"`
	Level     models.Level `json:"level"`
}

// somebody is what an adapter says of whom something is.
type somebody struct {
	said bool
	name models.Handle // empty for nobody
}

// UnmarshalJSON reads a name or null.
func (s *somebody) UnmarshalJSON(text []byte) error {
	s.said, s.name = true, ""
	return json.Unmarshal(text, &s.name)
}

// lacks says which part an answer that is ok lacks, or "". An adapter that tells
// less than the operation shows would make a leak invisible.
func (a *answer) lacks(k models.Kind) string {
	if a.Outcome != models.OK {
		return ""
	}
	for _, p := range a.parts() {
		if models.Shows(k).Has(p.part) && !p.given {
			return p.name
		}
	}
	return ""
}

// part is a part of an answer, by the name of its field.
type part struct {
	part  models.Parts
	name  string
	given bool
}

func (a *answer) parts() []part {
	return []part{
		{models.ShowsEncounter, "encounter", a.Encounter != nil},
		{models.ShowsListing, "listing", a.Listing != nil},
		{models.ShowsRow, "row", a.Row != nil},
		{models.ShowsContent, "content", a.Content != nil},
		{models.ShowsAudit, "audit", a.Audit != nil},
	}
}

// readApplyAnswer reads the answer to an operation of kind k.
func (p *protocol) readApplyAnswer(id int, k models.Kind, line []byte) (*answer, error) {
	a := new(answer)
	if err := readAnswer(p.apply, id, line, a); err != nil {
		return nil, err
	}
	if part := a.lacks(k); part != "" {
		return nil, fmt.Errorf("an answer to %s that is ok has no %s; expected what the service showed, even if it is empty", k, part)
	}
	return a, nil
}
