// Package wording has the words that every report uses: counts with their nouns,
// durations and lists.
package wording
