package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// tour has an operation of every kind, each where a correct service accepts it,
// and some that it must refuse. Lines whose operations a target lacks are left
// out.
const tour = `
alice = patient()
bob = patient()
carol = patient(age=15)
dr1 = clinician()
alice.login()
b1 = alice.book(dr1, video)
b2 = alice.book(dr1, audio, slot=2)
alice.reschedule(b2, slot=3)
alice.cancel(b2)
alice.join(b1)
dr1.join(b1)
alice.speak(b1)
alice.drop(b1)
alice.join(b1)
alice.switch(b1, audio)
alice.speak(b1)
alice.switch(b1, video)
alice.speak(b1)
dr1.leave(b1)
dr1.join(b1)
dr1.end(b1)
alice.leave(b1)
alice.list()
alice.list(limit=1)
bob.list()
anyone.list()
c1 = alice.page(limit=1)
alice.follow(c1)
alice.get(b1.r1)
alice.get(?1)
bob.get(b1.r1)
alice.play(b1.r1)
alice.play(b1.r1, range=64-191)
bob.play(b1.r1)
alice.head(b1.r1)
alice.thumb(b1.r1)
alice.transcript(b1.r1)
l1 = alice.link(b1.r1)
alice.open(l1)
alice.share(b1.r1, bob)
bob.get(b1.r1)
alice.unshare(b1.r1, bob)
alice.appoint(bob)
alice.dismiss(bob)
alice.export()
alice.inbox()
alice.audit()
operator.replays(off)
alice.list()
operator.replays(on)
service.restart()
alice.list()
alice.delete(b1.r1)
alice.logout()
alice.list()
bob.close()
`

// step is an operation of the tour, what was expected and what came back.
type step struct {
	op            models.Operation
	expected, got models.Response
	before        *models.State
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
}

// walk makes the tour, as far as the target supports it.
func (e *examination) walk(ctx context.Context, target targets.Target, name models.Namespace) (*walked, error) {
	caps := target.Capabilities()
	world, err := target.Open(ctx, name)
	if err != nil {
		e.wrong("open", err.Error(), e.blamed(err)...)
		return nil, errStop
	}
	defer world.Close()
	w := &walked{world: name, waited: -1}
	state := models.NewState(&caps.Policy)
	for _, op := range tourFor(caps).Ops {
		c := models.Call{Step: len(w.steps) + 1, Op: op}
		s := step{op: op, expected: state.Expect(c), before: state}
		begin := time.Now()
		if s.got, err = e.apply(ctx, world, w, c, &s.expected); err != nil {
			e.wrong(string(op.Kind()), err.Error(), e.place("operations."+string(op.Kind()), ""))
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

// longestLag is how long the recordings are waited for where the policy does not
// say.
const longestLag = 5 * time.Second

// apply performs an operation. The first listing is asked for until it has rows:
// how long that takes is the lag of the service.
func (e *examination) apply(ctx context.Context, world targets.World, w *walked, c models.Call, expected *models.Response) (models.Response, error) {
	r, err := world.Apply(ctx, c)
	list, isList := c.Op.(models.List)
	if err != nil || !isList || list.User != "alice" || w.waited >= 0 || expected.Listing == nil || len(expected.Listing.Rows) == 0 || r.Outcome != models.OK {
		return r, err
	}
	begin, longest := time.Now(), max(longestLag, 2*e.Launcher.Capabilities().Policy.Lag)
	for pause := 20 * time.Millisecond; r.Listing == nil || len(r.Listing.Rows) < len(expected.Listing.Rows); pause = min(2*pause, 500*time.Millisecond) {
		if time.Since(begin) > longest {
			w.waited = longest
			return r, nil
		}
		select {
		case <-ctx.Done():
			return r, context.Cause(ctx)
		case <-time.After(pause):
		}
		if r, err = world.Apply(ctx, c); err != nil || r.Outcome != models.OK {
			return r, err
		}
	}
	w.waited = time.Since(begin)
	return r, nil
}

// tourFor is the tour without what a target lacks.
func tourFor(caps models.Capabilities) models.Trace {
	all, err := models.Parse(tour)
	if err != nil {
		panic(fmt.Sprintf("the tour is no trace: %v", err))
	}
	var out models.Trace
	for _, op := range all.Ops {
		if caps.Supports(op.Kind()) {
			out.Ops = append(out.Ops, op)
		}
	}
	out, _ = out.Repair(&caps.Policy)
	return out
}

// parent is the path above a key, or empty.
func parent(key string) string {
	at := strings.LastIndexByte(key, '.')
	if at < 0 {
		return ""
	}
	return key[:at]
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
