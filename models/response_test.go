package models

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestResponsesAreSummarizedInAFewWords(t *testing.T) {
	rows := func(n int) []Row {
		out := make([]Row, n)
		for i := range out {
			out[i].Recording = RecordingHandle("b1", i+1)
		}
		return out
	}
	foreign := Row{Tag: Tag{World: "w9", Booking: "b3"}}
	for want, r := range map[string]Response{
		"missing":              {Outcome: Missing, Status: 404},
		"unknown":              {Outcome: Unknown},
		"unknown (502)":        {Outcome: Unknown, Status: 502},
		"ok []":                {Outcome: OK, Listing: &Listing{}},
		"ok [w9:b3 ?]":         {Outcome: OK, Listing: &Listing{Rows: []Row{foreign, {}}}},
		"ok [b1.r1] truncated": {Outcome: OK, Listing: &Listing{Rows: rows(1), Truncated: true}},
		"ok [b1.r1 b1.r2 b1.r3 b1.r4 b1.r5 b1.r6 b1.r7 b1.r8 and 2 more]": {Outcome: OK, Listing: &Listing{Rows: rows(10)}},
		"ok b1.r1":              {Outcome: OK, Row: &rows(1)[0]},
		"ok 100 of 256 bytes":   {Outcome: OK, Content: &Content{Length: 100, Total: 256}},
		"ok 512 bytes b1 b2 b1": {Outcome: OK, Content: &Content{Length: 512, Total: -1, Pieces: []Piece{{Tag: Tag{Booking: "b1"}}, {Tag: Tag{Booking: "b1"}}, {Tag: Tag{Booking: "b2"}}, {Tag: Tag{Booking: "b1"}}}}},
		"ok in-progress video":  {Outcome: OK, Encounter: &Encounter{Status: InProgress, Mode: Video}},
		"ok audio":              {Outcome: OK, Encounter: &Encounter{Mode: Audio}},
		"ok":                    {Outcome: OK, Encounter: &Encounter{}},
	} {
		require.Equal(t, want, r.String())
	}
}

func TestOnlyFourOutcomesAreRefusals(t *testing.T) {
	for outcome, want := range map[Outcome]bool{OK: false, Denied: true, Missing: true, Invalid: true, Conflict: true, Unavailable: false, Unknown: false, Unbound: false} {
		require.Equal(t, want, outcome.Refused(), outcome)
	}
}

func TestCapabilitiesWithoutOperationsSupportAll(t *testing.T) {
	require.True(t, Capabilities{}.Supports(KindEnd))
	some := Capabilities{Operations: []Kind{KindList}}
	require.True(t, some.Supports(KindList))
	require.False(t, some.Supports(KindEnd))
}

func TestSimplerOperationsAreOfTheSameKindAndShorter(t *testing.T) {
	for seed := range uint64(100) {
		for _, op := range randomTrace(seed, 40).Ops {
			seen := map[Operation]bool{op: true}
			for _, s := range Simpler(op) {
				require.False(t, seen[s], "%s of %s is there twice", s, op)
				seen[s] = true
				require.Equal(t, op.Kind(), s.Kind())
				require.Equal(t, op.Defines(), s.Defines())
				require.Equal(t, op.Uses().Booking(), s.Uses().Booking())
				_, isPage := op.(Page)
				require.True(t, len(s.String()) < len(op.String()) || s.Uses() != op.Uses() || isPage && s.String() < op.String(), "%s of %s", s, op)
				require.NotContains(t, Simpler(s), op, "what is simpler has come to an end")
			}
		}
	}
}

func TestThePlainestReadIsOfTheFirstRecordingAndWhole(t *testing.T) {
	on := func(h Handle) OnRecording { return OnRecording{"alice", h} }
	require.Equal(t, []Operation{Play{OnRecording: on("b1.r1")}, Play{OnRecording: on("b1.r3")}, Play{on("b1.r1"), Range{0, 100}}},
		Simpler(Play{on("b1.r3"), Range{0, 100}}))
	require.Equal(t, []Operation{Get{on("b2.r1")}}, Simpler(Get{on("b2.r2")}))
	require.Empty(t, Simpler(Head{on("b2.r1")}))
}

func TestOneOperationParsesByItself(t *testing.T) {
	op, err := ParseOperation("\talice.play(b1.r1, range=0-99) // ok")
	require.NoError(t, err)
	require.Equal(t, Play{OnRecording{"alice", "b1.r1"}, Range{0, 100}}, op)
	for _, line := range []string{"", "// nothing", "alice.dance()", "alice.list("} {
		_, err := ParseOperation(line)
		var syntax *SyntaxError
		require.ErrorAs(t, err, &syntax, line)
		require.Equal(t, 1, syntax.Line)
		require.Contains(t, syntax.Message, "expected")
	}
}
