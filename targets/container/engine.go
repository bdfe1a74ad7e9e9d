package container

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	stdlog "log"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tclog "github.com/testcontainers/testcontainers-go/log"
)

// ErrNoEngine is wrapped by every error that means: no Docker engine answers here. Its text names the address tried.
var ErrNoEngine = errors.New("no Docker engine answers")

const (
	// requireDocker is the variable that makes a missing engine a failure of the tests, not a reason to skip them.
	requireDocker = "CROSSTALK_REQUIRE_DOCKER"
	ryukDisabled  = "TESTCONTAINERS_RYUK_DISABLED"
	hostOverride  = "TESTCONTAINERS_HOST_OVERRIDE"

	pingTimeout  = 2 * time.Second
	guessTimeout = 3 * time.Second
	infoTimeout  = 20 * time.Second
)

// Available reports whether a Docker engine answers, within a few seconds at most. Its error wraps [ErrNoEngine], is one
// line, names the address that was tried and says what to do.
func Available(ctx context.Context) error {
	cli, err := open(ctx)
	if err != nil {
		return err
	}
	return cli.Close()
}

// SkipReason is for tests that need an engine, in any package. An empty reason means that there is one. Otherwise the test
// skips with the reason; where required is true (CROSSTALK_REQUIRE_DOCKER=1) it fails with it.
func SkipReason(ctx context.Context) (reason string, required bool) {
	required = os.Getenv(requireDocker) == "1"
	if err := Available(ctx); err != nil {
		return err.Error(), required
	}
	return "", required
}

// open returns a client of the engine that testcontainers uses too, having just asked it for an answer. A DOCKER_HOST that
// is silent is an error; testcontainers would go on to another engine than the one asked for.
func open(ctx context.Context) (*client.Client, error) {
	prepareProcess(ctx)
	limit := infoTimeout
	if err := pingEnvironment(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx) // says nothing about the engine
		}
		if os.Getenv(client.EnvOverrideHost) != "" {
			return nil, noEngine(err)
		}
		limit = guessTimeout // only a rootless socket or a properties file can still name an engine
	}
	// testcontainers remembers its first answer, an error too, for the life of the process: a caller's cancelled context
	// must not become that answer.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	cli, err := testcontainers.NewDockerClientWithOpts(ctx)
	if err != nil {
		return nil, noEngine(err)
	}
	if _, err := cli.Ping(ctx, client.PingOptions{}); err != nil {
		return nil, noEngine(err)
	}
	return cli.Client, nil
}

// pingEnvironment asks the engine that DOCKER_HOST or the default socket names.
func pingEnvironment(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	cli, err := client.New(client.FromEnv)
	if err != nil {
		return fmt.Errorf("read DOCKER_HOST: %w", err)
	}
	defer cli.Close()
	if _, err := cli.Ping(ctx, client.PingOptions{}); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	return nil
}

// noEngine says on one line where no engine was found, why and what to do.
func noEngine(cause error) error {
	address := cmp.Or(os.Getenv(client.EnvOverrideHost), client.DefaultDockerHost)
	if dial := new(net.OpError); errors.As(cause, &dial) {
		cause = dial.Err // what is around it only repeats the address
	}
	reason := strings.Join(strings.Fields(cause.Error()), " ")
	return fmt.Errorf("%w at %s (%s): start Docker, or set DOCKER_HOST to the engine's address", ErrNoEngine, address, reason)
}

// processOnce guards what testcontainers keeps for the whole process, its configuration (read once) and its logger (a plain
// variable): both are written once, before the first call into it.
var processOnce sync.Once

// prepareProcess silences testcontainers and decides whether its reaper is used.
func prepareProcess(ctx context.Context) {
	processOnce.Do(func() {
		silence()
		if !ryukUsable(ctx) {
			disableRyuk()
		}
	})
}

// silence keeps testcontainers' remarks about the engine off the terminal. A logger that the host program has set stays.
func silence() {
	if l, ok := tclog.Default().(*stdlog.Logger); ok && l.Writer() == os.Stderr {
		tclog.SetDefault(tclog.NewNoopLogger())
	}
}

// ryukUsable reports whether Ryuk can be started and then reached. Its image has to be present, for a pull may be slow or
// impossible. testcontainers talks to it through a guess of the host: the bridge's gateway where /.dockerenv exists. Some
// machines have that file and are no container, there the guess is wrong and every start would wait in vain.
func ryukUsable(ctx context.Context) bool {
	if _, err := os.Stat("/.dockerenv"); err == nil && os.Getenv(hostOverride) == "" {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
	defer cancel()
	cli, err := client.New(client.FromEnv)
	if err != nil {
		return false
	}
	defer cli.Close()
	//lint:ignore SA1019 it is the only exported name of the image that this version of testcontainers starts
	_, err = cli.ImageInspect(ctx, testcontainers.ReaperDefaultImage)
	return err == nil
}

// disableRyuk has testcontainers read a configuration without a reaper. The variable is its only switch in code; it is put
// back afterwards, so that child processes do not inherit it.
func disableRyuk() {
	before, set := os.LookupEnv(ryukDisabled)
	os.Setenv(ryukDisabled, "true")
	testcontainers.ReadConfig()
	if set {
		os.Setenv(ryukDisabled, before)
		return
	}
	os.Unsetenv(ryukDisabled)
}

// debugLogger hands testcontainers' lines to a structured logger, at level debug.
type debugLogger struct{ to *slog.Logger }

// Printf implements the logger of testcontainers.
func (d debugLogger) Printf(format string, args ...any) {
	d.to.Debug(strings.TrimSpace(fmt.Sprintf(format, args...)))
}
