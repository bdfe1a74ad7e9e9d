package rightful

import (
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// Kind says what a choice asks of whoever judges it.
type Kind string

// The kinds of choices.
const (
	Follows  Kind = "F" // the answer itself says which choice was made
	Repeated Kind = "I" // what is so already is asked for again
	Shown    Kind = "V" // one truth is shown in another way
	Hidden   Kind = "H" // later answers depend on it, and the answer does not say
)

// A Choice is one thing that a service does otherwise than the reference clinic, in the course of a consultation or around
// it, and that is nobody's business but the service's. The clinic declares none of them.
type Choice struct {
	Axis  int    // what is chosen; choices of one axis exclude each other unless they are of different subjects
	About string // the axis in words
	Kind  Kind
	Slug  string // its name
	What  string // what the clinic does

	make func(*care.Choices)
}

// Apply makes a configuration that of a clinic with the choice, and with those it had before.
func (c Choice) Apply(to *clinic.Config) { c.make(&to.Choices) }

// Choices returns every choice, by axis, always in the same order.
func Choices() []Choice {
	return slices.Concat(ofAppointments(), ofPresence(), ofSwitches(), ofRecordings(), ofReading(), ofPeople())
}

// FindChoice returns the choice with a name.
func FindChoice(slug string) (Choice, error) {
	all := Choices()
	i := slices.IndexFunc(all, func(c Choice) bool { return c.Slug == slug })
	if i < 0 {
		return Choice{}, fmt.Errorf("unknown choice %q", slug)
	}
	return all[i], nil
}

// Slugs are the names of choices.
func Slugs(choices []Choice) []string {
	names := make([]string, len(choices))
	for i, c := range choices {
		names[i] = c.Slug
	}
	return names
}

// An Omission is a choice that is not built, and why.
type Omission struct {
	Axis   int
	What   string
	Reason string
}

// Omissions returns the choices that are not built.
func Omissions() []Omission {
	const waiting, asking, together = "nothing can be waited for in a trace", "no operation says it", "nothing happens at the same time in a trace"
	return []Omission{
		{2, "An account counts when its address is confirmed.", asking},
		{5, "A moved appointment has another id.", "a trace has one name for an appointment"},
		{6, "The practitioner lets each in.", asking},
		{7, "A lost connection is a departure after a time.", waiting},
		{9, "An encounter is completed a time after the last has left.", waiting},
		{11, "The service ends an encounter.", asking},
		{14, "The service switches.", asking},
		{16, "Recordings are cut where somebody stops and starts them.", asking},
		{19, "What is recorded somebody starts by a button.", asking},
		{20, "A recording is there when it is processed.", "that is the service lagging, which declares how long"},
		{22, "Voices at the same time are mixed.", together},
		{22, "Voices at the same time have a file each.", together},
		{23, "Recordings are deleted after some days.", waiting},
		{24, "A total is an estimate.", "nobody could tell it from one that counts others' recordings: that is the service estimated-totals, which declares it"},
		{27, "An export is made later.", asking},
		{41, "A session lasts some time.", waiting},
	}
}
