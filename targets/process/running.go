package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// grace is how long a process may take to end after its standard input has.
	grace = 2 * time.Second
	// linger is how long its output is read after it has ended, where a process
	// that it started and that left its group still holds it.
	linger = time.Second
	// maxLine is the length of the longest line that is read, in bytes.
	maxLine = 16 << 20
)

// running is a process with all that it has started.
type running struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	stderr *tail
	// lines are what it says; closed at the end of its output.
	lines chan line
	// exited is closed when the process is reaped and its group killed, gone when
	// its output is read, too.
	exited, gone chan struct{}
	quiet        chan struct{} // closed when nobody listens any more
	hang         sync.Once
	killed       atomic.Bool
	early        bool // it ended by itself; valid once exited is closed
}

// line is a line that was said, or why it could not be read.
type line struct {
	text []byte
	err  error
}

// startProcess starts the adapter, which is ended when life is done.
func startProcess(life context.Context, c *Config) (*running, error) {
	r := &running{cmd: exec.Command(c.Command[0], c.Command[1:]...), lines: make(chan line), exited: make(chan struct{}),
		gone: make(chan struct{}), quiet: make(chan struct{}), stderr: &tail{log: c.Log, known: c.known}}
	r.cmd.Dir = c.Dir
	r.cmd.Env = append(os.Environ(), c.Env...)
	ownGroup(r.cmd)
	theirs, stderr, err := r.connect()
	if err == nil {
		err = r.start()
		closeAll(theirs)
	}
	if err != nil {
		closeAll([]*os.File{r.stdin, r.stdout, stderr})
		return nil, fmt.Errorf("start it: %w", err)
	}
	go r.attend(stderr)
	stop := context.AfterFunc(life, r.hangUp)
	go func() { <-r.gone; stop() }()
	return r, nil
}

// connect makes the pipes to the process, and returns its ends of them.
func (r *running) connect() (theirs []*os.File, stderr *os.File, err error) {
	var in, out, log *os.File
	if in, r.stdin, err = os.Pipe(); err != nil {
		return nil, nil, err
	}
	if r.stdout, out, err = os.Pipe(); err != nil {
		return []*os.File{in}, nil, err
	}
	if stderr, log, err = os.Pipe(); err != nil {
		return []*os.File{in, out}, nil, err
	}
	r.cmd.Stdin, r.cmd.Stdout, r.cmd.Stderr = in, out, log
	return []*os.File{in, out, log}, stderr, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		if f != nil {
			_ = f.Close()
		}
	}
}

// start starts the process and reaps it. It does both on a thread of its own that
// lives as long as the process: Linux signals a process when the thread that
// started it ends.
func (r *running) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := r.cmd.Start()
		started <- err
		if err == nil {
			_ = r.cmd.Wait()
			r.early = r.listened()
			killGroup(r.cmd)
			close(r.exited)
		}
	}()
	return <-started
}

// listened reports whether somebody still listens.
func (r *running) listened() bool {
	select {
	case <-r.quiet:
		return false
	default:
		return true
	}
}

// attend reads what the process says until it is gone.
func (r *running) attend(stderr *os.File) {
	var reading sync.WaitGroup
	reading.Go(func() { r.listen() })
	reading.Go(func() { r.stderr.readAll(stderr) })
	<-r.exited
	_ = r.stdout.SetReadDeadline(time.Now().Add(linger))
	_ = stderr.SetReadDeadline(time.Now().Add(linger))
	reading.Wait()
	if r.killed.Load() {
		r.stderr.note(fmt.Sprintf("crosstalk: the adapter still ran %v after its standard input had ended, and was killed", grace))
	}
	closeAll([]*os.File{r.stdin, r.stdout, stderr})
	close(r.gone)
}

// listen passes on the lines that the process says.
func (r *running) listen() {
	defer close(r.lines)
	in := bufio.NewReaderSize(r.stdout, 64<<10)
	for {
		text, err := readLine(in)
		if len(text) == 0 && err != nil && !errors.Is(err, errTooLong) {
			return
		}
		l := line{text: text}
		if errors.Is(err, errTooLong) {
			l = line{err: err}
		}
		select {
		case r.lines <- l:
		case <-r.quiet:
		}
	}
}

var errTooLong = errors.New("said a line longer than 16 MiB; expected less, as in a range or a page of it")

// readLine reads a line without its end. Of one that is too long the rest is left
// to be skipped, and nothing is returned.
func readLine(in *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(text)+len(part) > maxLine {
			return nil, skipLine(in, err)
		}
		text = append(text, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimRight(text, "\r\n"), err
		}
	}
}

// skipLine reads to the end of a line of which a part was read with err.
func skipLine(in *bufio.Reader, err error) error {
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.ReadSlice('\n')
	}
	return errTooLong
}

// write writes a message to the process.
func (r *running) write(text []byte, timeout time.Duration) error {
	_ = r.stdin.SetWriteDeadline(time.Now().Add(timeout))
	_, err := r.stdin.Write(text)
	return err
}

// hangUp ends the process's standard input, and it and all that it has started a
// while later, if they still run. It does not wait.
func (r *running) hangUp() {
	r.hang.Do(func() {
		close(r.quiet)
		_ = r.stdin.Close()
		go func() {
			timer := time.NewTimer(grace)
			defer timer.Stop()
			select {
			case <-r.exited:
			case <-timer.C:
				r.killed.Store(true)
				killGroup(r.cmd)
			}
		}()
	})
}

// end says how the process ended, whose output has. It may be called once gone is
// closed.
func (r *running) end() string {
	if !r.early {
		return "closed its standard output"
	}
	if code := r.cmd.ProcessState.ExitCode(); code >= 0 {
		return fmt.Sprintf("exited with code %d", code)
	}
	return "was ended by " + r.cmd.ProcessState.String()
}
