// Package report writes down what a run of the harness found. Nothing upstream
// reads it.
//
//   - [Text], [Replayed] and [Reduced] are for people: what leaked to whom, the
//     trace that shows it, and the command that shows it again.
//   - [Results] is for programs: the documented content of results.json.
//     [Schemas] are the JSON Schemas of what is written for programs.
//   - [JUnit] is for CI servers, a test case for each rule; [SARIF] is for code
//     scanning, and [Summary] for the page of a job.
//   - [HAR] has the requests of the minimal trace, without the secrets, which a
//     [Redactor] takes out; [ReproShell] and [ReproGo] send them again without
//     crosstalk.
//   - [Rules] and [Faults] are tables.
//   - [Dir] is the directory of a run, kept readable while the run goes on, and
//     [WriteAll] writes every report into one.
//   - [Read] reads a run back and judges it again: a [Saved] run. [Compare] says
//     what changed between two.
//
// But for directories, all are pure: they take a value and write to an [io.Writer].
package report
