package exchange

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestContentRange(t *testing.T) {
	for text, want := range map[string]contentRange{
		"bytes 0-99/512":    {0, 99, 512},
		"bytes 511-511/512": {511, 511, 512},
		"Bytes 5-9/*":       {5, 9, -1},
	} {
		got, ok := parseContentRange(text)
		require.True(t, ok, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "bytes", "bytes ", "bytes */512", "bytes 0-99", "bytes 9-5/512", "bytes 0-512/512", "bytes -5/9",
		"bytes 0-/9", "bytes +0-1/9", "bytes 0--1/9", "bytes 0-1/-9", "bytes 0-1/", "items 0-1/9", "bytes 0-99999999999999999999/*", "bytes=0-1/9"} {
		_, ok := parseContentRange(text)
		require.False(t, ok, text)
	}
}

func FuzzContentRange(f *testing.F) {
	f.Add("bytes 0-99/512")
	f.Add("bytes 0-99/*")
	f.Fuzz(func(t *testing.T, text string) {
		if r, ok := parseContentRange(text); ok {
			require.True(t, 0 <= r.first && r.first <= r.last && (r.total == -1 || r.last < r.total))
		}
	})
}
