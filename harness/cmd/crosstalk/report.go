package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
)

type reportCommand struct {
	app   *app
	aware string
	out   string
	names bool
}

func newReport(a *app) *cobra.Command {
	c := &reportCommand{app: a}
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Judge a saved run again and write its reports anew",
		Long: `Reads the directory of a run, judges every history in it with the rules of today, says what differs
from the saved results, and writes every report anew: for the browser, for CI, and who was exposed
to whom (exposure.csv, exposure.json, and article-33.md, a draft of the notification to a
supervisory authority). A run that was killed is read as far as it came. No service is asked.

Persons go by pseudonyms, P-0001 and so on, which stay the same as long as the history does.
Exits 0 when the reports were written, whatever they say, and 3 when DIR is no run.`,
		Example: `  crosstalk report crosstalk-out/20260102T030405.000Z-clinic
  crosstalk report out --aware-at 2026-01-02T15:04:05+01:00 --names --out incident-12`,
		Args: directories(1),
		RunE: func(_ *cobra.Command, args []string) error { return c.run(args[0]) },
	}
	cmd.Flags().StringVar(&c.aware, "aware-at", "", "when the controller became aware of a breach, RFC 3339 as in 2026-01-02T15:04:05Z; the deadline is 72 hours later")
	cmd.Flags().BoolVar(&c.names, "names", false, "write the names of the test in place of pseudonyms")
	cmd.Flags().StringVar(&c.out, "out", "", "directory of the reports (default: DIR)")
	return cmd
}

// directories wants n arguments, directories of runs.
func directories(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		expected := "the directory of a run"
		if n > 1 {
			expected = fmt.Sprintf("the directories of %d runs", n)
		}
		return fmt.Errorf("%s: expected %s, and got %d; see %s --help", cmd.Name(), expected, len(args), cmd.CommandPath())
	}
}

func (c *reportCommand) run(dir string) error {
	aware, err := c.awareAt()
	if err != nil {
		return err
	}
	s, err := rundir.Read(dir)
	if err != nil {
		return err
	}
	s.Secrets = c.app.secrets
	s.Notice = exposure.Options{Names: c.names, Aware: aware, Now: time.Now()}
	out := c.out
	if out == "" {
		out = dir
	}
	names, err := s.Write(out)
	if err != nil {
		return err
	}
	return rundir.Rebuilt(c.app.stdout, s, out, names)
}

// awareAt is the time of --aware-at, or zero.
func (c *reportCommand) awareAt() (time.Time, error) {
	if c.aware == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, c.aware)
	if err != nil {
		return t, fmt.Errorf("--aware-at: expected a time as in 2026-01-02T15:04:05Z (RFC 3339, with a zone), got %q", c.aware)
	}
	return t, nil
}
