package mapping

import (
	"context"
	"fmt"
	"net/http"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Action is a request that is no operation of a user: one that resets or restarts
// the service.
type Action struct{ request *request }

// Action compiles a request of the file, whose key is where it stands. It is made
// as the operator where the file has one and nothing else is said, else as
// anyone.
func (m *Mapping) Action(s *Step, key string) (*Action, []Problem) {
	c := &compiler{Mapping: m, spec: &m.spec, forms: map[models.Kind]*form{}, captured: map[ref][]capturedIn{}, used: map[ref]Pos{}}
	c.gather()
	step := *s
	if !step.As.Given() && m.operator != nil {
		step.As.Value = asOperator
	}
	if step.As.Value != asOperator && step.As.Value != asAnyone && step.As.Given() {
		c.problem(step.As.Pos, key+".as", "nobody is %q here; expected operator or anyone", step.As.Value)
	}
	v := &vocabulary{roles: map[string][]string{roleOperator: c.names(roleOperator)}, top: []string{"request_id", "world"}}
	r := c.request(&step, nil, v, key)
	if step.As.Value == asOperator {
		r.as = asOperator
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return &Action{r}, nil
}

// Do performs an action. The error says what the service answered where that is
// no success, and is a [Failure] where a key of the file is to blame.
func (t *Target) Do(ctx context.Context, a *Action) error {
	w := newWorld(t, "")
	r, err := w.ask(ctx, a.request, &bindings{world: w, staged: map[string]any{}})
	switch {
	case err != nil:
		return w.failure(err)
	case r.Outcome != models.OK:
		said := orWord(r.Detail, orWord(r.Reason, http.StatusText(r.Status)))
		return w.failure(fmt.Errorf("%s %s was answered %s (%d): %s", a.request.method, w.session.ConcealAddress(r.url), r.Outcome, r.Status, w.session.Conceal(said)))
	}
	return nil
}
