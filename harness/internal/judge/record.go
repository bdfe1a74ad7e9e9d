package judge

import (
	"context"
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// Attempts is how often the trace is run again where its violation shows with
// no prefix: a service may answer differently from run to run.
const Attempts = 5

// Record is a run of a trace on a fresh service with all that was exchanged, for
// people: every exchange as it went over the wire, secrets included, and what
// the service logged meanwhile.
type Record struct {
	History   *history.History
	Verdict   Verdict
	Exchanges []targets.LoggedExchange
	// Logs are what the service wrote, empty where it cannot be read.
	Logs []byte
	// Secrets are in the exchanges and the logs, and must be written nowhere.
	Secrets []targets.Secret
}

// Record runs a trace on a fresh service and keeps every exchange.
func (j *Judge) Record(ctx context.Context, t models.Trace) (*Record, error) {
	target, err := j.pool.get(ctx)
	if err != nil {
		return nil, fmt.Errorf("start a fresh %s: %w", j.launcher.Name(), err)
	}
	defer j.pool.done(target)
	var taken targets.ExchangeLog
	begin := time.Now()
	got, err := j.on(targets.WithExchangeLog(ctx, &taken), target, t, history.Documenting, true)
	if err != nil {
		return nil, err
	}
	j.log.Done(got.History.World, 0)
	out := &Record{History: got.History, Verdict: got.Verdict, Exchanges: taken.Exchanges()}
	if logged, ok := target.(targets.Logged); ok {
		if out.Logs, err = logged.Logs(ctx, begin, time.Now()); err != nil {
			out.Logs = fmt.Appendf(nil, "the logs could not be read: %v\n", err)
		}
	}
	known := append(taken.Secrets(), targets.SecretsOf(target)...)
	out.Secrets = secret.In(known, out.Exchanges, out.Logs)
	return out, nil
}

// RecordShown records a run of a trace that shows the violation. Of a service
// that answers differently from run to run it is the last of several where none
// shows it.
func (j *Judge) RecordShown(ctx context.Context, t models.Trace, s models.Signature) (*Record, error) {
	for n := 1; ; n++ {
		r, err := j.Record(ctx, t)
		if err != nil {
			return nil, err
		}
		if _, shown := r.Verdict.Find(s); shown || n == Attempts {
			return r, nil
		}
	}
}
