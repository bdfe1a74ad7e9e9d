package wording_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
)

func TestCountsHaveTheirNoun(t *testing.T) {
	require.Equal(t, "0 traces", wording.Count(0, "trace"))
	require.Equal(t, "1 trace", wording.Count(1, "trace"))
	require.Equal(t, "12,345 replays", wording.Count(12_345, "replay"))
	require.Equal(t, "2 histories", wording.Count(2, "history"))
	require.Equal(t, "-1,234,567", wording.Grouped(-1_234_567))
}

func TestWordsAreListedWithoutACommaBeforeTheLast(t *testing.T) {
	require.Equal(t, "", wording.Listed(nil))
	require.Equal(t, "a", wording.Listed([]string{"a"}))
	require.Equal(t, "a and b", wording.Listed([]string{"a", "b"}))
	require.Equal(t, "a, b and c", wording.Listed([]string{"a", "b", "c"}))
}

func TestDurationsAreRounded(t *testing.T) {
	require.Equal(t, "12ms", wording.Elapsed(12_345*time.Microsecond))
	require.Equal(t, "1m2.3s", wording.Elapsed(62_345*time.Millisecond))
}

func TestALineHasNoControlCharacters(t *testing.T) {
	require.Equal(t, "a b   c", wording.OneLine("a\nb\x1b\u2028\xffc"))
}
