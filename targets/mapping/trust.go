package mapping

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// trust notes what a request that succeeded shows to be right: the base of all
// paths, the caller's credentials and the ids that were sent.
func (w *World) trust(r *request, s *bindings) {
	if r.url == nil {
		w.target.found.Store(true)
	}
	w.trusted[w.caller(r, s)] = true
	for _, t := range r.templates() {
		for _, at := range t.refs {
			if key := w.source(at, s); key != "" {
				w.trusted[key] = true
			}
		}
	}
}

// probes is the number of paths that are asked for to tell whether the base is
// wrong.
const probes = 8

// finds reports whether anything is found below the base. Where no request has
// succeeded yet, paths of the file are asked for, by GET and as nobody, until one
// is there.
func (t *Target) finds(ctx context.Context) bool {
	for _, path := range t.mapping.plainPaths() {
		if t.found.Load() {
			break
		}
		timed, cancel := context.WithTimeout(ctx, t.timeout)
		req, err := http.NewRequestWithContext(timed, http.MethodGet, t.URL()+t.mapping.base+path, nil)
		if err == nil {
			if resp, err := t.Transport.RoundTrip(req); err == nil {
				exchange.Drain(resp.Body)
				resp.Body.Close()
				if resp.StatusCode != http.StatusNotFound {
					t.found.Store(true)
				}
			}
		}
		cancel()
	}
	return t.found.Load()
}

// plainPaths are some paths of operations in which nothing is filled in.
func (m *Mapping) plainPaths() []string {
	var out []string
	for _, k := range models.Kinds() {
		if o := m.operations[k]; o != nil {
			for _, step := range o.steps {
				if p := step.path; p != nil && len(p.refs) == 0 && p.slow == nil && !slices.Contains(out, p.text.Value) && len(out) < probes {
					out = append(out, p.text.Value)
				}
			}
		}
	}
	return out
}

// caller is who makes a request, as its credentials are trusted or not.
func (w *World) caller(r *request, s *bindings) string {
	if r.as == asOperator || r.as == asAnyone {
		return r.as
	}
	if u := s.caller(r.as); u != nil {
		return "user " + string(u.handle)
	}
	return asAnyone
}

// ids are the keys by which the values in the address of a request were found, as
// far as none has been good before: those that are something else that is known,
// and the others.
func (w *World) ids(r *request, s *bindings) (alike, others []suspect) {
	var all []*template
	for _, t := range []*template{r.path, r.url} {
		if t != nil {
			all = append(all, t)
		}
	}
	return w.idsOf(all, s)
}

func (w *World) idsOf(all []*template, s *bindings) (alike, others []suspect) {
	for _, t := range all {
		for _, at := range t.refs {
			key := w.source(at, s)
			v, ok := s.lookup(at)
			if key == "" || !ok || w.trusted[key] {
				continue
			}
			text := fmt.Sprintf("{{%s}} was %s, which has led nowhere so far", at, describe(v))
			if same := w.sameAs(at, textOf(v), s); same != "" {
				alike = append(alike, suspect{key, text + "; it is the same as {{" + same + "}}"})
				continue
			}
			others = append(others, suspect{key, text})
		}
	}
	return alike, others
}

// source is the key by which a value was found in an answer, or empty.
func (w *World) source(r ref, s *bindings) string {
	m := w.target.mapping
	if r.role == roleRecording && m.recording.has(r.name) {
		return m.recording.key + "." + r.name
	}
	if r.role == roleOperator || r.role == "" || slices.Contains(builtins[r.role], r.name) {
		return ""
	}
	bound := boundAs(r.role)
	for _, k := range models.Kinds() {
		o := m.operations[k]
		if o == nil || o.form.bound != bound || bound == roleActor && !registers(k, s.inRole(r.role)) {
			continue
		}
		for _, step := range o.steps {
			for i := range step.captures {
				if step.captures[i].name == r.name {
					return step.captures[i].key
				}
			}
		}
	}
	return ""
}

// registers reports whether a user can have what is captured by a kind.
func registers(k models.Kind, u *user) bool {
	if u == nil {
		return true
	}
	_, isPatient := u.values["plan"]
	return !models.Registers(k) || isPatient == (models.DefinedBy(k) == models.APatient)
}

// inRole is the user in a role of a template.
func (s *bindings) inRole(role string) *user {
	if role == roleActor {
		return s.actor
	}
	return s.caller(role)
}

// sameAs is another name that has the same value, or empty. An id that is
// something else as well was probably taken from the wrong field: from another of
// the same thing, or from the id of another.
func (w *World) sameAs(r ref, value string, s *bindings) string {
	if value == "" {
		return ""
	}
	known := map[string]*thing{}
	for role, u := range map[string]*user{roleActor: s.actor, roleClinician: s.clinician, rolePatient: s.patient} {
		if u != nil {
			known[role] = &u.thing
		}
	}
	if s.booking != nil {
		known[roleBooking] = &s.booking.thing
	}
	if s.recording != "" {
		known[roleRecording] = w.recordings[w.keyOf(s.recording)]
	}
	for _, role := range keysOf(known) {
		if known[role] == nil || boundAs(role) == boundAs(r.role) && boundAs(r.role) == roleActor && role != r.role {
			continue
		}
		for _, name := range keysOf(known[role].values) {
			other := role != r.role && slices.Contains(builtins[role], name)
			if at := (ref{role, name}); at != r && !other && textOf(known[role].values[name]) == value {
				return at.String()
			}
		}
	}
	return ""
}
