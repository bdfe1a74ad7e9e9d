package exchange

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// record is an exchange that is kept for evidence. A nil record is one that
// is not.
type record struct {
	into *targets.ExchangeLog
	targets.LoggedExchange
}

// beginRecord keeps a request, if the context asks for it.
func beginRecord(ctx context.Context, step int, req *http.Request, body []byte) *record {
	into := targets.ExchangeLogOf(ctx)
	if into == nil {
		return nil
	}
	r := &record{into: into}
	r.Step, r.URL, r.Started = step, req.URL.String(), time.Now()
	r.RequestHeader, r.RequestBody = req.Header, slices.Clone(body)
	r.Exchange = models.Exchange{ID: req.Header.Get("X-Request-Id"), Traceparent: req.Header.Get("Traceparent"), Method: req.Method, Path: req.URL.RequestURI()}
	return r
}

// fail notes that nothing came back.
func (r *record) fail(err error) {
	if r == nil {
		return
	}
	r.Took, r.Failure = time.Since(r.Started), err.Error()
	r.into.Add(r.LoggedExchange)
}

// end keeps the answer.
func (r *record) end(e models.Exchange, header http.Header, body []byte, err error) {
	if r == nil {
		return
	}
	r.Exchange, r.Took, r.ResponseHeader, r.ResponseBody = e, time.Since(r.Started), header, slices.Clone(body)
	if err != nil {
		r.Failure = err.Error()
	}
	r.into.Add(r.LoggedExchange)
}
