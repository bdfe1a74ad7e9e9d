package models

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// randomText is a text that may need escapes.
func randomText(r *rand.Rand) string {
	return []string{"", "b1", "nobody", "a \"quote\"", "line\nbreak", "<b>&amp;", "ünï", "\u2028", "\xff", "back\\slash"}[r.IntN(10)]
}

func randomRow(r *rand.Rand) Row {
	return Row{ID: randomText(r), Recording: Handle(randomText(r)), Tag: randomTag(r), Subject: Handle(randomText(r)), Mode: Mode(randomText(r)),
		Segment: r.IntN(3), Size: int64(r.IntN(3)), Page: r.IntN(3)}
}

func randomTag(r *rand.Rand) Tag {
	return Tag{World: Namespace(randomText(r)), Booking: Handle(randomText(r)), Moment: r.IntN(3)}
}

func randomResponse(r *rand.Rand) Response {
	out := Response{Outcome: Outcome(randomText(r)), Status: r.IntN(2) * 200, Requests: r.IntN(3), Detail: randomText(r)}
	if out.CacheControl = randomText(r); r.IntN(2) == 0 {
		out.Authentication = Authentication(randomText(r))
		out.Caches = &CacheHeaders{randomText(r), randomText(r), randomText(r), randomText(r), randomText(r)}
	}
	if r.IntN(2) == 0 {
		out.Encounter = &Encounter{Status: EncounterStatus(randomText(r)), Mode: Mode(randomText(r)), Segment: r.IntN(2)}
	}
	if r.IntN(2) == 0 {
		out.Listing = &Listing{Pages: r.IntN(2), Truncated: r.IntN(2) == 0}
		if r.IntN(4) > 0 {
			out.Listing.Rows = []Row{}
		}
		for range r.IntN(3) {
			out.Listing.Rows = append(out.Listing.Rows, randomRow(r))
		}
	}
	if r.IntN(2) == 0 {
		row := randomRow(r)
		out.Row = &row
	}
	if r.IntN(2) == 0 {
		out.Content = &Content{From: int64(r.IntN(2)), Length: int64(r.IntN(2)), Total: int64(r.IntN(3) - 1), Stray: r.IntN(2)}
		for range r.IntN(3) {
			out.Content.Pieces = append(out.Content.Pieces, Piece{Tag: randomTag(r), From: r.IntN(3), To: r.IntN(3)})
		}
	}
	return out
}

func TestAppendJSONWritesWhatEncodingJSONDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		response := randomResponse(r)
		want, err := json.Marshal(response)
		require.NoError(t, err)
		require.Equal(t, string(want), string(response.AppendJSON(nil)))
	}
}
