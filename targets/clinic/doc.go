// Package clinic is the reference service of crosstalk: a small telehealth backend that shows each patient their own
// Consultation Replays and nobody else's. It is meant to be read. Its parts, from the inside out:
//
//   - care: users, consultations, recordings, and when a consultation may change. No storage, no network, no clock.
//   - store: the same in SQLite, with embedded migrations.
//   - [Authorizer]: who may see which recording. It is decided there and nowhere else.
//   - [Recorder], [Archive], [Consultations]: consultations are held, recorded and replayed. [Grants], [LinkKeeper],
//     [Notifier]: recordings are shared, linked to and announced. [Accounts]: people come and go.
//   - [Service]: the use cases over HTTP, as openapi.yaml describes them; [Server] listens. Before a recording is looked
//     up the [Gate] is asked, before it is shown the [Trail] is told.
//
// Three decisions keep one patient's recording from another. Whose a recording is, is written into its row when it is
// made, and never worked out later from a slot, an appointment or a session. Recordings in the making are kept apart
// from recordings, so that no reader has to remember to ask whether one may be shown yet. And every read goes through
// [Authorizer], which is told who asks; it has no method that answers for everybody, and it remembers nothing.
//
// [Config] exposes these parts as seams. A deployment uses them to keep media in an object store, say, or to put a cache
// in front; package faults uses them to seed one realistic fault each.
package clinic
