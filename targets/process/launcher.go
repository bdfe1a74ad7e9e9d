package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// Config says which adapter is driven, and how.
type Config struct {
	// Command is the adapter's program and its arguments.
	Command []string
	// Dir is the directory in which it runs, that of this process if empty. A
	// relative path of the program is looked up there.
	Dir string
	// Env are variables, as NAME=value, that it has besides those of this process.
	Env []string
	// Timeout is how long one answer may take, 30 s if 0. That to hello may take
	// 30 s at least: an adapter may start its service first.
	Timeout time.Duration
	// Log takes what the adapter writes to its standard error, whole lines at a
	// time. nil: only the last lines are kept, for errors.
	Log io.Writer
	// Messages takes every message and answer, for who writes an adapter: "1 > "
	// before what is said to the first process, "1 < " before what it says. nil:
	// they are not kept.
	Messages io.Writer
	// Name is the target's name, "process:" and the service's if empty.
	Name string
	// Secrets must not be written anywhere. The values of Env are secrets without
	// it.
	Secrets []targets.Secret

	known *secret.Net
}

// secrets are those of the configuration: what it names, and the values of
// variables.
func (c *Config) secrets() *secret.Net {
	known := new(secret.Net)
	known.Add(c.Secrets...)
	for _, pair := range c.Env {
		if name, value, ok := strings.Cut(pair, "="); ok {
			known.Add(targets.Secret{Value: value, Name: name})
		}
	}
	return known
}

// defaultTimeout is how long one answer may take where nothing else is said.
const defaultTimeout = 30 * time.Second

// ErrAdapter is wrapped by every error for which the adapter is to blame: it ended,
// was silent, or said what the protocol does not allow.
var ErrAdapter = errors.New("the adapter is broken")

// Launcher starts adapters of one command. Where an adapter says that its service
// is fresh each target has a process of its own; else processes are used again,
// one target at a time, because all of them drive the same service.
type Launcher struct {
	config   Config
	protocol protocol
	life     context.Context
	greeting greeting
	caps     models.Capabilities

	mu      sync.Mutex
	idle    []*adapter
	started int
	closed  bool
}

var _ targets.Launcher = (*Launcher)(nil)

// Open starts an adapter and asks it what it can do. When ctx is done the adapters
// that the launcher has started are ended. The launcher must be closed.
func Open(ctx context.Context, c Config) (*Launcher, error) {
	if len(c.Command) == 0 || c.Command[0] == "" {
		return nil, fmt.Errorf("%w: no command; give the adapter's program and its arguments", ErrAdapter)
	}
	p, err := newProtocol()
	if err != nil {
		return nil, err
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	c.Log, c.Messages, c.known = locked(c.Log), locked(c.Messages), c.secrets()
	l := &Launcher{config: c, protocol: p, life: ctx}
	a, g, err := l.start(ctx)
	if err != nil {
		return nil, err
	}
	l.greeting, l.caps, l.idle = *g, g.capabilities(), []*adapter{a}
	return l, nil
}

// Name is the name from the configuration, or "process:" and the service's.
func (l *Launcher) Name() string {
	if l.config.Name != "" {
		return l.config.Name
	}
	return "process:" + l.greeting.Name
}

// Service is the name and the version that the adapter gives its service.
func (l *Launcher) Service() string {
	return strings.TrimSpace(l.greeting.Name + " " + l.greeting.Version)
}

// Capabilities are what the adapter says. Of a service that is not fresh neither a
// restart nor the kill switch is among them, as others may use it.
func (l *Launcher) Capabilities() models.Capabilities { return l.caps }

// Fresh reports whether each process has a service of its own.
func (l *Launcher) Fresh() bool { return l.greeting.Fresh }

// Launch takes a process that nobody uses, or starts one. Each must say of itself
// what the first did.
func (l *Launcher) Launch(ctx context.Context) (targets.Target, error) {
	if a := l.take(); a != nil {
		return &Target{launcher: l, adapter: a}, nil
	}
	a, g, err := l.start(ctx)
	if err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(*g, l.greeting) {
		return nil, a.fault(&message{ID: 1, Do: doHello}, errors.New("said something else of itself than the first process; expected the same name, version, operations, policy and fresh"))
	}
	return &Target{launcher: l, adapter: a}, nil
}

// Close ends the processes that no target uses, and waits until they are gone.
// Those that a target uses end with it.
func (l *Launcher) Close() error {
	l.mu.Lock()
	idle := l.idle
	l.idle, l.closed = nil, true
	l.mu.Unlock()
	for _, a := range idle {
		a.close()
	}
	return nil
}

// take is a process that nobody uses, or nil.
func (l *Launcher) take() *adapter {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.idle) - 1
	if n < 0 {
		return nil
	}
	a := l.idle[n]
	l.idle = l.idle[:n]
	return a
}

// give takes a process back and reports whether another target can use it.
func (l *Launcher) give(a *adapter) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.greeting.Fresh || a.ended() {
		return false
	}
	l.idle = append(l.idle, a)
	return true
}

// start starts a process and greets it.
func (l *Launcher) start(ctx context.Context) (*adapter, *greeting, error) {
	l.mu.Lock()
	l.started++
	number := l.started
	l.mu.Unlock()
	a, err := startAdapter(l.life, &l.config, &l.protocol, number)
	if err != nil {
		return nil, nil, err
	}
	g := new(greeting)
	if err := a.ask(ctx, &message{Crosstalk: Version, Do: doHello}, func(id int, line []byte) error {
		return readAnswer(l.protocol.hello, id, line, g)
	}); err != nil {
		a.close()
		return nil, nil, err
	}
	return a, g, nil
}

// Target is one process of an adapter.
type Target struct {
	launcher *Launcher
	adapter  *adapter
	close    sync.Once
}

var _ targets.Target = (*Target)(nil)

// Name is the launcher's.
func (t *Target) Name() string { return t.launcher.Name() }

// Capabilities are the launcher's.
func (t *Target) Capabilities() models.Capabilities { return t.launcher.Capabilities() }

// Secrets are those of the configuration; see [targets.Secretive].
func (t *Target) Secrets() []targets.Secret { return t.launcher.config.known.Secrets() }

// Open has the adapter open a world.
func (t *Target) Open(ctx context.Context, world models.Namespace) (targets.World, error) {
	m := &message{Do: doOpen, World: world, about: "open world " + string(world)}
	if err := t.adapter.tell(ctx, m); err != nil {
		return nil, err
	}
	return newWorld(t, world), nil
}

// Close ends the process, unless another target can use it, and waits until it is
// gone. It may be called twice.
func (t *Target) Close() error {
	t.close.Do(func() {
		if !t.launcher.give(t.adapter) {
			t.adapter.close()
		}
	})
	return nil
}
