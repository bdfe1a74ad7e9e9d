package models

import (
	"flag"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
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
		"nothing is declared":              change(func(p *Policy) { p.Recordings, p.Totals = AnyCut, AnyTotals }),
		"totals are estimates":             change(func(p *Policy) { p.Totals = EstimateTotals }),
		"totals are not declared":          change(func(p *Policy) { p.Totals = AnyTotals }),
		"one recording for a consultation": change(func(p *Policy) { p.Recordings = PerConsultation }),
		"audio is not recorded":            change(func(p *Policy) { p.RecordAudio = false }),
		"the patient may end":              change(func(p *Policy) { p.PatientMayEnd = true }),
		"strangers are denied":             change(func(p *Policy) { p.Refusal = Denied }),
		"children may register":            change(func(p *Policy) { p.MinAge = 0 }),
		"groups":                           change(func(p *Policy) { p.Groups = true }),
		"segments may repeat":              change(func(p *Policy) { p.Repeats = true }),
		"links are personal":               change(func(p *Policy) { p.Links = PersonalLinks }),
		"all of it":                        {Recordings: PerConsultation, PatientMayEnd: true, Refusal: Denied, Groups: true, Links: PersonalLinks},
	}
}

// walk draws n operations, now and then one that is refused, and calls visit
// for each with the state in which it is performed.
func walk(r *rand.Rand, p *Policy, n int, visit func(s *State, c Call)) {
	s := NewState(p)
	for step := 1; step <= n; step++ {
		c := Call{step, drawOperation(r, s, step)}
		visit(s, c)
		s = s.Step(c, correct(testWorld, s, c))
	}
}

// often are the kinds that a walk draws every other time, so that many
// consultations leave recordings. Those that are seldom undo too much.
var (
	often  = []Kind{KindBook, KindJoin, KindSpeak, KindSpeak, KindSpeak, KindSwitch, KindLeave, KindLeave, KindList, KindPage, KindPlay}
	seldom = []Kind{KindLogout, KindClose, KindCancel, KindDelete, KindReplays}
)

// drawOperation draws a kind first, so that kinds with many operations do not
// drown the others, and prefers operations that are accepted.
func drawOperation(r *rand.Rand, s *State, step int) Operation {
	if step <= 4 && len(s.users) < 4 {
		return []Operation{Patient{Name: PatientHandle(s.patients + 1)}, Clinician{Name: ClinicianHandle(s.clinicians + 1)}}[step%2]
	}
	for {
		k := catalogue[r.IntN(len(catalogue))].kind
		if r.IntN(2) == 0 {
			k = often[r.IntN(len(often))]
		}
		if slices.Contains(seldom, k) && r.IntN(4) > 0 {
			continue
		}
		ops, accepted := s.EnabledOf(k, crowd), r.IntN(6) > 0
		if len(ops) == 0 {
			continue
		}
		for i, first := 0, r.IntN(len(ops)); i < len(ops); i++ {
			if op := ops[(first+i)%len(ops)]; s.Accepts(op) == accepted {
				return op
			}
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

// correct is what a correct service answers over HTTP: what the model expects,
// with the status, the tags and the media that the model leaves out.
func correct(world Namespace, s *State, c Call) Response {
	r := s.Expect(c)
	if r.Outcome == Unbound {
		return r
	}
	r.Status = status(r.Outcome)
	if r.Outcome == Denied && needsToken(s, c.Op) {
		r.Status = http.StatusUnauthorized
	}
	if r.Outcome.Refused() {
		r.Reason = strings.ToLower(http.StatusText(r.Status))
	}
	r.CacheControl = "no-store"
	switch actor := c.Op.Actor(); {
	case actor == Anyone:
		r.Authentication = ByLink
	case strings.HasPrefix(string(actor), "dr"): // clinicians have cookies
		r.Authentication = ByCookie
	}
	if r.Listing != nil {
		for i := range r.Listing.Rows {
			r.Listing.Rows[i].Tag.World = world
		}
	}
	if r.Row != nil {
		r.Row.Tag.World = world
	}
	if r.Content != nil {
		deliver(r.Content, delivered(world, s, c.Op))
	}
	return r
}

// needsToken reports whether an operation is denied for want of a token.
func needsToken(s *State, op Operation) bool {
	b := s.obstacle(op)
	return b == withoutToken || b == endedAlready
}

// status is the HTTP status code of an outcome.
func status(o Outcome) int { return statuses[o] }

var statuses = map[Outcome]int{OK: 200, Denied: 403, Missing: 404, Invalid: 422, Conflict: 409, Unavailable: 503}

// deliver fills content in from the bytes that are delivered.
func deliver(c *Content, body []byte) {
	c.Length = int64(len(body))
	c.Pieces, c.Stray = ReadMedia(body)
}

// delivered are the bytes that a correct service delivers for an operation that
// it accepts.
func delivered(world Namespace, s *State, op Operation) []byte {
	media := func(h Handle) []byte {
		rec, _ := s.recording(h)
		return mediaOf(world, rec)
	}
	switch op := op.(type) {
	case Play:
		rec, _ := s.recording(op.Recording)
		want := op.content(rec)
		return media(op.Recording)[want.From:][:want.Length]
	case Open:
		return media(s.link(op.Link).recording)
	case Thumb:
		return media(op.Recording)[:cellSize]
	case Export:
		var out []byte
		for _, rec := range s.ownRecordings(op.User) {
			out = append(out, mediaOf(world, rec)...)
		}
		return out
	case Head:
		return nil
	}
	var out []byte // what is made of a recording has something of each moment
	for piece := range slices.Chunk(media(op.Uses()), MediaSize) {
		out = append(out, piece[:cellSize]...)
	}
	return out
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
		parsed, err := parser.ParseFile(gotoken.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			require.NotContains(t, path, ".", "%s imports %s", file, path)
			require.NotContains(t, []string{"os", "net", "net/http", "math/rand", "math/rand/v2", "testing"}, path, "%s is not pure", file)
			if path == "time" {
				require.Equal(t, "policy.go", file, "%s is not pure", file)
			}
		}
		require.Subset(t, []string{"Duration"}, selected(parsed, "time"), "%s reads a clock", file)
	}
}

// selected are the names of a package that a file uses.
func selected(file *ast.File, pkg string) []string {
	names := []string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == pkg {
				names = append(names, sel.Sel.Name)
			}
		}
		return true
	})
	return names
}
