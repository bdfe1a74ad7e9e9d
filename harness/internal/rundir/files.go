package rundir

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/repro"
	"github.com/telehealth-conformance/crosstalk/harness/internal/viewer"
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
	if r.Secrets != nil && r.Minimal != nil && r.Minimal.Record != nil {
		r.Secrets.Add(r.Minimal.Record.Secrets...)
	}
	put := func(name string, write func(io.Writer, *evidence.Run) error) {
		if leave != nil && leave(name) {
			return
		}
		file := filepath.Join(path, name)
		wrote := replaceFile(file, r.Secrets, func(w io.Writer) error { return write(w, r) })
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
				return writeReduced(w, r, c.Minimal)
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
