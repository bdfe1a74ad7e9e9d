package process_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/process"
)

func parse(t testing.TB, text string) models.Trace {
	t.Helper()
	trace, err := models.Parse(text)
	require.NoError(t, err)
	return trace
}

// perform runs the lines of a trace in a world "w" of an adapter.
func perform(t testing.TB, c process.Config, text string) []models.Response {
	t.Helper()
	l, err := process.Open(t.Context(), c)
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, target.Close()) }()
	w, err := target.Open(t.Context(), "w")
	require.NoError(t, err)
	var out []models.Response
	for i, op := range parse(t, text).Ops {
		r, err := w.Apply(t.Context(), models.Call{Step: i + 1, Op: op})
		require.NoError(t, err)
		out = append(out, r)
	}
	require.NoError(t, w.Close())
	return out
}

// script is a trace with the answer to each operation behind it.
func script(t *testing.T, lines ...string) []models.Response {
	t.Helper()
	var trace, answers []string
	for _, l := range lines {
		op, answer, said := strings.Cut(l, "  ")
		trace = append(trace, op)
		if said {
			answers = append(answers, strings.TrimSpace(answer))
		}
	}
	return perform(t, fake(t, "script", scriptVariable+"="+strings.Join(answers, "\n")), strings.Join(trace, "\n"))
}

const ok = `"outcome":"ok"`

// begun are lines that make alice, bob, dr1 and b1.
func begun(lines ...string) []string {
	return append([]string{"alice = patient()  " + ok, "bob = patient()  " + ok, "dr1 = clinician()  " + ok, "b1 = alice.book(dr1, audio)  " + ok}, lines...)
}

func last(all []models.Response) models.Response { return all[len(all)-1] }

func TestWhoseARowIsIsReadFromItsTitle(t *testing.T) {
	r := last(script(t, begun(`bob.list()  "outcome":"ok","status":200,"listing":{"total":3,"rows":[`+
		`{"id":"17","title":"Video: xk-w-b1","subject":"bob","mode":"video","segment":1,"size":256},`+
		`{"id":"18","title":"xk-other-b1","subject":"user-9","page":2},{"id":"19","subject":null,"page":2},{"id":"20"}]}`)...))
	total := 3
	require.Equal(t, &models.Listing{Pages: 2, Total: &total, Rows: []models.Row{
		{ID: "17", Recording: "b1.r1", Tag: models.Tag{World: "w", Booking: "b1"}, Subject: "bob", Mode: models.Video, Segment: 1, Size: 256, Page: 1},
		{ID: "18", Tag: models.Tag{World: "other", Booking: "b1"}, Subject: models.Somebody, Page: 2},
		{ID: "19", Recording: "?1", Subject: models.Nobody, Page: 2},
		{ID: "20", Recording: "?2", Page: 1},
	}}, r.Listing)
}

func TestTheRecordingsOfACompletedConsultationAreLearntAndAskedForByTheirIDs(t *testing.T) {
	all := script(t, begun(
		`alice.play(b1.r1)`,
		`alice.join(b1)  "outcome":"ok","encounter":{"status":"in-progress","segment":1,"recordings":[{"id":"x"}]}`,
		`alice.play(b1.r1)`,
		`alice.leave(b1)  "outcome":"ok","encounter":{"status":"completed","recordings":[{"id":"32","segment":2},{"id":"31","segment":1}]}`,
		`alice.get(b1.r2)  "outcome":"ok","row":{"id":"32"}`,
		`alice.delete(b1.r2)  `+ok,
		`alice.get(b1.r2)  "outcome":"missing","status":404,"reason":"recording 32\nnot found","detail":"32"`,
	)...)
	require.Equal(t, models.Unbound, all[4].Outcome, "before there was an id")
	require.Equal(t, models.Unbound, all[6].Outcome, "while it goes on")
	require.Equal(t, &models.Encounter{Status: models.InProgress, Segment: 1}, all[5].Encounter)
	require.Equal(t, models.Handle("b1.r2"), all[8].Row.Recording)
	require.Equal(t, models.Response{Outcome: models.Missing, Status: 404, Reason: "recording ID not found", Detail: "32", Requests: 1}, last(all))
}

func TestMediaIsReadForItsTags(t *testing.T) {
	r := last(script(t, begun(`bob.play(?1)  "outcome":"ok","content":{"body":"eGstdy1iMS03LTAuLi4uLi4uLi4uLi4uLi4uLi4uLi4=","from":0,"total":256}`)...))
	require.Equal(t, &models.Content{Length: 32, Total: 256, Pieces: []models.Piece{{Tag: models.Tag{World: "w", Booking: "b1", Moment: 7}, To: 32}}}, r.Content)
}

func TestTheTextOfARefusalIsNoMedia(t *testing.T) {
	require.Nil(t, last(script(t, begun(`bob.play(?1)  "outcome":"missing","status":404,"content":{"body":"bm90IGZvdW5k"}`)...)).Content)
	require.Nil(t, last(script(t, begun(`bob.play(?1)  "outcome":"unknown","status":500,"content":{"body":"bm90IGZvdW5k"}`)...)).Content)
	brokeOff := last(script(t, begun(`bob.play(?1)  "outcome":"unknown","status":200,"content":{"body":"bm90IGZvdW5k"}`)...))
	require.Equal(t, &models.Content{Length: 9, Total: -1, Stray: 9}, brokeOff.Content)
}

func TestAnAuditTrailNamesWhoIsKnown(t *testing.T) {
	all := script(t, begun(
		`alice.leave(b1)  "outcome":"ok","encounter":{"recordings":[{"id":"31"}]}`,
		`alice.audit()  "outcome":"ok","audit":[{"who":"bob","whose":"alice","recording":"31","level":"viewed"},`+
			`{"who":null,"whose":"user-7","recording":"99","level":"presented"},{"who":"anyone","whose":null,"level":"previewed"}]`)...)
	require.Equal(t, []models.Access{
		{Who: "bob", Whose: "alice", Recording: "b1.r1", Level: models.Viewed},
		{Who: models.Anyone, Whose: models.Somebody, Level: models.Presented},
		{Who: models.Anyone, Whose: models.Nobody, Level: models.Previewed},
	}, last(all).Audit)
}

func TestANoticeGivesARecordingNoName(t *testing.T) {
	r := last(script(t, begun(`alice.inbox()  "outcome":"ok","listing":{"rows":[{"id":"31","title":"xk-w-b1"}]}`)...))
	require.Equal(t, []models.Row{{ID: "31", Tag: models.Tag{World: "w", Booking: "b1"}, Page: 1}}, r.Listing.Rows)
}

func TestAListThatHasMoreIsTruncatedAndAPageLeadsOn(t *testing.T) {
	all := script(t, begun(
		`bob.list()  "outcome":"ok","listing":{"rows":[],"more":true}`,
		`c1 = bob.page(limit=1)  "outcome":"ok","listing":{"rows":[{"id":"1"}],"more":true}`,
		`alice.follow(c1)  "outcome":"ok","listing":{"rows":[{"id":"1"}]}`)...)
	require.Equal(t, &models.Listing{Rows: []models.Row{}, Pages: 1, Truncated: true}, all[4].Listing)
	require.True(t, all[5].Listing.More)
	require.Equal(t, 2, all[6].Listing.Rows[0].Page)
}

func TestWhatTheServiceNeverGaveIsNotAskedFor(t *testing.T) {
	all := script(t,
		`alice = patient()  "outcome":"unknown"`, `alice.list()`, `bob = patient(email=alice)`,
		`dr1 = clinician()  "outcome":"denied"`, `carol = patient()  `+ok, `b1 = carol.book(dr1, audio)`, `carol.join(b1)`,
		`l1 = carol.link(?1)  "outcome":"missing"`, `anyone.open(l1)`, `carol.list()  "outcome":"unbound"`)
	for i, want := range []models.Outcome{models.Unknown, models.Unbound, models.Unbound, models.Denied, models.OK, models.Unbound, models.Unbound,
		models.Missing, models.Unbound, models.Unbound} {
		require.Equal(t, want, all[i].Outcome, "step %d", i+1)
	}
	require.Zero(t, last(all).Requests)
}

func TestWhatTheAdapterDeclaresIsItsCapabilities(t *testing.T) {
	want := models.ReferencePolicy().Undeclared()
	want.MinAge = 18
	want.Choices, _ = want.Choices.Choose("drop", "leaves")
	want.Access, _ = want.Access.With("deletion", "hidden")
	for _, fresh := range []bool{true, false} {
		c := fake(t, "agrees")
		if !fresh {
			c.Env = append(c.Env, freshVariable+"=no")
		}
		c.Name = ""
		l, err := process.Open(t.Context(), c)
		require.NoError(t, err)
		require.Equal(t, "process:acme", l.Name())
		require.Equal(t, "acme 1.2", l.Service())
		require.Equal(t, fresh, l.Fresh())
		require.Equal(t, want, l.Capabilities().Policy)
		require.True(t, l.Capabilities().Supports(models.KindList))
		require.Equal(t, fresh, l.Capabilities().Supports(models.KindRestart), "others may use a service that is not fresh")
		require.Equal(t, fresh, l.Capabilities().Supports(models.KindReplays))
		require.NoError(t, l.Close())
	}
}

func TestWhatAnAdapterTellsOfCachesIsTakenAsFarAsItGoes(t *testing.T) {
	const listing = `bob.list()  "outcome":"ok","status":200,"listing":{"rows":[]}`
	for told, want := range map[string]models.Caching{
		``:                           {Authentication: models.Untold},
		`,"cacheControl":""`:         {},
		`,"cacheControl":"no-store"`: {CacheControl: "no-store"},
		`,"authentication":"cookie"`: {Authentication: models.ByCookie},
		`,"authentication":"link","cacheControl":"private","caches":{"age":"7","vary":"Cookie"}`: {Authentication: models.ByLink, CacheControl: "private",
			Caches: &models.CacheHeaders{Age: "7", Vary: "Cookie"}},
	} {
		require.Equal(t, want, last(script(t, begun(listing+told)...)).Caching, told)
	}
	withoutStatus := last(script(t, begun(`bob.list()  "outcome":"ok","listing":{"rows":[]}`)...))
	require.Equal(t, models.Caching{}, withoutStatus.Caching, "a service that does not speak HTTP")
}
