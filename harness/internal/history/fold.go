package history

import "github.com/telehealth-conformance/crosstalk/models"

// Answers are the answers of a history as the rules are asked about them.
type Answers struct {
	h *History
	// unheard says which of them refuse a valid token, nil for none.
	unheard []bool
}

// Answers are those of the history.
func (h *History) Answers() Answers { return Answers{h, h.unheard()} }

// At is the ith answer.
func (a Answers) At(i int) models.Answer {
	e := &a.h.Events[i]
	return models.Answer{Call: e.Call, Earlier: e.Earlier, Got: e.Response, Unheard: a.unheard != nil && a.unheard[i]}
}

// Fold asks the rules about the answers, one by one, and calls each with the index
// of the event, what the answer was judged by, and the states behind it. It returns
// the states behind the last.
func (a Answers) Fold(f *models.Findings, each func(i int, s models.Step, behind []*models.State)) *models.States {
	states := models.NewStates(a.h.World, &a.h.Policy)
	for i := range a.h.Events {
		answer := a.At(i)
		each(i, states.Observe(&answer, f), states.All())
	}
	return states
}

// Fold is that of the history's answers.
func (h *History) Fold(f *models.Findings, each func(i int, s models.Step, behind []*models.State)) *models.States {
	return h.Answers().Fold(f, each)
}
