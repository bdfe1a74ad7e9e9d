package clinic

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// A Service is one clinic: its store, its use cases and their HTTP handler. It is safe for concurrent use.
type Service struct {
	store    *store.Store
	accounts *accounts
	consults Consultations
	operator string
	log      *slog.Logger
	now      func() time.Time
	handler  http.Handler

	boot     string       // begins the ids of requests
	requests atomic.Int64 // how many have been given one
}

// New opens the store, brings it to the present schema and puts the service together. Close it after use.
func New(ctx context.Context, cfg Config) (*Service, error) {
	cfg = cfg.withDefaults()
	db, err := store.Open(ctx, cfg.Database)
	if err != nil {
		return nil, err
	}
	source := &random{reader: cfg.Rand}
	parts := Parts{Store: db, Now: cfg.Now, NewID: source.id}
	s := &Service{
		store:    db,
		accounts: newAccounts(parts, cfg, source.token),
		consults: assemble(parts, cfg),
		operator: cfg.OperatorToken,
		log:      cfg.Logger,
		now:      cfg.Now,
		boot:     strconv.FormatInt(cfg.Now().UnixMilli(), 36),
	}
	s.handler = s.observe(cfg.Front(parts, s.authenticate(s.routes())))
	return s, nil
}

// assemble puts the use cases together, asking each seam for its part.
func assemble(parts Parts, cfg Config) Consultations {
	return cfg.Consultations(parts, &consultations{
		Parts:    parts,
		recorder: cfg.Recorder(parts, &recorder{newID: parts.NewID}),
		archive:  cfg.Archive(parts, &archive{store: parts.Store}),
		ends:     cfg.EndPolicy,
	})
}

// routes returns the handler of the operations that openapi.yaml defines; any other request is a problem as well.
func (s *Service) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.unrouted(mux, w, r) })
	return api.HandlerWithOptions(endpoints{s}, api.StdHTTPServerOptions{
		BaseRouter:       mux,
		ErrorHandlerFunc: s.badParameter,
	})
}

// Handler returns the handler of every request to the service.
func (s *Service) Handler() http.Handler { return s.handler }

// Close closes the store. Requests that come later fail.
func (s *Service) Close() error { return s.store.Close() }
