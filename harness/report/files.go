package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/exposure"
	"github.com/telehealth-conformance/crosstalk/models"
)

// The files that tell who was exposed, and what the service logged while the
// minimal trace was recorded.
const (
	ExposureCSV  = "exposure.csv"
	ExposureJSON = "exposure.json"
	Article33    = "article-33.md"
	MinimalLog   = "minimal.log"
)

// errNothing says that a report has nothing to say of a run, and is not written.
var errNothing = errors.New("nothing to report")

// reports are the files that are written when a run ends, in this order.
var reports = []struct {
	name  string
	write func(io.Writer, *Run) error
}{
	{FoundTrace, writeFound},
	{MinimalTrace, writeMinimal},
	{MinimalHAR, HAR},
	{MinimalLog, Logs},
	{JUnitFile, JUnit},
	{SARIFFile, SARIF},
	{SummaryFile, Summary},
	{HTMLFile, HTML},
	{ReproScript, ReproShell},
	{ReproTest, ReproGo},
	{ExposureCSV, func(w io.Writer, r *Run) error { return r.writePack(w, (*exposure.Pack).CSV) }},
	{ExposureJSON, func(w io.Writer, r *Run) error { return r.writePack(w, (*exposure.Pack).JSON) }},
	{Article33, func(w io.Writer, r *Run) error {
		if r.Exposures == nil || r.Exposures.Empty() {
			return errNothing
		}
		return r.writePack(w, (*exposure.Pack).Article33)
	}},
	{StatementFile, ofWhole(StatementMarkdown)},
	{StatementJSONFile, ofWhole(StatementJSON)},
	{ResultsFile, JSON}, // the last: who finds it complete finds the others
}

// ofWhole writes a report of runs of the whole budget only.
func ofWhole(write func(io.Writer, *Run) error) func(io.Writer, *Run) error {
	return func(w io.Writer, r *Run) error {
		if !r.Whole {
			return errNothing
		}
		return write(w, r)
	}
}

// WriteAll writes every report of a run into a directory, which is made where it
// is missing, each file whole, and returns their names. A report that has nothing
// to say is not written, and one of an earlier time that had is removed. It goes
// on behind an error.
func WriteAll(path string, r *Run) ([]string, error) { return writeAll(path, r, nil) }

// writeAll leaves out the files for which leave says so.
func writeAll(path string, r *Run, leave func(name string) bool) (names []string, err error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("make the run's directory: %w", err)
	}
	put := func(name string, write func(io.Writer, *Run) error) {
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
		case !errors.Is(wrote, ErrNoRecord):
			err = errors.Join(err, fmt.Errorf("write %s: %w", name, wrote))
		}
	}
	for i, c := range r.Others {
		if c.Minimal != nil {
			put(fmt.Sprintf("minimal-%d.trace", i+2), func(w io.Writer, r *Run) error { return r.writeTrace(w, c.Minimal.Trace, c.Minimal.Violation) })
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
	return writeAll(path, &r, func(name string) bool { return own && (name == MinimalHAR || name == MinimalLog) })
}

// writeTrace writes a trace with notes: what it shows, of which target.
func (r *Run) writeTrace(w io.Writer, t models.Trace, v models.Violation, notes ...string) error {
	t.Notes = append([]string{"target: " + r.Target, "violation: " + v.Signature.String()}, notes...)
	_, err := io.WriteString(w, t.String())
	return err
}

func writeFound(w io.Writer, r *Run) error {
	f := r.Found
	if f == nil {
		return errNothing
	}
	return r.writeTrace(w, f.Trace, f.Violation, fmt.Sprintf("trace %d of the run with seed %d", f.Index, r.Seed),
		fmt.Sprintf("shown by step %d, in a service that had seen other traces", f.Violation.Step))
}

func writeMinimal(w io.Writer, r *Run) error {
	if r.Minimal == nil {
		return errNothing
	}
	return r.writeTrace(w, r.Minimal.Trace, r.Minimal.Violation, "replay: "+r.Commands().Replay)
}

// Pack is what is known of who was exposed, or nil where nobody has counted.
func (r *Run) Pack() *exposure.Pack {
	if r.Exposures == nil {
		return nil
	}
	facts := exposure.Facts{Target: r.Target, Seed: r.Seed, Started: r.Started, Ended: r.Started.Add(r.Elapsed),
		Traces: r.Traces, Operations: r.Operations, Requests: r.Requests, Complete: r.End == Finished}
	if e, ok := r.evidence(); ok {
		facts.Story = e.headline() + "."
	}
	return r.Exposures.Pack(facts, r.Notice)
}

func (r *Run) writePack(w io.Writer, write func(*exposure.Pack, io.Writer) error) error {
	p := r.Pack()
	if p == nil {
		return errNothing
	}
	return write(p, w)
}

// readExposures counts who was exposed by the histories that the run has written.
// Where no rule was broken and no answer was missing there is nobody to count.
func (r *Run) readExposures(path string) error {
	r.Exposures = exposure.New()
	if !r.mayExpose() {
		return nil
	}
	file, err := os.Open(filepath.Join(path, HistoryFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the history: %w", err)
	}
	defer file.Close()
	given := r.Source == ""
	return harness.EachHistory(file, func(l *harness.Logged) error {
		if !given {
			l.Purpose, l.Number, given = harness.Exploring, 0, true
		}
		v := harness.CheckWhole(&l.History)
		r.Exposures.Add(withBegun(l), &v, l.Purpose, l.Number)
		return nil
	})
}

// mayExpose reports whether anybody may have been exposed.
func (r *Run) mayExpose() bool {
	for _, rule := range r.Rules {
		if rule.Violations > 0 || rule.Inconclusive > 0 {
			return true
		}
	}
	return r.Found != nil
}
