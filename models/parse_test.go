package models

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsPrintedParsesBackToAnEqualTrace(t *testing.T) {
	for seed := range uint64(3_000) {
		want := randomTrace(seed, int(seed%60))
		want.Notes = []string{"target: clinic", "", "  seed 7 — Zoë"}[:seed%4]
		got, err := Parse(want.String())
		require.NoError(t, err, "seed %d", seed)
		require.True(t, want.Equal(got), "seed %d: %s", seed, want)
		require.Equal(t, want.Notes, append([]string{}, got.Notes...), "seed %d", seed)
		require.Equal(t, want.String(), got.String(), "seed %d", seed)
	}
}

func TestEveryKindOfOperationIsInTheRandomTraces(t *testing.T) {
	seen := make(map[Kind]int)
	for seed := range uint64(200) {
		for _, op := range randomTrace(seed, 60).Ops {
			seen[op.Kind()]++
		}
	}
	for _, k := range Kinds() {
		require.Positive(t, seen[k], k)
	}
}

// decorate adds what a parser passes over: comments, blanks, other line ends.
func decorate(r *rand.Rand, text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if r.IntN(4) == 0 {
			out.WriteString([]string{"\n", "\r\n", " \t\n", "# a note between\n", "   // only a comment\n", "\t# Zoë, 医者\r\n"}[r.IntN(6)])
		}
		if !strings.HasPrefix(line, "#") {
			line = strings.NewReplacer("(", []string{"(", " ( "}[r.IntN(2)], ",", []string{",", " ,\t"}[r.IntN(2)], "=", []string{"=", " = "}[r.IntN(2)]).Replace(line)
			line = []string{"", "  ", "\t"}[r.IntN(3)] + line + []string{"", " // ok [b1.r1]", "\t// // # Zoë", "  "}[r.IntN(4)]
		}
		out.WriteString(line + []string{"\n", "\r\n"}[r.IntN(2)])
	}
	return strings.TrimSuffix(out.String(), []string{"\n", "x"}[r.IntN(2)])
}

func TestCommentsBlanksAndLineEndsDoNotMatter(t *testing.T) {
	for seed := range uint64(2_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		want := randomTrace(seed, 20)
		text := decorate(r, want.String())
		got, err := Parse(text)
		require.NoError(t, err, "%q", text)
		require.True(t, want.Equal(got), "%q", text)
	}
}

func TestCommentsBehindOperationsAreWrittenInOneColumn(t *testing.T) {
	tr := trace(t, "alice = patient()\ndr1 = clinician()\nalice.list()\n")
	text := tr.Annotate([]string{"ok", "", "ok []"})
	require.Equal(t, "# crosstalk trace v1\nalice = patient()  // ok\ndr1 = clinician()\nalice.list()       // ok []\n", text)
	require.True(t, tr.Equal(trace(t, text)))
}

func TestNotesAreTheCommentsAboveTheFirstOperation(t *testing.T) {
	tr := trace(t, "# crosstalk trace v1\n# target: clinic\n#\n#tight\nalice = patient()\n# between\n")
	require.Equal(t, []string{"target: clinic", "", "tight"}, tr.Notes)
}

func TestATraceThatBeginsWithAByteOrderMarkParses(t *testing.T) {
	require.Len(t, trace(t, "\ufeff# crosstalk trace v1\r\nalice = patient()\r\n").Ops, 1)
	require.Len(t, trace(t, "\ufeffalice = patient()\n").Ops, 1)
}

// TestSyntaxErrors reads testdata/syntax-errors.golden: lines "# ..." say what
// is wrong, lines "> ..." are the trace, and the line behind them is the error.
func TestSyntaxErrors(t *testing.T) {
	const file = "testdata/syntax-errors.golden"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var out, input strings.Builder
	names := make(map[string]bool)
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := lines.Text()
		if name, ok := strings.CutPrefix(line, "# "); ok {
			require.False(t, names[name], "%s is there twice", name)
			names[name] = true
			fmt.Fprintf(&out, "%s\n", line)
		} else if source, ok := strings.CutPrefix(line, "> "); ok {
			input.WriteString(source + "\n")
			fmt.Fprintf(&out, "%s\n", line)
		} else if line == "" && input.Len() > 0 {
			out.WriteString(syntaxError(t, input.String()) + "\n\n")
			input.Reset()
		}
	}
	require.Zero(t, input.Len(), "a blank line ends every case")
	golden(t, file, out.String())
}

// syntaxError is the error of a trace that does not parse.
func syntaxError(t *testing.T, text string) string {
	t.Helper()
	_, err := Parse(text)
	var syntax *SyntaxError
	require.True(t, errors.As(err, &syntax), "parses: %s", text)
	lines := strings.Split(text, "\n")
	require.LessOrEqual(t, syntax.Line, len(lines))
	require.GreaterOrEqual(t, syntax.Column, 1)
	require.LessOrEqual(t, syntax.Column, len(lines[syntax.Line-1])+1, text)
	require.Regexp(t, "expected|reserved|defines nothing|performed by nobody|unexpected|unknown|given twice", syntax.Message)
	return err.Error()
}

func TestColumnsCountBytesFromOne(t *testing.T) {
	for _, test := range []struct {
		name, line string
		mark       string // the error points to the last occurrence of it
	}{
		{"behind a tab", "\talice.list(\tlimits=2)", "limits"},
		{"behind several tabs", "\t\talice\t.\tdance\t(\t)", "dance"},
		{"at a character that is not ASCII", "alice.list(é)", "é"},
		{"at a character of three bytes", "alice.列()", "列"},
		{"at a byte that is not UTF-8", "alice.list(\xff)", "\xff"},
		{"at the actor, though the line defines the same name", "b9 = b9.book(dr1, audio)", "b9"},
		{"at the argument, though the verb is the same word", "alice.join(join)", "join"},
		{"at the argument, though the actor is the same word", "dr2 = alice.book(dr2, audio)", "dr2"},
		{"at the recording", "alice.play(b7.r1, range=0-99)", "b7.r1"},
		{"with a carriage return at the end", "alice.list(limits=2)\r", "limits"},
		{"with a comment behind", "alice.list(limits=2) // no", "limits"},
		{"in a comment that is not ASCII", "alice.join(b8) // né", "b8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseFile("x.trace", "alice = patient()\ndr1 = clinician()\n"+test.line)
			var syntax *SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.Equal(t, 3, syntax.Line)
			require.Equal(t, strings.LastIndex(test.line, test.mark)+1, syntax.Column, syntax.Message)
			require.Equal(t, "x.trace", syntax.File)
			require.True(t, strings.HasPrefix(err.Error(), fmt.Sprintf("x.trace:3:%d: ", syntax.Column)))
		})
	}
}

func TestEveryShapeIsWrittenAsItParses(t *testing.T) {
	const before = "alice = patient()\nbob = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, audio)\nl1 = alice.link(b1.r1)\nc1 = alice.page(limit=1)\n"
	for _, k := range Kinds() {
		line := strings.NewReplacer("nhs|bupa|private", "bupa", "audio|video", "audio", "video|audio", "video", "off|on", "off",
			"alice = ", "x = ", "dr1 = ", "y = ", "b1 = ", "b2 = ", "l1 = ", "l2 = ", "c1 = ", "c2 = ").Replace(Shape(k))
		require.Equal(t, k, trace(t, before+line).Ops[6].Kind(), line)
	}
	require.Empty(t, Shape("dance"))
}

func TestRepairLeavesOutWhatCanNotBePerformed(t *testing.T) {
	p := ReferencePolicy()
	for _, test := range []struct {
		name, text string
		kept       []int
	}{
		{"nothing of a trace that can be performed", "alice = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, audio)\nalice.join(b1)", []int{0, 1, 2, 3}},
		{"what uses a booking that was refused", "alice = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, audio)\nb2 = alice.book(dr1, audio)\nalice.join(b2)\nalice.join(b1)", []int{0, 1, 2, 3, 5}},
		{"what a child who was refused does", "alice = patient(age=15)\nalice.list()", []int{0}},
		{"a read of a recording that is not there", "alice = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, audio)\nalice.get(b1.r1)", []int{0, 1, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			tr := trace(t, test.text)
			got, kept := tr.Repair(&p)
			require.Equal(t, test.kept, kept)
			for i, at := range kept {
				require.Equal(t, tr.Ops[at], got.Ops[i])
			}
		})
	}
}

func TestRepairGivesTracesThatParse(t *testing.T) {
	p := ReferencePolicy()
	for seed := range uint64(1_000) {
		r := rand.New(rand.NewPCG(seed, 2))
		tr := randomTrace(seed, 40)
		tr.Ops = append([]Operation(nil), tr.Ops...)
		r.Shuffle(len(tr.Ops), func(i, j int) {
			if r.IntN(3) == 0 {
				tr.Ops[i], tr.Ops[j] = tr.Ops[j], tr.Ops[i]
			}
		})
		repaired, _ := tr.Rename(merge).Repair(&p)
		got, err := Parse(repaired.String())
		require.NoError(t, err, "seed %d\n%s", seed, repaired)
		require.True(t, repaired.Equal(got))
		again, kept := repaired.Repair(&p)
		require.True(t, repaired.Equal(again), "repairing twice changes nothing more")
		require.Len(t, kept, len(repaired.Ops))
	}
}

// merge gives several people and bookings one name, as a reducer does.
func merge(h Handle) Handle {
	switch h {
	case "dr2":
		return "dr1"
	case "carol":
		return "bob"
	case "b3":
		return "b2"
	}
	return h
}

func TestCanonicalNamesFollowTheOrderOfDefinition(t *testing.T) {
	got := trace(t, "zoe = patient()\nkim = clinician()\nalice = patient()\nx = zoe.book(kim, audio)\nzoe.join(x)\nalice.play(x.r2)").Canonical()
	want := "alice = patient()\ndr1 = clinician()\nbob = patient()\nb1 = alice.book(dr1, audio)\nalice.join(b1)\nbob.play(b1.r2)\n"
	require.Equal(t, want, got.Body())
	require.Equal(t, want, got.Canonical().Body())
}

func FuzzParse(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(randomTrace(seed, 30).String())
	}
	f.Add("\t alice\t=patient ( age = 15 , plan=nhs )// x\r\n\r\n# é\nalice.play(b1.r1,range=0-99)")
	f.Add("alice = patient()\nalice.join(alice)")
	f.Add("alice = patient()\nbob = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, video, with=bob)\nalice.join(b1)\nalice.speak(b1)\nalice.leave(b1)\nl1 = bob.link(b1.r1)\nanyone.open(l1)\nalice.get(?1)\nbob.close()\ncarol = patient(email=bob, like=bob)")
	f.Fuzz(func(t *testing.T, text string) {
		first, err := Parse(text)
		if err != nil {
			var syntax *SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.Positive(t, syntax.Line)
			require.Positive(t, syntax.Column)
			return
		}
		second, err := Parse(first.String())
		require.NoError(t, err)
		require.True(t, first.Equal(second))
		require.Equal(t, first.String(), second.String())
		for name, p := range policies() {
			s, findings := NewState(&p), NewFindings()
			for _, c := range first.Calls() {
				r := correct(testWorld, s, c)
				findings.Observe(&Observation{World: testWorld, Before: s, Call: c, Expected: s.Expect(c), Got: r})
				s = s.Step(c, r)
			}
			require.Empty(t, findings.Violations(), name)
		}
	})
}

// TestAKeptTraceIsReadAsItWasWritten reads testdata/v1.trace, which was written by
// the first version of the format and is never rewritten.
func TestAKeptTraceIsReadAsItWasWritten(t *testing.T) {
	text, err := os.ReadFile("testdata/v1.trace")
	require.NoError(t, err)
	got, err := Parse(string(text))
	require.NoError(t, err)
	require.Equal(t, string(text), got.String())
	seen := make(map[Kind]bool)
	for _, op := range got.Ops {
		seen[op.Kind()] = true
	}
	require.Len(t, seen, 34)
}
