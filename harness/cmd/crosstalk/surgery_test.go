package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// surgery is a walk-in surgery: there are no slots, nobody is asked for an address,
// and each visit has one tape. Nobody is shown another's. What it does besides is
// said by its fields.
type surgery struct {
	URL string
	// label is how a tape is labelled by the note of its visit; nil: by the note.
	label func(note string) string
	// next is where the next page of a listing is said to be, or empty.
	next string
	// deny answers those who ask for another's tape; nil: 404.
	deny http.HandlerFunc
	// lost says that a listing is answered as to somebody without a session.
	lost http.HandlerFunc

	mu     sync.Mutex
	people int
	visits []*visit
}

// visit is a visit to the surgery, and its tape.
type visit struct {
	patient, doctor, note string
	there                 map[string]bool
	done                  bool
	tape                  []byte
}

func newSurgery(t *testing.T, s *surgery) *surgery {
	t.Helper()
	routes := http.NewServeMux()
	routes.HandleFunc("POST /people", s.register)
	routes.HandleFunc("POST /visits", s.book)
	routes.HandleFunc("POST /visits/{id}/{verb}", s.visit)
	routes.HandleFunc("GET /tapes", s.tapes)
	routes.HandleFunc("GET /tapes/{id}", s.play)
	routes.HandleFunc("GET /login", s.login)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if caller(r) == "" && r.URL.Path != "/people" && r.URL.Path != "/login" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		routes.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// caller is who asks: the token is the id.
func caller(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

func (s *surgery) register(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people++
	answerJSON(w, map[string]any{"id": fmt.Sprint("p", s.people)})
}

func (s *surgery) book(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Note, Doctor string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.visits = append(s.visits, &visit{patient: caller(r), doctor: asked.Doctor, note: asked.Note, there: make(map[string]bool)})
	answerJSON(w, map[string]any{"id": len(s.visits)})
}

// of is the visit that a request is about, where the caller takes part in it. The
// caller of it holds the lock.
func (s *surgery) of(r *http.Request) *visit {
	var n int
	if _, err := fmt.Sscan(r.PathValue("id"), &n); err != nil || n < 1 || n > len(s.visits) {
		return nil
	}
	if v := s.visits[n-1]; caller(r) == v.patient || caller(r) == v.doctor {
		return v
	}
	return nil
}

// visit does what is done in a visit.
func (s *surgery) visit(w http.ResponseWriter, r *http.Request) {
	said, err := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.of(r)
	switch verb := r.PathValue("verb"); {
	case v == nil || err != nil:
		http.NotFound(w, r)
	case v.done || verb != "join" && !v.there[caller(r)]:
		http.Error(w, "not there", http.StatusConflict)
	case verb == "join":
		v.there[caller(r)] = true
	case verb == "talk":
		v.tape = append(v.tape, said...)
	case verb == "leave":
		delete(v.there, caller(r))
		v.done = len(v.there) == 0
	}
}

func (s *surgery) tapes(w http.ResponseWriter, r *http.Request) {
	if s.lost != nil {
		s.lost(w, r)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := []any{}
	for i, v := range s.visits {
		if !v.done || len(v.tape) == 0 || caller(r) != v.patient && caller(r) != v.doctor {
			continue
		}
		label := v.note
		if s.label != nil {
			label = s.label(v.note)
		}
		rows = append(rows, map[string]any{"id": i + 1, "label": label, "bytes": len(v.tape)})
	}
	answerJSON(w, map[string]any{"tapes": rows, "next": s.next})
}

func (s *surgery) play(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.of(r); v != nil && v.done {
		_, _ = w.Write(v.tape)
		return
	}
	if s.deny != nil {
		s.deny(w, r)
		return
	}
	http.NotFound(w, r)
}

func (s *surgery) login(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprint(w, `<html><form action="/login" method="post"><input name="user"><input type="password" name="secret"></form></html>`)
}

// surgeryFile describes a surgery to crosstalk. Some operations may be written
// otherwise, by lines of pairs: what is there, and what is in its place.
func (s *surgery) file(t *testing.T, dir string, otherwise ...string) {
	t.Helper()
	text := strings.NewReplacer(otherwise...).Replace(`version: 1
target: {name: surgery, url: "` + s.URL + `"}
policy: {recordings: consultation, min_age: 0}
auth:
  user: {bearer: "{{.actor.id}}"}
recording: {id: .id, title: .label, size: .bytes}
operations:
  patient: {method: POST, path: /people, capture: {id: .id}}
  clinician: {method: POST, path: /people, capture: {id: .id}}
  book: {method: POST, path: /visits, json: {doctor: "{{.clinician.id}}", note: "{{.title}}"}, capture: {id: .id}}
  join: {method: POST, path: "/visits/{{.booking.id}}/join"}
  speak: {method: POST, path: "/visits/{{.booking.id}}/talk", raw: "{{.media}}"}
  leave: {method: POST, path: "/visits/{{.booking.id}}/leave"}
  list: {path: /tapes, rows: ".tapes[]"}
  play: {path: "/tapes/{{.recording.id}}", range: none}
`)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "crosstalk.yaml"), []byte(text), 0o600))
}

// replayed is what the replay of some lines on a surgery says.
func (s *surgery) replayed(t *testing.T, lines string, otherwise ...string) output {
	t.Helper()
	dir := t.TempDir()
	s.file(t, dir, otherwise...)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "some.trace"), []byte(lines), 0o600))
	return crosstalk(t, dir, "replay", "some.trace")
}

func TestWhatASurgeryIsNotToldIsNotAsked(t *testing.T) {
	s := newSurgery(t, &surgery{})
	got := s.replayed(t, `alice = patient()
bob = patient(email=alice)
carol = patient(age=15)
dr1 = clinician()
b1 = alice.book(dr1, video, slot=1)
b2 = alice.book(dr1, video, slot=1)
alice.list(limit=1)
`)
	require.Zero(t, got.code, got.stdout+got.stderr)
	require.Contains(t, got.stdout, "bob = patient(email=alice)           // unbound")
	require.Contains(t, got.stdout, "b2 = alice.book(dr1, video, slot=1)  // ok")
	require.Contains(t, got.stdout, "NO VIOLATION")
}

// explored is what a run on a surgery says.
func (s *surgery) explored(t *testing.T, otherwise ...string) output {
	t.Helper()
	dir := t.TempDir()
	s.file(t, dir, otherwise...)
	return crosstalk(t, dir, "run", "--traces", "40", "--seed", "1", "--out", "out")
}

func TestASurgeryThatCannotSwitchIsNoPassUnlessItSaysSo(t *testing.T) {
	s := newSurgery(t, &surgery{})
	silent := s.explored(t)
	require.Equal(t, 2, silent.code, silent.stdout+silent.stderr)
	require.Contains(t, strings.Join(strings.Fields(silent.stdout), " "), "but 9 June 2020 was not asked")
	require.NotContains(t, silent.stdout, "CONFORMANT")
	says := s.explored(t, "min_age: 0}", "min_age: 0, switchless: true, starts: first, drop: waits, completes: last, completion: atOnce, recorded: all, listed: completed}")
	require.Zero(t, says.code, says.stdout+says.stderr)
	headline, _, _ := strings.Cut(says.stdout, "\n\n")
	require.True(t, strings.HasPrefix(headline, "CONFORMANT"), headline)
	require.True(t, strings.HasSuffix(strings.Join(strings.Fields(headline), " "), "; no switch of mode: 9 June not asked"), headline)
	both := s.explored(t, "min_age: 0}", "min_age: 0, switchless: true}", "\n  list:", "\n  switch: {method: POST, path: /video}\n  list:")
	require.Equal(t, 3, both.code)
	require.Contains(t, both.stderr, "policy.switchless says that there is no switch of mode; expected one of the two")
}

func TestARunInWhichNoTitleIsRecognizedIsAMistakeOfTheConfiguration(t *testing.T) {
	for name, label := range map[string]func(string) string{
		"upper case": strings.ToUpper,
		"cut":        func(note string) string { return note[:4] },
		"nothing":    func(string) string { return "" },
	} {
		got := newSurgery(t, &surgery{label: label}).explored(t)
		require.Equal(t, exitConfiguration, got.code, "%s: %s", name, got.stdout)
		require.NotContains(t, got.stdout, "VIOLATION", name)
		require.Regexp(t, `no title was ever recognized in \d+ listings \(recording\.title reads ("XK-|"xk-|nothing)`, got.stderr, name)
		require.Contains(t, got.stderr, "recording.title", name)
	}
}

func TestWhatIsSavedOfARunInWhichNothingIsRecognizedAccusesNobody(t *testing.T) {
	s, dir := newSurgery(t, &surgery{label: strings.ToUpper}), t.TempDir()
	s.file(t, dir)
	for _, command := range []string{"run", "conform"} {
		got := crosstalk(t, dir, command, "--traces", "10", "--seed", "1", "--out", command)
		require.Equal(t, exitConfiguration, got.code, got.stdout)
	}
	report := crosstalk(t, dir, "report", "run")
	require.Zero(t, report.code, report.stderr)
	require.NotContains(t, report.stdout, "VIOLATION")
	require.NotContains(t, report.stdout, "The verdict is")
	text, err := os.ReadFile(filepath.Join(dir, "run", "summary.md"))
	require.NoError(t, err)
	require.Contains(t, string(text), "no title was ever recognized")
	require.Contains(t, string(text), "0 broken")
	require.Zero(t, crosstalk(t, dir, "diff", "conform", "run").code)
}
