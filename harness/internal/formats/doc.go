// Package formats writes what a run found in the forms that others read.
//
//   - [JUnit] is for CI servers, a test case for each rule; [SARIF] is for code
//     scanning, and [Summary] for the page of a job.
//   - [StatementMarkdown] and [StatementJSON] say what a service was tested for, so
//     that somebody else can repeat it.
//   - [HAR] has the requests of the minimal trace, and [Logs] what the service
//     logged meanwhile, without the secrets.
//   - [Schemas] are the JSON Schemas of what is written for programs.
//
// All are pure: they take a run and write to an [io.Writer]. What is for people at
// a terminal, and results.json, have packages of their own below.
package formats
