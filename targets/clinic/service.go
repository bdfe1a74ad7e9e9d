package clinic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// A Service is one clinic: its store, its use cases and their HTTP handler. It is safe for concurrent use.
type Service struct {
	parts

	store    *store.Store
	age      int // years, from which patients may register
	rules    *care.Rules
	refusal  Refusal
	operator string
	log      *slog.Logger
	now      func() time.Time
	handler  http.Handler

	boot     string       // begins the ids of requests
	requests atomic.Int64 // how many have been given one
}

// parts are those that the endpoints ask.
type parts struct {
	accounts Accounts
	consults Consultations
	grants   Grants
	links    LinkKeeper
	notifier Notifier
	trail    Trail
	gate     Gate
}

// New opens the store, brings it to the present schema and puts the service together. Close it after use.
func New(ctx context.Context, cfg Config) (*Service, error) {
	db, err := cfg.open(ctx)
	if err != nil {
		return nil, err
	}
	s, err := newOn(ctx, db, db.Existed(), cfg)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// open opens the store that is configured.
func (c Config) open(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, store.Options{Path: c.Database, Unsynced: c.Unsynced})
}

// newOn puts a service together on a store, which it leaves open if that fails. existed tells whether there was a service
// on it before.
func newOn(ctx context.Context, db *store.Store, existed bool, cfg Config) (*Service, error) {
	cfg = cfg.withDefaults()
	s := &Service{
		store:    db,
		age:      cfg.MinimumAge,
		rules:    cfg.rules(),
		refusal:  cfg.Refusal,
		operator: cfg.OperatorToken,
		log:      cfg.Logger,
		now:      cfg.Now,
		boot:     strconv.FormatInt(cfg.Now().UnixMilli(), 36),
	}
	if err := s.assemble(ctx, existed, cfg); err != nil {
		return nil, err
	}
	return s, nil
}

// assemble puts the parts together, asking each seam for its own, and puts the database in order.
func (s *Service) assemble(ctx context.Context, existed bool, cfg Config) error {
	source := &random{reader: cfg.Rand}
	p := Parts{Store: s.store, Now: cfg.Now, NewID: source.id, Lag: cfg.Lag}
	if err := cfg.Recovery(p, &recovery{p, s.rules}).Recover(ctx, existed); err != nil {
		return fmt.Errorf("put the database in order: %w", err)
	}
	gate, err := newGate(ctx, p)
	if err != nil {
		return err
	}
	authorizer := cfg.Authorizer(p, &authorizer{p, s.rules})
	archive := cfg.Archive(p, &archive{Parts: p, authorizer: authorizer, rules: s.rules})
	s.gate = cfg.Gate(p, gate)
	s.links = cfg.LinkKeeper(p, &linkKeeper{Parts: p, authorizer: authorizer, newSecret: source.token, policy: cfg.Links})
	s.notifier = cfg.Notifier(p, &notifier{p, s.rules})
	s.trail = cfg.Trail(p, &trail{Parts: p, rules: s.rules, noted: map[note]struct{}{}})
	s.grants = cfg.Grants(p, &grants{Parts: p, authorizer: authorizer, rules: s.rules})
	course := &course{Parts: p, rules: s.rules, archive: archive, notifier: s.notifier}
	s.accounts = cfg.Accounts(p, newAccounts(p, cfg, source.token, archive, s.links, course))
	s.consults = cfg.Consultations(p, &consultations{
		course:     course,
		authorizer: authorizer,
		recorder:   cfg.Recorder(p, &recorder{newID: p.NewID, rules: s.rules}),
		groups:     cfg.Groups,
	})
	if err := course.resume(ctx, existed); err != nil {
		return fmt.Errorf("resume what was in progress: %w", err)
	}
	s.handler = s.observe(cfg.Front(p, s.authenticate(s.routes())))
	return nil
}

// routes returns the handler of the operations that openapi.yaml defines; any other request is a problem as well.
func (s *Service) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.unrouted(mux, w, r) })
	return api.HandlerWithOptions(endpoints{s}, api.StdHTTPServerOptions{
		BaseRouter:       mux,
		Middlewares:      []api.MiddlewareFunc{s.guard},
		ErrorHandlerFunc: s.badParameter,
	})
}

// Handler returns the handler of every request to the service.
func (s *Service) Handler() http.Handler { return s.handler }

// Close closes the store. Requests that come later fail.
func (s *Service) Close() error { return s.store.Close() }
