package rightful

import (
	"math/rand/v2"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

// A Combination is a clinic with several choices.
type Combination []Choice

// Name names the choices.
func (c Combination) Name() string { return strings.Join(Slugs(c), "+") }

// Apply makes a configuration the combination's.
func (c Combination) Apply(to *clinic.Config) {
	for _, choice := range c {
		choice.Apply(to)
	}
}

// A Contradiction is two choices of which a service can make one at a time, and why.
type Contradiction struct {
	One, Other string
	Reason     string
}

// Contradictions returns those between choices of different subjects; of one subject, each two contradict each other.
func Contradictions() []Contradiction {
	return []Contradiction{
		{"anybody-completes", "end-completes", "either a departure completes or none does"},
		{"clinician-completes", "end-completes", "either a departure completes or none does"},
		{"cut-never", "listed-by-stretch", "a recording of the whole is no stretch's"},
		{"label-as-ended", "listed-by-stretch", "how the encounter will end is not known yet"},
		{"label-as-ended", "listed-while-going-on", "how the encounter will end is not known yet"},
		{"restart-loses", "listed-while-going-on", "what is there is not lost"},
		{"clinicians-have-empty", "clinicians-book", "what practitioners have as patients would not be in their export"},
		{"clinicians-have-empty", "clinicians-named", "what is shared with practitioners would not be in their export"},
	}
}

// Contradict tells whether a service can make only one of two choices.
func Contradict(a, b Choice) bool {
	if a.Axis == b.Axis && a.About == b.About {
		return true
	}
	for _, c := range Contradictions() {
		if c.One == a.Slug && c.Other == b.Slug || c.One == b.Slug && c.Other == a.Slug {
			return true
		}
	}
	return false
}

// most is the greatest number of choices in a combination that is drawn.
const most = 8

// Combine draws a combination of two choices or more, the same for the same seed.
func Combine(seed uint64) Combination {
	random := rand.New(rand.NewPCG(seed, 11))
	all := Choices()
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	wanted := 2 + random.IntN(most-1)
	var made Combination
	for _, choice := range all {
		if len(made) < wanted && made.allows(choice) {
			made = append(made, choice)
		}
	}
	return made
}

func (c Combination) allows(choice Choice) bool {
	for _, made := range c {
		if Contradict(made, choice) {
			return false
		}
	}
	return true
}
