package models

// obstacle is what may stand in the way of an operation in a state: why the
// reference refuses it, or why another service might. What a service must do about
// each is the table of obstacles, the one place that says what must be refused.
type obstacle uint8

// The obstacles, in the order of their table.
const (
	nothing obstacle = iota
	withoutToken
	endedAlready
	replaysOff
	underAge
	addressInUse
	accountClosed
	accountTaken
	accountBack
	ofClinician
	visitRunning
	visitPlanned
	bookedByClinician
	withNoClinician
	withoutGroups
	unfitGuest
	slotTaken
	notTheirVisit
	guestOfAppointment
	proxyInVisit
	visitBegun
	visitOver
	visitCancelled
	thereAlready
	notThere
	patientEnds
	noRight
	deleted
	binned
	linkNotByPatient
	neverThere
	behindTheEnd
	linkNeedsToken
	linkClosed
	linkClosedToo
	linkOfLoggedOut
	linkUncertain
	othersCursor
	ownCursor
	notTheirPatient
	deletedAlready
	nothingThere
	namedByClinician
	clinicianOrSelf
	closedPeer
	askedByClinician
	grantPending
	visitGoesOn
)

// obstacleRow is what is known of an obstacle.
type obstacleRow struct {
	// when says when it stands in the way, behind "refused": in the guide.
	when string
	// outcome is how the reference refuses, or OK where it does not; ofPolicy is how
	// the policy says that strangers are refused.
	outcome Outcome
	// rule demands that every service refuses: guard stands for the one that guards
	// what operations of the kind act on. Where none does a service may do either, and
	// what it answers says which: the states follow it.
	rule string
}

const (
	ofPolicy Outcome = ""
	guard    string  = "guard"
)

// obstacleRows are indexed by obstacle. What keeps people apart, or was declared,
// is demanded; what is a service's own choice towards those whose account, visit or
// recording it is, is not.
var obstacleRows = [...]obstacleRow{
	nothing:            {outcome: OK},
	withoutToken:       {"without a token, with a revoked one, after `close`", Denied, "AUTH-1"},
	endedAlready:       {"to one who has done so already", Denied, ""},
	replaysOff:         {"while replays are switched off, or shows nothing", Unavailable, "KILL-1"},
	underAge:           {"below `policy.min_age`", Invalid, "REFUSE-1"},
	addressInUse:       {"with the e-mail address of an open account (they stay two people)", Conflict, ""},
	accountClosed:      {"after `close`, without `policy.reopening`", Denied, "REFUSE-1"},
	accountTaken:       {"after `close`, when another has the address, with `policy.reopening`", Denied, ""},
	accountBack:        {"after `close`, with `policy.reopening`", OK, ""},
	ofClinician:        {"to a clinician", Denied, ""},
	visitRunning:       {"while a visit that they are booked into is in progress (it ends, or goes on without them)", Conflict, ""},
	visitPlanned:       {"while an appointment is planned (else it is cancelled)", OK, ""},
	bookedByClinician:  {"to a clinician (who then has the patient's place)", Denied, ""},
	withNoClinician:    {"with one who is no clinician, or has closed the account", Invalid, ""},
	withoutGroups:      {"with a second patient, without `policy.groups`", Invalid, "REFUSE-1"},
	unfitGuest:         {"with a second patient who is the caller, a clinician or has closed the account", Invalid, ""},
	slotTaken:          {"to a slot that a planned or running appointment has (there are two then)", Conflict, ""},
	notTheirVisit:      {"to strangers", ofPolicy, guard},
	guestOfAppointment: {"to the second patient", Denied, guard},
	proxyInVisit:       {"to a proxy", Denied, guard},
	visitBegun:         {"once the visit has begun", Conflict, ""},
	visitOver:          {"once the visit is over", Conflict, ""},
	visitCancelled:     {"once the appointment is cancelled", Conflict, ""},
	thereAlready:       {"to one who is there already", Conflict, ""},
	notThere:           {"to a participant who is not there: before the visit, not joined, left, dropped, or it is over", Conflict, ""},
	patientEnds:        {"to patients, without `policy.patient_may_end`", Denied, ""},
	noRight:            {"to all who have no right to the recording", ofPolicy, guard},
	deleted:            {"of what was deleted, and what a closed account had", ofPolicy, "GONE-1"},
	binned:             {"of what is in a bin, with `policy.deletion: bin`", ofPolicy, ""},
	linkNotByPatient:   {"to all but the patient, with `policy.linking.makers: patient`", Denied, "REFUSE-1"},
	neverThere:         {"of a recording that never existed", ofPolicy, "REFUSE-1"},
	behindTheEnd:       {"of a range that begins behind the end (the whole is delivered: RFC 9110, section 14.2)", Invalid, ""},
	linkNeedsToken:     {"without a token, where links are personal", Denied, "LINK-1"},
	linkClosed:         {"when its maker has logged out, closed the account or may not see the recording any more, and where links are personal to all others", ofPolicy, "LINK-1"},
	linkClosedToo:      {"with a revoked token, when the link is closed", Denied, "LINK-1"},
	linkOfLoggedOut:    {"with a revoked token, where the link needs none", Denied, ""},
	linkUncertain:      {"when its maker has lost the right and got it again", OK, ""},
	othersCursor:       {"with another's cursor (LIST-1: their rows are never shown)", Invalid, ""},
	ownCursor:          {"with a cursor that has expired", OK, ""},
	notTheirPatient:    {"to clinician, second patient, proxy and those with whom it is shared", Denied, guard},
	deletedAlready:     {"of what the caller has deleted", ofPolicy, ""},
	nothingThere:       {"of what never existed", ofPolicy, ""},
	namedByClinician:   {"to clinicians", Denied, ""},
	clinicianOrSelf:    {"of a clinician (who then has the right) or oneself (without effect)", Invalid, ""},
	closedPeer:         {"of one who has closed the account", Missing, ""},
	grantPending:       {"to whom it was granted, before they accept, with `policy.grants: accepted`", OK, ""},
	visitGoesOn:        {"of a recording of a visit that goes on, with `policy.listed`", OK, ""},
	askedByClinician:   {"to clinicians (else it is empty, or holds what is their own)", Denied, ""},
}

func (b obstacle) row() *obstacleRow { return &obstacleRows[b] }

// accepted reports whether the reference accepts an operation all the same.
func (b obstacle) accepted() bool { return b.row().outcome == OK }

// open reports whether a service may do either.
func (b obstacle) open() bool { return b != nothing && b.row().rule == "" }

// outcome is how the reference answers under a policy.
func (b obstacle) outcome(p *Policy) Outcome {
	if o := b.row().outcome; o != ofPolicy {
		return o
	}
	return p.Refusal
}

// obstacle is what stands in the way of an operation that can be sent: a token that
// is lacking before what depends on its kind.
func (s *State) obstacle(op Operation) obstacle {
	r := rowOf(op.Kind())
	if s.lacksToken(op.Actor(), r) {
		if last, ok := op.(ending); ok && last.ended(s) {
			return endedAlready
		}
		return withoutToken
	}
	if s.off && r.replays && s.policy.closes(r.kind) {
		return replaysOff
	}
	return op.obstacle(s)
}

// ending is an operation after which its caller's token is of no further use.
type ending interface {
	// ended reports whether it was performed already.
	ended(s *State) bool
}

// lacksToken reports whether a caller has no valid token and the operation needs
// one.
func (s *State) lacksToken(actor Handle, r *row) bool {
	return r.sent == UserCredentials && (actor == Anyone || s.user(actor) != nil && !s.loggedIn(actor))
}

// demands is the rule that demands that an operation is refused, or empty.
func (s *State) demands(op Operation) string {
	if !s.bound(op) {
		return ""
	}
	rule := s.obstacle(op).row().rule
	if rule == guard {
		return rowOf(op.Kind()).guardedBy
	}
	return rule
}
