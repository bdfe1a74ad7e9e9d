package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// fastPasswordsVariable makes passwords cheap to hash, for clinics whose users
// are made up.
const fastPasswordsVariable = "CROSSTALK_FAST_PASSWORDS"

type clinicCommand struct {
	app             *app
	addr, db, fault string
}

func newClinic(a *app) *cobra.Command {
	c := &clinicCommand{app: a}
	cmd := &cobra.Command{
		Use:   "clinic",
		Short: "Serve the reference clinic",
		Long: `Serves the reference clinic, with a seeded fault if one is named, until SIGINT or SIGTERM.
Its structured log goes to standard error.

The token with which practitioners are registered is taken from CROSSTALK_OPERATOR_TOKEN; where
that is empty one is made and printed. CROSSTALK_FAST_PASSWORDS=1 makes passwords cheap to hash,
for services in which nobody is real.`,
		Example: `  crosstalk clinic --addr 127.0.0.1:8080 --fault switch-drops-filter
  CROSSTALK_OPERATOR_TOKEN=... crosstalk run --target rest:http://127.0.0.1:8080`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.serve(cmd.Context()) },
	}
	cmd.Flags().StringVar(&c.addr, "addr", "127.0.0.1:8080", "address to listen on")
	cmd.Flags().StringVar(&c.db, "db", "", "SQLite file (default: in memory, gone at the end)")
	cmd.Flags().StringVar(&c.fault, "fault", "", "seed the clinic with a fault (see crosstalk faults --help)")
	return cmd
}

func (c *clinicCommand) serve(ctx context.Context) error {
	if dir, err := os.Stat(filepath.Dir(c.db)); c.db != "" && (err != nil || !dir.IsDir()) {
		return fmt.Errorf("--db: expected a file in a directory that exists, got %s", c.db)
	}
	token := os.Getenv(operatorTokenVariable)
	config, err := c.config(cmp.Or(token, rand.Text()))
	if err != nil {
		return err
	}
	server, err := clinic.Start(ctx, c.addr, config)
	if err != nil {
		return fmt.Errorf("serve the clinic: %w; expected a free --addr HOST:PORT, and a --db that can be written", err)
	}
	fmt.Fprintf(c.app.stdout, "clinic: %s\n", server.URL)
	if token == "" {
		fmt.Fprintf(c.app.stdout, "operator token: %s\n", config.OperatorToken)
	}
	select {
	case <-ctx.Done():
		config.Logger.Info("shutting down", "cause", context.Cause(ctx))
	case <-server.Done():
	}
	return server.Close()
}

func (c *clinicCommand) config(token string) (clinic.Config, error) {
	config := clinic.Config{Database: c.db, OperatorToken: token, Logger: slog.New(slog.NewJSONHandler(c.app.stderr, nil))}
	if os.Getenv(fastPasswordsVariable) == "1" {
		config.PasswordParams = clinic.FastPasswords()
	}
	if c.fault != "" {
		fault, err := faults.Find(c.fault)
		if err != nil {
			return config, fmt.Errorf("--fault: %w", err)
		}
		fault.Apply(&config)
	}
	return config, nil
}
