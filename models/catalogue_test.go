package models

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryOperationIsDeclaredWhole walks the catalogue and says of each operation
// what its file or its row lacks.
func TestEveryOperationIsDeclaredWhole(t *testing.T) {
	drawn := drawnKinds()
	for i := range catalogue {
		r := &catalogue[i]
		t.Run(string(r.kind), func(t *testing.T) {
			r.requireFields(t)
			r.requireRoles(t)
			r.requireSentence(t)
			require.NotNil(t, r.draw, "its row has no draw")
			require.True(t, drawn[r.kind], "draw draws nothing in any state")
			require.Contains(t, Paths(), r.path, "its row has no path, or one that is not in the table of paths")
			r.requireNature(t)
			r.requireAsking(t)
		})
	}
}

// drawnKinds are the kinds of which an operation can be drawn in some state.
func drawnKinds() map[Kind]bool {
	drawn := make(map[Kind]bool)
	p := ReferencePolicy()
	for seed := uint64(0); seed < 300 && len(drawn) < len(catalogue); seed++ {
		walk(rand.New(rand.NewPCG(seed, 20)), &p, 40, func(s *State, _ Call) {
			for _, op := range s.Enabled(crowd) {
				drawn[op.Kind()] = true
			}
		})
	}
	return drawn
}

// requireFields requires that the walk passes over every field: that the example
// has all of them, that its line parses back to it, and that a field that the walk
// leaves out is told of.
func (r *row) requireFields(t *testing.T) {
	t.Helper()
	again, err := ParseOperation(alternatives.ReplaceAllString(r.shape, ""))
	require.NoError(t, err)
	require.Equal(t, r.example, again, "the walk of %s passes over some fields only", r.kind)
	again, err = ParseOperation(r.example.String())
	require.NoError(t, err)
	require.Equal(t, r.example, again)
	renamed := leaves(Rename(r.example, func(h Handle) Handle { return h + "z" }))
	for i, field := range leaves(r.example) {
		if field.Kind() != reflect.Bool {
			require.False(t, field.IsZero(), "the example in the row of %s lacks a field", r.kind)
		}
		if h, ok := field.Interface().(Handle); ok {
			require.NotEqual(t, h, renamed[i].Interface(), "the walk of %s does not rename %s", r.kind, h)
		}
	}
}

// alternatives are all but the first of a choice in a shape.
var alternatives = regexp.MustCompile(`\|[a-z]+`)

// leaves are the fields of an operation, and those of what it embeds.
func leaves(op Operation) []reflect.Value {
	var out []reflect.Value
	var add func(v reflect.Value)
	add = func(v reflect.Value) {
		for i := range v.NumField() {
			switch f := v.Field(i); {
			case v.Type().Field(i).Anonymous:
				add(f)
			default:
				out = append(out, f)
			}
		}
	}
	add(reflect.ValueOf(op))
	return out
}

// requireRoles requires that the methods which say who and what an operation names
// agree with its walk.
func (r *row) requireRoles(t *testing.T) {
	t.Helper()
	has := namesOf(r.example)
	require.Equal(t, has.actor, r.example.Actor(), "Actor is not what the walk says")
	require.Equal(t, has.defined, r.example.Defines(), "Defines is not what the walk says")
	require.Equal(t, has.used, r.example.Uses(), "Uses is not what the walk says")
	require.Equal(t, has.whom, r.example.Whom(), "Whom is not what the walk says")
	p := ReferencePolicy()
	require.Equal(t, r.uses == "", r.example.known(NewState(&p)), "known says that what it uses exists where nothing does")
	require.NotEqual(t, Handle(""), r.example.Defines()+r.example.Actor(), "it is performed by nobody and defines nothing")
}

// requireSentence requires that the sentence names only what the operation has,
// and stays whole where options are left out.
func (r *row) requireSentence(t *testing.T) {
	t.Helper()
	require.NotEmpty(t, r.sentence, "its row has no sentence")
	for _, op := range append(Simpler(r.example), r.example, Simplest(r.kind, "alice", r.example.Uses())) {
		require.NotContains(t, Sentence(op), "{", "the sentence names what %s has not", op)
		require.NotContains(t, Sentence(op), "[")
	}
	for _, a := range Arguments(r.example) {
		require.Contains(t, r.sentence, "{"+a.Name+"}", "the sentence leaves out what it is told")
	}
}

// requireNature requires that the row says what the operation shows, and by what
// rules strangers are judged.
func (r *row) requireNature(t *testing.T) {
	t.Helper()
	if r.uses == ARecording {
		require.NotEqual(t, r.reads != NotExposed, r.disposes, "it names a recording: its row says either what it reads of it, or that it disposes of it")
	}
	if r.reads != NotExposed {
		require.Contains(t, []Thing{ARecording, ALink}, r.uses, "it reads no recording that it names")
		require.True(t, r.path.InCells(), "it reads a recording by a path for which no cells are counted")
		require.True(t, r.shows&(ShowsRow|ShowsContent) != 0 || r.defines == ALink, "it reads a recording and its row shows nothing")
	}
	lists := r.shows&(ShowsListing|ShowsAudit) != 0
	require.Equal(t, lists, r.rows != NoRows, "a listing says what its rows are")
	require.Equal(t, lists, r.path.row().rows, "a listing, and nothing else, has the path of one")
	require.Equal(t, r.shows.Has(ShowsAudit), r.rows == AccessRows)
	if r.shows.Has(ShowsContent) {
		require.True(t, r.reads != NotExposed || r.rows == ExportRows, "it shows content, and its row does not say of which recordings")
	}
	if r.guardedBy != "" {
		_, err := RuleByID(r.guardedBy)
		require.NoError(t, err)
	}
}

// requireAsking requires that the row says when and as whom the operation is asked
// for.
func (r *row) requireAsking(t *testing.T) {
	t.Helper()
	shown := r.reads != NotExposed || r.rows == ReplayRows || r.rows == PageRows || r.rows == ExportRows
	require.Equal(t, shown, r.replays, "what shows recordings, and nothing else, is unavailable while replays are switched off")
	again := r.uses == ARecording || r.rows != NoRows && r.rows != AccessRows
	require.Equal(t, again, r.settles != atOnce, "what may come late, and nothing else, is asked for again")
	switch r.example.Actor() {
	case "":
		require.Equal(t, Uncredentialed, r.sent)
	case Operator:
		require.Equal(t, OperatorCredentials, r.sent)
	case Service:
		require.Equal(t, NoRequest, r.sent)
	}
}

// TestWhatIsAnothersIsJudgedWhateverTheOperation has a stranger be answered by
// every operation of the catalogue that names what is another's, and by every
// listing.
func TestWhatIsAnothersIsJudgedWhateverTheOperation(t *testing.T) {
	p := ReferencePolicy()
	for i := range catalogue {
		r := &catalogue[i]
		rules := r.guards()
		if len(rules) == 0 {
			continue
		}
		t.Run(string(r.kind), func(t *testing.T) {
			s, n := after(t, &p, people+lines(held))
			op := Simplest(r.kind, "bob", map[Thing]Handle{ABooking: "b1", ARecording: "b1.r1"}[r.uses])
			if r.uses == ABooking { // one that can still be changed
				s, n = after(t, &p, people)
			}
			o := &Observation{World: testWorld, Before: s, Call: Call{n + 1, op}, Got: r.leak(s)}
			o.Expected = s.Expect(o.Call)
			f := NewFindings()
			f.Observe(o)
			all := f.Violations()
			guarded := slices.IndexFunc(all, func(v Violation) bool { return slices.Contains(rules, v.Rule) })
			require.GreaterOrEqual(t, guarded, 0, "none of %v judges it", rules)
			v := all[guarded]
			require.Equal(t, r.path, v.Path)
			require.NotEmpty(t, v.Exposures, "%s exposes nobody", v.Rule)
			require.Equal(t, Handle("alice"), v.Exposures[0].Owner)
			if r.reads != NotExposed {
				require.Equal(t, r.reads, v.Level)
			}
		})
	}
}

// guards are the rules that say that a stranger is refused, or shown nothing.
func (r *row) guards() []string {
	switch {
	case r.uses == ARecording && r.reads != NotExposed:
		return []string{"READ-1"}
	case r.uses == ARecording:
		return []string{"REFUSE-1"}
	case r.uses == ABooking:
		return []string{"BOOK-2", "MODE-3"}
	case r.rows != NoRows && r.uses == "":
		return []string{"LIST-1"}
	}
	return nil
}

// leak is an answer that shows alice's recording.
func (r *row) leak(s *State) Response {
	rec, _ := s.recording("b1.r1")
	out := Response{Outcome: OK}
	if r.shows.Has(ShowsRow) {
		row := rec.row()
		out.Row = &row
	}
	if r.shows.Has(ShowsListing) {
		out.Listing = listingOf([]recording{rec})
	}
	if r.shows.Has(ShowsAudit) {
		out.Audit = []Access{{Who: "dr1", Whose: "alice", Recording: "b1.r1", Level: Viewed}}
	}
	if r.shows.Has(ShowsContent) {
		out.Content = &Content{Total: rec.size()}
		if r.path.row().carries != headers {
			deliver(out.Content, mediaOf(testWorld, rec))
		}
	}
	return out
}

func TestEveryPathHasItsWords(t *testing.T) {
	seen := make(map[string]bool)
	for _, p := range Paths() {
		require.NotEmpty(t, p.Name())
		require.NotEmpty(t, p.Evidence())
		require.False(t, seen[p.Name()] || seen[p.Evidence()], "%s is called as another path is", p)
		seen[p.Name()], seen[p.Evidence()] = true, true
	}
	require.Equal(t, "by telepathy", Path("telepathy").Evidence())
	require.Equal(t, "telepathy", Path("telepathy").Name())
}

func TestNothingIsKnownOfAnUnknownKind(t *testing.T) {
	const dance Kind = "dance"
	require.Nil(t, Example(dance))
	require.Empty(t, Shape(dance))
	require.Empty(t, PathOf(dance))
	require.Zero(t, Shows(dance))
	require.Equal(t, NoRows, RowsOf(dance))
	require.False(t, strings.Contains(Shape(dance), "("))
}
