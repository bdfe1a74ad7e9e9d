package models

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRules judges the histories of testdata/rules.golden, without any service.
//
// A case begins with "# " and a sentence. Its trace follows that of
// ruleBeginning, several operations to a line where that reads better; what
// differs from the answer of a correct service stands behind "//", in the words
// of [answer.edit]. What the rules find is written below, behind "=": each
// violation with its exposures, and how often each rule was checked, with "?"
// where an unknown outcome hid the answer. FAULT-1 and CACHE-1 are named where
// they are broken.
func TestRules(t *testing.T) {
	const file = "testdata/rules.golden"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	violated, passed := make(map[string]int), make(map[string]int)
	names := make(map[string]bool)
	var out strings.Builder
	for i, part := range strings.Split("\n"+string(text), "\n# ") {
		if i == 0 {
			continue
		}
		c := parseCase(t, part)
		require.False(t, names[c.name], "%s is there twice", c.name)
		names[c.name] = true
		var found *Findings
		t.Run(c.name, func(t *testing.T) { found = c.judge(t) })
		fmt.Fprintf(&out, "# %s\n%s%s\n", c.name, c.source, describe(found))
		for i, rule := range Rules() {
			switch tally := found.Tallies()[i]; {
			case tally.Violations > 0:
				violated[rule.ID]++
			case tally.Checks > 0:
				passed[rule.ID]++
			}
		}
	}
	golden(t, file, out.String())
	for _, rule := range Rules() {
		if rule.Compares || !ruleIsOld(rule.ID) {
			continue
		}
		require.GreaterOrEqual(t, violated[rule.ID], 2, "cases that violate %s", rule.ID)
		require.GreaterOrEqual(t, passed[rule.ID], 1, "cases in which %s holds", rule.ID)
	}
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
	s, found := NewState(&c.policy), NewFindings()
	for i, call := range trace(t, c.text).Calls() {
		a := answer{t: t, state: s, Response: correct(testWorld, s, call)}
		for word := range strings.FieldsSeq(c.edits[i]) {
			a.edit(word)
		}
		found.Observe(&Observation{World: testWorld, Before: s, Call: call, Expected: s.Expect(call), Got: a.Response})
		s = s.Step(call, a.Response)
	}
	return found
}

// answer is the answer to one operation while it is edited.
type answer struct {
	t     *testing.T
	state *State
	Response
	row *Row // the last that was named
}

// edit changes the answer as a word says:
//
//	ok denied missing ...  the outcome; what was shown stays with "unknown"
//	status=500             the HTTP status
//	nothing                what was shown is left out
//	+b2.r1 +?1 +w9:b1      a row more: a recording's, a phantom's, another world's
//	-b1.r1                 that row is left out
//	b1.r1                  the row that the next words are about:
//	id=b1.r1 tag=b2 tag= subject=bob mode=video segment=2 page=2
//	row=b2.r1              the metadata shown is that row
//	truncated              the listing was not read to its end
//	media=b1@9,w9:b3@2,?50 the media of these moments, or 50 bytes without a tag
//	bytes=0-99             of that media, these bytes
//	says=completed/video/2 what is said of the consultation; parts may be empty
func (a *answer) edit(word string) {
	key, value, _ := strings.Cut(word, "=")
	switch key {
	case "status":
		a.Status = a.number(value)
	case "nothing":
		a.Encounter, a.Listing, a.Row, a.Content = nil, nil, nil, nil
	case "truncated":
		a.Listing.Truncated = true
	case "row":
		a.Response.Row = a.rowOf(value)
		a.row = a.Response.Row
	case "media":
		a.deliver(value)
	case "bytes":
		a.cut(value)
	case "says":
		a.say(strings.Split(value, "/"))
	case "id", "tag", "subject", "mode", "segment", "page":
		a.editRow(key, value)
	default:
		if !a.editOutcome(Outcome(word)) {
			a.editListing(word)
		}
	}
}

func (a *answer) number(text string) int {
	n, err := strconv.Atoi(text)
	require.NoError(a.t, err)
	return n
}

func (a *answer) editOutcome(o Outcome) bool {
	if o != OK && o != Unknown && o != Unavailable && o != Unbound && !o.Refused() {
		return false
	}
	a.Outcome, a.Status, a.Reason, a.CacheControl = o, status(o), "", "no-store"
	if o != Unknown {
		a.edit("nothing")
	}
	return true
}

func (a *answer) editListing(word string) {
	if a.Listing == nil {
		a.Listing = &Listing{}
	}
	l := a.Listing
	if name, more := strings.CutPrefix(word, "+"); more {
		l.Rows = append(l.Rows, *a.rowOf(name))
		a.row = &l.Rows[len(l.Rows)-1]
		return
	}
	name, less := strings.CutPrefix(word, "-")
	for i := range l.Rows {
		if l.Rows[i].Recording == Handle(name) {
			if a.row = &l.Rows[i]; less {
				l.Rows = append(l.Rows[:i], l.Rows[i+1:]...)
			}
			return
		}
	}
	require.Fail(a.t, "no such row", word)
}

// rowOf is a row as a correct service shows it to one who may see it.
func (a *answer) rowOf(name string) *Row {
	if world, booking, other := strings.Cut(name, ":"); other {
		return &Row{Tag: Tag{World: Namespace(world), Booking: Handle(booking)}}
	}
	h := Handle(name)
	if rec, ok := a.state.recording(h); ok {
		row := rec.row()
		row.Tag.World = testWorld
		return &row
	}
	if booking, _, ok := h.Recording(); ok {
		return &Row{Recording: h, Tag: Tag{World: testWorld, Booking: booking}}
	}
	return &Row{Recording: h}
}

func (a *answer) editRow(key, value string) {
	require.NotNil(a.t, a.row, "no row was named before %s", key)
	switch key {
	case "id":
		a.row.Recording = Handle(value)
	case "tag":
		a.row.Tag = Tag{}
		if value != "" {
			a.row.Tag = Tag{World: testWorld, Booking: Handle(value)}
		}
	case "subject":
		a.row.Subject = Handle(value)
	case "mode":
		a.row.Mode = Mode(value)
	case "segment":
		a.row.Segment = a.number(value)
	case "page":
		a.row.Page = a.number(value)
	}
}

func (a *answer) deliver(media string) {
	var body []byte
	for one := range strings.SplitSeq(media, ",") {
		if noise, ok := strings.CutPrefix(one, "?"); ok {
			body = append(body, make([]byte, a.number(noise))...)
			continue
		}
		name, moment, _ := strings.Cut(one, "@")
		world, booking, other := strings.Cut(name, ":")
		if !other {
			world, booking = string(testWorld), name
		}
		body = append(body, Tag{Namespace(world), Handle(booking), a.number(moment)}.Media()...)
	}
	a.Content = &Content{Length: int64(len(body)), Total: int64(len(body))}
	a.Content.Pieces, a.Content.Stray = ReadMedia(body)
}

// cut leaves a range of the bytes that the pieces were spoken as.
func (a *answer) cut(text string) {
	low, high, _ := strings.Cut(text, "-")
	first, last := a.number(low), a.number(high)
	var body []byte
	for _, p := range a.Content.Pieces {
		body = append(body, p.Tag.Media()[p.From:p.To]...)
	}
	body = body[first : last+1]
	a.Content.From, a.Content.Length = int64(first), int64(len(body))
	a.Content.Pieces, a.Content.Stray = ReadMedia(body)
}

func (a *answer) say(parts []string) {
	a.Encounter = &Encounter{Status: EncounterStatus(parts[0])}
	if len(parts) > 1 {
		a.Encounter.Mode = Mode(parts[1])
	}
	if len(parts) > 2 {
		a.Encounter.Segment = a.number(parts[2])
	}
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
		if (rule.ID == "FAULT-1" || rule.ID == "CACHE-1") && tally.Violations == 0 && tally.Inconclusive == 0 {
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

// quiet leaves out what a service need not say.
func quiet(r Response) Response {
	r.Encounter = nil
	if r.Listing != nil {
		rows := make([]Row, len(r.Listing.Rows))
		for i, row := range r.Listing.Rows {
			rows[i] = Row{Recording: row.Recording, Tag: row.Tag}
		}
		r.Listing = &Listing{Rows: rows}
	}
	if r.Row != nil {
		r.Row = &Row{Recording: r.Row.Recording, Tag: r.Row.Tag}
	}
	if r.Content != nil {
		content := *r.Content
		content.Total = -1
		r.Content = &content
	}
	return r
}

func TestACorrectServiceViolatesNothing(t *testing.T) {
	for name, p := range policies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range walks(5_000) {
				loud, hushed := NewFindings(), NewFindings()
				walk(rand.New(rand.NewPCG(seed, 8)), &p, 40, func(s *State, c Call) {
					o := Observation{World: testWorld, Before: s, Call: c, Expected: s.Expect(c), Got: correct(testWorld, s, c)}
					loud.Observe(&o)
					o.Got = quiet(o.Got)
					hushed.Observe(&o)
				})
				require.Empty(t, loud.Violations(), "seed %d", seed)
				require.Empty(t, hushed.Violations(), "seed %d", seed)
			}
		})
	}
}

func TestRandomTracesExerciseEveryRule(t *testing.T) {
	p, f := ReferencePolicy(), NewFindings()
	for seed := range uint64(400) {
		walk(rand.New(rand.NewPCG(seed, 8)), &p, 60, func(s *State, c Call) {
			f.Observe(&Observation{World: testWorld, Before: s, Call: c, Expected: s.Expect(c), Got: correct(testWorld, s, c)})
		})
	}
	for i, rule := range Rules() {
		if rule.Compares {
			continue
		}
		require.Greater(t, f.Tallies()[i].Checks, 10, rule.ID)
	}
}

// TestACorrectServiceBehindABadLineViolatesNothing hides some answers from the
// checker: the service may have performed the operation or not.
func TestACorrectServiceBehindABadLineViolatesNothing(t *testing.T) {
	for name, p := range policies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range walks(1_000) {
				line := newBadLine(seed, &p)
				for step := 1; step <= 60; step++ {
					line.perform(step)
				}
				require.Empty(t, line.found.Violations(), "seed %d\n%s%+v", seed, line.trace, line.found.Violations())
			}
		})
	}
}

// badLine is a correct service, and a checker that does not get all answers.
type badLine struct {
	r            *rand.Rand
	real, known  *State // what the service knows, and what the checker does
	named, bound map[Handle]bool
	found        *Findings
	trace        string
}

func newBadLine(seed uint64, p *Policy) *badLine {
	return &badLine{r: rand.New(rand.NewPCG(seed, 9)), real: NewState(p), known: NewState(p), named: make(map[Handle]bool), bound: make(map[Handle]bool), found: NewFindings()}
}

func (l *badLine) perform(step int) {
	c := Call{step, l.draw(step)}
	got, lost := l.ask(c), l.r.IntN(12) == 0
	if got.Outcome != Unbound {
		if !lost || l.r.IntN(2) == 0 {
			l.real = l.real.Step(c, got)
		}
		if lost {
			got = Response{Outcome: Unknown}
		}
	}
	if name := c.Op.Defines(); name != "" {
		l.named[name] = true
		l.bound[name] = got.Outcome == OK
	}
	l.trace += fmt.Sprintf("%s // %s\n", c.Op, got)
	l.found.Observe(&Observation{World: testWorld, Before: l.known, Call: c, Expected: l.known.Expect(c), Got: got})
	l.known = l.known.Step(c, got)
}

// draw draws an operation from what either side knows. It defines no handle that
// was defined before.
func (l *badLine) draw(step int) Operation {
	for {
		s := l.known
		if l.r.IntN(2) == 0 {
			s = l.real
		}
		if op := drawOperation(l.r, s, step); !l.named[op.Defines()] {
			return op
		}
	}
}

// ask is the service's answer, or Unbound where it never gave an id. Links that
// may open or not do one or the other.
func (l *badLine) ask(c Call) Response {
	for _, h := range []Handle{c.Op.Actor(), c.Op.Uses().Booking(), c.Op.Whom()} {
		if h != "" && !h.Phantom() && !slices.Contains(reserved[:], h) && !l.bound[h] {
			return Response{Outcome: Unbound}
		}
	}
	if op, ok := c.Op.(Open); ok && l.r.IntN(2) == 0 {
		if made := l.real.link(op.Link); made != nil && l.real.opens(made, op.User) == either {
			return Response{Outcome: Missing, Status: status(Missing)}
		}
	}
	got := correct(testWorld, l.real, c)
	if l.r.IntN(4) == 0 {
		return quiet(got)
	}
	return got
}

// TestRefusedOperationsThatTookEffectAreFound makes one refused operation of a
// stranger's take effect, and looks for REFUSE-1 at the first answer that shows
// it. Where an operation of a participant was refused as well and would have led
// to the same answer, nobody can tell which of them it was.
func TestRefusedOperationsThatTookEffectAreFound(t *testing.T) {
	showed, blamed := 0, 0
	for seed := range uint64(2_000) {
		f, differs := refusedButDone(rand.New(rand.NewPCG(seed, 10)))
		if !differs {
			continue
		}
		showed++
		level := NotExposed
		found := slices.ContainsFunc(f.Violations(), func(v Violation) bool {
			level = max(level, v.Level)
			return v.Rule == "REFUSE-1"
		})
		require.True(t, found, "seed %d", seed)
		if level == Controlled {
			blamed++
		}
	}
	require.Greater(t, showed, 50)
	require.Greater(t, blamed, showed*9/10)
}

// refusedButDone walks until an answer shows that a refused operation of a
// stranger's took effect, and reports whether one did.
func refusedButDone(r *rand.Rand) (*Findings, bool) {
	p, f := ReferencePolicy(), NewFindings()
	real, known := NewState(&p), NewState(&p)
	var broken Handle // the booking on which it took effect
	for step := 1; step <= 50; step++ {
		c := Call{step, drawOperation(r, known, step)}
		got, expected := correct(testWorld, real, c), known.Expect(c)
		f.Observe(&Observation{World: testWorld, Before: known, Call: c, Expected: expected, Got: got})
		change, changes := c.Op.(bookingChange)
		if changes && change.on().Booking == broken && expected.Outcome == OK && !agrees(expected, got) {
			return f, true
		}
		known = known.Step(c, got)
		if changes && broken == "" && got.Outcome == Missing {
			broken, got = change.on().Booking, Response{Outcome: OK}
		}
		real = real.Step(c, got)
	}
	return f, false
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
	require.Equal(t, 7, f.Violations()[0].More)
	require.Equal(t, "LIST-1 viewed by list", f.Violations()[1].Signature.String())
	require.Equal(t, "LIST-1 by list", f.Violations()[0].Signature.String())
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

// ruleIsOld reports whether a rule has its golden cases.
func ruleIsOld(id string) bool {
	switch id {
	case "LINK-1", "PROXY-1", "GONE-1", "KILL-1", "DURABLE-1", "ORACLE-1", "CACHE-1", "AUDIT-1", "LIST-3":
		return false
	}
	return true
}
