package clinic_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
)

func TestAConsultationLeavesOneRecordingForEachModeInWhichMediaWasCaptured(t *testing.T) {
	b := newBench(t)
	alice, dr := b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "knee")
	alice.join(a).is(200)
	alice.speak(a, "one ").is(200)
	alice.speak(a, "two").is(200)
	alice.turn(a, "video").is(200)
	alice.turn(a, "audio").is(200)
	alice.speak(a, "three").is(200)
	require.Empty(t, alice.list(), "before the encounter is completed")
	alice.leave(a).is(200)

	got := alice.list()
	require.Len(t, got, 2)
	require.Equal(t, api.Recording{Id: got[0].Id, Appointment: a.Id, Encounter: a.Encounter, Subject: alice.id,
		Practitioner: dr.id, Title: "knee", Mode: "audio", Segment: 1, Size: 7, ContentType: "application/octet-stream"}, got[0])
	require.Equal(t, 2, got[1].Segment)
	require.Equal(t, "one two", string(alice.play(got[0].Id).is(200).body))
	require.Equal(t, "three", string(alice.play(got[1].Id).is(200).body))
	require.Equal(t, got, dr.list())
	require.Equal(t, got[1], into[api.Recording](dr.as("GET", "/recordings/"+got[1].Id, nil).is(200)))
}

func TestARecordingIsForItsPatientAndItsPractitionerOnly(t *testing.T) {
	b := newBench(t)
	alice, bob, dr1, dr2 := b.patient(), b.patient(), b.practitioner(), b.practitioner()
	_, recordings := alice.consult(dr1, 1, "alice's", "hello")
	id := recordings[0].Id
	for name, c := range map[string]struct {
		who  user
		sees bool
	}{
		"its patient":            {alice, true},
		"its practitioner":       {dr1, true},
		"another patient":        {bob, false},
		"another practitioner":   {dr2, false},
		"a user of no such role": {user{bench: b, token: alice.token + "x"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/recordings/" + id, "/recordings/" + id + "/content"} {
				for _, header := range [][]string{nil, {"Range", "bytes=0-1"}} {
					got := c.who.as("GET", path, nil, header...)
					require.Equal(t, c.sees, got.status < 300, got.status)
				}
			}
			head := c.who.as("HEAD", "/recordings/"+id+"/content", nil)
			require.Equal(t, c.sees, head.status == 200)
		})
	}
	require.Equal(t, []string{"alice's"}, titles(alice.list()))
	require.Equal(t, []string{"alice's"}, titles(dr1.list()))
	require.Empty(t, bob.list())
	require.Empty(t, dr2.list())
}

func TestAForeignRecordingAndOneThatNeverExistedAreAnsweredAlike(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	_, recordings := alice.consult(dr, 1, "alice's", "hello")
	for _, suffix := range []string{"", "/content"} {
		foreign := bob.as("GET", "/recordings/"+recordings[0].Id+suffix, nil).is(404)
		never := bob.as("GET", "/recordings/3f0a8ab0-5f6c-4f5e-9d0b-6a3a7b1c2d3e"+suffix, nil).is(404)
		require.Equal(t, string(never.body), string(foreign.body))
		for _, h := range []string{"X-Request-Id", "Date"} {
			never.header.Del(h)
			foreign.header.Del(h)
		}
		require.Equal(t, never.header, foreign.header)
	}
}

func TestTheAppointmentBookedLaterOnASlotHasNothingToDoWithItsEarlierRecordings(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	alice.consult(dr, 1, "alice's", "hello")
	bob.book(dr, 1, "audio", "bob's")
	require.Equal(t, []string{"alice's"}, titles(alice.list()))
	require.Empty(t, bob.list())
}

func TestListingsArePagedOldestFirst(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	var want []string
	for i := range 5 {
		title := fmt.Sprint("alice ", i)
		alice.consult(dr, 1, title, "a")
		bob.consult(dr, 2, "bob", "b")
		want = append(want, title)
	}
	for limit := 1; limit <= 6; limit++ {
		var got []string
		cursor := ""
		for {
			page := into[api.RecordingPage](alice.as("GET", fmt.Sprintf("/recordings?limit=%d%s", limit, cursor), nil).is(200))
			got = append(got, titles(page.Items)...)
			if page.Next == "" {
				break
			}
			require.Len(t, page.Items, limit)
			cursor = "&cursor=" + page.Next
		}
		require.Equal(t, want, got, "limit %d", limit)
	}
	require.Len(t, dr.list(), 10)
}

func TestACursorServesOnlyTheCallerToWhomItWasGiven(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	alice.consult(dr, 1, "one", "a")
	alice.consult(dr, 1, "two", "a")
	next := into[api.RecordingPage](alice.as("GET", "/recordings?limit=1", nil).is(200)).Next
	require.NotEmpty(t, next)
	alice.as("GET", "/recordings?cursor="+next, nil).is(200)
	bob.as("GET", "/recordings?cursor="+next, nil).is(400)
	dr.as("GET", "/recordings?cursor="+next, nil).is(400)
	alice.as("GET", "/recordings?cursor=garbage", nil).is(400)
	for _, query := range []string{"limit=0", "limit=101", "limit=-1", "limit=many", "cursor="} {
		alice.doWild("GET", "/recordings?"+query, alice.token, nil).is(400)
	}
}

func TestContentIsServedByRange(t *testing.T) {
	b := newBench(t)
	alice, dr := b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "")
	alice.join(a).is(200)
	for _, words := range []string{"01234", "56", "789"} {
		alice.speak(a, words).is(200)
	}
	id := into[api.Encounter](alice.leave(a).is(200)).Recordings[0].Id
	etag := alice.play(id).is(200).header.Get("ETag")

	for name, c := range map[string]struct {
		header []string
		status int
		want   string
		ranged string
	}{
		"whole":                             {nil, 200, "0123456789", ""},
		"a range across pieces":             {[]string{"Range", "bytes=3-7"}, 206, "34567", "bytes 3-7/10"},
		"from a position on":                {[]string{"Range", "bytes=6-"}, 206, "6789", "bytes 6-9/10"},
		"the last bytes":                    {[]string{"Range", "bytes=-4"}, 206, "6789", "bytes 6-9/10"},
		"a range that ends beyond":          {[]string{"Range", "bytes=8-99"}, 206, "89", "bytes 8-9/10"},
		"a range that begins beyond":        {[]string{"Range", "bytes=10-"}, 416, "", "bytes */10"},
		"a range that is none":              {[]string{"Range", "bytes=x"}, 416, "", ""},
		"another unit is ignored":           {[]string{"Range", "lines=1-2"}, 200, "0123456789", ""},
		"a range of what is still the same": {[]string{"Range", "bytes=0-1", "If-Range", etag}, 206, "01", "bytes 0-1/10"},
		"a range of what has changed":       {[]string{"Range", "bytes=0-1", "If-Range", `"old"`}, 200, "0123456789", ""},
		"what the client has already":       {[]string{"If-None-Match", etag}, 304, "", ""},
		"a precondition that does not hold": {[]string{"If-Match", `"old"`}, 412, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := alice.play(id, c.header...).is(c.status)
			require.Equal(t, "no-store", got.header.Get("Cache-Control"))
			require.Equal(t, c.ranged, got.header.Get("Content-Range"))
			if c.status < 300 {
				require.Equal(t, c.want, string(got.body))
				require.Equal(t, "bytes", got.header.Get("Accept-Ranges"))
				require.Equal(t, etag, got.header.Get("ETag"))
			}
		})
	}
	several := alice.play(id, "Range", "bytes=0-1,8-9").is(206)
	require.True(t, strings.HasPrefix(several.header.Get("Content-Type"), "multipart/byteranges"))
	require.Contains(t, string(several.body), "89")

	head := alice.as("HEAD", "/recordings/"+id+"/content", nil, "Range", "bytes=0-1").is(200)
	require.Equal(t, "10", head.header.Get("Content-Length"))
	require.Equal(t, etag, head.header.Get("ETag"))
	require.Empty(t, head.body)
}

func TestLongContentIsWhole(t *testing.T) {
	b := newBench(t)
	alice, dr := b.patient(), b.practitioner()
	a := alice.book(dr, 1, "audio", "")
	alice.join(a).is(200)
	var want strings.Builder
	for i := range 5 {
		piece := strings.Repeat(string(rune('a'+i)), 65536-i)
		alice.speak(a, piece).is(200)
		want.WriteString(piece)
	}
	id := into[api.Encounter](alice.leave(a).is(200)).Recordings[0].Id
	require.Equal(t, want.String(), string(alice.play(id).is(200).body))
	require.Equal(t, want.String()[65530:200000], string(alice.play(id, "Range", "bytes=65530-199999").is(206).body))
}
