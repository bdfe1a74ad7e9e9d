package diff_test

import (
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/diff"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

// saved reads a run back under a name that stays the same.
func saved(t *testing.T, name, dir string) *rundir.Saved {
	t.Helper()
	s, err := rundir.Read(dir)
	require.NoError(t, err)
	s.Dir = name
	return s
}

func TestDiffsAreWhatTheGoldenFilesSay(t *testing.T) {
	broken, fixed := samples.Explored(t, true, false, 40), samples.Explored(t, false, false, 40)
	short := samples.Explored(t, false, false, 1)
	for name, d := range map[string]*diff.Diff{
		"fixed":     diff.Compare(saved(t, "before", broken), saved(t, "after", fixed)),
		"worse":     diff.Compare(saved(t, "before", fixed), saved(t, "after", broken)),
		"same":      diff.Compare(saved(t, "before", broken), saved(t, "after", broken)),
		"clean":     diff.Compare(saved(t, "before", fixed), saved(t, "after", fixed)),
		"not-asked": diff.Compare(saved(t, "before", broken), saved(t, "after", short)),
	} {
		t.Run(name, func(t *testing.T) {
			golden.Compare(t, "diff-"+name+".txt", func(w io.Writer) error { return diff.Text(w, d) })
			golden.Compare(t, "diff-"+name+".json", func(w io.Writer) error { return diff.JSON(w, d) })
			require.Equal(t, name == "worse", d.NewViolations())
		})
	}
}

func TestAFixThatWasNotAskedForIsNoFix(t *testing.T) {
	d := diff.Compare(saved(t, "before", samples.Explored(t, true, false, 40)), saved(t, "after", samples.Explored(t, false, false, 1)))
	require.NotEmpty(t, d.Gone)
	require.Equal(t, []string{"MODE-1", "BOOK-1", "PROXY-1", "KILL-1", "DURABLE-1"}, d.Unsettled)
	require.Equal(t, "not found", d.Minimal)
	for _, e := range d.Exercised {
		require.Equal(t, !slices.Contains(d.Unsettled, e.Rule), e.Asked(), e.Rule)
	}

	broken, elsewhere := saved(t, "before", samples.Explored(t, true, false, 40)), saved(t, "after", samples.Explored(t, false, false, 40))
	elsewhere.Coverage.Cells = nil
	d = diff.Compare(broken, elsewhere)
	require.NotNil(t, d.Exercised[0].Cell)
	require.Contains(t, d.Unsettled, "LIST-1", "it was asked, but not in the cell in which it failed")
	require.Contains(t, d.Fixed, "LIST-3", "which fails in no cell")
}

func TestTheSameMinimalTraceIsFoundAgain(t *testing.T) {
	dir := samples.Explored(t, true, false, 5)
	require.Equal(t, "found again", diff.Compare(saved(t, "a", dir), saved(t, "b", dir)).Minimal)
}

func TestAnAdviceOrAKnownFailureIsNoNewViolation(t *testing.T) {
	clean, broken := samples.Explored(t, false, false, 5), samples.Explored(t, true, false, 5)
	known := saved(t, "after", broken)
	for i := range known.Rules {
		known.Rules[i].Known = "ticket 12"
	}
	d := diff.Compare(saved(t, "before", clean), known)
	require.NotEmpty(t, d.New)
	require.False(t, d.NewViolations())

	advised, before := saved(t, "after", clean), saved(t, "before", clean)
	advised.Signatures[models.Signature{Rule: "CACHE-1", Path: models.PathContent}] = 3
	require.False(t, diff.Compare(before, advised).NewViolations())
	advised.Strict = true
	require.True(t, diff.Compare(before, advised).NewViolations())
}

func TestRunsThatCannotBeComparedSaySo(t *testing.T) {
	a, b := saved(t, "before", samples.Explored(t, false, false, 5)), saved(t, "after", samples.Explored(t, false, true, 3))
	b.Seed, b.Mix, b.Source = 8, "other", "some.trace"
	d := diff.Compare(a, b)
	require.Len(t, d.Caveats, 5)
	require.Contains(t, d.Caveats, "after did not come to its end (running).")
	require.Contains(t, d.Caveats[2], "crosstalk run --seed 7 draws those of the first run again")
	require.Equal(t, judge.Inconclusive, d.After.Verdict)
}
