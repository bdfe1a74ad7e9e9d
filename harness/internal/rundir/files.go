package rundir

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/repro"
	"github.com/telehealth-conformance/crosstalk/harness/internal/viewer"
	"github.com/telehealth-conformance/crosstalk/models"
)

// errNothing says that a report has nothing to say of a run, and is not written.
var errNothing = errors.New("nothing to report")

// reports are the files that are written when a run ends, in this order.
var reports = []struct {
	name  string
	write func(io.Writer, *evidence.Run) error
}{
	{evidence.FoundTrace, writeFound},
	{evidence.MinimalTrace, writeMinimal},
	{evidence.MinimalHAR, formats.HAR},
	{evidence.MinimalLog, formats.Logs},
	{evidence.JUnitFile, formats.JUnit},
	{evidence.SARIFFile, formats.SARIF},
	{evidence.SummaryFile, formats.Summary},
	{evidence.HTMLFile, viewer.HTML},
	{evidence.ReproScript, repro.Shell},
	{evidence.ReproTest, repro.GoTest},
	{evidence.ExposureCSV, func(w io.Writer, r *evidence.Run) error { return writePack(w, r, (*exposure.Pack).CSV) }},
	{evidence.ExposureJSON, func(w io.Writer, r *evidence.Run) error { return writePack(w, r, (*exposure.Pack).JSON) }},
	{evidence.Article33, func(w io.Writer, r *evidence.Run) error {
		if r.Exposures == nil || r.Exposures.Empty() {
			return errNothing
		}
		return writePack(w, r, (*exposure.Pack).Article33)
	}},
	{evidence.StatementFile, ofWhole(formats.StatementMarkdown)},
	{evidence.StatementJSONFile, ofWhole(formats.StatementJSON)},
	{evidence.ResultsFile, results.Write}, // the last: who finds it complete finds the others
}

// ofWhole writes a report of runs of the whole budget only.
func ofWhole(write func(io.Writer, *evidence.Run) error) func(io.Writer, *evidence.Run) error {
	return func(w io.Writer, r *evidence.Run) error {
		if !r.Whole {
			return errNothing
		}
		return write(w, r)
	}
}

// writeAll writes every report of a run into a directory, which is made where it
// is missing, each file whole, and returns their names; it leaves out those for
// which leave says so. A report that has nothing to say is not written, and one of
// an earlier time that had is removed. It goes on behind an error.
func writeAll(path string, r *evidence.Run, leave func(name string) bool) (names []string, err error) {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, fmt.Errorf("make the run's directory: %w", err)
	}
	put := func(name string, write func(io.Writer, *evidence.Run) error) {
		if leave != nil && leave(name) {
			return
		}
		file := filepath.Join(path, name)
		wrote := replaceFile(file, func(w io.Writer) error { return write(w, r) })
		switch {
		case wrote == nil:
			names = append(names, name)
		case errors.Is(wrote, errNothing):
			os.Remove(file) // of an earlier time, when there was something
		case !errors.Is(wrote, evidence.ErrNoRecord):
			err = errors.Join(err, fmt.Errorf("write %s: %w", name, wrote))
		}
	}
	for i, c := range r.Others {
		if c.Minimal != nil {
			put(fmt.Sprintf("minimal-%d.trace", i+2), func(w io.Writer, r *evidence.Run) error {
				return writeTrace(w, r, c.Minimal.Trace, c.Minimal.Violation)
			})
		}
	}
	for _, report := range reports {
		put(report.name, report.write)
	}
	return names, err
}

// Write writes every report of a saved run into a directory, which may be the
// run's own: there what was recorded of the service is left alone.
func (s *Saved) Write(path string) ([]string, error) {
	own := filepath.Clean(path) == filepath.Clean(s.Dir)
	r := s.Run
	r.Dir = path
	return writeAll(path, &r, func(name string) bool { return own && (name == evidence.MinimalHAR || name == evidence.MinimalLog) })
}

// writeTrace writes a trace with notes: what it shows, of which target.
func writeTrace(w io.Writer, r *evidence.Run, t models.Trace, v models.Violation, notes ...string) error {
	t.Notes = append([]string{"target: " + r.Target, "violation: " + v.Signature.String()}, notes...)
	_, err := io.WriteString(w, t.String())
	return err
}

func writeFound(w io.Writer, r *evidence.Run) error {
	f := r.Found
	if f == nil {
		return errNothing
	}
	return writeTrace(w, r, f.Trace, f.Violation, fmt.Sprintf("trace %d of the run with seed %d", f.Index, r.Seed),
		fmt.Sprintf("shown by step %d, in a service that had seen other traces", f.Violation.Step))
}

func writeMinimal(w io.Writer, r *evidence.Run) error {
	if r.Minimal == nil {
		return errNothing
	}
	return writeTrace(w, r, r.Minimal.Trace, r.Minimal.Violation, "replay: "+r.Commands().Replay)
}

func writePack(w io.Writer, r *evidence.Run, write func(*exposure.Pack, io.Writer) error) error {
	p := r.Pack()
	if p == nil {
		return errNothing
	}
	return write(p, w)
}

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
		v := judge.CheckWhole(&l.History)
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

// mayExpose reports whether anybody may have been exposed.
func mayExpose(r *evidence.Run) bool {
	for _, rule := range r.Rules {
		if rule.Violations > 0 || rule.Inconclusive > 0 {
			return true
		}
	}
	return r.Found != nil
}
