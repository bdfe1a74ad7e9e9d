package harness_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// BenchmarkFaults finds and reduces each seeded fault of the clinic, and next to
// it hunts the same fault with the same model driven by plain rapid: Repeat,
// with a fresh service for each run, and rapid's own shrinker. It counts and
// does not time, so that the figures are the same on every machine.
//
// An iteration takes the next seeds: CROSSTALK_BENCH_SEEDS of them (3) for
// hunting and for reducing long traces, and the first of them for rapid's
// shrinker, which is stopped after CROSSTALK_BENCH_SHRINKS runs (1000). Repeat
// is stopped after CROSSTALK_BENCH_RUNS runs (500). A figure that met a bound is
// a lower limit and is printed with ">". With CROSSTALK_BENCH_REPEAT=kinder the
// actions of Repeat draw what a correct service accepts three times in four, as
// our own drawing does, where plain ones draw any operation; with
// CROSSTALK_BENCH_FAULTS="bola slot-key" only these faults are hunted. What such a kinder
// Repeat finds is what rapid shrinks of a fault that the plain one does not find.
func BenchmarkFaults(b *testing.B) {
	var rows []*faultRow
	only := strings.Fields(os.Getenv("CROSSTALK_BENCH_FAULTS"))
	for _, f := range faults.All() {
		if len(only) == 0 || slices.Contains(only, f.Slug) {
			rows = append(rows, &faultRow{fault: f})
		}
	}
	setFlag(b, "rapid.nofailfile", "true")
	setFlag(b, "rapid.shrinktime", "1h")
	b.Run("AgainstRepeat", func(b *testing.B) {
		bounds := boundsFromEnv(b)
		for first := 0; b.Loop(); first += bounds.seeds {
			require.NoError(b, measureFaults(b, rows, bounds, first))
		}
		reportFaults(b, rows)
	})
	writeHunts(os.Stdout, rows)
	writeReductions(os.Stdout, rows)
}

// setFlag sets a flag for the time of a benchmark.
func setFlag(b *testing.B, name, value string) {
	before := flag.Lookup(name).Value.String()
	require.NoError(b, flag.Set(name, value))
	b.Cleanup(func() { require.NoError(b, flag.Set(name, before)) })
}

// bounds bound an iteration.
type bounds struct {
	seeds, runs, shrinks int
	kinder               bool
}

func boundsFromEnv(b *testing.B) bounds {
	number := func(name string, otherwise int) int {
		text := os.Getenv(name)
		if text == "" {
			return otherwise
		}
		n, err := strconv.Atoi(text)
		require.NoError(b, err, name)
		return n
	}
	return bounds{number("CROSSTALK_BENCH_SEEDS", 3), number("CROSSTALK_BENCH_RUNS", 500),
		number("CROSSTALK_BENCH_SHRINKS", 1000),
		os.Getenv("CROSSTALK_BENCH_REPEAT") == "kinder"}
}

// faultRow is what was measured of one fault, by seed.
type faultRow struct {
	fault  faults.Fault
	ours   []hunted // until found, in the shared world
	repeat []hunted // the same of Repeat, in runs
	short  []shrunk // ours, from the traces found
	long   []shrunk // ours, from traces of 200 operations
	pairs  []pair
}

// hunted is what it took to find a fault: traces or runs, and the operations in
// them.
type hunted struct {
	runs, operations int
	cut              bool // it was not found
}

// shrunk is what it took to reduce a trace, in replays, and the lengths before
// and after.
type shrunk struct {
	from, replays, to int
	cut               bool // there was more to do
}

// pair is one trace that Repeat found, reduced for the same violation by rapid
// and by us.
type pair struct {
	signature   models.Signature
	rapid, ours shrunk
}

// measureFaults takes all measurements of an iteration whose first seed is
// given. Several are under way at once; that changes no count. Ours come first,
// for drawing reads the flags of rapid that Repeat sets.
func measureFaults(b *testing.B, rows []*faultRow, limits bounds, first int) error {
	var setting sync.Mutex
	var ours, repeats []func() error
	for n := range limits.seeds {
		seed, limits := first+n, limits
		if n > 0 {
			limits.shrinks = 0
		}
		for _, row := range rows {
			ours = append(ours, func() error { return row.explore(b, seed) }, func() error { return row.reduceLong(b, seed) })
			repeats = append(repeats, func() error { return row.measureRepeat(b, &setting, seed, limits) })
		}
	}
	return errors.Join(atOnce(ours), atOnce(repeats))
}

// atOnce performs tasks in order, as many at once as there are processors, and
// returns the first error.
func atOnce(tasks []func() error) error {
	var lanes errgroup.Group
	lanes.SetLimit(runtime.GOMAXPROCS(0))
	for _, task := range tasks {
		lanes.Go(task)
	}
	return lanes.Wait()
}

// rowsLock guards the measurements of every row.
var rowsLock sync.Mutex

func addTo[T any](list *[]T, value T) {
	rowsLock.Lock()
	defer rowsLock.Unlock()
	*list = append(*list, value)
}

func (row *faultRow) launcher() clinic.Launcher {
	return clinic.Launcher{Configure: row.fault.Apply, Label: "clinic --fault " + row.fault.Slug}
}

// seedStride keeps the traces of one seed apart from those of the next.
const seedStride = 100_000

// explore finds the fault and reduces it, as crosstalk does by itself. One
// worker, so that what was done until it was found is always the same.
func (row *faultRow) explore(b *testing.B, seed int) error {
	r, err := harness.Explore(b.Context(), row.launcher(), harness.Options{Traces: 1000, Seed: seed * seedStride, Workers: 1}.For(row.fault.Rules))
	if err != nil {
		return err
	}
	addTo(&row.ours, hunted{runs: r.Traces, operations: r.Operations, cut: r.Found == nil})
	if m := r.Minimal; m != nil {
		addTo(&row.short, shrunk{from: m.From, replays: m.Replays, to: len(m.Trace.Ops)})
	}
	return nil
}

// longTrace is the least length of the traces that reduceLong reduces, and
// longest that of the mix from which they are drawn.
const (
	longTrace = 200
	longest   = 250
)

// reduceLong draws traces until one of 200 operations or more breaks a rule on a
// fresh service, and reduces it for its gravest violation.
func (row *faultRow) reduceLong(b *testing.B, seed int) error {
	mix := scenarios.Consultations()
	mix.MaxOps = longest
	traces := mix.Traces(row.launcher().Capabilities().Policy)
	judge := row.judge(b.Context())
	defer judge.Close()
	for i := range seedStride {
		t := scenarios.Draw(traces, seed*seedStride+i)
		if len(t.Ops) < longTrace {
			continue
		}
		got, err := judge.Again(b.Context(), t, history.Exploring)
		if err != nil {
			return err
		}
		v, ok := got.Verdict.Gravest()
		if !ok {
			continue
		}
		s, err := row.reduce(b.Context(), t, v.Signature)
		if err == nil {
			addTo(&row.long, s)
		}
		return err
	}
	return fmt.Errorf("%s: no long trace shows it", row.fault.Slug)
}

// judge is a judge that can see what the fault breaks.
func (row *faultRow) judge(ctx context.Context) *judge.Judge {
	j := judge.NewJudge(ctx, row.launcher(), 2, nil)
	j.Compare(harness.Options{}.For(row.fault.Rules).Noninterference)
	return j
}

// reduce reduces a trace with a judge of its own, so that every replay is
// counted and none is answered from memory.
func (row *faultRow) reduce(ctx context.Context, t models.Trace, s models.Signature) (shrunk, error) {
	judge := row.judge(ctx)
	defer judge.Close()
	m, err := reduce.Reduce(ctx, judge, t, s, nil)
	if err != nil {
		return shrunk{}, fmt.Errorf("%s: %w", row.fault.Slug, err)
	}
	return shrunk{from: len(t.Ops), replays: m.Replays, to: len(m.Trace.Ops), cut: !m.Proven()}, nil
}

// measureRepeat hunts with Repeat. For the first seed of an iteration what it
// found is reduced by rapid and by us; where it found nothing, what a kinder
// Repeat finds.
func (row *faultRow) measureRepeat(b *testing.B, setting *sync.Mutex, seed int, limits bounds) error {
	r, err := row.repeatWith(b, setting, seed, limits)
	if err != nil {
		return err
	}
	addTo(&row.repeat, hunted{runs: r.hunt.runs, operations: r.hunt.operations, cut: r.signature == nil})
	if r.signature == nil && limits.shrinks > 0 {
		limits.kinder = true
		limits.runs *= 4
		if r, err = row.repeatWith(b, setting, seed, limits); err != nil {
			return err
		}
	}
	if r.signature == nil || limits.shrinks == 0 {
		return nil
	}
	ours, err := row.reduce(b.Context(), r.first, *r.signature)
	if err != nil {
		return err
	}
	addTo(&row.pairs, pair{*r.signature, shrunk{len(r.first.Ops), r.shrink.runs, len(r.last.Ops), r.cut}, ours})
	return nil
}

func (row *faultRow) repeatWith(b *testing.B, setting *sync.Mutex, seed int, limits bounds) (*repetition, error) {
	policy := row.launcher().Capabilities().Policy
	r := &repetition{ctx: b.Context(), services: launchAhead(b.Context(), row.launcher()), policy: &policy,
		population: scenarios.Consultations().Population, maxRuns: limits.runs, maxShrinks: limits.shrinks, kinder: limits.kinder}
	defer r.services.close()
	if err := r.run(b, setting, 1+seed*seedStride*seedStride); err != nil {
		return nil, fmt.Errorf("%s: %w", row.fault.Slug, err)
	}
	return r, nil
}

// ratios are, for each fault with figures of both kinds, how many times fewer
// the one took in the geometric mean.
func ratios(rows []*faultRow, one, other func(*faultRow) []float64) []float64 {
	var out []float64
	for _, row := range rows {
		if a, b := one(row), other(row); len(a) > 0 && len(b) > 0 {
			out = append(out, geometricMean(b)/geometricMean(a))
		}
	}
	return out
}

func geometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}

// each applies f to every element.
func each[T any](list []T, f func(T) int) []float64 {
	out := make([]float64, len(list))
	for i, x := range list {
		out[i] = float64(f(x))
	}
	return out
}

func operations(list []hunted) []float64 {
	return each(list, func(h hunted) int { return h.operations })
}
func runs(list []hunted) []float64    { return each(list, func(h hunted) int { return h.runs }) }
func replays(list []shrunk) []float64 { return each(list, func(s shrunk) int { return s.replays }) }
func lengths(list []shrunk) []float64 { return each(list, func(s shrunk) int { return s.to }) }
func before(list []shrunk) []float64  { return each(list, func(s shrunk) int { return s.from }) }

// ofRapid and ofOurs are the sides of the pairs.
func (row *faultRow) ofRapid() []shrunk {
	return side(row.pairs, func(p pair) shrunk { return p.rapid })
}
func (row *faultRow) ofOurs() []shrunk { return side(row.pairs, func(p pair) shrunk { return p.ours }) }

func side(pairs []pair, f func(pair) shrunk) []shrunk {
	out := make([]shrunk, len(pairs))
	for i, p := range pairs {
		out[i] = f(p)
	}
	return out
}

// reportFaults reports the figures that the design has aims for.
func reportFaults(b *testing.B, rows []*faultRow) {
	var traces, long, minima []float64
	unfound, longer, cut := 0, 0, 0
	for _, row := range rows {
		traces = append(traces, runs(row.ours)...)
		long = append(long, replays(row.long)...)
		minima = append(minima, lengths(row.long)...)
		unfound += count(row.ours, func(h hunted) bool { return h.cut })
		longer += count(row.pairs, func(p pair) bool { return p.ours.to > p.rapid.to })
		cut += count(row.pairs, func(p pair) bool { return p.rapid.cut })
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(slices.Max(traces), "traces-until-found-max")
	b.ReportMetric(float64(unfound), "not-found")
	b.ReportMetric(geometricMean(ratios(rows, oursOperations, repeatOperations)), "x-fewer-operations-than-Repeat")
	b.ReportMetric(median(long), "replays-from-200-median")
	b.ReportMetric(median(minima), "minimum-from-200-median")
	if shrunk := ratios(rows, longReplays, rapidReplays); len(shrunk) > 0 {
		b.ReportMetric(geometricMean(shrunk), "x-fewer-replays-than-rapid")
		b.ReportMetric(geometricMean(ratios(rows, pairedReplays, rapidReplays)), "x-fewer-replays-same-trace")
	}
	b.ReportMetric(float64(cut), "rapid-cut-off")
	b.ReportMetric(float64(longer), "longer-minima-than-rapid")
}

func oursOperations(row *faultRow) []float64   { return operations(row.ours) }
func repeatOperations(row *faultRow) []float64 { return operations(row.repeat) }
func longReplays(row *faultRow) []float64      { return replays(row.long) }
func rapidReplays(row *faultRow) []float64     { return replays(row.ofRapid()) }
func pairedReplays(row *faultRow) []float64    { return replays(row.ofOurs()) }

func count[T any](list []T, f func(T) bool) int {
	n := 0
	for _, x := range list {
		if f(x) {
			n++
		}
	}
	return n
}

// writeHunts writes a table of what it took to find each fault: medians over
// the seeds, and for the ratio geometric means.
func writeHunts(w io.Writer, rows []*faultRow) {
	fmt.Fprint(w, "\n| fault | traces until found, median (max) | operations | `Repeat`: runs | operations | times fewer |\n",
		"|---|--:|--:|--:|--:|--:|\n")
	for _, row := range rows {
		if len(row.ours) == 0 || len(row.repeat) == 0 {
			continue
		}
		bound := count(row.repeat, func(h hunted) bool { return h.cut }) > 0
		fmt.Fprintf(w, "| %s | %.0f (%.0f) | %.0f | %.0f | %.0f | %s |\n", row.fault.Slug,
			median(runs(row.ours)), slices.Max(runs(row.ours)), median(operations(row.ours)),
			median(runs(row.repeat)), median(operations(row.repeat)),
			limit(bound, geometricMean(operations(row.repeat))/geometricMean(operations(row.ours))))
	}
}

// writeReductions writes a table of what it took to reduce each fault: medians.
func writeReductions(w io.Writer, rows []*faultRow) {
	fmt.Fprint(w, "\n| fault | trace of | replays | minimum | found by `Repeat`, trace of | rapid: replays | minimum | ours: replays | minimum | times fewer |\n",
		"|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, row := range rows {
		if len(row.long) == 0 {
			continue
		}
		fmt.Fprintf(w, "| %s | %.0f | %.0f | %.0f | %s |\n", row.fault.Slug, median(before(row.long)),
			median(replays(row.long)), median(lengths(row.long)), row.paired())
	}
}

// paired is the part of the row about the traces that Repeat found.
func (row *faultRow) paired() string {
	if len(row.pairs) == 0 {
		return "– | – | – | – | – | –"
	}
	rapid, ours := row.ofRapid(), row.ofOurs()
	bound := count(rapid, func(s shrunk) bool { return s.cut }) > 0
	return fmt.Sprintf("%.0f | %s | %.0f | %.0f | %.0f | %s", median(before(rapid)), limit(bound, median(replays(rapid))),
		median(lengths(rapid)), median(replays(ours)), median(lengths(ours)),
		limit(bound, geometricMean(replays(rapid))/geometricMean(replays(ours))))
}

// limit is a figure, with ">" where it is a lower limit.
func limit(lower bool, value float64) string {
	precision := 0
	if cmp.Compare(value, 10) < 0 {
		precision = 1
	}
	text := strconv.FormatFloat(value, 'f', precision, 64)
	if lower {
		return "> " + text
	}
	return text
}
