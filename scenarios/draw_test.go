package scenarios

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/telehealth-conformance/crosstalk/models"
)

// drawn draws the traces of n seeds from the usual mix.
func drawn(n int) []models.Trace {
	g := Consultations().Traces(models.ReferencePolicy())
	out := make([]models.Trace, n)
	for seed := range out {
		out[seed] = Draw(g, seed)
	}
	return out
}

func TestTheSameSeedDrawsTheSameTrace(t *testing.T) {
	again := drawn(200)
	for seed, trace := range drawn(200) {
		require.Equal(t, trace.Body(), again[seed].Body(), "seed %d", seed)
	}
}

func TestDifferentSeedsDrawDifferentTraces(t *testing.T) {
	seen := make(map[string]bool)
	for _, trace := range drawn(1000) {
		seen[trace.Body()] = true
	}
	require.Greater(t, len(seen), 990)
}

func TestADrawnTraceIsWellFormed(t *testing.T) {
	for seed, trace := range drawn(1000) {
		parsed, err := models.Parse(trace.String())
		require.NoError(t, err, "seed %d", seed)
		require.True(t, parsed.Equal(trace), "seed %d", seed)
		policy := models.ReferencePolicy()
		repaired, _ := trace.Repair(&policy)
		require.True(t, repaired.Equal(trace), "seed %d: every operation can be performed", seed)
	}
}

func TestATraceStaysWithinItsPopulation(t *testing.T) {
	pop := Consultations().Population
	for _, trace := range drawn(1000) {
		count := make(map[models.Kind]int)
		for _, op := range trace.Ops {
			count[op.Kind()]++
			if book, ok := op.(models.Book); ok {
				require.LessOrEqual(t, book.SlotNumber(), pop.Slots)
			}
		}
		require.LessOrEqual(t, count[models.KindPatient]-count[models.KindClose], pop.Patients, "closed accounts make room for others")
		require.GreaterOrEqual(t, count[models.KindPatient], 2)
		require.LessOrEqual(t, count[models.KindClinician], pop.Clinicians)
		require.GreaterOrEqual(t, count[models.KindClinician], 1)
	}
}

// bodies are the lengths in operations of n traces without their closing sweep.
func bodies(n int) []int {
	m := Consultations()
	policy := models.ReferencePolicy()
	g := rapid.Custom(func(t *rapid.T) int {
		d := drawer{t: t, mix: m, state: models.NewState(&policy)}
		d.body()
		n := 0
		for _, op := range d.trace.Ops {
			if !m.onTop(op.Kind()) {
				n++
			}
		}
		return n
	})
	out := make([]int, n)
	for seed := range out {
		out[seed] = g.Example(seed)
	}
	return out
}

func TestLengthsAreDrawnEvenlyFromTheLeastToTheGreatest(t *testing.T) {
	const n = 8000
	m := Consultations()
	count := make([]int, m.MaxOps+1)
	for _, length := range bodies(n) {
		require.LessOrEqual(t, length, m.MaxOps)
		count[length]++
	}
	share := float64(n) / float64(m.MaxOps-m.MinOps+1)
	for length, c := range count {
		if length < m.MinOps {
			require.Zero(t, c, "length %d", length)
			continue
		}
		require.InDelta(t, share, c, share/4, "length %d", length)
	}
}

func TestNumbersAreDrawnEvenly(t *testing.T) {
	const n, draws = 5, 20000
	g := rapid.Custom(func(t *rapid.T) int { return (&drawer{t: t}).uniform(n) })
	count := make([]int, n)
	for seed := range draws {
		count[g.Example(seed)]++
	}
	for v, c := range count {
		require.InDelta(t, draws/n, c, draws/n/10, "%d was drawn %d times", v, c)
	}
}

func TestEachTraceEnablesHalfOfTheOtherOperationsAndAFewThemes(t *testing.T) {
	m := Consultations()
	g := rapid.Custom(func(t *rapid.T) []Weight { return (&drawer{t: t, mix: m}).swarm() })
	enabled := make(map[models.Kind]int)
	const n = 4000
	for seed := range n {
		once := make(map[models.Kind]bool)
		for _, w := range g.Example(seed) {
			once[w.Kind] = true
		}
		for k := range once {
			enabled[k]++
		}
	}
	for _, w := range m.Core {
		require.Equal(t, n, enabled[w.Kind], w.Kind)
	}
	inThemes := make(map[models.Kind]bool)
	for _, theme := range m.Themes {
		for _, w := range theme.Kinds {
			inThemes[w.Kind] = true
			if !has(m.Others, w.Kind) && !has(m.Core, w.Kind) {
				require.InDelta(t, n/m.ThemeOdds, enabled[w.Kind], n/40, w.Kind)
			}
		}
	}
	for _, w := range m.Others {
		if !inThemes[w.Kind] {
			require.InDelta(t, n/2, enabled[w.Kind], n/20, w.Kind)
		}
	}
}

func TestEveryKindOfOperationIsDrawnAcceptedAndRefused(t *testing.T) {
	accepted, refused := make(map[models.Kind]int), make(map[models.Kind]int)
	for _, trace := range drawn(2000) {
		policy := models.ReferencePolicy()
		s := models.NewState(&policy)
		for _, c := range trace.Calls() {
			r := s.Expect(c)
			if r.Outcome == models.OK {
				accepted[c.Op.Kind()]++
			} else {
				refused[c.Op.Kind()]++
			}
			s = s.Step(c, r)
		}
	}
	neverRefused := []models.Kind{models.KindClinician, models.KindReplays, models.KindRestart}
	for _, k := range models.Kinds() {
		require.Positive(t, accepted[k], k)
		if !slices.Contains(neverRefused, k) {
			require.Positive(t, refused[k], k)
		}
	}
}

// TestEveryPairOfOperationsThatCanFollowEachOtherIsDrawn also says which cannot:
// none, for every kind can be performed in a state that every other leaves.
func TestEveryPairOfOperationsThatCanFollowEachOtherIsDrawn(t *testing.T) {
	if testing.Short() {
		t.Skip("draws some ten thousand traces")
	}
	const most, at = 200_000, 1_000
	seen := make(map[pair]bool)
	kinds := models.Kinds()
	for seed := 0; seed < most && len(seen) < len(kinds)*len(kinds); seed += 2 * at {
		later := make(chan map[pair]bool)
		go func() { later <- pairsOf(seed+at, at) }()
		maps.Copy(seen, pairsOf(seed, at))
		maps.Copy(seen, <-later)
	}
	var missing []pair
	for _, first := range kinds {
		for _, second := range kinds {
			if !seen[pair{first, second}] {
				missing = append(missing, pair{first, second})
			}
		}
	}
	require.Empty(t, missing)
}

// pair is two kinds of operation, one right behind the other.
type pair struct{ first, second models.Kind }

// pairsOf are the pairs in the traces of n seeds.
func pairsOf(seed, n int) map[pair]bool {
	seen := make(map[pair]bool)
	g := Consultations().Traces(models.ReferencePolicy())
	for s := seed; s < seed+n; s++ {
		ops := Draw(g, s).Ops
		for i := range ops[1:] {
			seen[pair{ops[i].Kind(), ops[i+1].Kind()}] = true
		}
	}
	return seen
}

func TestTheClosingSweepSettlesEverythingAndLetsEachPatientLookAround(t *testing.T) {
	var looking []models.Kind
	for _, k := range models.Kinds() {
		_, _, reads := models.ReadOf(models.Example(k))
		reads = reads || models.UsedBy(k) == models.ALink
		if (reads || models.RowsOf(k) != models.NoRows) && models.DefinedBy(k) == "" {
			looking = append(looking, k)
		}
	}
	for seed, trace := range drawn(500) {
		policy := models.ReferencePolicy()
		s := models.NewState(&policy)
		last := make(map[models.Handle]models.Kind)
		lists := make(map[models.Handle]bool)
		for _, c := range trace.Calls() {
			s = s.Step(c, s.Expect(c))
			last[c.Op.Actor()] = c.Op.Kind()
			if c.Op.Kind() == models.KindList {
				lists[c.Op.Actor()] = true
			}
		}
		for _, u := range s.LoggedIn() {
			if !s.IsPatient(u) {
				continue
			}
			require.True(t, lists[u], "seed %d: %s lists", seed, u)
			require.Contains(t, looking, last[u], "seed %d: %s looks around at the end", seed, u)
		}
		for _, op := range s.EnabledOf(models.KindLeave, Consultations().Population) {
			require.NotEqual(t, models.OK, s.Expect(models.Call{Step: 1, Op: op}).Outcome, "seed %d: %s is still possible", seed, op)
		}
	}
}

func TestAMixKeepsToWhatATargetSupports(t *testing.T) {
	m := Consultations().Only(models.Capabilities{Operations: []models.Kind{
		models.KindPatient, models.KindClinician, models.KindBook, models.KindJoin, models.KindSpeak, models.KindList}})
	g := m.Traces(models.ReferencePolicy())
	for seed := range 200 {
		for _, op := range Draw(g, seed).Ops {
			require.Contains(t, []models.Kind{models.KindPatient, models.KindClinician, models.KindBook, models.KindJoin,
				models.KindSpeak, models.KindList}, op.Kind())
		}
	}
}

func TestWhatATargetCannotSendIsNotDrawn(t *testing.T) {
	caps := models.Capabilities{Policy: models.ReferencePolicy()}.
		Lacking(models.KindPatient, "email", "age").Lacking(models.KindBook, "slot").Lacking(models.KindReschedule, "slot").
		Lacking(models.KindSwitch, "mode=audio").Lacking(models.KindList, "limit", "mode").Lacking(models.KindPlay, "range")
	g := Consultations().Only(caps).Traces(caps.Policy)
	seen := make(map[models.Kind]int)
	for seed := range 300 {
		for _, op := range Draw(g, seed).Ops {
			seen[op.Kind()]++
			require.Empty(t, caps.NotSent(op), "seed %d: %s", seed, op)
		}
	}
	for _, k := range []models.Kind{models.KindPatient, models.KindBook, models.KindSwitch, models.KindList, models.KindPlay} {
		require.Greater(t, seen[k], 300, "%s is still drawn", k)
	}
	require.Zero(t, seen[models.KindReschedule], "nothing is left of it")
}

func TestNamedTracesParseAndCanBePerformed(t *testing.T) {
	require.Contains(t, Names(), "gp-app-2020-06-09")
	for _, name := range Names() {
		trace, err := Named(name)
		require.NoError(t, err)
		policy := models.ReferencePolicy()
		repaired, _ := trace.Repair(&policy)
		require.True(t, repaired.Equal(trace), name)
	}
	_, err := Named("nonsense")
	require.EqualError(t, err, `no scenario "nonsense"; expected one of gp-app-2020-06-09`)
}
