// Package models says what a telehealth service is: who exists, what they may
// do, what a correct service answers, and which rules its answers must keep.
//
// The package is pure. It does no I/O, reads no clock and draws no random
// numbers, and it imports only the standard library, so that a trace can be
// drawn, judged and reduced without asking anything of the world.
//
// The pieces, each in a file of its own:
//
//   - [Handle], [Tag], [Namespace]: symbolic names, and the marks in titles and
//     media from which ownership is read back ([ReadMedia], [FindTag]).
//   - [Operation], [Call], [Trace]: what is done, and the text in which traces
//     are exchanged ([Parse], [Trace.String]).
//   - [Kind]: what is known of operations before any is performed, from a
//     catalogue with a row for each kind ([Kinds], [Shape], [Sentence],
//     [Shows], [PathOf], [RowsOf], [UsedBy], ...), and [Path]: by which way
//     something is shown.
//   - [State]: what a correct service knows, as a value; [State.Expect] says
//     what it answers and [State.Step] what it knows next.
//   - [States]: the states that a service may be in after the answers seen so far.
//     [States.Observe] judges the next in each, and [States.Explain] looks for what
//     explains one that no state allows.
//   - [Policy], [Capabilities]: what a vendor may choose.
//   - [Response]: what a service did answer.
//   - [Rule], [Observation], [Findings]: what an answer must keep.
//   - [Exposure], [Level]: who was shown what of whom, graded.
//
// Targets and scenarios need operations, responses, policies and tags. What else is
// exported is so for the rooms of harness and no promise: it may change with any
// version.
package models
