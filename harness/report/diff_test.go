package report_test

import (
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/models"
)

// saved reads a run back under a name that stays the same.
func saved(t *testing.T, name, dir string) *report.Saved {
	t.Helper()
	s, err := report.Read(dir)
	require.NoError(t, err)
	s.Dir = name
	return s
}

func TestDiffsAreWhatTheGoldenFilesSay(t *testing.T) {
	broken, fixed := explored(t, true, false, 40), explored(t, false, false, 40)
	short := explored(t, false, false, 1)
	for name, d := range map[string]*report.Diff{
		"fixed":     report.Compare(saved(t, "before", broken), saved(t, "after", fixed)),
		"worse":     report.Compare(saved(t, "before", fixed), saved(t, "after", broken)),
		"same":      report.Compare(saved(t, "before", broken), saved(t, "after", broken)),
		"clean":     report.Compare(saved(t, "before", fixed), saved(t, "after", fixed)),
		"not-asked": report.Compare(saved(t, "before", broken), saved(t, "after", short)),
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, "diff-"+name+".txt", func(w io.Writer) error { return report.DiffText(w, d) })
			golden(t, "diff-"+name+".json", func(w io.Writer) error { return report.DiffJSON(w, d) })
			require.Equal(t, name == "worse", d.NewViolations())
		})
	}
}

func TestAFixThatWasNotAskedForIsNoFix(t *testing.T) {
	d := report.Compare(saved(t, "before", explored(t, true, false, 40)), saved(t, "after", explored(t, false, false, 1)))
	require.NotEmpty(t, d.Gone)
	require.Equal(t, []string{"BOOK-1", "PROXY-1", "KILL-1", "DURABLE-1"}, d.Unsettled)
	require.Equal(t, "not found", d.Minimal)
	for _, e := range d.Exercised {
		require.Equal(t, !slices.Contains(d.Unsettled, e.Rule), e.Asked(), e.Rule)
	}

	broken, elsewhere := saved(t, "before", explored(t, true, false, 40)), saved(t, "after", explored(t, false, false, 40))
	elsewhere.Coverage.Cells = nil
	d = report.Compare(broken, elsewhere)
	require.NotNil(t, d.Exercised[0].Cell)
	require.Contains(t, d.Unsettled, "LIST-1", "it was asked, but not in the cell in which it failed")
	require.Contains(t, d.Fixed, "LIST-3", "which fails in no cell")
}

func TestTheSameMinimalTraceIsFoundAgain(t *testing.T) {
	dir := explored(t, true, false, 5)
	require.Equal(t, "found again", report.Compare(saved(t, "a", dir), saved(t, "b", dir)).Minimal)
}

func TestAnAdviceOrAKnownFailureIsNoNewViolation(t *testing.T) {
	clean, broken := explored(t, false, false, 5), explored(t, true, false, 5)
	known := saved(t, "after", broken)
	for i := range known.Rules {
		known.Rules[i].Known = "ticket 12"
	}
	d := report.Compare(saved(t, "before", clean), known)
	require.NotEmpty(t, d.New)
	require.False(t, d.NewViolations())

	advised, before := saved(t, "after", clean), saved(t, "before", clean)
	advised.Signatures[models.Signature{Rule: "CACHE-1", Path: models.PathContent}] = 3
	require.False(t, report.Compare(before, advised).NewViolations())
	advised.Strict = true
	require.True(t, report.Compare(before, advised).NewViolations())
}

func TestRunsThatCannotBeComparedSaySo(t *testing.T) {
	a, b := saved(t, "before", explored(t, false, false, 5)), saved(t, "after", explored(t, false, true, 3))
	b.Seed, b.Mix, b.Source = 8, "other", "some.trace"
	d := report.Compare(a, b)
	require.Len(t, d.Caveats, 5)
	require.Contains(t, d.Caveats, "after did not come to its end (running).")
	require.Contains(t, d.Caveats[2], "crosstalk run --seed 7 draws those of the first run again")
	require.Equal(t, harness.Inconclusive, d.After.Verdict)
}
