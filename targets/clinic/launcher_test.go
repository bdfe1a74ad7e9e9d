package clinic_test

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

// launch starts a clinic for the length of a test.
func launch(t testing.TB, l clinic.Launcher) targets.Target {
	t.Helper()
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, target.Close()) })
	return target
}

func TestLauncherNamesItsClinics(t *testing.T) {
	require.Equal(t, "clinic", clinic.Launcher{}.Name())
	require.True(t, clinic.Launcher{}.Fresh())
	l := clinic.Launcher{Label: "clinic --fault bola"}
	require.Equal(t, l.Label, l.Name())
	require.Equal(t, l.Label, launch(t, l).Name())
}

func TestTheTraceOf9JuneIsAnsweredAsTheModelExpects(t *testing.T) {
	trace, err := scenarios.Named("gp-app-2020-06-09")
	require.NoError(t, err)
	h, err := harness.Run(t.Context(), launch(t, clinic.Launcher{}), "june", trace, nil)
	require.NoError(t, err)
	require.Len(t, h.Events, len(trace.Ops))
	requireExpected(t, h)
}

func TestDrawnTracesBreakNoRuleOnTheCorrectClinic(t *testing.T) {
	target := launch(t, clinic.Launcher{})
	traces := scenarios.Consultations().Traces(target.Capabilities().Policy)
	for seed := range seeds(120) {
		trace := scenarios.Draw(traces, seed)
		h, err := harness.Run(t.Context(), target, models.Namespace(fmt.Sprintf("s%d", seed)), trace, nil)
		require.NoError(t, err)
		require.Empty(t, harness.Check(h).Violations, "seed %d:\n%s", seed, annotated(h))
		requireExpected(t, h)
	}
}

// seeds is how many traces to draw where so many are wanted and there is time.
func seeds(wanted int) int {
	if testing.Short() {
		return wanted / 5
	}
	return wanted
}

// requireExpected compares every answer with the one the model expects.
func requireExpected(t *testing.T, h *harness.History) {
	t.Helper()
	expected := harness.Check(h).Expected
	for i := range h.Events {
		want, got := reduced(expected[i]), reduced(h.Events[i].Response)
		kind := h.Events[i].Call.Op.Kind()
		if models.PathOf(kind).Derived() {
			want.Content, got.Content = nil, nil // the model does not say how long they are
		}
		switch models.RowsOf(kind) {
		case models.PageRows:
			want.Listing, got.Listing = nil, nil // nor in which order recordings are
		case models.AccessRows:
			require.Subset(t, got.Audit, want.Audit, "step %d of\n%s", i+1, annotated(h)) // what is exported is played, too
			want.Audit, got.Audit = nil, nil
		case models.NoticeRows:
			want.Listing, got.Listing = named(want.Listing), named(got.Listing)
		}
		require.Equal(t, want, got, "step %d of\n%s", i+1, annotated(h))
	}
}

// reduced leaves of a response what the model and a service both say.
func reduced(r models.Response) models.Response {
	out := models.Response{Outcome: r.Outcome, Encounter: r.Encounter}
	if r.Encounter != nil && r.Encounter.Status == models.Cancelled {
		out.Encounter = &models.Encounter{Status: models.Cancelled}
	}
	if r.Listing != nil {
		out.Listing = &models.Listing{Rows: make([]models.Row, len(r.Listing.Rows))}
		for i, row := range r.Listing.Rows {
			out.Listing.Rows[i] = said(row)
		}
		slices.SortFunc(out.Listing.Rows, func(a, b models.Row) int { return strings.Compare(string(a.Recording), string(b.Recording)) })
	}
	out.Audit = accesses(r.Audit)
	if r.Row != nil {
		row := said(*r.Row)
		out.Row = &row
	}
	if c := r.Content; c != nil {
		out.Content = &models.Content{From: c.From, Length: c.Length, Total: c.Total}
	}
	return out
}

// accesses are those of a trail, each once, in one order.
func accesses(trail []models.Access) []models.Access {
	trail = slices.Clone(trail)
	slices.SortFunc(trail, func(a, b models.Access) int {
		return cmp.Or(cmp.Compare(a.Who, b.Who), cmp.Compare(a.Recording, b.Recording), cmp.Compare(a.Level, b.Level))
	})
	return slices.Compact(trail)
}

// named is a listing of which only the names of the recordings are left.
func named(l *models.Listing) *models.Listing {
	if l == nil {
		return nil
	}
	out := &models.Listing{}
	for _, row := range l.Rows {
		out.Rows = append(out.Rows, models.Row{Recording: row.Recording})
	}
	return out
}

// said is a row without the service's id, the page and the world.
func said(r models.Row) models.Row {
	r.ID, r.Page, r.Tag = "", 0, models.Tag{Booking: r.Tag.Booking}
	return r
}

func annotated(h *harness.History) string {
	comments := make([]string, len(h.Events))
	for i := range h.Events {
		comments[i] = h.Events[i].Response.String() + " " + h.Events[i].Response.Detail
	}
	return h.Trace().Annotate(comments)
}

func TestALaunchedClinicIsRestartedOnItsDatabase(t *testing.T) {
	starts := 0
	target := launch(t, clinic.Launcher{Configure: func(c *clinic.Config) {
		c.Front = func(_ clinic.Parts, next http.Handler) http.Handler { starts++; return next }
	}})
	require.True(t, target.Capabilities().Supports(models.KindRestart))
	trace, err := models.Parse(`# crosstalk trace v1
alice = patient()
bob   = patient()
dr1   = clinician()
b1 = alice.book(dr1, audio)
alice.join(b1)
alice.speak(b1)
service.restart()
alice.speak(b1)
alice.switch(b1, video)
alice.speak(b1)
service.restart()
alice.leave(b1)
l1 = alice.link(b1.r1)
alice.share(b1.r2, bob)
operator.replays(off)
service.restart()
alice.list()
operator.replays(on)
bob.list()
anyone.open(l1)
alice.play(b1.r1)
alice.play(b1.r2)
alice.audit()
`)
	require.NoError(t, err)
	h, err := harness.Run(t.Context(), target, "again", trace, nil)
	require.NoError(t, err)
	require.Empty(t, harness.Check(h).Violations, annotated(h))
	requireExpected(t, h)
	require.Equal(t, 4, starts)
}

func TestNothingIsLeftOfAClinicThatWasClosed(t *testing.T) {
	before := goroutines()
	t.Setenv("TMPDIR", t.TempDir())
	trace, err := scenarios.Named("gp-app-2020-06-09")
	require.NoError(t, err)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			target, err := clinic.Launcher{}.Launch(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := harness.Run(t.Context(), target, models.Namespace(fmt.Sprintf("w%d", i)), trace, nil); err != nil {
				t.Error(err)
			}
			begun := time.Now()
			if err := target.Close(); err != nil {
				t.Error(err)
			}
			if took := time.Since(begun); took > time.Second {
				t.Errorf("closing took %v", took)
			}
			if err := target.Close(); err != nil {
				t.Errorf("closing again: %v", err)
			}
		})
	}
	all.Wait()
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	require.Empty(t, left)
	for deadline := time.Now().Add(5 * time.Second); goroutines() > before && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	require.LessOrEqual(t, goroutines(), before, "goroutines are left:\n%s", stacks())
}

// goroutines counts those that are not the tests' own.
func goroutines() int {
	n := 0
	for stack := range strings.SplitSeq(stacks(), "\n\n") {
		if !strings.Contains(stack, "testing.") {
			n++
		}
	}
	return n
}

func stacks() string {
	room := make([]byte, 1<<20)
	return string(room[:runtime.Stack(room, true)])
}

func BenchmarkLaunch(b *testing.B) {
	for b.Loop() {
		target, err := clinic.Launcher{}.Launch(b.Context())
		require.NoError(b, err)
		require.NoError(b, target.Close())
	}
}
