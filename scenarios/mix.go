package scenarios

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Mix is a named mix of operations.
type Mix struct {
	Name string
	// MinOps and MaxOps are the least and the greatest length of a trace in
	// operations, without those of its themes and its closing sweep. Lengths are
	// drawn evenly.
	MinOps, MaxOps int
	// Population bounds who and what comes into being.
	Population models.Population
	// Core are the operations that every trace may use, without which nothing
	// is ever recorded. Of the Others each trace enables a random half: swarm
	// testing (Groce et al., ISSTA 2012). The number is the weight.
	Core, Others []Weight
	// Themes are operations that belong together. Each trace enables each theme
	// one time in ThemeOdds: few enough for two themes to meet, and so many that
	// consultations stay what most traces are about.
	Themes    []Theme
	ThemeOdds int
	// Caps are those of the target for which the mix is: what it cannot send is not
	// drawn. The zero value is a target that can send everything.
	Caps models.Capabilities
	// MaxAfter is the greatest number of operations that are drawn from the
	// enabled themes alone, when the consultations of the trace are over: what
	// is done about recordings is done once there are some.
	MaxAfter int
}

// Theme is a named group of operations that are of use together only.
type Theme struct {
	Name  string
	Kinds []Weight
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
		MaxAfter:   8,
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
		ThemeOdds: 4,
		Themes: []Theme{
			{"rescheduling", []Weight{{models.KindBook, 2}, {models.KindReschedule, 3}, {models.KindCancel, 1}}},
			{"pages", []Weight{{models.KindPage, 6}, {models.KindFollow, 8}}},
			{"derivatives", []Weight{{models.KindThumb, 1}, {models.KindTranscript, 1}}},
			{"links", []Weight{{models.KindLink, 2}, {models.KindOpen, 1}, {models.KindLogout, 1}}},
			{"sharing", []Weight{{models.KindShare, 2}, {models.KindUnshare, 2}}},
			{"proxies", []Weight{{models.KindAppoint, 2}, {models.KindDismiss, 2}}},
			{"deletion", []Weight{{models.KindDelete, 2}}},
			{"accounts", []Weight{{models.KindClose, 1}, {models.KindPatient, 2}}},
			{"records", []Weight{{models.KindExport, 1}, {models.KindInbox, 1}, {models.KindAudit, 1}}},
			{"operations", []Weight{{models.KindReplays, 2}, {models.KindRestart, 1}}},
		},
	}
}

// Only returns the mix without the operations that a target does not support.
func (m Mix) Only(c models.Capabilities) Mix {
	m.Caps = c
	m.Core = supported(m.Core, c)
	m.Others = supported(m.Others, c)
	themes := make([]Theme, len(m.Themes))
	for i, t := range m.Themes {
		themes[i] = Theme{t.Name, supported(t.Kinds, c)}
	}
	m.Themes = themes
	return m
}

// has reports whether the mix has operations of a kind.
func (m Mix) has(k models.Kind) bool {
	return has(m.Core, k) || has(m.Others, k) || slices.ContainsFunc(m.Themes, func(t Theme) bool { return has(t.Kinds, k) })
}

// onTop reports whether operations of a kind are of a theme alone.
func (m Mix) onTop(k models.Kind) bool { return !has(m.Core, k) && !has(m.Others, k) }

func has(all []Weight, k models.Kind) bool {
	return slices.ContainsFunc(all, func(w Weight) bool { return w.Kind == k })
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
