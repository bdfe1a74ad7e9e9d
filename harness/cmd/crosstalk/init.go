package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/harness/internal/propose"
)

type initCommand struct {
	app          *app
	openapi, out string
	force        bool
}

func newInit(a *app) *cobra.Command {
	c := &initCommand{app: a}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a commented configuration file, from nothing or from an OpenAPI document",
		Long: `Writes crosstalk.yaml, with a comment on everything, and beside it crosstalk.schema.json, by which
editors complete and check it. From an OpenAPI document (3.0 or 3.1, YAML or JSON) it proposes the
requests of each operation; what it could not guess is marked TODO with the nearest candidates.`,
		Example: `  crosstalk init
  crosstalk init --openapi api/openapi.yaml`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return c.run() },
	}
	cmd.Flags().StringVar(&c.openapi, "openapi", "", "OpenAPI document of the service")
	cmd.Flags().StringVar(&c.out, "out", configFile, "file to write")
	cmd.Flags().BoolVar(&c.force, "force", false, "replace a file that is there")
	return cmd
}

func (c *initCommand) run() error {
	text, summary, err := c.propose()
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.out); err == nil && !c.force {
		return fmt.Errorf("--out: %s is there already; name another file, or replace it with --force", c.out)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--out: %w", err)
	}
	schema := filepath.Join(filepath.Dir(c.out), config.SchemaFile)
	if err := errors.Join(os.WriteFile(c.out, text, 0o666), os.WriteFile(schema, config.Schema(), 0o666)); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	fmt.Fprintf(c.app.stdout, "%s%s written, and %s beside it for editors\n", summary, c.out, filepath.Base(schema))
	next(c.app, "doctor")
	return nil
}

// propose makes the text of the file, and says what was guessed.
func (c *initCommand) propose() (text []byte, summary string, err error) {
	if c.openapi == "" {
		text, err = propose.New(propose.Options{})
		return text, "", err
	}
	p, err := propose.FromFile(c.openapi, propose.Options{})
	if err != nil {
		return nil, "", fmt.Errorf("--openapi: %w", err)
	}
	return p.File, proposed(p), nil
}

// proposed says how much was guessed, and what a person must do.
func proposed(p *propose.Proposal) string {
	var none, todo []string
	for _, g := range p.Guesses {
		switch {
		case !g.Found():
			none = append(none, string(g.Kind))
		case len(g.Todo) > 0:
			todo = append(todo, string(g.Kind))
		}
	}
	out := fmt.Sprintf("%d of %d operations proposed\n", p.Found(), len(p.Guesses))
	if len(todo) > 0 {
		out += fmt.Sprintf("to be completed (TODO in the file): %s\n", strings.Join(todo, ", "))
	}
	if len(none) > 0 {
		out += fmt.Sprintf("not found (leave out what the service lacks): %s\n", strings.Join(none, ", "))
	}
	return out
}
