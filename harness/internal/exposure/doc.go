// Package exposure counts who was shown what of whom in a run, for those who
// must say so: the data-protection officer, and the people of the service.
//
//   - [Register] takes in histories and the verdicts on them, one at a time.
//   - [Pack] is what it knows as a value, with pseudonyms unless names are asked
//     for; [Pack.CSV], [Pack.JSON] and [Pack.Article33] write it.
//
// # Who is counted
//
// A person is a handle in the world of one trace: alice of trace 3 and alice of
// trace 4 are two. Persons are counted in the exploration alone. Confirming,
// reducing and certifying repeat what it found on other services, with persons
// of their own: that is evidence of the mechanism and not more people, and is
// counted as replays.
//
// The owner of another trace's recording is found by the tag's world and
// booking, where the register has seen that trace. Where it has not, the
// recording is that of a patient of another test: each of its bookings counts as
// one person in the upper bound, and all bookings of one world as one in the
// lower. A caller without a login ("anyone") and the holder of a revoked token
// are recipients, but nobody can say how many persons they stand for: they are
// listed and not counted.
//
// # What is proven and what is possible
//
// Proven is what the answer itself shows:
//
//   - tag: a tag of the owner's consultation came back, in a title or in media;
//   - id: the recording's own id came back, in a row or an audit trail;
//   - acknowledged: the service answered that it did what only the owner may do,
//     or told the size of a recording.
//
// Possible is what cannot be ruled out:
//
//   - untagged: the request was answered, and nothing in the answer says whose it
//     was: media without a tag, an accepted request with an empty answer;
//   - link: a playback link was made for a stranger. What they were shown when they
//     followed it counts by itself;
//   - inference: existence or number could be told, but not whose. A total that is
//     too great does not say which recordings it counts;
//   - token: the holder of a revoked token was shown what is its own patient's.
//     The test held that token itself; who holds one in production is not known;
//   - unknown: the answer was lost, cut off or a server error, where something of
//     another's had been asked for, or a listing while recordings of others
//     existed. The level is that of an answer given in full. An operation that
//     had begun when a run was killed is one of these.
//
// # Columns of exposure.csv
//
// One row for each recipient, subject, recording, path and level; RFC 4180 with
// a header. Lists are separated by spaces. A cell that a spreadsheet would take
// for a formula has an apostrophe in front.
//
//	id            E-0001, in order of first exposure
//	certainty     proven or possible
//	evidence      the strongest of the words above
//	level         inferred, presented, previewed, viewed, obtained or controlled
//	path          list, page, get, head, content, thumb, transcript, link, ...
//	recipient     to whom it was shown: P-0001, anyone, or the holder of a token
//	recipient_kind  patient, clinician, anyone or token
//	subject       whose it was: P-0002; empty where nobody can tell
//	recording     R-0001; a consultation where no recording of it is known
//	first_at      first and last time, by the clock of the machine that ran
//	last_at       crosstalk: RFC 3339 in UTC; when the request was sent
//	times         in how many answers
//	bytes         of media in the answer that had most
//	bytes_total   of media in all answers; what was delivered twice counts twice
//	size          of the whole recording in bytes, or 0 where it was not told
//	rules         that were broken
//	steps         TRACE/STEP of the run's history
//	request_ids   X-Request-Id of the requests, as the service's logs know them
//	traceparents  the same in W3C Trace Context
package exposure
