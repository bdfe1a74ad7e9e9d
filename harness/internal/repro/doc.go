// Package repro writes programs that repeat a violation without crosstalk: a
// shell script ([Shell]) and a Go test ([GoTest]). They send the requests of the
// minimal trace again, with the ids, tokens and cookies that the service gives out
// this time, and look at the answer that exposed somebody.
package repro
