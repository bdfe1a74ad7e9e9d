// Package terminal writes for people who read a terminal: [Text] is what a run
// found, [Replayed] what one trace showed, [Rules] the table of rules.
package terminal
