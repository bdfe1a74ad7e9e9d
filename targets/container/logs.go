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
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// ErrRemoved is returned for the logs of a container that was removed without keeping them.
var ErrRemoved = errors.New("container is removed and its logs were not kept")

const lastLines = "20"

// Logs returns all that the service has written so far, standard output and standard error in the order written. Once the
// container is removed these are the kept logs, or [ErrRemoved].
func (i *Instance) Logs(ctx context.Context) ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.removed {
		return i.savedLogs()
	}
	return i.readLogs(ctx, client.ContainerLogsOptions{})
}

// LogsBetween returns the lines that the service wrote from one time to another, each after its time in UTC (RFC 3339 with
// nanoseconds) and a space. A zero time leaves that end open. The times are those of the engine's clock. It asks the engine,
// which knows the lines only until the container is removed; kept logs have no times.
func (i *Instance) LogsBetween(ctx context.Context, from, to time.Time) ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.removed {
		return nil, fmt.Errorf("read logs of %s with their times: %w", i.Name, errClosed)
	}
	return i.readLogs(ctx, client.ContainerLogsOptions{Since: engineTime(from), Until: engineTime(to), Timestamps: true})
}

// engineTime is a time as the engine's filters take it; a zero time is none.
func engineTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
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
	if err := os.MkdirAll(i.opts.KeepLogs, 0o777); err != nil {
		return fmt.Errorf("keep logs: %w", err)
	}
	file, err := os.OpenFile(i.logFile(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // what a service logs is its own
	if err != nil {
		return fmt.Errorf("keep logs: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	clean := i.pod.secrets.Writer(file)
	defer func() { err = errors.Join(err, clean.Close()) }()
	return i.copyLogs(ctx, clean, client.ContainerLogsOptions{})
}

// Keep notes secrets that are taken out of the kept logs of the container and its services.
func (i *Instance) Keep(all ...targets.Secret) { i.pod.secrets.Add(all...) }

func (i *Instance) logFile() string { return filepath.Join(i.opts.KeepLogs, i.Name+".log") }

func (i *Instance) readLogs(ctx context.Context, options client.ContainerLogsOptions) ([]byte, error) {
	var logs bytes.Buffer
	if err := i.copyLogs(ctx, &logs, options); err != nil {
		return nil, err
	}
	return logs.Bytes(), nil
}

// copyLogs writes what both streams hold.
func (i *Instance) copyLogs(ctx context.Context, to io.Writer, options client.ContainerLogsOptions) error {
	options.ShowStdout, options.ShowStderr = true, true
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
	logs, err := i.readLogs(ctx, client.ContainerLogsOptions{Tail: lastLines})
	if err != nil {
		return err.Error()
	}
	text := strings.TrimSpace(string(logs))
	if text == "" {
		return "it wrote no logs"
	}
	return "its last log lines:\n  " + strings.ReplaceAll(text, "\n", "\n  ")
}
