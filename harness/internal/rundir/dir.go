package rundir

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/renameio/v2/maybe"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// Dir is the directory of a run. While the run goes on, results.json is written
// anew at most every second, and each file is put in place whole, so that a
// run that is killed leaves results that can be read. It is safe for concurrent
// use.
type Dir struct {
	path    string
	file    *os.File
	history *secret.Writer // to the file

	mu    sync.Mutex
	run   evidence.Run
	saved time.Time
	err   error // the first error of writing while the run went on
}

// saveEvery is the least time between two writes of results.json while nothing
// but counters changes.
const saveEvery = time.Second

// ErrTaken says that a directory holds an earlier run.
var ErrTaken = errors.New("holds an earlier run")

// Create makes the directory of a run, which must not hold another, and writes
// its first results.json. The run says what is known beforehand.
func Create(path string, r evidence.Run) (*Dir, error) {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, fmt.Errorf("make the run's directory: %w", err)
	}
	for _, name := range []string{evidence.ResultsFile, evidence.HistoryFile, evidence.JUnitFile, evidence.FoundTrace, evidence.MinimalTrace} {
		if _, err := os.Lstat(filepath.Join(path, name)); err == nil {
			return nil, fmt.Errorf("%s %w (%s)", path, ErrTaken, name)
		}
	}
	file, err := os.OpenFile(filepath.Join(path, evidence.HistoryFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, evidence.RightsOf(evidence.HistoryFile))
	if err != nil {
		return nil, fmt.Errorf("open the history: %w", err)
	}
	r.Dir, r.End, r.Verdict = path, evidence.Running, judge.Inconclusive
	d := &Dir{path: path, file: file, history: r.Secrets.Writer(file), run: r}
	if d.save(); d.err != nil {
		return nil, errors.Join(d.err, file.Close())
	}
	return d, nil
}

// Path is the directory's name, as it was given.
func (d *Dir) Path() string { return d.path }

// Log is where histories are written.
func (d *Dir) Log() io.Writer { return d.history }

// Progress takes note of how far the run has come.
func (d *Dir) Progress(p harness.Progress) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.saved) < saveEvery {
		return
	}
	if p.SoFar != nil {
		found := d.run.Found
		d.run.Result = *p.SoFar()
		d.run.Found = found // as it was written down already
	}
	d.run.Traces, d.run.Operations, d.run.Replays, d.run.Elapsed = p.Traces, p.Operations, p.Replays, p.Elapsed
	if d.run.Found == nil {
		d.run.Verdict = judge.Inconclusive // until the run ends
	}
	d.save()
}

// Found writes down a violation as it was found, before it is reduced.
func (d *Dir) Found(r *harness.Result) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := *r.Found // the harness goes on to change it
	d.run.Result = *r
	d.run.Found = &found
	d.write(evidence.FoundTrace, func(w io.Writer) error { return writeFound(w, &d.run) })
	d.save()
}

// Finish counts who was exposed, writes every report of the run, and closes the
// history. The run's Dir is filled in.
func (d *Dir) Finish(r evidence.Run) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	r.Dir = d.path
	kept := d.history.Close()
	counted := readExposures(&r, d.path)
	d.run = r
	_, err := writeAll(d.path, &r, nil)
	return errors.Join(d.err, kept, counted, err, d.file.Close())
}

func (d *Dir) save() {
	d.saved = time.Now()
	d.write(evidence.ResultsFile, func(w io.Writer) error { return results.Write(w, &d.run) })
}

// write puts a file in place whole: whoever reads it sees the one before or this
// one.
func (d *Dir) write(name string, content func(io.Writer) error) {
	if err := replaceFile(filepath.Join(d.path, name), d.run.Secrets, content); err != nil && d.err == nil {
		d.err = fmt.Errorf("write %s: %w", name, err)
	}
}

// replaceFile puts a file in place whole, without secrets and with the rights that
// a file of that name has; nothing is changed where content ends with an error.
func replaceFile(path string, secrets *secret.Net, content func(io.Writer) error) error {
	var b bytes.Buffer
	clean := secrets.Writer(&b)
	if err := errors.Join(content(clean), clean.Close()); err != nil {
		return err
	}
	return maybe.WriteFile(path, b.Bytes(), evidence.RightsOf(filepath.Base(path)))
}
