package models

import (
	"flag"
	"go/parser"
	gotoken "go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares text with a file, or writes it there under -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// testWorld is the namespace of the traces in tests.
const testWorld Namespace = "w1"

// crowd is a population large enough that every operation is drawn.
var crowd = Population{Patients: 3, Clinicians: 2, Slots: 2}

// policies are the reference's policy, and one for each choice that differs.
func policies() map[string]Policy {
	change := func(f func(*Policy)) Policy {
		p := ReferencePolicy()
		f(&p)
		return p
	}
	return map[string]Policy{
		"the reference":                    ReferencePolicy(),
		"one recording for a consultation": change(func(p *Policy) { p.Recordings = PerConsultation }),
		"audio is not recorded":            change(func(p *Policy) { p.RecordAudio = false }),
		"the patient may end":              change(func(p *Policy) { p.PatientMayEnd = true }),
		"strangers are denied":             change(func(p *Policy) { p.Refusal = Denied }),
		"children may register":            change(func(p *Policy) { p.MinAge = 0 }),
		"all of it":                        {Recordings: PerConsultation, PatientMayEnd: true, Refusal: Denied},
	}
}

// walk draws n operations, now and then one that is refused, and calls visit
// for each with the state in which it is performed.
func walk(r *rand.Rand, p *Policy, n int, visit func(s *State, c Call)) {
	s := NewState(p)
	for step := 1; step <= n; step++ {
		c := Call{step, drawOperation(r, s, step)}
		visit(s, c)
		s = s.Step(c, s.Expect(c))
	}
}

// often are the kinds that a walk draws more often than the others, so that
// many consultations leave recordings.
var often = []Kind{KindJoin, KindSpeak, KindSpeak, KindSpeak, KindLeave, KindList, KindList, KindPlay}

// drawOperation draws a kind first, so that kinds with many operations do not
// drown the others, and prefers operations that are accepted.
func drawOperation(r *rand.Rand, s *State, step int) Operation {
	if step <= 4 && len(s.users) < 4 {
		return []Operation{Patient{Name: PatientHandle(s.patients + 1)}, Clinician{ClinicianHandle(s.clinicians + 1)}}[step%2]
	}
	kinds := append(Kinds(), often...)
	for {
		k := kinds[r.IntN(len(kinds))]
		ops := s.EnabledOf(k, crowd)
		if len(ops) == 0 || (k == KindLogout || k == KindCancel) && r.IntN(4) > 0 {
			continue
		}
		op := ops[r.IntN(len(ops))]
		if s.Expect(Call{step, op}).Outcome == OK || r.IntN(8) == 0 {
			return op
		}
	}
}

// walks is the number of walks of a test: a tenth of them under -short.
func walks(n uint64) uint64 {
	if testing.Short() {
		return n / 10
	}
	return n
}

// randomTrace is the trace of a walk.
func randomTrace(seed uint64, n int) Trace {
	p := ReferencePolicy()
	var t Trace
	walk(rand.New(rand.NewPCG(seed, 0)), &p, n, func(_ *State, c Call) { t.Ops = append(t.Ops, c.Op) })
	return t
}

// trace parses a trace, or fails the test.
func trace(t testing.TB, text string) Trace {
	t.Helper()
	out, err := Parse(text)
	require.NoError(t, err)
	return out
}

// correct is what a correct service answers: what the model expects, with the
// tags and the media that the model leaves out.
func correct(world Namespace, s *State, c Call) Response {
	r := s.Expect(c)
	if r.Listing != nil {
		for i := range r.Listing.Rows {
			r.Listing.Rows[i].Tag.World = world
		}
	}
	if r.Row != nil {
		r.Row.Tag.World = world
	}
	if play, ok := c.Op.(Play); ok && r.Content != nil {
		rec, _ := s.recording(play.Recording)
		body := mediaOf(world, rec)[r.Content.From:][:r.Content.Length]
		r.Content.Pieces, r.Content.Stray = ReadMedia(body)
	}
	return r
}

// mediaOf is the whole media of a recording.
func mediaOf(world Namespace, rec recording) []byte {
	var out []byte
	for _, m := range rec.moments {
		out = append(out, Tag{world, rec.booking.handle, m}.Media()...)
	}
	return out
}

func TestOnlyTheStandardLibraryIsImported(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(gotoken.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			require.NotContains(t, path, ".", "%s imports %s", file, path)
			require.NotContains(t, []string{"os", "net", "net/http", "time", "math/rand", "math/rand/v2", "testing"}, path, "%s is not pure", file)
		}
	}
}
