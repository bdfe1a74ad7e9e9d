package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/mapping"
)

// running takes a service that runs already.
func (s *Service) running(ctx context.Context, f *config.File, o Options) error {
	a, err := compile(f, o)
	if err != nil {
		return err
	}
	t, err := a.connect(f.Target.URL, nil)
	if err != nil {
		return &Error{"target.url", err}
	}
	if err := t.Ping(ctx); err != nil {
		return unreachable(err)
	}
	s.Reached = f.Redact(f.Target.URL)
	s.Launcher = targets.Shared(t)
	if reset := a.reset; reset != nil {
		s.Launcher = targets.Resettable(t, func(ctx context.Context) error { return blaming("target.reset", t.Do(ctx, reset)) })
	}
	return nil
}

// api is how a service is spoken to, ready to be used.
type api struct {
	file           *config.File
	mapping        *mapping.Mapping
	reset, restart *mapping.Action // by HTTP; nil where it is done in another way, or not
	learn          func(targets.Secret)
}

// compile compiles the mapping of a file, and its actions.
func compile(f *config.File, o Options) (*api, error) {
	m, problems := mapping.Compile(f.Spec)
	a := &api{file: f, mapping: m, learn: o.Learn}
	out := make(config.Problems, 0, len(problems))
	add := func(all []mapping.Problem) {
		for _, p := range all {
			out = append(out, config.Problem{File: f.Path, Line: p.Pos.Line, Column: p.Pos.Column, Path: p.Key, Text: f.Redact(p.Text)})
		}
	}
	add(problems)
	add(switchless(f, m))
	if m != nil {
		for _, action := range []struct {
			key string
			of  *config.Action
			to  **mapping.Action
		}{{"target.reset.http", f.Target.Reset, &a.reset}, {"target.restart.http", f.Target.Restart, &a.restart}} {
			if action.of == nil || action.of.HTTP == nil {
				continue
			}
			var wrong []mapping.Problem
			*action.to, wrong = m.Action(action.of.HTTP, action.key)
			add(wrong)
		}
	}
	if len(out) > 0 {
		return nil, out
	}
	return a, nil
}

// switchless says that a file contradicts itself: there is no switch of mode, and this
// is how it is made.
func switchless(f *config.File, m *mapping.Mapping) []mapping.Problem {
	if m == nil || !f.Policy.Switchless || !slices.Contains(m.Operations(), models.KindSwitch) {
		return nil
	}
	return []mapping.Problem{{Pos: m.Where(models.KindSwitch, ""), Key: "operations.switch",
		Text: "policy.switchless says that there is no switch of mode; expected one of the two"}}
}

// connect makes a target of a service at a URL. Again, if not nil, has the
// service's container restarted.
func (a *api) connect(url string, again func(context.Context) (string, error)) (*mapping.Target, error) {
	f := a.file
	c := mapping.Config{Mapping: a.mapping, URL: url, Name: f.Target.Name, Policy: f.Policy, Restart: again,
		Ready:   mapping.Ready{Path: f.Target.Ready.Path, Status: f.Target.Ready.Status},
		Secrets: f.Secrets(), Learn: a.learn}
	var t *mapping.Target
	if a.restart != nil {
		c.Restart = func(ctx context.Context) (string, error) {
			return url, blaming("target.restart", t.Do(ctx, a.restart))
		}
	}
	t, err := mapping.New(c)
	return t, err
}

// blaming blames a value of the configuration for an error, if there is one. That
// which the error names counts more.
func blaming(key string, err error) error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*mapping.Failure](err); ok {
		return &Error{f.Key, fmt.Errorf("%s: %w", key, err)}
	}
	return &Error{key, fmt.Errorf("%s: %w", key, err)}
}
