package reduce

// Certificate is what fresh runs have shown of a trace, and of it without each
// operation in turn, none answered from memory. Where the trace always shows the
// violation, one run without an operation tells whether it is needed. Where it shows
// at a rate, an operation is needed only if without it the rate is lower by an exact
// test: see [Omission].
type Certificate struct {
	// Runs is how often the whole trace showed the violation.
	Runs Rate `json:"runs"`
	// Without has a row for each operation.
	Without []Omission `json:"without"`
	// On says what the runs were made on; it is empty in results of earlier versions.
	On Ground `json:"on,omitempty"`
}

// Omission is an operation that was left out, together with those that cannot
// be performed without it.
type Omission struct {
	Op string `json:"op"`
	// Also is the number of operations that went with it.
	Also int `json:"also,omitempty"`
	// Runs were made without it, and Shown of them showed the violation.
	Runs  int `json:"runs"`
	Shown int `json:"shown,omitempty"`
	// Whole is how often the whole trace had shown it by then, where it shows at a
	// rate, and P the p-value of Fisher's one-sided exact test that the rate without
	// is lower.
	Whole *Rate   `json:"whole,omitempty"`
	P     float64 `json:"p,omitempty"`
	// Perhaps says that the rate was not shown to be lower within the budget of runs:
	// the operation is perhaps not needed.
	Perhaps bool `json:"perhapsNotNeeded,omitempty"`
}

// Without is how often the violation showed without the operation.
func (o *Omission) Without() Rate { return Rate{o.Shown, o.Runs} }

// Ground is what the runs of a certificate were made on.
type Ground string

// The grounds.
const (
	// Fresh is a service of its own for each run, in which nobody had been.
	Fresh Ground = "fresh service"
	// Untouched is one service that is not reset, where each run has people of its
	// own: what earlier runs had left behind was none of theirs.
	Untouched Ground = "own world"
	// Leftovers is one service that is not reset, where what earlier runs had left
	// behind has a part in the violation: there is no telling what shows it.
	Leftovers Ground = "leftovers"
)

// String says it in words.
func (g Ground) String() string {
	switch g {
	case Fresh:
		return "Each run was on a fresh service."
	case Untouched:
		return "The service is not reset: each run had people of its own, who never touched what earlier runs had left behind."
	case Leftovers:
		return "Not certified: the service is not reset, and what earlier runs had left behind has a part in what is shown."
	}
	return ""
}

// AtRate reports whether the trace shows the violation at a rate, and not always.
func (c *Certificate) AtRate() bool { return len(c.Without) > 0 && c.Without[0].Whole != nil }

// complete reports whether the certificate has a row for each of n operations, and
// the whole trace showed the violation.
func (c *Certificate) complete(n int) bool { return c.Runs.Failed > 0 && len(c.Without) == n }

// Certified reports whether the trace has its certificate. It has none where the
// reduction was interrupted, where the violation did not show again, and where what
// earlier runs had left behind has a part in it.
func (m *Minimal) Certified() bool {
	return m.Certificate.complete(len(m.Trace.Ops)) && m.Certificate.On != Leftovers
}

// Proven reports whether the trace is certified to be 1-minimal: every operation is
// needed.
func (m *Minimal) Proven() bool { return m.Certified() && len(m.Perhaps()) == 0 }

// Perhaps are the steps of the operations that are perhaps not needed.
func (m *Minimal) Perhaps() []int {
	var out []int
	for i := range m.Certificate.Without {
		if m.Certificate.Without[i].Perhaps {
			out = append(out, i+1)
		}
	}
	return out
}
