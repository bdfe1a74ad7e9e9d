package propose

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// policy is what the document says that the service chose; elsewhere it is the
// reference's choice.
func (p *proposing) policy() entry {
	chosen, said := models.ReferencePolicy(), make(map[string]string)
	if age, from := p.leastAge(); age > 0 {
		chosen.MinAge, said["min_age"] = age, from
	}
	if outcome, from := p.refusal(); from != "" {
		chosen.Refusal, said["refusal"] = outcome, from
	}
	return policySection(chosen, said)
}

// agePattern matches where a text says from which age.
var agePattern = regexp.MustCompile(`(?i)(?:at least|minimum(?: age)?(?: of| is|:)?|not younger than|from the age of|aged|over)\s+(\d{1,2})\b`)

// leastAge is the age from which the document lets patients register, in years,
// with the property that says so; 0 where none does.
func (p *proposing) leastAge() (int, string) {
	r := p.requests[models.KindPatient]
	if r == nil {
		return 0, ""
	}
	_, s := r.endpoint.asks()
	for _, name := range s.names() {
		property := s.property(name)
		class := classOf(name, property, models.KindPatient)
		if class == classAge && property.minimum != nil && *property.minimum > 0 {
			return int(*property.minimum), "from the minimum of " + clean(name)
		}
		if class != classAge && class != classBirth {
			continue
		}
		if at := agePattern.FindStringSubmatch(property.description); at != nil {
			age, err := strconv.Atoi(at[1])
			if err == nil && age > 0 {
				return age, "from the description of " + clean(name)
			}
		}
	}
	return 0, ""
}

// refusal is what strangers are answered who ask for a recording, with where the
// document says so; empty where it tells of both answers or of neither.
func (p *proposing) refusal() (models.Outcome, string) {
	for _, k := range []models.Kind{models.KindGet, models.KindPlay} {
		r := p.requests[k]
		if r == nil {
			continue
		}
		missing, denied := slices.Contains(r.endpoint.statuses, "404"), slices.Contains(r.endpoint.statuses, "403")
		switch {
		case denied && !missing:
			return models.Denied, "from the 403 of " + r.endpoint.name()
		case missing && !denied:
			return models.Missing, "from the 404 of " + r.endpoint.name()
		}
	}
	return models.Missing, ""
}

// dateLayouts are how services write days, with the template of each.
var dateLayouts = []struct{ layout, template string }{
	{"2006-01-02", "{{.D}}"},
	{"02.01.2006", "{{slice .D 8 10}}.{{slice .D 5 7}}.{{slice .D 0 4}}"},
	{"02/01/2006", "{{slice .D 8 10}}/{{slice .D 5 7}}/{{slice .D 0 4}}"},
	{"01/02/2006", "{{slice .D 5 7}}/{{slice .D 8 10}}/{{slice .D 0 4}}"},
	{"02-01-2006", "{{slice .D 8 10}}-{{slice .D 5 7}}-{{slice .D 0 4}}"},
	{"2006/01/02", "{{slice .D 0 4}}/{{slice .D 5 7}}/{{slice .D 8 10}}"},
	{"20060102", "{{slice .D 0 4}}{{slice .D 5 7}}{{slice .D 8 10}}"},
}

// dateTemplate writes a day as the example of a property does. Where the example
// fits two ways, the day is first.
func (r *request) dateTemplate(of string, s *shape) string {
	usual := "{{" + of + "}}"
	if s.example == "" || s.format == "date-time" {
		return usual
	}
	var fit []string
	for _, l := range dateLayouts {
		if _, err := time.Parse(l.layout, s.example); err == nil {
			fit = append(fit, strings.ReplaceAll(l.template, ".D", of))
		}
	}
	switch {
	case len(fit) == 0:
		r.todo("write the date of birth like %s", s.example)
		return usual
	case len(fit) > 1:
		r.todo("say whether the day or the month is first in %s", s.example)
	}
	return fit[0]
}
