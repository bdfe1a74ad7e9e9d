package rundir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
)

// readExposures counts who was exposed by the histories that the run has written.
// Where no rule was broken and no answer was missing there is nobody to count.
func readExposures(r *evidence.Run, path string) error {
	r.Exposures = exposure.New()
	if !mayExpose(r) {
		return nil
	}
	file, err := os.Open(filepath.Join(path, evidence.HistoryFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the history: %w", err)
	}
	defer file.Close()
	explored := asExplored(r.Source)
	return history.EachHistory(file, func(l *history.Logged) error {
		explored(l)
		v := judge.CheckAllExposures(&l.History)
		v.Unblame(l)
		r.Exposures.Add(l.WithBegun(), &v, l.Purpose, l.Number)
		return nil
	})
}

// asExplored makes of the first history of a run whose trace was given, which it
// was to reduce, that of an exploration.
func asExplored(source string) func(*history.Logged) {
	found := source == ""
	return func(l *history.Logged) {
		if !found {
			l.Purpose, l.Number, found = history.Exploring, 0, true
		}
	}
}

// mayExpose reports whether anybody may have been exposed. Where nothing was recognized
// nobody can tell whose it was.
func mayExpose(r *evidence.Run) bool {
	if r.End == evidence.Failed && judge.Held(&r.Coverage) {
		return false
	}
	for _, rule := range r.Rules {
		if rule.Violations > 0 || rule.Inconclusive > 0 {
			return true
		}
	}
	return r.Found != nil
}
