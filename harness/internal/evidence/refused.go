package evidence

import (
	"fmt"

	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Unasked says in a few words what was never asked, each by itself: what the service
// refuses, as in "every leave was refused (41 of 41)", and the shape of 9 June 2020.
func (r *Run) Unasked() []string {
	refused := &r.Refused
	var out []string
	for _, k := range refused.Always(r.Rules) {
		out = append(out, fmt.Sprintf("every %s was refused (%s of %s)", k.Kind, wording.Grouped(k.Refused), wording.Grouped(k.Allowed)))
	}
	if t := refused.Tokens; t != nil {
		text := fmt.Sprintf("the service refuses a valid token of %s's", t.User)
		if t.Count > 1 {
			text += fmt.Sprintf(" (and %s more)", wording.Grouped(t.Count-1))
		}
		out = append(out, text)
	}
	if u := refused.Untold; u != nil {
		out = append(out, u.Text)
	}
	switch r.Incident {
	case judge.IncidentUnasked:
		out = append(out, "9 June 2020 was not asked (a visit booked by audio, switched to video and spoken in, then listed by its patient and by another)")
	case judge.NoSwitch:
		out = append(out, noSwitch)
	}
	return out
}

const noSwitch = "no switch of mode: 9 June not asked"

// Proviso ends the headline of a pass: what was not asked all the same, behind a
// semicolon, or nothing.
func (r *Run) Proviso() string {
	if r.Incident == judge.NoSwitch {
		return "; " + noSwitch
	}
	return ""
}

// refusals are what a service refuses of what a correct one accepts, in sentences.
func refusals(refused *judge.Refused) []string {
	var out []string
	for _, k := range refused.Kinds {
		out = append(out, fmt.Sprintf("What a correct service accepts was refused, which exposes nobody: %s in %s of %s, as in %s.",
			k.Kind, wording.Grouped(k.Refused), wording.Count(k.Allowed, "answer"), k.Example))
	}
	if t := refused.Tokens; t != nil {
		out = append(out, fmt.Sprintf("A valid token was refused %s, first in %s. What was answered until the next login tells nothing else. "+
			"If tokens expire, auth.renew says how to log in again.", wording.Count(t.Count, "time"), t.Example))
	}
	if u := refused.Untold; u != nil {
		out = append(out, fmt.Sprintf("What should be refused was answered %s by content without any tag, as in: %s. That exposes nobody for certain, and is no "+
			"refusal: where it is meant as one, a rule under operations.%s.outcome says how it is told.", wording.Count(u.Count, "time"), u.Text, u.Kind))
	}
	return out
}

// NotAsked are all of [Run.Unasked] in one text, or where there are none another.
func (r *Run) NotAsked(otherwise string) string {
	if all := r.Unasked(); len(all) > 0 {
		return wording.Listed(all)
	}
	return otherwise
}

// Obstacles says in sentences what stands in the way of a pass, and what to do.
func (r *Run) Obstacles() string {
	text := "This is not a pass."
	if open := OpenRules(r.Rules); open != "" {
		text = "This is not a pass: " + open + ". " + Remedy(&r.Coverage)
	} else if r.Refused.Untold != nil {
		text = "This is not a pass: nobody can tell what that content is. The notes say what decides it."
	} else if len(r.Refused.Always(r.Rules)) > 0 || r.Refused.Tokens != nil {
		text = "This is not a pass: what that would have led to was never asked. The notes say what was answered."
	}
	if r.Incident == judge.IncidentUnasked {
		text += " Where a service has no switch of mode, policy.switchless says so; else explore more traces (--traces)."
	}
	return text
}

// Refusals are the operations of one history that the service refused though a
// correct one accepts them, each in a few words, and the tokens.
func Refusals(t models.Trace, v *judge.Verdict) []string {
	var out []string
	for _, x := range v.Refusals {
		out = append(out, fmt.Sprintf("line %d, %s", x.Step, t.Ops[x.Step-1]))
	}
	for _, x := range v.Untold {
		out = append(out, x.Text)
	}
	for _, x := range v.Tokens {
		out = append(out, fmt.Sprintf("from line %d on, a valid token of %s's: %s", x.Step, x.User, t.Ops[x.Step-1]))
	}
	return out
}
