package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/harness/internal/doctor"
	"github.com/telehealth-conformance/crosstalk/harness/internal/setup"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

type doctorCommand struct {
	app    *app
	target targetFlags
	write  bool
}

func newDoctor(a *app) *cobra.Command {
	c := &doctorCommand{app: a}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Walk through a service once and say what works, what is missing, and what is wrong and where",
		Long: `Reaches or launches the service, performs each operation once, looks for the title and the media
of a consultation in what comes back, asks for a range of bytes, measures how long a recording
takes to appear, and resets the service. For each it says: works, missing (a capability that the
configuration does not give), WRONG with the place in the configuration that is to blame, or not
tried because something before it was wrong. The last line says what to correct first.

What a service chose about the life of a visit (who starts it, what a lost connection is, when it
is completed) is measured; --write puts what is certain into the policy of the file, and changes
nothing else of it. Who may see what is never measured: it is declared.

Exits 0 when nothing is wrong, 3 when something is, 4 when the service is not reached.

` + targetHelp,
		Example: `  crosstalk doctor
  crosstalk doctor --config staging.yaml`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	c.target.add(cmd)
	cmd.Flags().BoolVar(&c.write, "write", false, "write the choices that were measured into the policy of the configuration")
	return cmd
}

func (c *doctorCommand) run(ctx context.Context) error {
	l, err := c.target.launcher(ctx, c.app, "")
	if err != nil {
		return err
	}
	p := doctor.Patient{Launcher: l, Blame: setup.Blame}
	if file := c.target.file; file != nil {
		p.Launcher, p.Redact = c.app.service, file.Redact
		p.Where = func(key string) (config.Position, bool) { return file.Where(key), file.Says(key) }
	}
	r, err := doctor.Examine(ctx, p, strings.ToLower(rand.Text()[:6]))
	if textErr := r.Text(c.app.stdout); err == nil {
		err = textErr
	}
	if err == nil && !r.Healthy() {
		c.app.code = exitConfiguration
		c.app.note("crosstalk: correct what is WRONG first: it is more often the configuration than the service")
	}
	if err == nil && c.write && r.Healthy() {
		err = c.writeChoices(r.Measured)
	}
	return err
}

// writeChoices puts what was measured and is not declared into the policy of the file.
func (c *doctorCommand) writeChoices(measured []doctor.Measured) error {
	var missing []models.Declaration
	for _, m := range measured {
		if !m.Declared {
			missing = append(missing, models.Declaration{Key: m.Key, Word: m.Value})
		}
	}
	file := c.target.file
	switch {
	case file == nil:
		return errors.New("--write needs a configuration: crosstalk init writes one")
	case file.Target.Process != nil:
		return fmt.Errorf("%s: the adapter declares the policy: add choices to its answer to hello", file.Path)
	case len(missing) == 0:
		c.app.note("crosstalk: nothing was measured that the policy lacks")
		return nil
	}
	if err := file.Declare(missing); err != nil {
		return err
	}
	c.app.note("crosstalk: %s: %s written into the policy", file.Path, wording.Count(len(missing), "choice"))
	return nil
}

// next says what to do once a configuration is there.
func next(a *app, command string) { fmt.Fprintf(a.stdout, "next: %s %s\n", a.program, command) }
