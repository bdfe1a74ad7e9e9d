// Package evidence is what a run has shown, for whoever writes of it.
//
//   - [Run] is the value from which every report is written: the result of
//     exploring, how it was called, how it ended.
//   - [Evidence] is a history that breaks a rule: the trace with its answers, and
//     in sentences who was exposed to whom, how far and by which path.
//   - The names of the files of a run's directory.
//
// It writes nothing. The formats, the page and the directory are rooms of their
// own, which read it.
package evidence
