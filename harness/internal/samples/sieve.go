package samples

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Sieve is a service that keeps every rule, or that lists every recording of the
// world to everybody.
type Sieve struct{ leaks bool }

// Name is the name of a target.
func (s Sieve) Name() string { return "sieve" }

// Capabilities are those of the reference policy.
func (s Sieve) Capabilities() models.Capabilities {
	return targets.Without(Service{}.Capabilities(), models.KindPlay, models.KindOpen, models.KindThumb, models.KindTranscript, models.KindExport, models.KindAudit)
}

// Close ends it.
func (s Sieve) Close() error { return nil }

// Fresh says that each launch is a service of its own.
func (s Sieve) Fresh() bool { return true }

// Launch starts a service.
func (s Sieve) Launch(context.Context) (targets.Target, error) { return s, nil }

// Open opens a world.
func (s Sieve) Open(_ context.Context, world models.Namespace) (targets.World, error) {
	policy := models.ReferencePolicy()
	return &sieveWorld{Sieve: s, world: world, state: models.NewState(&policy)}, nil
}

type sieveWorld struct {
	Sieve
	world models.Namespace
	state *models.State
}

func (w *sieveWorld) Apply(_ context.Context, c models.Call) (models.Response, error) {
	r := w.state.Expect(c)
	if w.leaks && c.Op.Kind() == models.KindList && r.Outcome == models.OK {
		rows := make([]models.Row, 0, 8)
		for _, h := range w.state.Recordings() {
			rows = append(rows, models.Row{Recording: h, Tag: models.Tag{World: w.world, Booking: h.Booking()}, Page: 1})
		}
		r.Listing = &models.Listing{Rows: rows, Pages: 1}
	}
	w.state = w.state.Step(c, r)
	r.Requests = 1
	r.Exchanges = []models.Exchange{{ID: fmt.Sprintf("%s-%d", w.world, c.Step), Traceparent: "00-0-0-01", Method: "GET", Path: "/x", Status: 200}}
	return r, nil
}

// Explored is the directory of a run of a sieve, finished or killed.
func Explored(t T, leaks, kill bool, traces int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run")
	s := Sieve{leaks}
	r := evidence.Run{Invocation: evidence.Invocation{Program: "crosstalk", Target: []string{"--fault", "x"}}, Whole: leaks,
		Implementation: evidence.Implementation{Name: "sieve"}, Config: "sieve.yaml", ConfigLine: func(models.Kind) int { return 3 }}
	r.Result = harness.Result{Target: s.Name(), Seed: 7, Workers: 2, Started: time.Now(), Rules: judge.RulesOf(&judge.Verdict{}, s.Capabilities())}
	dir, err := rundir.Create(path, r)
	require.NoError(t, err)
	result, err := harness.Explore(context.Background(), s, harness.Options{Traces: traces, Seed: 7, Workers: 2, Log: dir.Log(), Found: dir.Found, Whole: leaks})
	require.NoError(t, err)
	if kill {
		return path
	}
	r.Result, r.End = *result, evidence.Finished
	if leaks {
		r.Exit = 1
	}
	require.NoError(t, dir.Finish(r))
	return path
}
