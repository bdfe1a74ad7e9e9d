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
