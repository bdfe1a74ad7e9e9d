package models

import "slices"

// Axis is a choice about the life of a visit that is a service's own and that its
// answers do not tell at once: later answers depend on it.
type Axis struct {
	// Key names it in a policy.
	Key string
	// Words say for a report what is chosen: "who starts a visit".
	Words string
	// Values are those that are told apart, that of the reference first.
	Values []AxisValue
	// Question is what tells them apart, as a trace for alice, a patient who has
	// booked b1 with dr1, and bob, another.
	Question string
}

// AxisValue is one way to choose.
type AxisValue struct {
	Key   string // as in a policy
	Words string // for a report: "the first to join"
}

// value returns the index of a value, or -1.
func (a *Axis) value(key string) int {
	return slices.IndexFunc(a.Values, func(v AxisValue) bool { return v.Key == key })
}

// axis is the index of an axis in the table.
type axis uint8

// The axes. How long a recording is kept, how long a session lasts, and a moved
// appointment that gets another id are axes, too: the language has no operation
// yet that tells their values apart.
const (
	starts axis = iota
	drops
	completes
	completion
	switching
	recorded
	listed
	grants
	sessions
	visits
	// What follows is a service's own, too, where it accepts what the reference
	// refuses. It is neither declared nor reported.
	outside
	rejoined
	numAxes
)

// The values of each axis, in the order of the table.
const (
	startsFirst uint8 = iota
	startsClinician
)
const (
	dropWaits uint8 = iota
	dropLeaves
	dropTimeout
)
const (
	completesLast uint8 = iota
	completesAnybody
	completesClinician
)
const (
	completionAtOnce uint8 = iota
	completionLater
	completionEnd
)
const (
	switchAtOnce uint8 = iota
	switchAccepted
	switchCaller
)
const (
	recordedAll uint8 = iota
	recordedClinician
	recordedBoth
	recordedVideo
	recordedNever
)
const (
	listedCompleted uint8 = iota
	listedSegment
	listedRunning
)
const (
	grantsAtOnce uint8 = iota
	grantsAccepted
)
const (
	sessionsSurvive uint8 = iota
	sessionsEnd
)
const (
	visitsGoOn uint8 = iota
	visitsAllOut
	visitsEnd
	visitsLost
)

const (
	outsideRecorded uint8 = iota
	outsideIgnored
)
const (
	rejoinedStays uint8 = iota
	rejoinedLater
)

// axes is the table of axes.
var axes = [numAxes]Axis{
	starts: {"starts", "who starts a visit", []AxisValue{
		{"first", "the first to join"},
		{"clinician", "the clinician; others wait"},
	}, "alice.join(b1); alice.speak(b1)"},
	drops: {"drop", "what a lost connection is", []AxisValue{
		{"waits", "the visit waits, without limit"},
		{"leaves", "a leaving, at once"},
		{"timeout", "a leaving, after a time"},
	}, "alice.join(b1); alice.drop(b1); dr1.join(b1)"},
	completes: {"completes", "whose leaving completes a visit", []AxisValue{
		{"last", "that of the last who is there"},
		{"anybody", "anybody's"},
		{"clinician", "the clinician's"},
	}, "alice.join(b1); dr1.join(b1); alice.leave(b1); alice.join(b1); dr1.leave(b1)"},
	completion: {"completion", "when a visit is completed that all have left", []AxisValue{
		{"atOnce", "at once"},
		{"later", "after a time"},
		{"end", "when somebody ends it"},
	}, "alice.join(b1); alice.speak(b1); alice.leave(b1); alice.list()"},
	switching: {"switch", "when a switch of mode takes effect", []AxisValue{
		{"atOnce", "at once, for everybody"},
		{"accepted", "when the other side accepts"},
		{"caller", "for the caller alone"},
	}, "alice.join(b1); dr1.join(b1); alice.switch(b1, audio); dr1.speak(b1)"},
	recorded: {"recorded", "what is recorded", []AxisValue{
		{"all", "whatever is spoken"},
		{"clinician", "from when the clinician is there"},
		{"both", "while patient and clinician are there"},
		{"video", "what is spoken in video mode"},
		{"never", "nothing, unless somebody asks for it"},
	}, "alice.join(b1); alice.speak(b1); dr1.join(b1); alice.drop(b1); dr1.speak(b1); dr1.end(b1); alice.list(); dr1.list()"},
	listed: {"listed", "when a recording is listed", []AxisValue{
		{"completed", "once the visit is completed"},
		{"segment", "at the end of each stretch"},
		{"running", "while the visit goes on"},
	}, "alice.join(b1); alice.speak(b1); alice.list(); alice.switch(b1, audio); alice.list()"},
	grants: {"grants", "when a share or the appointment of a proxy counts", []AxisValue{
		{"atOnce", "at once"},
		{"accepted", "when the other accepts"},
	}, "alice.appoint(bob); bob.list()"},
	sessions: {"sessions", "what a restart does to sessions", []AxisValue{
		{"survive", "they live on"},
		{"end", "they end"},
	}, "service.restart(); alice.list()"},
	visits: {"visits", "what a restart does to visits that go on", []AxisValue{
		{"goOn", "they go on"},
		{"allOut", "they go on, and everybody is out"},
		{"end", "they end, with their recordings"},
		{"lost", "they end, and their recordings are lost"},
	}, "alice.join(b1); alice.speak(b1); service.restart(); alice.join(b1); alice.leave(b1); alice.list()"},
	outside: {"outside", "what becomes of media from one who is not there", []AxisValue{
		{"recorded", "it is recorded"},
		{"ignored", "it is not"},
	}, "alice.join(b1); dr1.speak(b1)"},
	rejoined: {"rejoined", "what becomes of the recordings of a visit that goes on", []AxisValue{
		{"stays", "they stay"},
		{"later", "they are there when it is completed again"},
	}, "alice.join(b1); alice.speak(b1); alice.leave(b1); alice.join(b1); alice.list()"},
}

// Axes lists the axes that can be declared, in a fixed order.
func Axes() []Axis { return slices.Clone(axes[:outside]) }

// axisByKey finds an axis.
func axisByKey(key string) (axis, bool) {
	i := slices.IndexFunc(axes[:], func(a Axis) bool { return a.Key == key })
	return axis(max(i, 0)), i >= 0
}
