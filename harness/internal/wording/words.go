package wording

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"
)

// Count is a number with its noun: "1 trace", "12,345 traces".
func Count(n int, noun string) string { return english.Plural(n, noun, "") }

// Grouped is a number with commas: 12,345.
func Grouped(n int) string { return humanize.Comma(int64(n)) }

// Elapsed is a duration in tenths of a second, or in milliseconds below one.
func Elapsed(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}

// Listed joins words: "a", "a and b", "a, b and c".
func Listed(words []string) string { return english.WordSeries(words, "and") }

// Sorted are the keys of a map in order.
func Sorted[M ~map[string]V, V any](m M) []string { return slices.Sorted(maps.Keys(m)) }

// OneLine is a text without line breaks or other control characters.
func OneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || c == utf8.RuneError {
			return ' '
		}
		return c
	}, s)
}
