// Package wording has the words that every report uses: counts with their nouns,
// durations, lists, and words that a shell reads back.
package wording
