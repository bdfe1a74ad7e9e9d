package evidence

import (
	"fmt"

	"al.essio.dev/pkg/shellescape"
)

// Invocation is how crosstalk was called, as far as a later call repeats it.
type Invocation struct {
	Program string   // as it was called, for example "crosstalk"
	Target  []string // the arguments that choose the target
}

// Commands are what to type next.
type Commands struct {
	// Repeat explores again and finds the same.
	Repeat string `json:"repeat,omitempty"`
	// Replay runs the minimal trace; it is empty where there is none.
	Replay string `json:"replay,omitempty"`
}

// Command is a command line that a shell understands.
func (i Invocation) Command(verb string, args ...string) string {
	words := append([]string{i.Program, verb}, args...)
	words = append(words, i.Target...)
	return shellescape.QuoteCommand(words)
}

// repeat is the command that explores again.
func (r *Run) repeat() string {
	if r.Source != "" {
		return r.Invocation.Command("reduce", r.Source)
	}
	args := []string{"--seed", fmt.Sprint(r.Seed), "--workers", fmt.Sprint(r.Workers)}
	switch {
	case r.Found != nil && !r.Advisory():
		args = append(args, "--traces", fmt.Sprint(r.Found.Index+1))
	case r.Traces > 0:
		args = append(args, "--traces", fmt.Sprint(r.Traces))
	}
	return r.Invocation.Command("run", args...)
}

// Commands are the commands that follow a run.
func (r *Run) Commands() Commands {
	c := Commands{Repeat: r.repeat()}
	if r.Minimal != nil {
		c.Replay = r.Invocation.Command("replay", r.File(MinimalTrace))
	}
	return c
}
