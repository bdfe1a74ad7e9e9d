package main

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// visited is a trace of a visit of alice's, after which she looks at her tapes.
const visited = `alice = patient()
dr1 = clinician()
b1 = alice.book(dr1, video)
alice.join(b1)
dr1.join(b1)
alice.speak(b1)
dr1.leave(b1)
alice.leave(b1)
alice.list()
`

// paged makes the file of a surgery follow pages.
var paged = []string{`rows: ".tapes[]"}`, `rows: ".tapes[]", next: .next}`}

func TestANextPageElsewhereIsNobodysFaultButSaid(t *testing.T) {
	s := newSurgery(t, &surgery{})
	origin := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	s.next = origin + "/tapes"
	replay := s.replayed(t, visited, paged...)
	require.Equal(t, 2, replay.code, replay.stdout)
	require.Contains(t, replay.stdout, "LIST-2")
	run := s.explored(t, paged...)
	require.Equal(t, 2, run.code, run.stdout)
	require.NotContains(t, run.stdout, "VIOLATION")
	doctor := s.examined(t, paged...)
	require.Equal(t, exitConfiguration, doctor.code, doctor.stdout)
	require.Contains(t, unfolded(doctor), "operations.list.next")
	require.Contains(t, unfolded(doctor), "next leads to another origin, "+origin+"; credentials not sent")
	require.NotContains(t, doctor.stdout, "auth.user")
}

func TestANextPageAtAHostThatIsNotThereIsNoViolation(t *testing.T) {
	s := newSurgery(t, &surgery{next: "http://127.0.0.1:1/tapes"})
	replay := s.replayed(t, visited, paged...)
	require.Equal(t, 2, replay.code, replay.stdout)
	require.Contains(t, replay.stdout, "LIST-2")
}

func TestALoginPageIsARefusal(t *testing.T) {
	toLogin := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/login?next=%2Ftapes", http.StatusFound)
	}
	for name, otherwise := range map[string][]string{
		"not followed": nil,
		"followed":     {`path: "/tapes/{{.recording.id}}"`, `redirects: true, path: "/tapes/{{.recording.id}}"`},
	} {
		s := newSurgery(t, &surgery{deny: toLogin})
		run := s.explored(t, otherwise...)
		require.NotContains(t, run.stdout, "VIOLATION", name)
		replay := s.replayed(t, visited+"bob = patient()\nbob.play(b1.r1)\n", otherwise...)
		require.Contains(t, replay.stdout, "bob.play(b1.r1)              // denied", name)
		require.Zero(t, replay.code, "%s: %s", name, replay.stdout)
	}
	lost := newSurgery(t, &surgery{lost: toLogin}).examined(t)
	require.Equal(t, exitConfiguration, lost.code, lost.stdout)
	require.Contains(t, unfolded(lost), "redirected to a login page")
}

// examined is what doctor says of a surgery.
func (s *surgery) examined(t *testing.T, otherwise ...string) output {
	t.Helper()
	dir := t.TempDir()
	s.file(t, dir, otherwise...)
	return crosstalk(t, dir, "doctor")
}

// unfolded is what is printed, without line breaks.
func unfolded(o output) string { return strings.Join(strings.Fields(o.stdout+o.stderr), " ") }

func TestContentThatIsNotKnownToBeAnybodysExposesNobody(t *testing.T) {
	deny := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"error":"not allowed"}`)) }
	s, dir := newSurgery(t, &surgery{deny: deny}), t.TempDir()
	s.file(t, dir)
	run := crosstalk(t, dir, "run", "--traces", "40", "--seed", "1", "--out", "out")
	require.Equal(t, 2, run.code, run.stdout)
	require.NotContains(t, run.stdout, "VIOLATION")
	require.Regexp(t, `was answered 200 with 23 bytes that are not known to be \w+'s`, unfolded(run))
	require.Contains(t, unfolded(run), "a rule under operations.play.outcome says how it is told")
	notice, err := os.ReadFile(filepath.Join(dir, "out", "article-33.md"))
	if !errors.Is(err, fs.ErrNotExist) {
		require.NoError(t, err)
		require.NotContains(t, string(notice), "23 bytes")
	}
	says := s.explored(t, "range: none}", "range: none, outcome: [{status: 200, when: .error, is: denied}]}")
	require.NotContains(t, unfolded(says), "not known to be")
	require.NotContains(t, says.stdout, "VIOLATION")
}
