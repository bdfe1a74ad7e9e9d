package scenarios

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Mix is a named mix of operations.
type Mix struct {
	Name string
	// MinOps and MaxOps are the least and the greatest length of a trace in
	// operations, without its closing sweep. Lengths are drawn evenly.
	MinOps, MaxOps int
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
		MinOps:     16,
		MaxOps:     40,
		Population: models.Population{Patients: 3, Clinicians: 2, Slots: 2},
		Core: []Weight{
			{models.KindBook, 6}, {models.KindJoin, 12}, {models.KindSpeak, 12}, {models.KindLeave, 5},
			{models.KindList, 2},
		},
		Others: []Weight{
			{models.KindPatient, 1}, {models.KindClinician, 1}, {models.KindLogin, 1}, {models.KindLogout, 1},
			{models.KindCancel, 2}, {models.KindDrop, 2}, {models.KindSwitch, 12}, {models.KindEnd, 2},
			{models.KindGet, 2}, {models.KindPlay, 2}, {models.KindHead, 2},
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
