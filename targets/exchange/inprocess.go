package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
)

// InProcess returns a transport that hands each request to a handler in this
// process, without sockets. The handler sees what net/http's server would show
// it over HTTP/1.1, and the caller what net/http's client would, except:
//
//   - bodies of requests are read whole before the handler is called;
//   - 1xx answers, trailers, hijacking and deadlines of the connection are
//     not supported, and nothing is bounded by a server's limits;
//   - nothing is logged where the handler panics.
//
// A caller whose context ends is answered at once; the handler's context ends
// then, too, and the handler may run on. Many requests may be made at once.
func InProcess(h http.Handler) http.RoundTripper {
	return &inProcess{handler: h}
}

// maxIdle is the number of goroutines that wait for another request.
const maxIdle = 16

type inProcess struct {
	handler http.Handler

	mu   sync.Mutex
	idle []*attendant
	life int // counts how often those that were idle were ended
}

// RoundTrip performs one request.
func (t *inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	ctx := req.Context()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	x := &run{handler: t.handler, client: req, begun: make(chan struct{})}
	x.ctx, x.cancel = context.WithCancel(context.Background())
	if x.request, err = serverRequest(req, body); err != nil {
		x.cancel()
		return nil, err
	}
	t.attend(x)
	select {
	case <-x.begun:
	case <-ctx.Done():
		x.abandon(context.Cause(ctx))
	}
	return x.response, x.failure
}

// CloseIdleConnections ends the goroutines that wait for a request, and has those
// end that handle one when they are done.
func (t *inProcess) CloseIdleConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, a := range t.idle {
		close(a.work)
	}
	t.idle, t.life = nil, t.life+1
}

// attend has a request handled by a goroutine that waits for one, or by a new
// one. As with connections that are kept, the stack of a goroutine that handled a
// request is large enough for the next.
func (t *inProcess) attend(x *run) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.idle); n > 0 {
		t.idle[n-1].work <- x
		t.idle = t.idle[:n-1]
		return
	}
	a := &attendant{work: make(chan *run, 1), life: t.life}
	a.work <- x
	go a.serve(t)
}

// rest has a goroutine wait for another request, unless it is to end.
func (t *inProcess) rest(a *attendant) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if a.life != t.life || len(t.idle) == maxIdle {
		return false
	}
	t.idle = append(t.idle, a)
	return true
}

// An attendant is a goroutine that handles one request after another.
type attendant struct {
	work chan *run
	life int
}

func (a *attendant) serve(t *inProcess) {
	for x := range a.work {
		x.serve()
		if !t.rest(a) {
			return
		}
	}
}

// takeBody reads the body of a request, and closes it.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	if err = errors.Join(err, req.Body.Close()); err != nil {
		return nil, err
	}
	if n := req.ContentLength; n > 0 && n != int64(len(body)) {
		return nil, fmt.Errorf("http: ContentLength=%d with Body length %d", n, len(body))
	}
	return body, nil
}

// serverRequest is a request as a server receives it. Its context knows nothing of
// the values of the client's.
func serverRequest(req *http.Request, body []byte) (*http.Request, error) {
	uri := req.URL.RequestURI()
	u, err := url.ParseRequestURI(uri)
	if err != nil {
		return nil, err
	}
	out := &http.Request{Method: req.Method, URL: u, RequestURI: uri, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: make(http.Header, len(req.Header)+2), Host: req.Host, RemoteAddr: "127.0.0.1:0", Body: http.NoBody}
	if out.Method == "" {
		out.Method = http.MethodGet
	}
	if out.Host == "" {
		out.Host = req.URL.Host
	}
	if err := sendable(req.Header); err != nil {
		return nil, err
	}
	received(out.Header, req.Header)
	delete(out.Header, "Host")
	if _, ok := req.Header["User-Agent"]; !ok {
		out.Header["User-Agent"] = []string{"Go-http-client/1.1"}
	}
	setBody(out, req, body)
	return out, nil
}

// setBody sets the body of a server's request and what it is told of its length.
func setBody(out, req *http.Request, body []byte) {
	delete(out.Header, "Content-Length")
	delete(out.Header, "Transfer-Encoding")
	if len(body) > 0 {
		out.Body = io.NopCloser(bytes.NewReader(body))
	}
	switch {
	case len(body) > 0 && req.ContentLength <= 0:
		out.ContentLength, out.TransferEncoding = -1, []string{"chunked"}
	case len(body) > 0 || out.Method == http.MethodPost || out.Method == http.MethodPut || out.Method == http.MethodPatch:
		out.ContentLength = int64(len(body))
		out.Header["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
}

// A run is one request on its way through the handler.
type run struct {
	handler http.Handler
	client  *http.Request // as it was sent
	request *http.Request // as it is received
	cancel  context.CancelFunc
	ctx     context.Context

	// begun is closed when the answer has begun, or will never, and response or
	// failure is set.
	begun    chan struct{}
	once     sync.Once
	response *http.Response
	failure  error
}

// serve calls the handler and completes the answer.
func (x *run) serve() {
	defer x.cancel()
	defer context.AfterFunc(x.client.Context(), x.cancel)()
	w := &writer{run: x, header: make(http.Header, 8), declared: -1, head: x.request.Method == http.MethodHead}
	defer w.finish()
	x.handler.ServeHTTP(w, x.request.WithContext(x.ctx))
	w.done = true
}

// begin gives the answer, or says why there is none, and reports whether somebody
// waits for it.
func (x *run) begin(r *http.Response, err error) (awaited bool) {
	x.once.Do(func() {
		x.response, x.failure, awaited = r, err, true
		close(x.begun)
	})
	return awaited
}

// abandon gives up waiting for the answer. One that has begun is hung up on.
func (x *run) abandon(cause error) {
	x.cancel()
	if x.begin(nil, cause) || x.response == nil {
		return
	}
	x.response.Body.Close()
	x.response, x.failure = nil, cause
}
