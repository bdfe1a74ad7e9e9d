package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// fields are a JSON object, and media an answer that is none.
type (
	fields map[string]any
	media  []byte
)

// refusal is an answer that says no.
type refusal struct {
	status  int
	message string
}

// request is a request, with who makes it and what it is about.
type request struct {
	*http.Request
	answer      http.ResponseWriter
	practice    *practice
	person      *person
	appointment *appointment
	recording   *recording
}

// handler answers a request: with fields, media, a refusal or, where there is
// nothing to say, nil.
type handler func(*request) any

// serve writes the answer. One request is served at a time.
func (p *practice) serve(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		answer := h(&request{Request: r, answer: w, practice: p})
		p.mu.Unlock()
		w.Header().Set("Cache-Control", "private, no-store")
		switch a := answer.(type) {
		case nil:
			w.WriteHeader(http.StatusNoContent)
		case media:
			w.Header().Set("Content-Type", "video/webm")
			_, _ = w.Write(a)
		case refusal:
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(a.status)
			_ = json.NewEncoder(w).Encode(fields{"message": a.message})
		default:
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(a)
		}
	})
}

// user requires that somebody is signed in.
func user(h handler) handler {
	return func(r *request) any {
		cookie, err := r.Cookie("visit_session")
		if err == nil {
			r.person = r.practice.sessions[cookie.Value]
		}
		if r.person == nil {
			return refusal{http.StatusUnauthorized, "please sign in"}
		}
		return h(r)
	}
}

// admin requires the administrator.
func (p *practice) admin(h handler) handler {
	return func(r *request) any {
		cookie, err := r.Cookie("visit_admin")
		if err != nil || p.adminSession == "" || cookie.Value != p.adminSession {
			return refusal{http.StatusUnauthorized, "please sign in as the administrator"}
		}
		return h(r)
	}
}

// own requires an appointment of the caller's.
func own(h handler) handler {
	return user(func(r *request) any {
		a := r.practice.appointments[r.number()]
		switch {
		case a == nil:
			return refusal{http.StatusNotFound, "no such appointment"}
		case !a.takesPart(r.person):
			return refusal{http.StatusForbidden, "not your appointment"}
		}
		r.appointment = a
		return h(r)
	})
}

// kept requires a recording of the caller's. Of others' it is not told whether
// they exist.
func kept(h handler) handler {
	return user(func(r *request) any {
		r.recording = r.practice.recordings[r.number()]
		if r.recording == nil || !r.recording.appointment.takesPart(r.person) || !r.practice.visible(r.recording) {
			return refusal{http.StatusForbidden, "not your recording"}
		}
		return h(r)
	})
}

func (r *request) number() int {
	n, _ := strconv.Atoi(r.PathValue("no"))
	return n
}

// form reads the fields of a form, all of which are required.
func (r *request) form(names ...string) (map[string]string, *refusal) {
	if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
		return nil, &refusal{http.StatusUnsupportedMediaType, "expected a form, got " + strconv.Quote(kind)}
	}
	out := make(map[string]string)
	for _, name := range names {
		if out[name] = r.PostFormValue(name); out[name] == "" {
			return nil, &refusal{http.StatusBadRequest, name + " is missing"}
		}
	}
	return out, nil
}
