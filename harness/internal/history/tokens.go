package history

import (
	"github.com/telehealth-conformance/crosstalk/models"
)

// A service that refuses everything that somebody asks, from some step on and until
// they log in again, refuses their token: what it answers meanwhile tells nothing
// else. So does one that says so where a correct service accepts: by 401 the request
// lacks valid credentials (RFC 9110 section 15.5.2). By other refusals, or by those of adapters
// that know no status, it takes several answers of several kinds.
const (
	leastDenied = 3 // answers
	leastKinds  = 2 // and kinds of operation that a correct service accepts
)

// stretch is a row of answers to one user that deny all that was asked.
type stretch struct {
	events       []int
	unauthorized bool // each says that it is of the credentials
}

// add adds a denial.
func (s *stretch) add(i int, r *models.Response) {
	s.unauthorized = (s.unauthorized || len(s.events) == 0) && r.Unauthenticated()
	s.events = append(s.events, i)
}

// suspect reports whether the token may have been refused, as far as answers tell.
func (s *stretch) suspect() bool {
	return s.unauthorized && len(s.events) > 0 || len(s.events) >= leastDenied
}

// caller is what answers tell of a user's token.
type caller struct {
	in bool // they hold one that was not given up
	stretch
}

// suspects are the stretches in which a token may have been refused that its user
// has not given up.
func (h *History) suspects() []stretch {
	var out []stretch
	callers := make(map[models.Handle]*caller)
	end := func(c *caller) {
		if c.suspect() {
			out = append(out, c.stretch)
		}
		c.stretch = stretch{}
	}
	var order []*caller
	for i := range h.Events {
		op, r := h.Events[i].Call.Op, &h.Events[i].Response
		if models.Registers(op.Kind()) && r.Outcome == models.OK {
			c := &caller{in: true}
			callers[op.Defines()], order = c, append(order, c)
		}
		c := callers[op.Actor()]
		switch {
		case c == nil:
		case op.Kind() == models.KindLogin && r.Outcome == models.OK:
			end(c)
			c.in = true
		case givesUp(op.Kind()) && !r.Outcome.Refused() && r.Outcome != models.Unbound:
			end(c)
			c.in = false
		case !c.in || models.CredentialsFor(op.Kind()) != models.UserCredentials || !tells(r.Outcome):
		case r.Outcome == models.Denied:
			c.add(i, r)
		case r.Outcome == models.OK && delivers(op.Kind()): // perhaps by an address that needs no token
		default:
			c.stretch = stretch{}
		}
	}
	for _, c := range order {
		end(c)
	}
	return out
}

// givesUp reports whether operations of a kind end the validity of a token.
func givesUp(k models.Kind) bool { return k == models.KindLogout || k == models.KindClose }

// delivers reports whether operations of a kind deliver a recording.
func delivers(k models.Kind) bool {
	return models.UsedBy(k) == models.ARecording && models.Shows(k).Has(models.ShowsContent)
}

// tells reports whether an outcome tells if a token was taken.
func tells(o models.Outcome) bool { return o == models.OK || o.Refused() }

// unheard says which answers refuse a valid token, nil for none. A token is valid
// where a correct service accepts, in every state, something that was denied.
func (h *History) unheard() []bool {
	suspects := h.suspects()
	if len(suspects) == 0 {
		return nil
	}
	refused := make([]bool, len(h.Events))
	(Answers{h: h}).Fold(models.NewFindings(), func(i int, s models.Step, _ []*models.State) { refused[i] = s.Refused })
	var out []bool
	for _, s := range suspects {
		if !h.valid(&s, refused) {
			continue
		}
		if out == nil {
			out = make([]bool, len(h.Events))
		}
		for _, i := range s.events {
			out[i] = true
		}
	}
	return out
}

// valid reports whether the token that is refused in a stretch is valid, by which
// answers refuse what a correct service accepts.
func (h *History) valid(s *stretch, refused []bool) bool {
	kinds := make(map[models.Kind]bool)
	for _, i := range s.events {
		if refused[i] {
			kinds[h.Events[i].Call.Op.Kind()] = true
		}
	}
	return len(kinds) >= leastKinds || s.unauthorized && len(kinds) > 0
}
