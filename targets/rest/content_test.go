package rest

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestHeadTellsTheSize(t *testing.T) {
	w := worldOn(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "HEAD /recordings/id-b1.r1/content", r.Method+" "+r.URL.Path)
		w.Header().Set("Content-Length", "512")
	})
	require.Equal(t, models.Response{Outcome: models.OK, Status: 200, Caching: withToken, Requests: 1, Content: &models.Content{Total: 512}},
		apply(t, w, models.Head{OnRecording: onReplay}))
}

func TestARefusedHeadHasNoContent(t *testing.T) {
	require.Equal(t, models.Response{Outcome: models.Missing, Status: 404, Requests: 1},
		apply(t, worldOn(t, answers(404, "")), models.Head{OnRecording: onReplay}))
}

func TestPlayReadsTheTags(t *testing.T) {
	media := string(spoken("b1", 3)) + "noise" + string(spoken("b2", 4))
	for name, test := range map[string]struct {
		status       int
		contentRange string
		body         string
		outcome      models.Outcome
		content      *models.Content
	}{
		"the whole": {200, "", media, models.OK,
			&models.Content{Length: 517, Total: 517, Pieces: []models.Piece{whole("b1", 3), whole("b2", 4)}, Stray: 5}},
		"nothing": {200, "", "", models.OK, &models.Content{}},
		"a range": {206, "bytes 256-511/1024", string(spoken("b1", 3)), models.OK,
			&models.Content{From: 256, Length: 256, Total: 1024, Pieces: []models.Piece{whole("b1", 3)}}},
		"a range of an unknown size": {206, "bytes 0-255/*", string(spoken("b1", 3)), models.OK,
			&models.Content{Length: 256, Total: -1, Pieces: []models.Piece{whole("b1", 3)}}},
		"a range that is not told": {206, "", string(spoken("b1", 3)), models.Unknown,
			&models.Content{Length: 256, Total: -1, Pieces: []models.Piece{whole("b1", 3)}}},
		"a refusal":                      {404, "", `{"detail":"no"}`, models.Missing, nil},
		"a range outside":                {416, "bytes */256", "", models.Invalid, nil},
		"a refusal that delivers anyway": {403, "", string(spoken("b2", 4)), models.Denied, &models.Content{Length: 256, Total: -1, Pieces: []models.Piece{whole("b2", 4)}}},
		"a failure that delivers anyway": {500, "", string(spoken("b2", 4)), models.Unknown, &models.Content{Length: 256, Total: -1, Pieces: []models.Piece{whole("b2", 4)}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOn(t, func(w http.ResponseWriter, _ *http.Request) {
				if test.contentRange != "" {
					w.Header().Set("Content-Range", test.contentRange)
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			})
			r := apply(t, w, models.Play{OnRecording: onReplay, Range: models.Range{First: 256, Length: 256}})
			require.Equal(t, test.outcome, r.Outcome)
			require.Equal(t, test.content, r.Content)
		})
	}
}

func TestPlayAsksForTheRange(t *testing.T) {
	var got told
	w := worldOn(t, records(200, "", &got))
	apply(t, w, models.Play{OnRecording: onReplay, Range: models.Range{First: 64, Length: 128}})
	require.Equal(t, "bytes=64-191", got.byteRange)
	apply(t, w, models.Play{OnRecording: onReplay})
	require.Empty(t, got.byteRange)
}

func TestAnEndlessBodyIsCutOff(t *testing.T) {
	chunk := make([]byte, 1<<20)
	w := worldOn(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}, func(c *Config) { c.Timeout = time.Minute }) // so much takes its time where the machine has other work
	r := apply(t, w, models.Play{OnRecording: onReplay})
	require.Equal(t, models.Unknown, r.Outcome)
	require.Equal(t, "the answer broke off: more than 64 MiB", r.Detail)
	require.EqualValues(t, 64<<20, r.Content.Length)
}

func TestWhatIsDerivedFromMediaKeepsItsTags(t *testing.T) {
	first := func(b models.Handle, moment int) string { return string(spoken(b, moment)[:32]) }
	cell := func(b models.Handle, moment int) models.Piece {
		return models.Piece{Tag: models.Tag{World: "w", Booking: b, Moment: moment}, To: 32}
	}
	var got told
	w := worldOn(t, records(200, first("b1", 3)+first("b1", 4)+first("b2", 4), &got))
	r := apply(t, w, models.Transcript{OnRecording: onReplay})
	require.Equal(t, "GET /recordings/id-b1.r1/transcript", got.method+" "+got.path)
	require.Equal(t, &models.Content{Length: 96, Total: 96, Pieces: []models.Piece{cell("b1", 3), cell("b1", 4), cell("b2", 4)}}, r.Content)

	w = worldOn(t, records(200, first("b1", 3), &got))
	r = apply(t, w, models.Thumb{OnRecording: onReplay})
	require.Equal(t, "GET /recordings/id-b1.r1/thumbnail", got.method+" "+got.path)
	require.Equal(t, &models.Content{Length: 32, Total: 32, Pieces: []models.Piece{cell("b1", 3)}}, r.Content)
	require.Nil(t, apply(t, worldOn(t, answers(404, `{}`)), models.Thumb{OnRecording: onReplay}).Content)
}
