package naming

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestAnIDThatIsUsedAgainAfterDeletionNamesTheLaterRecording(t *testing.T) {
	k := NewRecordings("w1", nil)
	mine, hers := models.Tag{World: "w1", Booking: "b1"}, models.Tag{World: "w1", Booking: "b2"}
	require.Equal(t, models.Handle("b1.r1"), k.Learn("b1", "id-7", 1))
	require.Equal(t, models.Handle("b1.r1"), k.Name("id-7", hers, 1), "it is not deleted: another's title on it is a leak")

	k.GiveUp("b1.r1")
	require.Equal(t, models.Handle("b1.r1"), k.Name("id-7", mine, 1), "it is shown though it is deleted")
	require.Equal(t, "id-7", k.ID("b1.r1"), "and can be asked for")
	require.Equal(t, models.Handle("b2.r1"), k.Name("id-7", hers, 1))
	require.Empty(t, k.ID("b1.r1"))
	require.Equal(t, "id-7", k.ID("b2.r1"))

	k.GiveUp("b2")
	require.Equal(t, models.Handle("b3.r1"), k.Learn("b3", "id-7", 1), "all recordings of a booking are given up at once")
}

func TestBirthDateIsADayMoreThanTheYears(t *testing.T) {
	leap := time.Date(2024, time.February, 29, 23, 0, 0, 0, time.UTC)
	require.Equal(t, "2008-02-28", birthDate(leap, 16).Format(time.DateOnly))
	newYear := time.Date(2021, time.January, 1, 1, 0, 0, 0, time.FixedZone("east", 2*3600))
	require.Equal(t, "2004-12-30", birthDate(newYear, 16).Format(time.DateOnly))
}

// listed is a whole listing of recordings of b1, with their ids and numbers.
func listed(k *Recordings, rows ...models.Row) []models.Handle {
	l := &models.Listing{Rows: rows}
	for i := range rows {
		rows[i].Tag = models.Tag{World: "w1", Booking: "b1"}
		rows[i].Recording = k.Name(rows[i].ID, rows[i].Tag, rows[i].Segment)
	}
	k.Rank(models.List{ByUser: models.ByUser{User: "alice"}}, l)
	var out []models.Handle
	for _, row := range l.Rows {
		out = append(out, row.Recording)
	}
	return out
}

func TestRecordingsAreCountedByRankWhateverTheirNumbers(t *testing.T) {
	for name, test := range map[string]struct {
		rows []models.Row
		want []models.Handle
	}{
		"from 1":                       {[]models.Row{{ID: "x", Segment: 1}, {ID: "y", Segment: 2}}, []models.Handle{"b1.r1", "b1.r2"}},
		"what left no media, too":      {[]models.Row{{ID: "x", Segment: 2}, {ID: "y", Segment: 5}}, []models.Handle{"b1.r1", "b1.r2"}},
		"from 0":                       {[]models.Row{{ID: "x", Segment: 0}, {ID: "y", Segment: 1}}, []models.Handle{"b1.r1", "b1.r2"}},
		"from 0, the last first":       {[]models.Row{{ID: "x", Segment: 1}, {ID: "y", Segment: 0}}, []models.Handle{"b1.r2", "b1.r1"}},
		"the last first":               {[]models.Row{{ID: "x", Segment: 4}, {ID: "y", Segment: 2}}, []models.Handle{"b1.r2", "b1.r1"}},
		"no numbers":                   {[]models.Row{{ID: "x"}, {ID: "y"}, {ID: "z"}}, []models.Handle{"b1.r1", "b1.r2", "b1.r3"}},
		"one twice, before it goes on": {[]models.Row{{ID: "x", Segment: 1}, {ID: "y", Segment: 1}, {ID: "z", Segment: 2}}, []models.Handle{"b1.r1", "b1.r3", "b1.r2"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, listed(NewRecordings("w1", nil), test.rows...))
		})
	}
}

func TestARecordingThatComesLateMovesThoseBehindIt(t *testing.T) {
	k := NewRecordings("w1", nil)
	require.Equal(t, []models.Handle{"b1.r1"}, listed(k, models.Row{ID: "y", Segment: 2}))
	require.Equal(t, []models.Handle{"b1.r1", "b1.r2"}, listed(k, models.Row{ID: "x", Segment: 1}, models.Row{ID: "y", Segment: 2}))
	require.Equal(t, "x", k.ID("b1.r1"))
}

func TestAHandleThatAnOperationHasNamedStays(t *testing.T) {
	k := NewRecordings("w1", nil)
	listed(k, models.Row{ID: "y", Segment: 2})
	require.Equal(t, "y", k.ID("b1.r1"))
	require.Equal(t, []models.Handle{"b1.r2", "b1.r1"}, listed(k, models.Row{ID: "x", Segment: 1}, models.Row{ID: "y", Segment: 2}))
}
