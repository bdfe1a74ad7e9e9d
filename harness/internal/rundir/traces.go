package rundir

import (
	"fmt"
	"io"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/models"
)

// writeTrace writes a trace with notes, what it shows, of which target, and comments
// behind its operations, nil for none.
func writeTrace(w io.Writer, r *evidence.Run, t models.Trace, comments []string, v models.Violation, notes ...string) error {
	t.Notes = append([]string{"target: " + r.Target, "violation: " + v.Signature.String()}, notes...)
	_, err := io.WriteString(w, t.Annotate(comments))
	return err
}

// writeReduced writes a minimal trace, and behind its operations whether they are
// perhaps not needed.
func writeReduced(w io.Writer, r *evidence.Run, m *reduce.Minimal, notes ...string) error {
	comments := make([]string, len(m.Trace.Ops))
	for _, step := range m.Perhaps() {
		comments[step-1] = "perhaps not needed"
	}
	return writeTrace(w, r, m.Trace, comments, m.Violation, notes...)
}

func writeFound(w io.Writer, r *evidence.Run) error {
	f := r.Found
	if f == nil {
		return errNothing
	}
	return writeTrace(w, r, f.Trace, nil, f.Violation, fmt.Sprintf("trace %d of the run with seed %d", f.Index, r.Seed),
		fmt.Sprintf("shown by step %d, in a service that had seen other traces", f.Violation.Step))
}

func writeMinimal(w io.Writer, r *evidence.Run) error {
	if r.Minimal == nil {
		return errNothing
	}
	return writeReduced(w, r, r.Minimal, "replay: "+r.Commands().Replay)
}

func writePack(w io.Writer, r *evidence.Run, write func(*exposure.Pack, io.Writer) error) error {
	p := r.Pack()
	if p == nil {
		return errNothing
	}
	return write(p, w)
}
