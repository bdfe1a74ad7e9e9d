package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/setup"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/container"
)

// configFile is the configuration that is used where it is there and no target
// is named.
const configFile = "crosstalk.yaml"

// load reads the configuration file, if there is one to be read, and gives flags
// that were not given the values of the environment, or else of the file.
func (f *targetFlags) load() error {
	if err := config.Settings(f.flags, os.LookupEnv, nil); err != nil {
		return err
	}
	if f.config == "" && !f.flags.Changed("target") && !f.flags.Changed("fault") && !f.flags.Changed("choice") {
		if _, err := os.Stat(configFile); err == nil {
			f.config = configFile
		}
	}
	if f.config == "" {
		return nil
	}
	switch {
	case f.flags.Changed("target"):
		return errors.New("--target: the service is that of the configuration file; give --config or --target")
	case f.flags.Changed("choice"):
		return errors.New("--choice: clinic and container:clinic alone have choices, not the service of a configuration file")
	case f.flags.Changed("fault"):
		return errors.New("--fault: a fault can be seeded into clinic and container:clinic only, not into the service of a configuration file")
	}
	var err error
	if f.file, err = config.Load(f.config, os.LookupEnv); err != nil {
		return err
	}
	return config.Settings(f.flags, os.LookupEnv, f.file)
}

// configuredLauncher returns the launcher of the configured service.
func (a *app) configuredLauncher(ctx context.Context, f *targetFlags, logs string) (targets.Launcher, error) {
	s, err := a.openService(ctx, f.file, logs)
	if err != nil {
		return nil, placed(f.file, err)
	}
	return placedLauncher{s, f.file}, nil
}

// openService makes the configured service ready; it is ended with the program.
func (a *app) openService(ctx context.Context, f *config.File, logs string) (*setup.Service, error) {
	s, err := setup.Open(ctx, f, setup.Options{Fleet: a.containers, KeepLogs: logs, Learn: func(s targets.Secret) { a.secrets.Add(s) }})
	if err != nil {
		return nil, err
	}
	a.onExit(s.Close)
	a.service = s
	return s, nil
}

// containers is the fleet of this process.
func (a *app) containers(ctx context.Context) (*container.Fleet, error) {
	d, err := a.prepareDocker(ctx)
	if err != nil {
		return nil, err
	}
	return d.fleet, nil
}

// placedLauncher says of an error which value of the file is to blame.
type placedLauncher struct {
	*setup.Service
	file *config.File
}

func (l placedLauncher) Launch(ctx context.Context) (targets.Target, error) {
	t, err := l.Service.Launch(ctx)
	if err != nil {
		return nil, placed(l.file, err)
	}
	return t, nil
}

// Exclusive reports whether the service is used by one test at a time.
func (l placedLauncher) Exclusive() bool {
	one, ok := l.Service.Launcher.(targets.Exclusive)
	return ok && one.Exclusive()
}

// placed puts the place that is to blame in front of an error, unless it has one
// or the run was ended from outside.
func placed(f *config.File, err error) error {
	if _, ok := errors.AsType[config.Problems](err); ok || errors.Is(err, context.Canceled) || errors.Is(err, errInterrupted) {
		return err
	}
	return fmt.Errorf("%s: %w", f.Where(setup.Blame(err)), err)
}

// describe adds to a run what the file says of the service and of the test.
func (f *targetFlags) describe(r *evidence.Run, s *setup.Service) {
	if f.file == nil {
		r.Implementation = evidence.Implementation{Name: r.Target}
		return
	}
	r.Implementation = evidence.Implementation{Name: f.file.Target.Name, Version: f.file.Target.Version, Reached: s.Reached, Digest: s.Digest()}
	r.Config = f.config
	r.ConfigLine = func(k models.Kind) int { return f.file.Where("operations." + string(k)).Line }
	if text, err := yaml.Marshal(f.file.Configuration()); err == nil {
		r.Configuration = string(text)
	}
}

// known are the rules that the file says are broken, with the reason.
func (f *targetFlags) known() map[string]string {
	if f.file == nil {
		return nil
	}
	out := make(map[string]string)
	for _, k := range f.file.Known {
		out[k.Rule] = k.Reason
	}
	return out
}
