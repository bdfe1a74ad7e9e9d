package doctor

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// step is an operation of the tour, what was expected and what came back.
type step struct {
	number        int // from 1
	op            models.Operation
	tests         string // see stop
	expected, got models.Response
	trouble       []targets.Trouble
	took          time.Duration
}

// walked is a tour that was made.
type walked struct {
	world models.Namespace
	steps []step
	// waited is how long the recordings took to appear after the consultation,
	// or -1 where they did not.
	waited time.Duration
	// absent is after how long they were not there yet.
	absent time.Duration
}

// walk makes the tour, as far as the target supports it.
func (e *examination) walk(ctx context.Context, target targets.Target, name models.Namespace) (*walked, error) {
	caps := target.Capabilities()
	caps.Policy = e.course.policy(caps.Policy)
	world, err := target.Open(ctx, name)
	if err != nil {
		e.wrong("open", err.Error(), e.blamed(err)...)
		return nil, errStop
	}
	defer world.Close()
	w := &walked{world: name, waited: -1}
	state := models.NewState(&caps.Policy)
	stops, trace := tourFor(caps)
	for i, c := range trace.Calls() {
		op := c.Op
		s := step{number: c.Step, op: op, tests: stops[i].tests, expected: state.Expect(c)}
		begin := time.Now()
		if s.got, err = e.apply(ctx, world, w, c, &s.expected); err != nil {
			e.wrong(string(op.Kind()), err.Error(), e.blamed(err)...)
			return w, errStop
		}
		s.took = time.Since(begin)
		if explainer, ok := world.(targets.Explainer); ok {
			s.trouble = explainer.Trouble()
		}
		w.steps = append(w.steps, s)
		state = state.Step(c, s.got)
	}
	return w, nil
}

// late reports whether all recordings appeared, and later than a lag.
func (w *walked) late(lag time.Duration) bool {
	s := w.listed()
	return s != nil && w.absent > lag && len(s.got.Listing.Rows) >= len(s.expected.Listing.Rows)
}

// longestPause is how long it takes at most until recordings are asked for again.
const longestPause = 200 * time.Millisecond

// patience is how long the recordings are waited for at least.
const patience = 5 * time.Second

// apply performs an operation. The first listing is asked for until it has rows:
// how long that takes is the lag of the service.
func (e *examination) apply(ctx context.Context, world targets.World, w *walked, c models.Call, expected *models.Response) (models.Response, error) {
	r, err := world.Apply(ctx, c)
	lists := models.RowsOf(c.Op.Kind()) == models.ReplayRows
	if err != nil || !lists || c.Op.Actor() != "alice" || w.waited >= 0 || expected.Listing == nil || len(expected.Listing.Rows) == 0 || r.Outcome != models.OK {
		return r, err
	}
	begin, asked, longest := time.Now(), time.Duration(0), max(cmp.Or(e.Patience, patience), 2*e.Launcher.Capabilities().Policy.Lag)
	for pause := 20 * time.Millisecond; r.Listing == nil || !e.complete(r.Listing.Rows, expected.Listing.Rows); pause = min(2*pause, longestPause) {
		if time.Since(begin) > longest {
			w.waited = longest
			return r, nil
		}
		select {
		case <-ctx.Done():
			return r, context.Cause(ctx)
		case <-time.After(pause):
		}
		w.absent = asked
		asked = time.Since(begin)
		if r, err = world.Apply(ctx, c); err != nil || r.Outcome != models.OK {
			return r, err
		}
	}
	w.waited = time.Since(begin)
	return r, nil
}

// complete reports whether as many recordings are there as are expected. Where no cut is
// declared there may be fewer that are as long.
func (e *examination) complete(got, want []models.Row) bool {
	return len(got) >= len(want) || e.Launcher.Capabilities().Policy.Recordings == models.AnyCut && lengthOf(got) >= lengthOf(want)
}

// lengthOf is the length of all recordings of some rows, in bytes.
func lengthOf(rows []models.Row) int64 {
	total := int64(0)
	for i := range rows {
		total += rows[i].Size
	}
	return total
}

// parent is the path above a key, or empty.
func parent(key string) string {
	at := strings.LastIndexByte(key, '.')
	if at < 0 {
		return ""
	}
	return key[:at]
}

// maxLines is the number of lines that are kept of an error, besides its first.
const maxLines = 20

// oneLine is a text in a line: of one with more lines than can be kept its first
// and its last.
func oneLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > 1+maxLines {
		lines = append(lines[:1], lines[len(lines)-maxLines:]...)
	}
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, " | ")
}
