package models

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRules judges the histories of testdata/rules*.golden, without any service.
//
// A case begins with "# " and a sentence. Its trace follows that of
// ruleBeginning, several operations to a line where that reads better; what
// differs from the answer of a correct service stands behind "//", in the words
// of [answer.edit]. What the rules find is written below, behind "=": each
// violation with its exposures, and how often each rule was checked, with "?"
// where an unknown outcome hid the answer. FAULT-1, CACHE-1 and CACHE-2 are named where
// they are broken.
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/rules*.golden")
	require.NoError(t, err)
	seen := ruleCases{make(map[string]int), make(map[string]int), make(map[string]bool)}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		golden(t, file, seen.judge(t, string(text)))
	}
	for _, rule := range Rules() {
		if !rule.Compares {
			require.GreaterOrEqual(t, seen.violated[rule.ID], 2, "cases that violate %s", rule.ID)
			require.GreaterOrEqual(t, seen.passed[rule.ID], 1, "cases in which %s holds", rule.ID)
		}
	}
}

// ruleCases counts the cases in which a rule was violated, and those in which it
// was checked and held, and keeps the names of all.
type ruleCases struct {
	violated, passed map[string]int
	names            map[string]bool
}

// judge judges the cases of a file and writes them out with what was found.
func (n ruleCases) judge(t *testing.T, text string) string {
	var out strings.Builder
	for i, part := range strings.Split("\n"+text, "\n# ") {
		if i == 0 {
			continue
		}
		c := parseCase(t, part)
		require.False(t, n.names[c.name], "%s is there twice", c.name)
		n.names[c.name] = true
		var found *Findings
		require.True(t, t.Run(c.name, func(t *testing.T) { found = c.judge(t) }))
		fmt.Fprintf(&out, "# %s\n%s%s\n", c.name, c.source, describe(found))
		for i, rule := range Rules() {
			switch tally := found.Tallies()[i]; {
			case tally.Violations > 0:
				n.violated[rule.ID]++
			case tally.Checks > 0:
				n.passed[rule.ID]++
			}
		}
	}
	return out.String()
}

// ruleBeginning is how the trace of every case begins: steps 1 to 4.
const ruleBeginning = "alice = patient()\nbob = patient()\ndr1 = clinician()\ndr2 = clinician()\n"

// ruleCase is one case of testdata/rules.golden.
type ruleCase struct {
	name, source string // as in the file
	policy       Policy
	text         string   // of the trace
	edits        []string // of the answers, by index of the operation
}

func parseCase(t *testing.T, part string) ruleCase {
	t.Helper()
	name, body, _ := strings.Cut(part, "\n")
	c := ruleCase{name: name, policy: ReferencePolicy(), text: ruleBeginning, edits: make([]string, 4)}
	for line := range strings.Lines(body) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "=") || line == "" {
			continue
		}
		c.source += line + "\n"
		if policy, ok := strings.CutPrefix(line, "policy: "); ok {
			require.Contains(t, policies(), policy)
			c.policy = policies()[policy]
			continue
		}
		ops, edit, _ := strings.Cut(line, "//")
		for op := range strings.SplitSeq(ops, "; ") {
			c.text += op + "\n"
			c.edits = append(c.edits, "")
		}
		c.edits[len(c.edits)-1] = strings.TrimSpace(edit)
	}
	return c
}

// judge feeds the answers of a case to the model and to the rules.
func (c ruleCase) judge(t *testing.T) *Findings {
	t.Helper()
	s, found, states := NewState(&c.policy), NewFindings(), NewStates(testWorld, &c.policy)
	var answers []Answer
	for i, call := range trace(t, c.text).Calls() {
		a := answer{t: t, state: s, Response: correct(testWorld, s, call)}
		for word := range strings.FieldsSeq(c.edits[i]) {
			a.edit(word)
		}
		answers = append(answers, Answer{Call: call, Got: a.Response})
		states.Observe(&answers[i], found)
		s = s.Step(call, a.Response)
	}
	states.Explain(len(answers), func(i int) Answer { return answers[i] }, found)
	return found
}

// describe writes findings out, each line behind "=".
func describe(f *Findings) string {
	var b strings.Builder
	for _, v := range f.Violations() {
		fmt.Fprintf(&b, "= %d %s: %s\n", v.Step, v.Signature, v.Message)
		for _, e := range v.Exposures {
			owner := string(e.Owner)
			if e.World != "" {
				owner = "world " + string(e.World)
			}
			fmt.Fprintf(&b, "=     %s: %s of %s, %s by %s", e.Viewer, e.Recording, owner, e.Level, e.Path)
			if e.Bytes > 0 {
				fmt.Fprintf(&b, ", %d bytes", e.Bytes)
			}
			if e.Of > 0 {
				fmt.Fprintf(&b, " of %d", e.Of)
			}
			b.WriteByte('\n')
		}
	}
	b.WriteString("= checked:")
	for i, rule := range Rules() {
		tally := f.Tallies()[i]
		if slices.Contains([]string{"FAULT-1", "CACHE-1", "CACHE-2"}, rule.ID) && tally.Violations == 0 && tally.Inconclusive == 0 {
			continue
		}
		if tally.Checks > 0 {
			fmt.Fprintf(&b, " %s %d", rule.ID, tally.Checks)
		}
		if tally.Inconclusive > 0 {
			fmt.Fprintf(&b, " %s ?%d", rule.ID, tally.Inconclusive)
		}
	}
	b.WriteByte('\n')
	return b.String()
}

func TestAnEmptyHistoryChecksNothing(t *testing.T) {
	f := NewFindings()
	require.Empty(t, f.Violations())
	for i := range Rules() {
		require.Zero(t, f.Tallies()[i])
	}
}

func TestAnOperationThatWasNotSentChecksNothing(t *testing.T) {
	for seed := range uint64(200) {
		p, f := ReferencePolicy(), NewFindings()
		walk(rand.New(rand.NewPCG(seed, 6)), &p, 40, func(s *State, c Call) {
			if _, _, reads := (&Observation{Call: c}).read(); reads && s.Expect(c).Outcome == OK {
				return // READ-3 counts a recording for which the service never gave an id
			}
			f.Observe(&Observation{World: testWorld, Before: s, Call: c, Expected: s.Expect(c), Got: Response{Outcome: Unbound}})
		})
		require.Empty(t, f.Violations())
		for i, rule := range Rules() {
			require.Zero(t, f.Tallies()[i].Checks, rule.ID)
		}
	}
}

func TestNoRuleChecksWhatNobodyRecorded(t *testing.T) {
	// Without any media there is nothing to leak, to lose or to mix up.
	isolated := []string{"LIST-1", "LIST-2", "LIST-4", "READ-1", "READ-2", "READ-3", "MODE-1", "MODE-2", "BOOK-1"}
	for seed := range uint64(200) {
		p, f := ReferencePolicy(), NewFindings()
		s := NewState(&p)
		r := rand.New(rand.NewPCG(seed, 7))
		for step := 1; step <= 60; {
			c := Call{step, drawOperation(r, s, step)}
			if c.Op.Kind() == KindSpeak {
				continue
			}
			got := correct(testWorld, s, c)
			f.Observe(&Observation{World: testWorld, Before: s, Call: c, Expected: s.Expect(c), Got: got})
			s = s.Step(c, got)
			step++
		}
		for i, rule := range Rules() {
			for _, id := range isolated {
				require.False(t, rule.ID == id && f.Tallies()[i].Checks > 0, "seed %d: %s", seed, id)
			}
		}
	}
}

func TestViolationsAreInOrderOfStepsThenOfExposure(t *testing.T) {
	f := NewFindings()
	at := func(step int) *Observation { return &Observation{Call: Call{step, List{ByUser: ByUser{"alice"}}}} }
	f.violate(at(2), PathList, "a", Exposure{Level: Presented})
	f.violate(at(2), PathList, "b", Exposure{Level: Presented}, Exposure{Level: Viewed})
	f.violate(at(2), PathList, "c", Exposure{Level: Presented})
	f.violate(at(1), PathList, "d", make([]Exposure, MaxExposures+7)...)
	var got string
	for _, v := range f.Violations() {
		got += v.Message
	}
	require.Equal(t, "dbac", got)
	require.Len(t, f.Violations()[0].Exposures, MaxExposures)
	f.violate(at(3), PathList, "e", append(slices.Repeat([]Exposure{{World: "other"}}, MaxExposures), Exposure{Recording: "b1.r1"})...)
	require.Equal(t, Handle("b1.r1"), f.Violations()[4].Exposures[0].Recording, "those of the same trace are not left out")
	require.Equal(t, 7, f.Violations()[0].More)
	require.Equal(t, "LIST-1 viewed by list", f.Violations()[1].Signature.String())
	require.Equal(t, "LIST-1 by list", f.Violations()[0].Signature.String())
}

// TestRulesReferToWhatMayBeReferredTo knows the weaknesses of the field that MITRE
// discourages or prohibits to be mapped to (CWE 4.16, "Vulnerability Mapping"),
// because they are categories or too general.
func TestRulesReferToWhatMayBeReferredTo(t *testing.T) {
	general := []int{16, 19, 20, 200, 254, 255, 264, 265, 275, 284, 285, 287, 310, 345, 361, 371, 372, 399, 435, 657, 662, 664, 665, 666, 668, 682,
		691, 693, 697, 703, 707, 710, 755}
	for _, rule := range Rules() {
		for _, n := range rule.CWE {
			require.NotContains(t, general, n, rule.ID)
		}
		require.Regexp(t, `^(API([1-9]|10):2023)?$`, rule.OWASP, rule.ID)
		for _, q := range rule.ASVS {
			require.Regexp(t, `^([1-9]|1[0-7])(\.[1-9][0-9]?){2}$`, q.ID, rule.ID)
			require.NotEmpty(t, q.Why, "%s, %s", rule.ID, q.ID)
		}
	}
}

func TestRulesHaveDistinctIDsAndCanBeFound(t *testing.T) {
	seen := make(map[string]bool)
	for _, rule := range Rules() {
		require.False(t, seen[rule.ID], rule.ID)
		seen[rule.ID] = true
		require.NotEmpty(t, rule.Sentence)
		require.NotEmpty(t, rule.CWE)
		require.Equal(t, rule.Must, rule.Level() == "MUST")
		for _, k := range rule.Needs {
			require.Contains(t, Kinds(), k)
		}
		got, err := RuleByID(rule.ID)
		require.NoError(t, err)
		require.Equal(t, rule.Sentence, got.Sentence)
	}
	_, err := RuleByID("LIST-99")
	require.EqualError(t, err, `unknown rule "LIST-99"`)
}
