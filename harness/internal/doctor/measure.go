package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Measured is a choice about the life of a visit that a service was seen to make.
type Measured struct {
	Key, Value string // as in a policy
	// Declared says that the policy has it already.
	Declared bool
}

// course is what a service was seen to choose about the life of a visit.
type course struct {
	declared, seen models.Choices
	// nothing says why nothing was measured, or is empty.
	nothing string
}

// measure asks the service for its choices about the life of a visit, none of which is
// taken for granted. It returns nil where it cannot be asked: the walk tells why.
func measure(ctx context.Context, target targets.Target, world models.Namespace) *course {
	caps := target.Capabilities()
	h, err := judge.Run(ctx, target, world, sessionFor(&caps), nil)
	if err != nil {
		return nil
	}
	out := &course{declared: h.Policy.Choices}
	h.Policy = h.Policy.Undeclared()
	contradiction := ""
	states := h.Fold(models.NewFindings(), func(i int, s models.Step, _ []*models.State) {
		if s.Contradicts && contradiction == "" {
			contradiction = fmt.Sprintf("%s was answered %s", h.Events[i].Call.Op, h.Events[i].Response)
		}
	})
	if contradiction != "" || states.Crowded() {
		out.nothing = unmeasured(contradiction)
		return out
	}
	out.seen = states.Choices()
	return out
}

// policy is a policy with what is declared, or else the first of what is possible: by
// it a service is walked through.
func (c *course) policy(p models.Policy) models.Policy {
	possible := models.Choices{}
	if c != nil {
		possible = c.seen
	}
	for _, a := range models.Axes() {
		if !p.Choices.Decided(a.Key) {
			p.Choices, _ = p.Choices.Choose(a.Key, possible.Of(a.Key)[0])
		}
	}
	return p
}

// judgeChoices says what was seen of each choice. Where the service is not as the
// configuration says nothing is said: its choices would be others.
func (e *examination) judgeChoices(caps *models.Capabilities, c *course) {
	if c == nil || !e.report.Healthy() || !e.registered {
		return
	}
	if c.nothing != "" {
		e.add(Finding{Check: "choices", Status: Untried, Detail: c.nothing})
		return
	}
	for _, a := range models.Axes() {
		e.judgeChoice(caps, &a, c)
	}
}

// unmeasured says why no choice was measured.
func unmeasured(contradiction string) string {
	if contradiction == "" {
		return "too many choices explain what was answered"
	}
	return "no service gives these answers, whatever it chose: " + contradiction + "; crosstalk run tells more"
}

// judgeChoice says what was seen of one choice.
func (e *examination) judgeChoice(caps *models.Capabilities, a *models.Axis, c *course) {
	declared, seen := c.declared, c.seen
	check, what := "policy."+a.Key, lacking(caps, a)
	values := seen.Of(a.Key)
	switch {
	case declared.Decided(a.Key) && !slices.Contains(values, declared.Of(a.Key)[0]):
		e.wrong(check, fmt.Sprintf("%s: %s", a.Words, wordsOf(a, values)), e.place(check, "it says "+wordsOf(a, declared.Of(a.Key))))
	case seen.Decided(a.Key):
		e.works(check, fmt.Sprintf("%s: %s (measured)", a.Words, wordsOf(a, values)))
		e.report.Measured = append(e.report.Measured, Measured{a.Key, values[0], declared.Decided(a.Key)})
	case declared.Decided(a.Key):
		e.works(check, fmt.Sprintf("%s: %s (declared, and possible)", a.Words, wordsOf(a, declared.Of(a.Key))))
	case what != "":
		e.add(Finding{Check: check, Status: Untried, Detail: fmt.Sprintf("%s: not asked, for want of %s", a.Words, what)})
	default:
		e.add(Finding{Check: check, Status: Untried, Detail: fmt.Sprintf("%s: %s; what tells them apart: %s", a.Words, wordsOf(a, values), a.Question)})
	}
}

// wordsOf are the words of some values of an axis.
func wordsOf(a *models.Axis, keys []string) string {
	var words []string
	for _, v := range a.Values {
		if slices.Contains(keys, v.Key) {
			words = append(words, v.Words)
		}
	}
	return strings.Join(words, ", or ")
}
