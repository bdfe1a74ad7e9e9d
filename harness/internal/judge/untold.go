package judge

import (
	"fmt"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// UntoldAnswer is an answer that should refuse content and shows none that is known.
type UntoldAnswer struct {
	Kind models.Kind
	// Text says who was answered what, in a line.
	Text string
}

// Untold are such answers of a run.
type Untold struct {
	Count int
	// Kind and Text are those of the one whose text comes first in the alphabet,
	// whatever the order of traces.
	Kind models.Kind
	Text string
}

// untold says what was answered at a step.
func untold(e *history.Event, s *models.Step) UntoldAnswer {
	on, _, _ := models.ReadOf(e.Call.Op)
	whose := "anybody's"
	if owner := s.Before[0].Owner(on.Recording); owner != "" {
		whose = string(owner) + "'s"
	}
	answered := string(e.Response.Outcome)
	if e.Response.Status != 0 {
		answered = fmt.Sprint(e.Response.Status)
	}
	return UntoldAnswer{e.Call.Op.Kind(), fmt.Sprintf("%s was answered %s with %d bytes that are not known to be %s",
		e.Call.Op, answered, e.Response.Content.Length, whose)}
}

func (r *Refused) addUntold(x *UntoldAnswer) {
	if r.Untold == nil {
		r.Untold = &Untold{Kind: x.Kind, Text: x.Text}
	}
	r.Untold.Count++
	if x.Text < r.Untold.Text {
		r.Untold.Kind, r.Untold.Text = x.Kind, x.Text
	}
}
