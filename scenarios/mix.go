package scenarios

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Mix is a named mix of operations.
type Mix struct {
	Name string
	// MaxOps is the greatest length of a trace in operations, without its
	// closing sweep. Lengths are drawn evenly.
	MaxOps int
	// Population bounds who and what comes into being.
	Population models.Population
	// Core are the operations that every trace may use, without which nothing
	// is ever recorded. Of the Others each trace enables a random half: swarm
	// testing (Groce et al., ISSTA 2012). The number is the weight.
	Core, Others []Weight
}

// Weight says how often an operation is drawn, in relation to others.
type Weight struct {
	Kind   models.Kind
	Weight int
}

// Consultations is the mix that is used where none is named: consultations of
// few patients with few clinicians, each operation about as often as it occurs
// in a day of a clinic.
func Consultations() Mix {
	return Mix{
		Name:       "consultations",
		MaxOps:     40,
		Population: models.Population{Patients: 3, Clinicians: 2, Slots: 2},
		Core: []Weight{
			{models.KindBook, 2}, {models.KindJoin, 4}, {models.KindSpeak, 6}, {models.KindLeave, 4},
			{models.KindList, 1},
		},
		Others: []Weight{
			{models.KindPatient, 1}, {models.KindClinician, 1}, {models.KindLogin, 1}, {models.KindLogout, 1},
			{models.KindCancel, 1}, {models.KindDrop, 1}, {models.KindSwitch, 6}, {models.KindEnd, 1},
			{models.KindGet, 1}, {models.KindPlay, 1}, {models.KindHead, 1},
		},
	}
}

// Only returns the mix without the operations that a target does not support.
func (m Mix) Only(c models.Capabilities) Mix {
	m.Core = supported(m.Core, c)
	m.Others = supported(m.Others, c)
	return m
}

// has reports whether the mix has operations of a kind.
func (m Mix) has(k models.Kind) bool {
	is := func(w Weight) bool { return w.Kind == k }
	return slices.ContainsFunc(m.Core, is) || slices.ContainsFunc(m.Others, is)
}

func supported(all []Weight, c models.Capabilities) []Weight {
	var out []Weight
	for _, w := range all {
		if c.Supports(w.Kind) {
			out = append(out, w)
		}
	}
	return out
}
