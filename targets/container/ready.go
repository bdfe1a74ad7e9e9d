package container

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	docker "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// Errors of a start that the service is to blame for.
var (
	// ErrExited means that the container ended before its service was ready.
	ErrExited = errors.New("container exited before it was ready")
	// ErrNotReady means that the service was not ready in time; the error says which check failed and what was last seen.
	ErrNotReady = errors.New("service is not ready")
)

// Ready says how a service tells that it is ready: by one of Path, TCP, Log and Exec. The zero value asks GET /healthz for
// 200 within 30 s. A main container's port has to accept connections in any case, because that tells which address reaches
// it; of a service beside it that is asked only with Path or TCP.
type Ready struct {
	// Path is what GET asks until the answer has an accepted status; redirects are not followed. "/healthz" when no other
	// way is set.
	Path string
	// Status are the accepted status codes; 200 when empty. They need Path or its default.
	Status []int
	// TCP accepts the first connection that the port accepts.
	TCP bool
	// Log is a regular expression (RE2) that a line of the log matches, written since the latest start on standard output or
	// standard error. Of a line longer than 64 KiB only pieces are matched.
	Log string
	// Exec is a command that exits 0 when run in the container; it is run until it does.
	Exec []string
	// Within bounds the wait, from the container's start; 30 s when zero.
	Within time.Duration
}

const (
	defaultPath   = "/healthz"
	defaultWithin = 30 * time.Second
)

// complete fills in defaults and refuses what cannot work.
func (r Ready) complete() (Ready, error) {
	ways := 0
	for _, set := range []bool{r.Path != "", r.TCP, r.Log != "", len(r.Exec) > 0} {
		if set {
			ways++
		}
	}
	if ways == 0 {
		r.Path = defaultPath
	}
	r.Within = cmp.Or(r.Within, defaultWithin)
	switch {
	case ways > 1:
		return r, errors.New("tell when the service is ready: want one of path, TCP, log and exec, found several")
	case r.Path == "" && len(r.Status) > 0:
		return r, fmt.Errorf("accept status %v: want a path to ask", r.Status)
	case r.Path != "" && !strings.HasPrefix(r.Path, "/"):
		return r, fmt.Errorf("ask health path %q: want a path that begins with /", r.Path)
	case r.Within < 0:
		return r, fmt.Errorf("wait %v for the service: want a positive time", r.Within)
	}
	if r.Path != "" && len(r.Status) == 0 {
		r.Status = []int{http.StatusOK}
	}
	for _, status := range r.Status {
		if status < 100 || status > 599 {
			return r, fmt.Errorf("accept status %d: want 100 to 599", status)
		}
	}
	if _, err := regexp.Compile(r.Log); err != nil {
		return r, fmt.Errorf("find line in log: want a regular expression: %w", err)
	}
	return r, nil
}

// unmet says what has not happened yet.
func (r Ready) unmet(port int) string {
	switch {
	case r.TCP:
		return fmt.Sprintf("no connection accepted on port %d", port)
	case r.Log != "":
		return fmt.Sprintf("no log line that matches %q", r.Log)
	case len(r.Exec) > 0:
		return fmt.Sprintf("no exit with status 0 from %q", r.Exec)
	}
	codes := make([]string, len(r.Status))
	for n, status := range r.Status {
		codes[n] = strconv.Itoa(status)
	}
	return fmt.Sprintf("no %s from %s", strings.Join(codes, " or "), r.Path)
}

// asking is how the service's addresses are asked.
func (r Ready) asking() asking {
	if r.Path == "" {
		return askTCP()
	}
	return askHTTP(r.Path, func(status int) bool { return slices.Contains(r.Status, status) })
}

// awaitService is awaitReady whose error ends with the last log lines.
func (i *Instance) awaitService(ctx context.Context, since string) error {
	if err := i.awaitReady(ctx, since); err != nil {
		return fmt.Errorf("%w; %s", err, i.lastLogs(ctx))
	}
	return nil
}

// awaitReady waits for the first of: the service is ready, the container's end, the end of the time for it, the end of ctx.
// Log lines count since that time of the engine's clock; empty means all.
func (i *Instance) awaitReady(ctx context.Context, since string) error {
	ready := i.opts.Ready
	late := fmt.Errorf("%w: %s within %v", ErrNotReady, ready.unmet(i.opts.Port), ready.Within)
	ctx, cancel := context.WithTimeoutCause(ctx, ready.Within, late)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go i.watchExit(ctx, stop)
	err := i.untilReady(ctx, since)
	if err == nil {
		return nil
	}
	if ended(ctx) {
		<-ctx.Done() // the deadline is past, and its cause is there in a moment
	}
	switch cause := context.Cause(ctx); {
	case cause == nil:
		return err
	case !errors.Is(cause, ErrNotReady):
		return cause
	}
	return fmt.Errorf("%w (%w)", late, err)
}

// untilReady waits for what the options ask for, and finds out which URL reaches the service. Once ctx has ended its error
// says what was last seen.
func (i *Instance) untilReady(ctx context.Context, since string) error {
	ready := i.opts.Ready
	switch {
	case ready.Log != "":
		if err := i.untilLogged(ctx, since); err != nil {
			return err
		}
	case len(ready.Exec) > 0:
		if err := poll(ctx, fmt.Sprintf("%q", ready.Exec), i.askExec); err != nil {
			return err
		}
	}
	if !i.isMain() && ready.Path == "" && !ready.TCP {
		return nil
	}
	return i.reach(ctx)
}

// reach sets the URL to the one that answers.
func (i *Instance) reach(ctx context.Context) error {
	inspected, err := i.engine.ContainerInspect(ctx, i.ID, client.ContainerInspectOptions{})
	if err != nil {
		return fmt.Errorf("inspect container: %w", err)
	}
	at := candidatesOf(i.engine.DaemonHost(), inspected.Container.NetworkSettings, servicePort(i.opts))
	url, err := at.answering(ctx, i.opts.Ready.asking())
	if err != nil {
		return err
	}
	i.URL = url
	return nil
}

// askExec runs the command that tells whether the service is ready.
func (i *Instance) askExec(ctx context.Context) error {
	status, output, err := i.exec(ctx, i.opts.Ready.Exec)
	if err != nil {
		return err
	}
	if status != 0 {
		return fmt.Errorf("last exit status %d, %s", status, quoteLast("output", output))
	}
	return nil
}

// untilLogged follows the log until a line matches. Once ctx has ended its error names the last line.
func (i *Instance) untilLogged(ctx context.Context, since string) error {
	options := client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true, Follow: true, Since: since}
	logs, err := i.engine.ContainerLogs(ctx, i.ID, options)
	if err != nil {
		return fmt.Errorf("follow logs: %w", err)
	}
	defer logs.Close()
	wanted := lineSearch{pattern: regexp.MustCompile(i.opts.Ready.Log)}
	_, err = stdcopy.StdCopy(wanted.stream(), wanted.stream(), logs)
	if errors.Is(err, errFound) {
		return nil
	}
	// The stream also ends with the container; that it has ended is better said by whoever watches it.
	<-ctx.Done()
	return errors.New(quoteLast("log line", wanted.last))
}

var errFound = errors.New("line is found")

// longestLine bounds what is kept of a line that does not end.
const longestLine = 64 << 10

// A lineSearch looks for the first line that matches, in streams that are written one after the other.
type lineSearch struct {
	pattern *regexp.Regexp
	last    []byte
}

// stream returns a writer that fails with errFound once a line has matched. Lines of different streams do not mix.
func (s *lineSearch) stream() *lineWriter { return &lineWriter{search: s} }

type lineWriter struct {
	search *lineSearch
	rest   []byte // of a line that has not ended
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		end := bytes.IndexByte(w.rest, '\n')
		next := end + 1
		if end < 0 && len(w.rest) < longestLine {
			return len(p), nil
		}
		if end < 0 {
			end, next = len(w.rest), len(w.rest)
		}
		line := bytes.TrimSuffix(w.rest[:end], []byte("\r"))
		w.search.last = bytes.Clone(line)
		if w.search.pattern.Match(line) {
			return len(p), errFound
		}
		w.rest = w.rest[next:]
	}
}

// quoteLast describes the last line of a text for an error; what says what it is.
func quoteLast(what string, text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	last := lines[len(lines)-1]
	if last == "" {
		return "no " + what
	}
	return fmt.Sprintf("last %s %.200q", what, last)
}

// watchExit ends the wait when the container ends. It returns when ctx does.
func (i *Instance) watchExit(ctx context.Context, stop context.CancelCauseFunc) {
	exit := i.engine.ContainerWait(ctx, i.ID, client.ContainerWaitOptions{Condition: docker.WaitConditionNotRunning})
	select {
	case ended := <-exit.Result:
		stop(fmt.Errorf("%w, with status %d", ErrExited, ended.StatusCode))
	case err := <-exit.Error:
		stop(fmt.Errorf("watch container: %w", err))
	}
}
