package clinic_test

import (
	"testing"

	"github.com/stretchr/testify/require"
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
	alice.leave(a).is(200)

	got := alice.list()
	require.Len(t, got, 2)
	require.Equal(t, "one two", string(alice.play(got[0].Id).is(200).body))
	require.Equal(t, "three", string(alice.play(got[1].Id).is(200).body))
	require.Equal(t, got, dr.list())
}
