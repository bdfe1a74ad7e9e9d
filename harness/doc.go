// Package harness hunts for traces in which one patient is shown another's
// recording, and reduces them. Data flows one way:
//
//		Mix ──draw──▶ Trace ──Run on a World──▶ History ──Check──▶ Verdict ──Reduce──▶ minimal Trace
//
//	  - [Run] is the only code that performs operations on a service, and the only
//	    maker of a [History].
//	  - [Check] folds the rules of package models over a History. It needs no
//	    service, so that a saved history can be judged again.
//	  - [Judge] is run and check on a fresh service. Confirmation, reduction and
//	    replay go through it.
//	  - [Explore] hunts in a shared world, confirms what it finds and reduces it.
//	  - [Reduce] asks only the Judge.
//	  - [Test] is the entry for Go tests.
//
// What is written from the results is in package report.
package harness
