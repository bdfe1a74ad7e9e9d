package container

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// ErrRemoved is returned for the logs of a container that was removed without keeping them.
var ErrRemoved = errors.New("container is removed and its logs were not kept")

const (
	closeTimeout = 15 * time.Second
	lastLines    = "20"
)

// An Instance is a running container whose service has answered. Its methods are safe for concurrent use.
type Instance struct {
	// URL reaches the service from this process: "http://host:port", without a path. [Instance.Restart] changes it and must
	// not run while it is read.
	URL string
	// ID is the engine's id of the container, 64 hexadecimal digits.
	ID string
	// Name is the container's name, crosstalk-RUN-NUMBER.
	Name string

	fleet   *Fleet
	engine  *client.Client
	started testcontainers.Container
	opts    Options

	mu      sync.Mutex // serialises removing and restarting
	removed bool
}

// Close removes the container at once, with its volumes. It does not depend on any context and gives up after 15 s; when it
// has failed it can be tried again, when the container is gone it does nothing. Kept logs are written first; that they could
// not be is an error too, though the container is removed.
func (i *Instance) Close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.removed {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	unsaved := i.saveLogs(ctx)
	err := i.started.Terminate(ctx, testcontainers.StopTimeout(0))
	if err != nil && !gone(err) {
		return errors.Join(fmt.Errorf("remove container %s: %w", i.Name, err), unsaved)
	}
	i.removed = true
	i.fleet.forget(i)
	i.engine.Close()
	return unsaved
}

// Logs returns all that the service has written so far, standard output and standard error in the order written. Once the
// container is removed these are the kept logs, or [ErrRemoved].
func (i *Instance) Logs(ctx context.Context) ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.removed {
		return i.savedLogs()
	}
	var logs bytes.Buffer
	if err := i.copyLogs(ctx, &logs, "all"); err != nil {
		return nil, err
	}
	return logs.Bytes(), nil
}

func (i *Instance) savedLogs() ([]byte, error) {
	if i.opts.KeepLogs == "" {
		return nil, fmt.Errorf("read logs of %s: %w", i.Name, ErrRemoved)
	}
	logs, err := os.ReadFile(i.logFile())
	if err != nil {
		return nil, fmt.Errorf("read kept logs: %w", err)
	}
	return logs, nil
}

// saveLogs writes the kept logs, where they are wanted.
func (i *Instance) saveLogs(ctx context.Context) (err error) {
	if i.opts.KeepLogs == "" {
		return nil
	}
	if err := os.MkdirAll(i.opts.KeepLogs, 0o755); err != nil {
		return fmt.Errorf("keep logs: %w", err)
	}
	file, err := os.Create(i.logFile())
	if err != nil {
		return fmt.Errorf("keep logs: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return i.copyLogs(ctx, file, "all")
}

func (i *Instance) logFile() string { return filepath.Join(i.opts.KeepLogs, i.Name+".log") }

// copyLogs writes the last lines of both streams, or all of them when tail is "all".
func (i *Instance) copyLogs(ctx context.Context, to io.Writer, tail string) error {
	options := client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true, Tail: tail}
	logs, err := i.engine.ContainerLogs(ctx, i.ID, options)
	if err != nil {
		return fmt.Errorf("read logs of %s: %w", i.Name, err)
	}
	defer logs.Close()
	if _, err := stdcopy.StdCopy(to, to, logs); err != nil {
		return fmt.Errorf("read logs of %s: %w", i.Name, err)
	}
	return nil
}

// lastLogs describes the end of the logs for an error, whatever became of ctx.
func (i *Instance) lastLogs(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
	defer cancel()
	var logs bytes.Buffer
	if err := i.copyLogs(ctx, &logs, lastLines); err != nil {
		return err.Error()
	}
	text := strings.TrimSpace(logs.String())
	if text == "" {
		return "it wrote no logs"
	}
	return "its last log lines:\n  " + strings.ReplaceAll(text, "\n", "\n  ")
}

// gone reports whether an attempt to remove a container failed because it no longer exists or is being removed already (the
// one conflict that a forced removal can meet).
func gone(err error) bool { return errdefs.IsNotFound(err) || errdefs.IsConflict(err) }
