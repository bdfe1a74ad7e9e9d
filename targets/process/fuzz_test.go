package process

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// FuzzAnswer reads lines as answers to every operation. What is accepted is
// complete, and can be told in the terms of the model; what is not is explained in
// one line.
func FuzzAnswer(f *testing.F) {
	for _, line := range []string{
		`{"id":1,"outcome":"ok","status":200,"listing":{"rows":[{"id":"17","title":"xk-w-b1","subject":null,"page":2}],"total":1,"more":true}}`,
		`{"id":1,"outcome":"ok","content":{"body":"eGstdy1iMS03LTAu","from":0,"total":512},"cacheControl":"no-store","requests":2}`,
		`{"id":1,"outcome":"ok","encounter":{"status":"completed","mode":"video","segment":1,"recordings":[{"id":"1","segment":2},{"id":"2"}]}}`,
		`{"id":1,"outcome":"ok","audit":[{"who":"anyone","whose":"alice","recording":"17","level":"viewed"}],"row":{"id":"1"}}`,
		`{"id":1,"outcome":"missing","reason":"not found","detail":"x"}`, `{"id":1,"error":"gone"}`, `{"id":1}`, `[]`, `{"id":1e0,"outcome":"ok"}`,
		`{"id":1,"outcome":"ok","status":1e999999999}`,
		`{"id":1,"name":"acme","operations":["list"],"policy":{"lagSeconds":0.5,"refusal":"denied"},"fresh":true}`,
	} {
		f.Add(line)
	}
	p, err := newProtocol()
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, line string) {
		for _, k := range models.Kinds() {
			a, err := p.readApplyAnswer(1, k, []byte(line))
			if err != nil {
				requireOneLine(t, err)
				continue
			}
			requireComplete(t, k, a)
		}
		g := new(greeting)
		if err := readAnswer(p.hello, 1, []byte(line), g); err != nil {
			requireOneLine(t, err)
		} else {
			require.NotEmpty(t, g.Name)
			require.GreaterOrEqual(t, g.capabilities().Policy.Lag, time.Duration(0))
		}
	})
}

func requireOneLine(t *testing.T, err error) {
	t.Helper()
	require.NotEmpty(t, err.Error())
	require.False(t, strings.ContainsAny(err.Error(), "\r\n"), "%q", err)
}

// requireComplete requires that a response has what an operation shows.
func requireComplete(t *testing.T, k models.Kind, a *answer) {
	t.Helper()
	w := newWorld(nil, "w")
	w.bookings["b1"] = "alice"
	r := w.response(k, &message{}, a)
	w.learnRecordings(models.Join{OnBooking: models.OnBooking{User: "alice", Booking: "b1"}}, a.Encounter)
	require.Contains(t, []models.Outcome{models.OK, models.Denied, models.Missing, models.Invalid, models.Conflict, models.Unavailable,
		models.Unknown, models.Unbound}, r.Outcome)
	if r.Outcome != models.OK {
		return
	}
	shows := models.Shows(k)
	require.True(t, !shows.Has(models.ShowsListing) || r.Listing != nil)
	require.True(t, !shows.Has(models.ShowsContent) || r.Content != nil)
	require.True(t, !shows.Has(models.ShowsRow) || r.Row != nil)
	require.True(t, !shows.Has(models.ShowsAudit) || r.Audit != nil)
	require.True(t, !shows.Has(models.ShowsEncounter) || r.Encounter != nil)
	if r.Listing != nil {
		require.False(t, slices.ContainsFunc(r.Listing.Rows, func(row models.Row) bool { return row.ID == "" }))
	}
}
