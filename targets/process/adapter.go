package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// adapter is one process of an adapter and the conversation with it.
type adapter struct {
	name     string
	life     context.Context // of the launcher
	timeout  time.Duration
	protocol *protocol
	known    *secret.Net
	run      *running
	note     func(direction string, line []byte) // takes every message; may be nil

	mu     sync.Mutex // guards the conversation: one message at a time
	id     int        // of the last message
	broken error      // why there is no more conversation
}

// startAdapter starts the process of a number, which is ended when life is done.
func startAdapter(life context.Context, c *Config, p *protocol, number int) (*adapter, error) {
	a := &adapter{name: c.Name, life: life, timeout: c.Timeout, protocol: p, known: c.known}
	if a.name == "" {
		a.name = strings.Join(c.Command, " ")
	}
	run, err := startProcess(life, c)
	if err != nil {
		return nil, &fault{text: fmt.Sprintf("adapter %s: %v; expected a program that can be run", a.name, err)}
	}
	a.run = run
	if w := c.Messages; w != nil {
		a.note = func(direction string, line []byte) {
			fmt.Fprintf(w, "%d %s %s\n", number, direction, c.known.Text(strings.TrimRight(string(line), "\n")))
		}
	}
	return a, nil
}

// tell says what is answered without anything in the answer.
func (a *adapter) tell(ctx context.Context, m *message) error {
	return a.ask(ctx, m, func(id int, line []byte) error {
		return readAnswer(a.protocol.bare, id, line, new(struct{}))
	})
}

// apply has an operation performed.
func (a *adapter) apply(ctx context.Context, m *message) (got *answer, err error) {
	err = a.ask(ctx, m, func(id int, line []byte) (err error) {
		got, err = a.protocol.readApplyAnswer(id, m.Operation.Kind, line)
		return err
	})
	return got, err
}

// ask says a message and reads the answer to it. After an error there is no more
// conversation: nobody could tell what an answer is to.
func (a *adapter) ask(ctx context.Context, m *message, read func(id int, line []byte) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken != nil {
		return a.broken
	}
	a.id++
	m.ID = a.id
	err := a.say(m)
	if err == nil {
		var line []byte
		if line, err = a.hear(ctx, a.limit(m)); err == nil {
			err = read(m.ID, line)
		}
	}
	switch {
	case err == nil:
		return nil
	case over(ctx, a.life) != nil:
		a.run.hangUp()
		a.broken = over(ctx, a.life)
	default:
		a.broken = a.fault(m, err)
	}
	return a.broken
}

// over is why one of some contexts is done, or nil.
func over(contexts ...context.Context) error {
	for _, ctx := range contexts {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return nil
}

// say writes a message. That nobody reads it any more is found when the answer is
// read.
func (a *adapter) say(m *message) error {
	line := m.line()
	if a.note != nil {
		a.note(">", line)
	}
	err := a.run.write(line, a.timeout)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("did not read its standard input within %v; expected it to read each line", a.timeout)
	}
	return nil
}

// limit is how long the answer to a message may take.
func (a *adapter) limit(m *message) time.Duration {
	if m.Do == doHello {
		return max(a.timeout, defaultTimeout)
	}
	return a.timeout
}

// hear reads the next line that the adapter says within a time.
func (a *adapter) hear(ctx context.Context, limit time.Duration) ([]byte, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case l, open := <-a.run.lines:
		if !open {
			return nil, a.silence()
		}
		if l.err != nil {
			return nil, l.err
		}
		if a.note != nil {
			a.note("<", l.text)
		}
		return l.text, nil
	case <-timer.C:
		return nil, fmt.Errorf("was silent for %v; expected an answer within that time, which must be flushed", limit)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// silence says why nothing more can be read. A process that ends closes its output
// a little before it is reaped.
func (a *adapter) silence() error {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-a.run.exited:
	case <-timer.C:
	}
	a.run.hangUp()
	<-a.run.gone
	return fmt.Errorf("%s before it answered; expected an answer, and to run until standard input ends", a.run.end())
}

// close says goodbye and waits until the process is gone.
func (a *adapter) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken == nil {
		a.id++
		_ = a.say(&message{ID: a.id, Do: doBye})
		a.broken = fmt.Errorf("%w: it was closed", ErrAdapter)
	}
	a.run.hangUp()
	<-a.run.gone
}

// ended reports whether there is no more conversation.
func (a *adapter) ended() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.broken != nil
}

// unable says that the adapter was asked for what it does not perform.
func (a *adapter) unable(call models.Call) error {
	return &fault{text: fmt.Sprintf("adapter %s (%s): %s is not performed; its operations do not have it, or its service is not fresh and so nobody may restart it or switch replays off",
		a.name, about(call), call.Op.Kind())}
}

// fault is an error for which the adapter is to blame.
type fault struct {
	text string
	log  []string // the last lines of its standard error
}

// fault ends the process and says what it did.
func (a *adapter) fault(m *message, err error) error {
	a.run.hangUp()
	<-a.run.gone
	return &fault{text: a.known.Text(fmt.Sprintf("adapter %s, %s: %v", a.name, m.subject(), err)), log: a.run.stderr.last()}
}

// Error is one line, and then the last lines of the adapter's standard error.
func (f *fault) Error() string {
	if len(f.log) == 0 {
		return f.text
	}
	return f.text + "\nits standard error ended with:\n  " + strings.Join(f.log, "\n  ")
}

// Unwrap is [ErrAdapter].
func (f *fault) Unwrap() error { return ErrAdapter }
