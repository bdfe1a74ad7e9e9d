package exchange

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/chromedp/cdproto/har"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// maxHARBody is the number of bytes that are written of one body.
const maxHARBody = 64 << 10

// HAR writes exchanges, which must be without secrets, as an HTTP Archive 1.2
// that names the version of its writer. An entry's comment names the step and,
// where operation has one for it, the operation it was sent for. Bodies of more
// than 64 KiB are cut and say so.
func HAR(w io.Writer, all []targets.LoggedExchange, version string, operation func(step int) string) error {
	log := harLog{Log: har.Log{Version: "1.2", Creator: &har.Creator{Name: "crosstalk", Version: version},
		Comment: "Secrets are replaced by [secret-NAME] where they have a name, else by [secret-1], [secret-2] and so on, the same wherever they occur."}}
	for i := range all {
		log.Entries = append(log.Entries, newHAREntry(&all[i], operation(all[i].Step)))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(harFile{log})
}

// The types of package har, but for the content of an answer, whose text is
// written as it is and not as bytes.
type (
	harFile struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		har.Log
		Entries []harEntry `json:"entries"`
	}
	harEntry struct {
		har.Entry
		Response harResponse `json:"response"`
	}
	harResponse struct {
		har.Response
		Content harContent `json:"content"`
	}
	harContent struct {
		Size     int64  `json:"size"`
		MimeType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Encoding string `json:"encoding,omitempty"`
		Comment  string `json:"comment,omitempty"`
	}
)

func newHAREntry(x *targets.LoggedExchange, operation string) harEntry {
	took := float64(x.Took.Microseconds()) / 1000
	e := harEntry{Entry: har.Entry{
		StartedDateTime: x.Started.UTC().Format(time.RFC3339Nano), Time: took,
		Request: newHARRequest(x), Cache: &har.Cache{}, Timings: &har.Timings{Wait: took}, Comment: fmt.Sprintf("step %d", x.Step),
	}, Response: newHARResponse(x)}
	if operation != "" {
		e.Comment += ": " + operation
	}
	return e
}

func newHARRequest(x *targets.LoggedExchange) *har.Request {
	out := &har.Request{Method: x.Method, URL: x.URL, HTTPVersion: "unknown", Cookies: []*har.Cookie{}, Headers: harHeaders(x.RequestHeader),
		QueryString: []*har.NameValuePair{}, HeadersSize: -1, BodySize: int64(len(x.RequestBody))}
	if u, err := url.Parse(x.URL); err == nil {
		query := u.Query()
		for _, name := range sorted(query) {
			for _, v := range query[name] {
				out.QueryString = append(out.QueryString, &har.NameValuePair{Name: name, Value: v})
			}
		}
	}
	for _, line := range x.RequestHeader["Cookie"] {
		cookies, _ := http.ParseCookie(line) // what is no cookie is in the headers
		for _, c := range cookies {
			out.Cookies = append(out.Cookies, &har.Cookie{Name: c.Name, Value: c.Value})
		}
	}
	if x.RequestBody != nil {
		text, encoding, cut := harText(x.RequestBody)
		out.PostData = &har.PostData{MimeType: http.Header(x.RequestHeader).Get("Content-Type"), Params: []*har.Param{}, Text: text,
			Comment: strings.TrimSpace(encoding + " " + cut)}
	}
	return out
}

func newHARResponse(x *targets.LoggedExchange) harResponse {
	header := http.Header(x.ResponseHeader)
	out := harResponse{Response: har.Response{Status: int64(x.Status), StatusText: http.StatusText(x.Status), HTTPVersion: "unknown",
		Cookies: []*har.Cookie{}, Headers: harHeaders(x.ResponseHeader), RedirectURL: header.Get("Location"), HeadersSize: -1,
		BodySize: int64(len(x.ResponseBody)), Comment: x.Failure}}
	for _, line := range header["Set-Cookie"] {
		if c, err := http.ParseSetCookie(line); err == nil {
			out.Cookies = append(out.Cookies, &har.Cookie{Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain, HTTPOnly: c.HttpOnly, Secure: c.Secure})
		}
	}
	text, encoding, cut := harText(x.ResponseBody)
	out.Content = harContent{Size: int64(len(x.ResponseBody)), MimeType: header.Get("Content-Type"), Text: text, Encoding: encoding, Comment: cut}
	return out
}

// harText is a body as text, "base64" where it is not, and a remark where it was
// cut.
func harText(body []byte) (text, encoding, cut string) {
	if len(body) > maxHARBody {
		cut = fmt.Sprintf("the first %d of %d bytes", maxHARBody, len(body))
		body = wholeRunes(body[:maxHARBody])
	}
	if utf8.Valid(body) {
		return string(body), "", cut
	}
	return base64.StdEncoding.EncodeToString(body), "base64", cut
}

// wholeRunes is the beginning of a text without a character that is cut at its
// end. What is no text stays as it is.
func wholeRunes(body []byte) []byte {
	for n := range utf8.UTFMax {
		if n < len(body) && utf8.Valid(body[:len(body)-n]) {
			return body[:len(body)-n]
		}
	}
	return body
}

func harHeaders(h http.Header) []*har.NameValuePair {
	out := []*har.NameValuePair{}
	for _, name := range sorted(h) {
		for _, v := range h[name] {
			out = append(out, &har.NameValuePair{Name: name, Value: v})
		}
	}
	return out
}

// ReadHAR reads back what [HAR] wrote, and of bodies that were cut their
// beginning. The error says which entry is wrong.
func ReadHAR(r io.Reader) ([]targets.LoggedExchange, error) {
	var file har.HAR
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, fmt.Errorf("read an HTTP archive: %w", err)
	}
	if file.Log == nil {
		return nil, errors.New("read an HTTP archive: expected a member \"log\"")
	}
	out := make([]targets.LoggedExchange, 0, len(file.Log.Entries))
	for i, e := range file.Log.Entries {
		x, err := readHAREntry(e)
		if err != nil {
			return nil, fmt.Errorf("read an HTTP archive: entry %d: %w", i+1, err)
		}
		out = append(out, x)
	}
	return out, nil
}

func readHAREntry(e *har.Entry) (x targets.LoggedExchange, err error) {
	if e == nil || e.Request == nil || e.Response == nil {
		return x, errors.New("expected a request and a response")
	}
	if x.Started, err = time.Parse(time.RFC3339Nano, e.StartedDateTime); err != nil {
		return x, fmt.Errorf("startedDateTime: expected a time as in RFC 3339, got %q", e.StartedDateTime)
	}
	if _, err := fmt.Sscanf(e.Comment, "step %d", &x.Step); err != nil {
		return x, fmt.Errorf("comment: expected \"step N: OPERATION\", got %q", e.Comment)
	}
	u, err := url.Parse(e.Request.URL)
	if err != nil {
		return x, fmt.Errorf("url: %w", err)
	}
	x.URL, x.Path, x.Method, x.Status = e.Request.URL, requestPath(e.Request.URL, u), e.Request.Method, int(e.Response.Status)
	x.Took = time.Duration(e.Time * float64(time.Millisecond)).Round(time.Microsecond)
	x.RequestHeader, x.ResponseHeader, x.Failure = readHARHeaders(e.Request.Headers), readHARHeaders(e.Response.Headers), e.Response.Comment
	x.ID, x.Traceparent = http.Header(x.RequestHeader).Get("X-Request-Id"), http.Header(x.RequestHeader).Get("Traceparent")
	if c := e.Response.Content; c != nil && len(c.Text) > 0 {
		x.ResponseBody = c.Text
	}
	if p := e.Request.PostData; p != nil {
		x.RequestBody = []byte(p.Text)
		if strings.HasPrefix(p.Comment, "base64") {
			if x.RequestBody, err = base64.StdEncoding.DecodeString(p.Text); err != nil {
				return x, fmt.Errorf("postData: %w", err)
			}
		}
	}
	return x, nil
}

// requestPath is a URL from its path on, as it is written.
func requestPath(text string, u *url.URL) string {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		if at := strings.IndexByte(rest, '/'); at >= 0 {
			return rest[at:]
		}
	}
	return u.RequestURI()
}

func readHARHeaders(all []*har.NameValuePair) http.Header {
	out := make(http.Header, len(all))
	for _, h := range all {
		if h != nil {
			out[h.Name] = append(out[h.Name], h.Value)
		}
	}
	return out
}
