package viewer

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// viewedBody is the number of bytes of a body that are shown.
const viewedBody = 16 << 10

// viewedRequest is an exchange as it is shown. It must be redacted already.
func viewedRequest(x *targets.LoggedExchange, marks []string) Request {
	out := Request{ID: x.ID, Traceparent: x.Traceparent, Method: x.Method, URL: cmp.Or(x.Path, x.URL), Status: x.Status,
		TookUS: x.Took.Microseconds(), Whole: true, Failure: x.Failure,
		Sent: Message{Headers: viewedHeaders(x.RequestHeader)}, Got: Message{Headers: viewedHeaders(x.ResponseHeader)}}
	out.Sent.Body, out.Sent.Note = bodyText(x.RequestBody, nil)
	out.Got.Body, out.Got.Note = bodyText(x.ResponseBody, marks)
	return out
}

func viewedHeaders(h map[string][]string) []Fact {
	var out []Fact
	for _, name := range wording.Sorted(h) {
		for _, value := range h[name] {
			out = append(out, Fact{Name: name, Value: strings.ToValidUTF8(value, "·")})
		}
	}
	return out
}

// bodyText is a body to be read, with dots for what cannot be, and a remark on
// what was done to it. Of a long one it is the part with the first mark.
func bodyText(body []byte, marks []string) (text, note string) {
	from, to := 0, len(body)
	if len(body) > viewedBody {
		for _, m := range marks {
			if at := bytes.Index(body, []byte(m)); at >= 0 {
				from = max(0, min(at-viewedBody/4, len(body)-viewedBody))
				break
			}
		}
		to = from + viewedBody
		note = fmt.Sprintf("Bytes %s to %s of %s.", wording.Grouped(from), wording.Grouped(to), wording.Grouped(len(body)))
	}
	part := body[from:to]
	if utf8.Valid(body) {
		return strings.ToValidUTF8(string(part), "·"), note
	}
	note = strings.TrimSpace(note + " Not a text: what cannot be printed is a dot.")
	return strings.Map(func(c rune) rune {
		if c == utf8.RuneError || !unicode.IsPrint(c) && c != '\n' && c != '\t' {
			return '·'
		}
		return c
	}, string(part)), note
}

// requests are those of a step: as they were recorded, else by their ids.
func (v viewing) requests(step int, event *history.Event, marks []string) []Request {
	var out []Request
	for i := range v.exchanges {
		if x := &v.exchanges[i]; x.Step == step {
			out = append(out, viewedRequest(x, marks))
		}
	}
	if out != nil {
		return out
	}
	for _, x := range knownExchanges(event) {
		out = append(out, Request{ID: x.ID, Traceparent: x.Traceparent, Method: x.Method, URL: x.Path, Status: x.Status})
	}
	return out
}

// knownExchanges are those that the event's answers tell of, without secrets.
func knownExchanges(event *history.Event) []targets.LoggedExchange {
	var all []targets.LoggedExchange
	for _, r := range append(slices.Clone(event.Earlier), event.Response) {
		for _, x := range r.Exchanges {
			all = append(all, targets.LoggedExchange{Exchange: x, URL: x.Path})
		}
	}
	return exchange.NewRedactor(all).Exchanges(all)
}

// requestIDs are those of a step.
func (v viewing) requestIDs(step int) []string {
	var out []string
	if step < 1 || step > len(v.History.Events) {
		return nil
	}
	for _, r := range v.requests(step, &v.History.Events[step-1], nil) {
		out = append(out, r.ID)
	}
	return out
}

// Bounds of the part of a log that is shown, in lines and in bytes of one.
const (
	logAround = 40
	logLines  = 400
	logWidth  = 1000
)

// viewedLog is what was written around the requests with some ids or, where none
// of them is in it, the end of it.
func viewedLog(text string, ids []string) *Log {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	hit := func(line string) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return id != "" && strings.Contains(line, id) })
	}
	from, to := max(0, len(lines)-logLines/2), len(lines)
	out := &Log{Note: "No line has the id of a request of the leaking step: the last lines."}
	if first := slices.IndexFunc(lines, hit); first >= 0 {
		last := first
		for i := first; i < len(lines); i++ {
			if hit(lines[i]) {
				last = i
			}
		}
		from, to = max(0, first-logAround), min(len(lines), last+logAround+1, first-logAround+logLines)
		out.Note = "Lines with the id of a request of the leaking step are marked."
	}
	for i := from; i < to; i++ {
		out.Lines = append(out.Lines, LogLine{Line: i + 1, Text: truncated(lines[i], logWidth), Hit: hit(lines[i])})
	}
	return out
}

// truncated is a text of at most n bytes, and a sign where it was longer.
func truncated(text string, n int) string {
	if len(text) <= n {
		return strings.ToValidUTF8(text, "·")
	}
	return strings.ToValidUTF8(text[:n], "·") + "…"
}
