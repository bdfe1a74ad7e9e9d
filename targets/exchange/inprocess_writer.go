package exchange

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// keptBytes are written before any are sent, as by net/http's server: what is
// done by then is sent with its length.
const keptBytes = 2048

// A writer is the http.ResponseWriter of a request in this process.
type writer struct {
	run    *run
	header http.Header // the handler's
	head   bool        // the answer has no body, whatever is written
	done   bool        // the handler returned

	status   int         // 0 until the handler has written the header
	frozen   http.Header // the header as it was then
	declared int64       // Content-Length, or -1
	written  int64       // by the handler
	kept     []byte      // written and not sent yet
	body     *pipe       // nil until then
	settle   func() bool // stops the body from ending with the caller's context; false: it has
}

// Header is the header that will be written.
func (w *writer) Header() http.Header { return w.header }

// WriteHeader ends the header. 1xx answers are left out.
func (w *writer) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("invalid WriteHeader code %v", status))
	}
	if w.status != 0 || status < 200 && status != http.StatusSwitchingProtocols {
		return
	}
	w.status, w.frozen = status, w.header.Clone()
	if w.frozen == nil {
		w.frozen = make(http.Header)
	}
	if text := w.frozen.Get("Content-Length"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if w.declared = n; err != nil || n < 0 {
			w.declared = -1
			w.frozen.Del("Content-Length")
		}
	}
}

// Write writes to the body.
func (w *writer) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	switch {
	case len(p) == 0:
		return 0, nil
	case !hasBody(w.status):
		return 0, http.ErrBodyNotAllowed
	case w.declared >= 0 && w.written+int64(len(p)) > w.declared:
		return 0, http.ErrContentLength
	}
	w.written += int64(len(p))
	if w.kept = append(w.kept, p...); len(w.kept) <= keptBytes {
		return len(p), nil
	}
	if err := w.pass(); err != nil {
		return 0, err
	}
	return len(p), nil
}

// pass sends what was kept, behind the header.
func (w *writer) pass() error {
	kept := w.kept
	switch {
	case w.body == nil:
		w.send()
	case !w.head:
		if _, err := w.body.Write(kept); err != nil {
			return err
		}
	}
	w.kept = w.kept[:0]
	return nil
}

// WriteString writes to the body.
func (w *writer) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// Flush sends the header and what was written.
func (w *writer) Flush() {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	_ = w.pass()
}

// finish ends the answer when the handler returned, or panicked: then it is broken
// off.
func (w *writer) finish() {
	if !w.done {
		_ = recover() // a server would log it and hang up
		w.run.begin(nil, io.EOF)
		if w.body != nil {
			w.body.end(io.ErrUnexpectedEOF)
		}
		return
	}
	w.Flush()
	if w.settle == nil || w.settle() { // else the body has ended with the caller's context
		w.body.end(w.shortfall())
	}
}

// shortfall is an error where less was written than was declared.
func (w *writer) shortfall() error {
	if !w.head && w.declared >= 0 && w.written != w.declared {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// send begins the answer.
func (w *writer) send() {
	h := make(http.Header, len(w.frozen)+3)
	received(h, w.frozen)
	h.Del("Transfer-Encoding")
	w.complete(h)
	r := &http.Response{StatusCode: w.status, Status: strconv.Itoa(w.status) + " " + statusText(w.status),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h, Request: w.run.client}
	w.body = newPipe(w.run.cancel)
	w.measure(r)
	r.Body = w.body
	if w.head || !hasBody(w.status) {
		r.Body, w.head = http.NoBody, true
	} else {
		w.body.data.Write(w.kept)
	}
	if w.done {
		w.body.end(w.shortfall())
	}
	if !w.run.begin(r, nil) {
		w.body.Close()
	}
	if !w.done { // whoever waits for the rest of the body waits no longer than their context lasts
		client := w.run.client.Context()
		w.settle = context.AfterFunc(client, func() { w.body.end(context.Cause(client)) })
	}
}

// complete adds to the header what a server adds.
func (w *writer) complete(h http.Header) {
	if !hasBody(w.status) {
		h.Del("Content-Length")
	} else {
		if w.done && w.declared < 0 && !(w.head && len(w.kept) == 0) {
			w.declared = int64(len(w.kept))
			h.Set("Content-Length", strconv.Itoa(len(w.kept)))
		}
		_, typed := h["Content-Type"]
		if !typed && h.Get("Content-Encoding") == "" && len(w.kept) > 0 {
			h.Set("Content-Type", http.DetectContentType(w.kept))
		}
	}
	if w.status == http.StatusNotModified {
		h.Del("Content-Type")
	}
	if _, dated := w.frozen["Date"]; !dated {
		h["Date"] = []string{time.Now().UTC().Format(http.TimeFormat)}
	}
}

// measure tells the length of the answer as a client sees it.
func (w *writer) measure(r *http.Response) {
	switch {
	case !hasBody(w.status) && !w.head:
		r.ContentLength = 0
	case hasBody(w.status) && w.declared >= 0:
		r.ContentLength = w.declared
	default:
		r.ContentLength = -1
		if !w.head && hasBody(w.status) {
			r.TransferEncoding = []string{"chunked"}
		}
	}
}

func hasBody(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "status code " + strconv.Itoa(status)
}

// received puts into a header what arrives of another that is sent: names in
// their canonical form, and values without space around them.
func received(to, from http.Header) {
	for name, values := range from {
		canonical := textproto.CanonicalMIMEHeaderKey(name)
		for _, v := range values {
			to[canonical] = append(to[canonical], textproto.TrimString(v))
		}
	}
}

// sendable returns an error for a field that a client does not send.
func sendable(h http.Header) error {
	for name, values := range h {
		if name == "" || strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, c) }) {
			return fmt.Errorf("net/http: invalid header field name %q", name)
		}
		if slices.ContainsFunc(values, func(v string) bool { return strings.ContainsFunc(v, forbidden) }) {
			return fmt.Errorf("net/http: invalid header field value for %q", name)
		}
	}
	return nil
}

// forbidden are control characters but for the tab.
func forbidden(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }

// maxUnread is the number of bytes that a handler is ahead of whoever reads.
const maxUnread = 256 << 10

// A pipe carries the body of an answer.
type pipe struct {
	hangUp func() // tells the handler that nobody reads on

	mu     sync.Mutex
	moved  sync.Cond
	data   bytes.Buffer
	ended  bool  // nothing more comes
	err    error // why, if not because it is whole
	closed bool  // by whoever reads
}

func newPipe(hangUp func()) *pipe {
	p := &pipe{hangUp: hangUp}
	p.moved.L = &p.mu
	return p
}

// Write waits until there is room.
func (p *pipe) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.data.Len() >= maxUnread && !p.closed && !p.ended {
		p.moved.Wait()
	}
	if p.closed || p.ended {
		return 0, io.ErrClosedPipe
	}
	p.moved.Broadcast()
	return p.data.Write(b)
}

// end says that nothing more comes.
func (p *pipe) end(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		p.ended, p.err = true, err
	}
	p.moved.Broadcast()
}

// Read waits until there is something.
func (p *pipe) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.data.Len() == 0 && !p.ended && !p.closed {
		p.moved.Wait()
	}
	switch {
	case p.closed:
		return 0, http.ErrBodyReadAfterClose
	case p.data.Len() > 0:
		p.moved.Broadcast()
		return p.data.Read(b)
	case p.err != nil:
		return 0, p.err
	}
	return 0, io.EOF
}

// Close gives up what was not read.
func (p *pipe) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.moved.Broadcast()
	if !p.ended {
		p.hangUp()
	}
	return nil
}
