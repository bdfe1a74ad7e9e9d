// Package report writes down what a run of the harness found. Nothing upstream
// reads it.
//
//   - [Text], [Replayed] and [Reduced] are for people: what leaked to whom, the
//     trace that shows it, and the command that shows it again.
//   - [Results] is for programs: the documented content of results.json.
//   - [JUnit] is for CI servers, a test case for each rule.
//   - [Rules] and [Faults] are tables.
//   - [Dir] is the directory of a run, kept readable while the run goes on.
//
// All but Dir are pure: they take a value and write to an [io.Writer].
package report
