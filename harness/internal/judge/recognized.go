package judge

import (
	"errors"
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/coverage"
)

// ErrUnrecognized says that nothing that a service showed said whose it is, in a way
// that is known: what was found means nothing.
var ErrUnrecognized = errors.New("was ever recognized")

// ExitUnrecognized is the exit code of such a run: the configuration is wrong.
const ExitUnrecognized = 3

// leastUnrecognized is the number of answers from which on it means something that
// nothing was recognized in any.
const leastUnrecognized = 3

// Unrecognized is an error where nothing was ever recognized in what should tell
// recordings apart. A violation that was found needs no number of answers: found so it
// is none.
func Unrecognized(c *coverage.Coverage, found bool) error {
	claims := func(r *coverage.Recognition) bool {
		return r.Doubtful() && (found || r.Unknown >= leastUnrecognized)
	}
	switch {
	case claims(&c.Titles):
		return fmt.Errorf("no title %w in %d listings%s: recording.title should read the title that a booking was given, whole and as it was written, "+
			"as in xk-w1-b1, or recording.booking its id; see crosstalk doctor", ErrUnrecognized, c.Titles.Unknown, sampled(&c.Titles))
	case claims(&c.Media):
		return fmt.Errorf("no tag %w in %d recordings that were played%s: operations.play should deliver the media that speak sends, "+
			"byte by byte; see crosstalk doctor", ErrUnrecognized, c.Media.Unknown, sampled(&c.Media))
	}
	return nil
}

func sampled(r *coverage.Recognition) string {
	if r.Sample == "" {
		return ""
	}
	return " (" + r.Sample + ")"
}

// Held reports whether a violation is not to be believed yet: nothing that should be
// was recognized so far.
func Held(c *coverage.Coverage) bool { return c.Titles.Doubtful() || c.Media.Doubtful() }

// Disbelieved are the verdicts on rules where nothing was recognized: what was taken
// for a violation is none, and tells nothing.
func Disbelieved(rules []RuleResult) []RuleResult {
	out := slices.Clone(rules)
	for i := range out {
		if r := &out[i]; r.Violations > 0 {
			r.Verdict, r.Inconclusive, r.Violations = Inconclusive, r.Inconclusive+r.Violations, 0
		}
	}
	return out
}
