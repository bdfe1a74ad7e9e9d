package history

import "github.com/telehealth-conformance/crosstalk/models"

// Fold asks the rules about the answers of a history, one by one, and calls each
// with the index of the event, what the answer was judged by, and the states behind
// it. It returns the states behind the last.
func (h *History) Fold(f *models.Findings, each func(i int, s models.Step, behind []*models.State)) *models.States {
	states := models.NewStates(h.World, &h.Policy)
	for i := range h.Events {
		a := h.Answer(i)
		each(i, states.Observe(&a, f), states.All())
	}
	return states
}

// Answer is the ith answer as the rules are asked about it.
func (h *History) Answer(i int) models.Answer {
	e := &h.Events[i]
	return models.Answer{Call: e.Call, Earlier: e.Earlier, Got: e.Response}
}
