// Package diff says what changed between two saved runs: [Compare] makes a [Diff],
// for people ([Text]) and for programs ([JSON]).
package diff
