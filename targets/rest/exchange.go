package rest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// request is what is asked of the service.
type request struct {
	route
	query         string // with its question mark, or empty
	authorization string // the header's value, or empty for a caller without token
	byteRange     string // the Range header's value, or empty for the whole
	contentType   string
	body          []byte    // nil for none
	ids           [2]string // what the request names
}

// answer is what came back to one request.
type answer struct{ exchange.Answer }

// send performs one request and reads the answer whole. The error is that of a
// context that is done; what the service did is in the answer.
func (w *World) send(ctx context.Context, r request) (answer, error) {
	a, err := w.session.Send(ctx, exchange.Request{
		Method: r.method, URL: w.target.URL() + r.path + r.query, Authorization: r.authorization, Range: r.byteRange,
		ContentType: r.contentType, Body: r.body, IDs: r.ids,
	})
	return answer{a}, err
}

// tell performs a request whose answer says nothing but what became of it.
func (w *World) tell(ctx context.Context, r request) (models.Response, error) {
	a, err := w.send(ctx, r)
	if err != nil {
		return models.Response{}, err
	}
	return a.Response(), nil
}

// tellAs is tell for somebody who may be unknown, and a route that names ids, two
// at most.
func (w *World) tellAs(ctx context.Context, who models.Handle, to route, ids ...string) (models.Response, error) {
	authorization, ok := w.caller(who)
	if !ok {
		return unbound()
	}
	r := request{route: to, authorization: authorization}
	copy(r.ids[:], ids)
	return w.tell(ctx, r)
}

// asJSON is the body of a request. Every type that is sent can be encoded.
func asJSON(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	return body
}
