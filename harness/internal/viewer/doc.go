// Package viewer writes report.html: one file that shows in a browser, without a
// network, what happened in a run, to whom, and what to do.
//
// [PageOf] makes the [Page] of a run, which is what is shown, and [HTML] writes
// it. The assets are an HTML template, a style sheet and a script without a
// framework. The data goes into the page as one block of JSON; the script puts
// every text of it there as text.
package viewer
