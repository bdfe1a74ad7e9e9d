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
	"github.com/spf13/pflag"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
)

// fastPasswordsVariable makes passwords cheap to hash, for clinics whose users
// are made up.
const fastPasswordsVariable = "CROSSTALK_FAST_PASSWORDS"

type clinicCommand struct {
	app         *app
	addr, fault string
	choices     []string
	settings    clinic.Config
	recordings, refusal,
	links, end string
}

func newClinic(a *app) *cobra.Command {
	c := &clinicCommand{app: a}
	cmd := &cobra.Command{
		Use:   "clinic",
		Short: "Serve the reference clinic",
		Long: `Serves the reference clinic, with a seeded fault if one is named, until SIGINT or SIGTERM.
Its structured log goes to standard error. It can be stopped and started again on the same --db.

The token with which practitioners are registered is taken from CROSSTALK_OPERATOR_TOKEN; where
that is empty one is made and printed. CROSSTALK_FAST_PASSWORDS=1 makes passwords cheap to hash,
for services in which nobody is real.

A choice makes the clinic do otherwise than the reference clinic and be right all the same; it declares
none of them. --choice takes several, unless they contradict each other:
` + choiceList(),
		Example: `  crosstalk clinic --addr 127.0.0.1:8080 --fault switch-drops-filter
  CROSSTALK_OPERATOR_TOKEN=... crosstalk run --target rest:http://127.0.0.1:8080`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.serve(cmd.Context()) },
	}
	cmd.Flags().StringVar(&c.addr, "addr", "127.0.0.1:8080", "address to listen on")
	cmd.Flags().StringVar(&c.fault, "fault", "", "seed the clinic with a fault (see crosstalk faults --help)")
	cmd.Flags().StringSliceVar(&c.choices, "choice", nil, choiceUsage)
	c.addSettings(cmd.Flags())
	return cmd
}

// addSettings adds the flags that say how the clinic keeps its data, and its policy.
func (c *clinicCommand) addSettings(f *pflag.FlagSet) {
	f.StringVar(&c.settings.Database, "db", "", "SQLite file (default: in memory, gone at the end)")
	f.BoolVar(&c.settings.Unsynced, "unsynced", false, "leave it to the system when the file is written to disk: quick, lost in a power failure")
	f.StringVar(&c.recordings, "recordings", string(care.PerSegment), "what one recording holds: segment or consultation")
	f.BoolVar(&c.settings.DiscardAudio, "discard-audio", false, "record nothing of what is said in audio mode")
	f.DurationVar(&c.settings.Lag, "lag", 0, "how long after a consultation its recordings appear, as in 2s")
	f.StringVar(&c.refusal, "refusal", string(clinic.AsMissing), "how strangers are refused: missing (404) or denied (403)")
	f.StringVar(&c.links, "links", string(clinic.BearerLinks), "for whom playback links open: bearer or personal")
	f.BoolVar(&c.settings.Groups, "groups", false, "let a second patient be booked into a consultation")
	f.StringVar(&c.end, "end", string(care.PractitionerEnds), "who may end a consultation for everybody: practitioner or participant")
	f.IntVar(&c.settings.MinimumAge, "min-age", 16, "age in years from which patients may register")
}

func (c *clinicCommand) serve(ctx context.Context) error {
	db := c.settings.Database
	if dir, err := os.Stat(filepath.Dir(db)); db != "" && (err != nil || !dir.IsDir()) {
		return fmt.Errorf("--db: expected a file in a directory that exists, got %s", db)
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
	config := c.settings
	config.OperatorToken, config.Logger = token, slog.New(slog.NewJSONHandler(c.app.stderr, nil))
	if err := c.choose(&config); err != nil {
		return config, err
	}
	if os.Getenv(fastPasswordsVariable) == "1" {
		config.PasswordParams = clinic.FastPasswords()
	}
	chosen, err := chooseAll(c.choices)
	if err != nil {
		return config, err
	}
	chosen.Apply(&config)
	if c.fault != "" {
		fault, err := faults.Find(c.fault)
		if err != nil {
			return config, fmt.Errorf("--fault: %w; %s", err, listsFaults)
		}
		fault.Apply(&config)
	}
	return config, nil
}

// choose takes the settings that are one of two.
func (c *clinicCommand) choose(config *clinic.Config) error {
	config.Recordings, config.Refusal = care.Grain(c.recordings), clinic.Refusal(c.refusal)
	config.Links, config.EndPolicy = clinic.LinkPolicy(c.links), care.EndPolicy(c.end)
	switch {
	case config.Recordings != care.PerSegment && config.Recordings != care.PerConsultation:
		return fmt.Errorf("--recordings: expected segment or consultation, got %q", c.recordings)
	case config.Refusal != clinic.AsMissing && config.Refusal != clinic.AsDenied:
		return fmt.Errorf("--refusal: expected missing or denied, got %q", c.refusal)
	case config.Links != clinic.BearerLinks && config.Links != clinic.PersonalLinks:
		return fmt.Errorf("--links: expected bearer or personal, got %q", c.links)
	case config.EndPolicy != care.PractitionerEnds && config.EndPolicy != care.ParticipantEnds:
		return fmt.Errorf("--end: expected practitioner or participant, got %q", c.end)
	case config.Lag < 0:
		return fmt.Errorf("--lag: expected a time like 2s, got %v", config.Lag)
	case config.MinimumAge < 1:
		return fmt.Errorf("--min-age: expected a number from 1, got %d", config.MinimumAge)
	}
	return nil
}
