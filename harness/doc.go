// Package harness hunts for traces in which one patient is shown another's
// recording, and reduces them. Data flows one way:
//
//	Mix ─draw─▶ Trace ─run─▶ History ─check─▶ Verdict ─reduce─▶ minimal Trace ─▶ reports
//
// [Explore] hunts in a shared world, confirms what it finds and reduces it, and
// returns a [Result]. [Test] is the entry for Go tests. [Replay] runs one trace on
// a fresh service and judges it; [Run] and [Check] are its two halves, for the tests
// of a target. This is all that a vendor needs besides packages models, scenarios
// and targets.
//
// The rooms below internal have a subject each. History, coverage, judge and reduce
// are what exploring is made of. Evidence is what it has shown, and formats, viewer,
// repro, rundir and diff write of it. Exposure counts who was shown what of whom.
// Config, setup, propose and doctor set up the service under test. Proof has what
// was shown of services whose nature is known.
package harness
