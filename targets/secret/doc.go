// Package secret takes secrets out of texts, in every form in which they may be
// met: plain, escaped for a URL, JSON, HTML, Markdown, a shell or Go, and in base64, alone
// or within something longer.
//
// A [Set] is the secrets of one world and is used at the source, for what a
// target tells. A [Net] is those of a whole run: everything that is written, into
// files and on the terminal, goes through one of its writers. What is put for a
// secret names it; see [Placeholder].
package secret
