package mapping_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/mapping"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
)

// BenchmarkSpeak and BenchmarkList perform one operation through the mapping of
// the clinic's API and through the client of that API, in turn, against a server
// that answers from memory. The ratio is that of the client's time to the
// mapping's.
func BenchmarkSpeak(b *testing.B) { compare(b, "alice.speak(b1)") }

func BenchmarkList(b *testing.B) { compare(b, "alice.list()") }

func compare(b *testing.B, line string) {
	url := remembers(b)
	m, err := mapping.New(mapping.Config{Mapping: clinicMapping(b), URL: url})
	require.NoError(b, err)
	r, err := rest.New(rest.Config{URL: url, OperatorToken: operatorToken})
	require.NoError(b, err)
	var took [2]time.Duration
	worlds := []targets.World{prepared(b, m), prepared(b, r)}
	trace, err := models.Parse(begin + line)
	require.NoError(b, err)
	call := models.Call{Step: len(trace.Ops), Op: trace.Ops[len(trace.Ops)-1]}
	for b.Loop() {
		for i, w := range worlds {
			begun := time.Now()
			got, err := w.Apply(b.Context(), call)
			took[i] += time.Since(begun)
			if err != nil || got.Outcome != models.OK {
				b.Fatal(got, err)
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(took[0].Nanoseconds())/float64(b.N), "mapping-ns/op")
	b.ReportMetric(float64(took[1].Nanoseconds())/float64(b.N), "rest-ns/op")
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "ratio")
}

const begin = "alice = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, video)\n"

// prepared is a world in which a consultation is booked.
func prepared(b *testing.B, t targets.Target) targets.World {
	w, err := t.Open(b.Context(), "w1")
	require.NoError(b, err)
	trace, err := models.Parse(begin)
	require.NoError(b, err)
	for i, op := range trace.Ops {
		r, err := w.Apply(b.Context(), models.Call{Step: i + 1, Op: op})
		require.NoError(b, err)
		require.Equal(b, models.OK, r.Outcome, r.Detail)
	}
	return w
}

// remembers starts a server that answers like the clinic, with ten recordings.
func remembers(b *testing.B) string {
	const id = "3f0a8ab0-5f6c-4f5e-9d0b-6a3a7b1c2d3"
	var rows []string
	for i := range 10 {
		rows = append(rows, fmt.Sprintf(`{"id": "%s%d", "appointment": "%s0", "encounter": "%s0", "subject": "%s0", "practitioner": "%s0",
			"title": "xk-w1-b1", "mode": "video", "segment": %d, "size": 512, "contentType": "application/octet-stream"}`, id, i, id, id, id, id, i+1))
	}
	answers := map[string]string{
		"recordings":    fmt.Sprintf(`{"items": [%s], "total": 10}`, strings.Join(rows, ",")),
		"patients":      `{"id": "` + id + `0", "token": "a-token-of-twenty-characters"}`,
		"practitioners": `{"id": "` + id + `1", "token": "a-token-of-twenty-characters"}`,
		"appointments":  `{"id": "` + id + `2", "encounter": "` + id + `3", "status": "booked", "mode": "video"}`,
		"encounters":    `{"id": "` + id + `3", "status": "in-progress", "mode": "video", "segment": 1, "participants": [], "recordings": []}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, answers[strings.Split(r.URL.Path, "/")[1]])
	}))
	b.Cleanup(server.Close)
	return server.URL
}
