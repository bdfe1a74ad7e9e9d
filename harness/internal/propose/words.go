package propose

import (
	"slices"
	"strings"
	"unicode"
)

// wordsOf splits a name such as "listRecordings", "user_id" or "FHIR-Media" into
// lower-case words, each in the singular.
func wordsOf(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, singular(strings.ToLower(string(word))))
			word = word[:0]
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
			continue
		case unicode.IsUpper(r) && i > 0 && beginsWord(runes, i):
			flush()
		}
		word = append(word, r)
	}
	flush()
	return words
}

// beginsWord reports whether the capital at i begins a word: it follows a small
// letter, or is the last of several capitals before one.
func beginsWord(runes []rune, i int) bool {
	return unicode.IsLower(runes[i-1]) || unicode.IsDigit(runes[i-1]) ||
		i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])
}

// singular is a word without the ending of the plural.
func singular(word string) string {
	switch {
	case len(word) < 4 || strings.HasSuffix(word, "ss") || strings.HasSuffix(word, "us") || strings.HasSuffix(word, "is"):
		return word
	case strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"), strings.HasSuffix(word, "ches"):
		return strings.TrimSuffix(word, "es")
	}
	return strings.TrimSuffix(word, "s")
}

// joined is a name's words as one: "user_id" and "userId" are "userid".
func joined(name string) string { return strings.Join(wordsOf(name), "") }

// rank is the place, from 0, of the first of some words in a list of words
// separated by spaces; -1 where there is none.
func rank(list string, words []string) int {
	best := -1
	for i, w := range strings.Fields(list) {
		if slices.Contains(words, w) && best < 0 {
			best = i
		}
	}
	return best
}

// has reports whether one of some words is in a list separated by spaces.
func has(list string, words ...string) bool { return rank(list, words) >= 0 }

// clean makes one printable line, of at most 140 characters, of any text.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar || r == '\uFEFF' {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 140 {
		return string(runes[:139]) + "…"
	}
	return text
}
