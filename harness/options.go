package harness

import (
	"io"
	"runtime"
	"time"

	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// Options bound an exploration. The zero value of each field means its default.
type Options struct {
	Mix     scenarios.Mix // scenarios.Consultations
	Traces  int           // at most this many traces; 1000
	Time    time.Duration // at most this long; unbounded
	Seed    int           // of the run; the same seed draws the same traces
	Workers int           // services explored at once; the number of CPUs
	// Strict treats SHOULD rules like MUST rules: a violation ends the
	// exploration and makes the verdict Violated.
	Strict bool
	// Noninterference judges each trace on fresh services, by what every patient
	// observes with and without what other patients do.
	Noninterference bool
	// Known are the rules that the service is known to break, with the reason.
	// They end no exploration and do not count against the service while they
	// are broken; one that is kept does: the list is out of date.
	Known map[string]string
	// Whole explores the whole budget, whatever is found, and reduces one
	// violation of each rule.
	Whole bool
	// Unreduced leaves a violation as it was found: neither confirmed nor reduced.
	Unreduced bool
	// Log is where histories are written while they happen, as lines of JSON; nil
	// for nowhere.
	Log io.Writer
	// Progress, if not nil, is called after each trace and each replay of the
	// reduction, by one goroutine at a time.
	Progress func(Progress)
	// Found, if not nil, is called once, when a violation was found and before
	// it is confirmed, with the result so far.
	Found func(*Result)
}

// Progress is how far a run has come.
type Progress struct {
	Phase      history.Purpose
	Workers    int // services explored at once
	Traces     int // explored
	Operations int // performed while exploring
	Replays    int // spent on confirming and reducing
	Length     int // of the shortest failing trace so far, in operations
	Elapsed    time.Duration
	// SoFar makes the result as it stands. It may be called only until the
	// callback returns, and is nil where there is none yet.
	SoFar func() *Result
}

func (o Options) withDefaults(l targets.Launcher) Options {
	if o.Mix.Name == "" {
		o.Mix = scenarios.Consultations()
	}
	o.Mix = o.Mix.Only(l.Capabilities())
	if o.Traces == 0 {
		o.Traces = 1000
	}
	if o.Workers <= 0 {
		o.Workers = runtime.NumCPU()
	}
	o.Workers = min(o.Workers, o.Traces)
	if one, ok := l.(targets.Exclusive); !l.Fresh() || ok && one.Exclusive() {
		o.Workers = 1
	}
	return o
}

// For returns the options under which a violation of one of the rules is looked
// for: strictly where all of them are SHOULD rules, and by comparing runs where
// all of them are judged so.
func (o Options) For(rules []string) Options {
	o.Strict, o.Noninterference = true, true
	for _, id := range rules {
		rule, err := models.RuleByID(id)
		if err != nil {
			continue
		}
		o.Strict = o.Strict && !rule.Must
		o.Noninterference = o.Noninterference && rule.Compares
	}
	return o
}
