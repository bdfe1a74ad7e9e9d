package models

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// cachingCase says what a shared cache may do with an answer.
type cachingCase struct {
	sentence string
	by       Authentication
	control  string
	headers  CacheHeaders
	status   int // 200 where 0
	want     reuse
}

func (c cachingCase) caching() *Caching {
	return &Caching{Authentication: c.by, CacheControl: c.control, Caches: &c.headers}
}

var cachingCases = []cachingCase{
	// Cookies and links: RFC 9111 section 3.
	{sentence: "without any header, an answer with status 200 is stored by heuristics (section 4.2.2)", by: ByCookie, want: reused},
	{sentence: "so is a part of a whole", by: ByLink, status: 206, want: reused},
	{sentence: "one with status 201 is not (RFC 9110 section 15.1)", by: ByCookie, status: 201, want: notStored},
	{sentence: "unless it says for how long", by: ByCookie, status: 201, control: "max-age=60", want: reused},
	{sentence: "max-age lets a shared cache store it (section 5.2.2.1)", by: ByCookie, control: "max-age=60", want: reused},
	{sentence: "public lets everybody store it (section 5.2.2.9)", by: ByLink, control: "public", want: reused},
	{sentence: "s-maxage is for shared caches (section 5.2.2.10)", by: ByLink, control: "public, s-maxage=600", want: reused},
	{sentence: "must-revalidate says nothing of what is fresh (section 5.2.2.2)", by: ByCookie, control: "must-revalidate, max-age=60", want: reused},
	{sentence: "no-transform says nothing of storing (section 5.2.2.6)", by: ByCookie, control: "no-transform", want: reused},
	{sentence: "an unknown directive is ignored (section 5.2.3)", by: ByCookie, control: "immutable, x=y", want: reused},

	// no-store: section 5.2.2.5.
	{sentence: "no-store forbids storing", by: ByCookie, control: "no-store", want: notStored},
	{sentence: "names of directives have no case (section 5.2)", by: ByLink, control: "No-Store", want: notStored},
	{sentence: "no-store stands before public", by: ByCookie, control: "public, max-age=60, no-store", want: notStored},
	{sentence: "no-store is ignored where caches must understand the status (section 5.2.2.3)", by: ByCookie, control: "must-understand, no-store, max-age=60", want: reused},
	{sentence: "no-store within an argument is none", by: ByCookie, control: `x="a, no-store", max-age=60`, want: reused},

	// private: section 5.2.2.7.
	{sentence: "private forbids shared caches", by: ByCookie, control: "private, max-age=60", want: notStored},
	{sentence: "private for a field protects that field alone", by: ByCookie, control: `private="Set-Cookie", max-age=60`, want: reused},
	{sentence: "so it does in the form of a token", by: ByLink, control: "private=Set-Cookie, max-age=60", want: reused},
	{sentence: "and for several fields", by: ByLink, control: `private="Set-Cookie, no-store"`, want: reused},
	{sentence: "private besides private for a field forbids all", by: ByLink, control: `private="Set-Cookie", private`, want: notStored},
	{sentence: "private without the field that it announces forbids all", by: ByCookie, control: `private=""`, want: notStored},

	// no-cache: section 5.2.2.4.
	{sentence: "no-cache has the service asked each time", by: ByCookie, control: "no-cache", want: askedAgain},
	{sentence: "even beside public and s-maxage", by: ByLink, control: "public, s-maxage=60, no-cache", want: askedAgain},
	{sentence: "no-cache for a field protects that field alone", by: ByCookie, control: `no-cache="Set-Cookie", max-age=60`, want: reused},
	{sentence: "what is stale at once has the service asked each time (section 4.2.4)", by: ByCookie, control: "max-age=0, must-revalidate", want: askedAgain},
	{sentence: "also without must-revalidate", by: ByCookie, control: "public, max-age=0", want: askedAgain},
	{sentence: "unless it may be given stale (RFC 5861)", by: ByCookie, control: "max-age=0, stale-while-revalidate=60", want: reused},
	{sentence: "which must-revalidate forbids", by: ByCookie, control: "max-age=0, stale-if-error=60, must-revalidate", want: askedAgain},
	{sentence: "and s-maxage (section 5.2.2.10)", by: ByCookie, control: "s-maxage=0, stale-if-error=60", want: askedAgain},
	{sentence: "s-maxage stands before max-age", by: ByCookie, control: "max-age=60, s-maxage=0", want: askedAgain},
	{sentence: "and max-age=0 does not stand before s-maxage", by: ByCookie, control: "max-age=0, s-maxage=60", want: reused},
	{sentence: "a time to live that is no number is none (section 4.2.1)", by: ByCookie, control: "max-age=soon", want: askedAgain},
	{sentence: "of two the first counts (section 4.2.1)", by: ByCookie, control: "max-age=0, max-age=60", want: askedAgain},
	{sentence: "a quoted time to live is one (section 5.2.2.1)", by: ByCookie, control: `max-age="60"`, want: reused},

	// Expires: section 5.3.
	{sentence: "Expires in the past is stale at once", by: ByCookie, headers: CacheHeaders{ExpiresAfter: "0"}, want: askedAgain},
	{sentence: "Expires in the future is fresh", by: ByCookie, status: 201, headers: CacheHeaders{ExpiresAfter: "60"}, want: reused},
	{sentence: "max-age stands before Expires", by: ByCookie, control: "max-age=60", headers: CacheHeaders{ExpiresAfter: "0"}, want: reused},

	// Authorization: section 3.5.
	{sentence: "Authorization protects an answer that says nothing", by: ByAuthorization, want: notStored},
	{sentence: "and one that says for how long", by: ByAuthorization, control: "max-age=60", want: notStored},
	{sentence: "and one that expires", by: ByAuthorization, headers: CacheHeaders{ExpiresAfter: "60"}, want: notStored},
	{sentence: "but not one that is public", by: ByAuthorization, control: "public", want: reused},
	{sentence: "nor one with s-maxage", by: ByAuthorization, control: "s-maxage=60", want: reused},
	{sentence: "nor one with must-revalidate, while it is fresh", by: ByAuthorization, control: "must-revalidate, max-age=60", want: reused},
	{sentence: "proxy-revalidate does not allow what Authorization forbids", by: ByAuthorization, control: "proxy-revalidate, max-age=60", want: notStored},
	{sentence: "public and no-cache have the service asked", by: ByAuthorization, control: "public, no-cache", want: askedAgain},
	{sentence: "so has s-maxage=0", by: ByAuthorization, control: "s-maxage=0", want: askedAgain},
	{sentence: "private stands before public", by: ByAuthorization, control: "public, private", want: notStored},
	{sentence: "private for a field, and public, do not protect", by: ByAuthorization, control: `public, private="Set-Cookie"`, want: reused},

	// CDN-Cache-Control: RFC 9213.
	{sentence: "a delivery network heeds its own field (section 2.2)", by: ByCookie, control: "no-store", headers: CacheHeaders{CDNCacheControl: "max-age=60"}, want: reused},
	{sentence: "others do not know it", by: ByCookie, control: "public, max-age=60", headers: CacheHeaders{CDNCacheControl: "no-store"}, want: reused},
	{sentence: "both may forbid", by: ByCookie, control: "private", headers: CacheHeaders{CDNCacheControl: "no-store"}, want: notStored},
	{sentence: "Authorization protects from delivery networks, too", by: ByAuthorization, control: "no-store", headers: CacheHeaders{CDNCacheControl: "max-age=60"}, want: notStored},
	{sentence: "unless the field allows it", by: ByAuthorization, control: "no-store", headers: CacheHeaders{CDNCacheControl: "public, max-age=60"}, want: reused},
	{sentence: "Expires does not matter to them (section 2.2)", by: ByCookie, control: "no-store", headers: CacheHeaders{CDNCacheControl: "stale-if-error=60", ExpiresAfter: "0"}, want: reused},
	{sentence: "an empty field is ignored", by: ByCookie, control: "no-store", headers: CacheHeaders{CDNCacheControl: " "}, want: notStored},
	{sentence: "so is one that is no structured field (section 2.1)", by: ByCookie, control: "no-store", headers: CacheHeaders{CDNCacheControl: "Max-Age=60"}, want: notStored},
	{sentence: "a directive may be said not to be there", by: ByCookie, control: "no-store", headers: CacheHeaders{CDNCacheControl: "no-store=?0, max-age=60"}, want: reused},
	{sentence: "or to be there", by: ByCookie, control: "no-store", headers: CacheHeaders{CDNCacheControl: "no-store=?1, max-age=60"}, want: notStored},

	// Vary: section 4.1.
	{sentence: "Vary: Cookie keeps an answer to a cookie from other cookies", by: ByCookie, headers: CacheHeaders{Vary: "Accept-Encoding, cookie"}, want: keyed},
	{sentence: "Vary: Authorization does not", by: ByCookie, headers: CacheHeaders{Vary: "Authorization"}, want: reused},
	{sentence: "Vary: Authorization keeps a public answer from other tokens", by: ByAuthorization, control: "public", headers: CacheHeaders{Vary: "Authorization"}, want: keyed},
	{sentence: "no Vary is for links", by: ByLink, headers: CacheHeaders{Vary: "Cookie, Authorization"}, want: reused},
	{sentence: "but that nothing is alike", by: ByLink, headers: CacheHeaders{Vary: "*"}, want: keyed},

	// Where nobody noted how a request was authenticated.
	{sentence: "nothing but the answer protects it then", by: "", want: reused},
	{sentence: "no-store does", by: "", control: "no-store", want: notStored},
	{sentence: "private does", by: "", control: "max-age=60, private", want: notStored},
	{sentence: "either Vary does", by: "", headers: CacheHeaders{Vary: "Cookie"}, want: keyed},
}

func TestWhatASharedCacheMayDoWithAnAnswer(t *testing.T) {
	for _, c := range cachingCases {
		t.Run(c.sentence, func(t *testing.T) {
			if c.status == 0 {
				c.status = 200
			}
			require.Equal(t, c.want, c.caching().reuse(c.status))
			require.Equal(t, c.want == reused, c.caching().breach(c.status) != "")
		})
	}
}

func TestACacheAtWorkIsABreachOfWhatKeepsAnAnswerFromOthers(t *testing.T) {
	for _, c := range []struct {
		sentence string
		Caching
		breach bool
	}{
		{"an answer that has an age was not given by the service (RFC 9111 section 5.1)", Caching{ByAuthorization, "", &CacheHeaders{Age: "7"}}, true},
		{"some caches write an age of 0 into what they only pass on", Caching{ByAuthorization, "", &CacheHeaders{Age: "0"}}, false},
		{"an age that is no number says nothing", Caching{ByCookie, "no-store", &CacheHeaders{Age: "old"}}, false},
		{"a hit was not asked of the service (RFC 9211 section 2.1)", Caching{ByCookie, "no-cache", &CacheHeaders{CacheStatus: `"Edge 1"; hit; ttl=30`}}, true},
		{"any cache of several", Caching{ByLink, "private", &CacheHeaders{CacheStatus: "origin;fwd=miss, edge;hit"}}, true},
		{"hit may be denied", Caching{ByLink, "private", &CacheHeaders{CacheStatus: "edge;hit=?0"}}, false},
		{"a cache may be called hit", Caching{ByLink, "private", &CacheHeaders{CacheStatus: `hit;fwd=miss;detail="a; hit"`}}, false},
		{"a cache that was told not to has stored (section 2.5)", Caching{ByAuthorization, "", &CacheHeaders{CacheStatus: "edge;fwd=uri-miss;stored"}}, true},
		{"it may store what it is to ask for", Caching{ByCookie, "no-cache", &CacheHeaders{CacheStatus: "edge;fwd=stale;fwd-status=304;stored"}}, false},
		{"it may answer whoever has the same cookie", Caching{ByCookie, "max-age=60", &CacheHeaders{Vary: "Cookie", Age: "7", CacheStatus: "edge;hit"}}, false},
		{"an answer passed on is none of these", Caching{ByCookie, "private", &CacheHeaders{CacheStatus: "edge;fwd=bypass"}}, false},
	} {
		require.Equal(t, c.breach, c.Caching.breach(200) != "", c.sentence)
	}
}

func TestOfSeveralAnswersTheLeastProtectedCounts(t *testing.T) {
	order := []*Caching{{ByCookie, "private", nil}, {ByCookie, "no-cache", nil}, {ByCookie, "", &CacheHeaders{Vary: "Cookie"}}, {ByCookie, "max-age=60", nil}}
	for i, less := range order {
		for j, more := range order {
			require.Equal(t, i < j, more.LessProtected(200, less), "%v, %v", less, more)
		}
	}
	require.True(t, (&Caching{ByCookie, "private", &CacheHeaders{Age: "7"}}).LessProtected(200, order[2]))
}

func TestWhatIsToldOfCachesIsReadBack(t *testing.T) {
	for _, c := range cachingCases {
		r, back := Response{Outcome: OK, Caching: *c.caching()}, Response{}
		require.NoError(t, json.Unmarshal(r.AppendJSON(nil), &back))
		require.Equal(t, r, back)
	}
	var old Response
	require.NoError(t, json.Unmarshal([]byte(`{"outcome":"ok","status":200,"cacheControl":"no-store"}`), &old))
	require.Equal(t, Response{Outcome: OK, Status: 200, Caching: Caching{CacheControl: "no-store"}}, old)
}

func TestJudgingWhatCachesMayDoAllocatesNothing(t *testing.T) {
	for _, c := range cachingCases {
		caching := c.caching()
		if c.control == "No-Store" || c.headers.CDNCacheControl == "Max-Age=60" {
			continue // names are made small
		}
		require.Zero(t, testing.AllocsPerRun(10, func() { caching.breach(200) }), c.sentence)
	}
}

func FuzzDirectives(f *testing.F) {
	for _, c := range cachingCases {
		f.Add(c.control, c.headers.CDNCacheControl, c.headers.Vary, "edge;hit")
	}
	f.Add(`private="a\"b, c`, `a=";";b="\\"`, `,,`, `"a\`)
	f.Fuzz(func(t *testing.T, control, cdn, vary, status string) {
		for _, by := range []Authentication{"", ByAuthorization, ByCookie, ByLink} {
			c := Caching{by, control, &CacheHeaders{CDNCacheControl: cdn, Vary: vary, CacheStatus: status}}
			c.breach(200)
			require.LessOrEqual(t, (&Caching{by, "no-store, private, " + control, nil}).reuse(200), notStored)
			c.Caches.Vary = ""
			require.GreaterOrEqual(t, c.reuse(200), (&Caching{ByAuthorization, control, c.Caches}).reuse(200), "Authorization only protects")
		}
	})
}
