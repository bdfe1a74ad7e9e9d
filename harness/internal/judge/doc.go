// Package judge is the one way from a trace to a verdict.
//
//   - [Run] performs a trace on a world of a target. It is the only code that
//     touches a service, and the only maker of a history.
//   - [Check] folds the rules over a history. It needs no service, so that a saved
//     history can be judged again.
//   - [Judge] is both on a fresh service: confirming, reducing and replaying go
//     through it. It remembers what it judged.
//   - [Tally] adds up verdicts, and [Overall] draws the [Conclusion] on a service
//     from those on its rules.
package judge
