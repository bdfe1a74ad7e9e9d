// Package history is what happened when a trace was run.
//
//   - [History] holds one [Event] for each operation performed, in order. Events
//     are appended, never edited.
//   - [Log] writes histories while they happen, as lines of JSON, so that a hang or
//     a kill leaves what there was; [ReadLog] and [EachHistory] read them back.
//   - [Describe] says in a few words what a violation of a history is.
//
// Only package judge makes histories. Everything behind it reads them.
package history
