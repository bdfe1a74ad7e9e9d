package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
)

// The names of the targets on the command line.
const (
	embeddedClinic  = "clinic"
	containerClinic = "container:clinic"
	restPrefix      = "rest:"
)

// The environment variables that crosstalk reads.
const (
	operatorTokenVariable = "CROSSTALK_OPERATOR_TOKEN"
	clinicBinaryVariable  = "CROSSTALK_CLINIC_BINARY"
)

// listsFaults says where the faults are listed.
const listsFaults = "crosstalk faults --help lists them"

// targetFlags choose a target.
type targetFlags struct {
	target, fault, binary string
	choices               []string
	// strict and compare say how a service is judged.
	strict, compare bool
	// config is the configuration file, and file what it says; nil without one.
	config string
	file   *config.File
	flags  *pflag.FlagSet
}

const targetHelp = `The service is that of the configuration file: --config FILE, else crosstalk.yaml where there is
one and --target is not given. Flags count more than environment variables (CROSSTALK_TRACES for
--traces), and these more than the file.

Targets without a file:
  clinic            the reference clinic, embedded in this process
  container:clinic  the reference clinic in containers of its own; needs a Docker engine and a
                    static Linux binary: this one, or that of --clinic-binary or CROSSTALK_CLINIC_BINARY
  rest:URL          a running service that implements the conformance API; the operator's token is
                    taken from CROSSTALK_OPERATOR_TOKEN`

func (f *targetFlags) add(cmd *cobra.Command) {
	f.addTarget(cmd, "clinic, container:clinic or rest:URL")
	cmd.Flags().StringVar(&f.config, "config", "", "configuration file (default: crosstalk.yaml, where there is one)")
	f.flags = cmd.Flags()
	cmd.PreRunE = func(*cobra.Command, []string) error { return f.load() }
	cmd.Flags().StringVar(&f.fault, "fault", "", "seed the clinic with a fault (see crosstalk faults --help)")
	cmd.Flags().StringSliceVar(&f.choices, "choice", nil, choiceUsage)
	cmd.Flags().BoolVar(&f.strict, "strict", false, "let a broken SHOULD rule count like a broken MUST rule")
	cmd.Flags().BoolVar(&f.compare, "noninterference", false, "run each trace again without the other patients, for each patient, and compare what that patient observes (NI-1)")
}

func (f *targetFlags) addTarget(cmd *cobra.Command, which string) {
	cmd.Flags().StringVar(&f.target, "target", embeddedClinic, "service under test: "+which)
	cmd.Flags().StringVar(&f.binary, "clinic-binary", os.Getenv(clinicBinaryVariable), "static Linux crosstalk binary for container:clinic (default: this one)")
	cmd.Flags().Lookup("clinic-binary").DefValue = ""
}

// args are the arguments that choose the same target, and judge it alike, again.
func (f *targetFlags) args() []string {
	var out []string
	if f.config != "" {
		out = append(out, "--config", f.config)
	}
	if f.target != embeddedClinic {
		out = append(out, "--target", f.target)
	}
	if f.fault != "" {
		out = append(out, "--fault", f.fault)
	}
	if len(f.choices) > 0 {
		out = append(out, "--choice", strings.Join(f.choices, ","))
	}
	if f.target == containerClinic && f.binary != "" {
		out = append(out, "--clinic-binary", f.binary)
	}
	if f.strict {
		out = append(out, "--strict")
	}
	if f.compare {
		out = append(out, "--noninterference")
	}
	return out
}

// name names the target for a directory.
func (f *targetFlags) name() string {
	if f.file != nil {
		return f.file.Target.Name
	}
	return f.target
}

// label names the target with its fault and its choices.
func (f *targetFlags) label() string {
	label := f.target
	if f.fault != "" {
		label += " --fault " + f.fault
	}
	if len(f.choices) > 0 {
		label += " --choice " + strings.Join(f.choices, ",")
	}
	return label
}

// launcher returns the launcher of the target, once the target can be used.
// Logs, if not empty, is where containers leave theirs.
func (f *targetFlags) launcher(ctx context.Context, a *app, logs string) (targets.Launcher, error) {
	if f.file != nil {
		a.secrets.Add(f.file.Secrets()...)
		return a.configuredLauncher(ctx, f, logs)
	}
	configure, err := f.configure()
	if err != nil {
		return nil, err
	}
	embedded := clinic.Launcher{Configure: configure, Label: f.label()}
	url, isREST := strings.CutPrefix(f.target, restPrefix)
	switch {
	case f.target == embeddedClinic:
		return embedded, nil
	case f.target == containerClinic:
		return a.containerLauncher(ctx, f, embedded.Capabilities().Policy, logs)
	case isREST && len(f.choices) > 0:
		return nil, errors.New("--choice: clinic and container:clinic alone have choices; start the service with them instead, as in crosstalk clinic --choice")
	case isREST && f.fault != "":
		return nil, errors.New("--fault: a fault can be seeded into clinic and container:clinic only; start the service with its fault instead, as in crosstalk clinic --fault")
	case isREST:
		return a.restLauncher(ctx, url)
	}
	return nil, fmt.Errorf("--target: unknown target %q; expected clinic, container:clinic or rest:URL", f.target)
}

// configure returns what makes a clinic that with the fault and the choices.
func (f *targetFlags) configure() (func(*clinic.Config), error) {
	chosen, err := chooseAll(f.choices)
	if err != nil || f.fault == "" {
		return chosen.Apply, err
	}
	fault, err := faults.Find(f.fault)
	if err != nil {
		return nil, fmt.Errorf("--fault: %w; %s", err, listsFaults)
	}
	return func(c *clinic.Config) {
		chosen.Apply(c)
		fault.Apply(c)
	}, nil
}

// restLauncher returns the launcher of a service that runs elsewhere, once it
// answers.
func (a *app) restLauncher(ctx context.Context, url string) (targets.Launcher, error) {
	token := os.Getenv(operatorTokenVariable)
	target, err := rest.New(rest.Config{URL: url, OperatorToken: token})
	if err != nil {
		return nil, fmt.Errorf("--target: %w", err)
	}
	if token == "" {
		a.note("crosstalk: %s is empty: clinicians are registered without a token", operatorTokenVariable)
	}
	if err := target.Ping(ctx); err != nil {
		return nil, fmt.Errorf("%w; start the service, or name another with --target", err)
	}
	return targets.Shared(target), nil
}
