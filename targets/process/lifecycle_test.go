package process_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/process"
)

// line is a telephone line to an adapter and its child: both keep a connection to
// it as long as they live.
type line struct {
	t        *testing.T
	listener net.Listener
	calls    []net.Conn
}

func newLine(t *testing.T) *line {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return &line{t: t, listener: listener}
}

// env has an adapter call.
func (l *line) env() string { return phoneVariable + "=" + l.listener.Addr().String() }

// answer waits for the calls of an adapter and its child.
func (l *line) answer() {
	l.t.Helper()
	for range 2 {
		require.NoError(l.t, l.listener.(*net.TCPListener).SetDeadline(soon()))
		conn, err := l.listener.Accept()
		require.NoError(l.t, err)
		l.t.Cleanup(func() { _ = conn.Close() })
		l.calls = append(l.calls, conn)
	}
}

// requireHungUp requires that both are gone.
func (l *line) requireHungUp() {
	l.t.Helper()
	for _, conn := range l.calls {
		require.NoError(l.t, conn.SetDeadline(soon()))
		_, err := conn.Read(make([]byte, 1))
		require.Error(l.t, err)
		require.NotErrorIs(l.t, err, os.ErrDeadlineExceeded, "it still runs")
	}
}

func TestAnAdapterSaysWhatItCannotSend(t *testing.T) {
	l, err := process.Open(t.Context(), fake(t, "agrees", unsentVariable+`={"book":["slot"],"switch":["mode=audio"]}`))
	require.NoError(t, err)
	defer l.Close()
	caps := l.Capabilities()
	require.Equal(t, map[models.Kind][]string{models.KindBook: {"slot"}, models.KindSwitch: {"mode=audio"}}, caps.Unsent)
	require.True(t, caps.Policy.Slotless)
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	for _, how := range []string{"agrees", "stays"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			phone := newLine(t)
			c := fake(t, how, phone.env())
			var log bytes.Buffer
			c.Log = &log
			l, err := process.Open(t.Context(), c)
			require.NoError(t, err)
			phone.answer()
			target, err := l.Launch(t.Context())
			require.NoError(t, err)
			require.NoError(t, l.Close())
			require.NoError(t, target.Close())
			require.NoError(t, target.Close(), "twice")
			phone.requireHungUp()
			require.Equal(t, how == "stays", strings.Contains(log.String(), "still ran 2s after its standard input had ended, and was killed"), log.String())
			_, err = target.Open(t.Context(), "w")
			require.ErrorIs(t, err, process.ErrAdapter)
		})
	}
}

func TestTheEndOfTheContextEndsEveryProcess(t *testing.T) {
	phone := newLine(t)
	ctx, cancel := context.WithCancel(t.Context())
	l, err := process.Open(ctx, fake(t, "agrees", phone.env()))
	require.NoError(t, err)
	phone.answer()
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	cancel()
	phone.requireHungUp()
	_, err = target.Open(t.Context(), "w")
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, process.ErrAdapter)
	require.NoError(t, target.Close())
}

func TestAnAnswerIsNotWaitedForOnceTheContextIsDone(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := operate(ctx, fake(t, "is silent"), "alice = patient()\nalice.list()")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NotErrorIs(t, err, process.ErrAdapter)
}

// harnessVariable makes this binary a harness that opens an adapter and waits.
const harnessVariable = "CROSSTALK_FAKE_HARNESS"

// waitToBeKilled opens an adapter and waits to be killed.
func waitToBeKilled() {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	if _, err := process.Open(context.Background(), process.Config{Command: []string{self}, Env: []string{fakeVariable + "=agrees"}}); err != nil {
		panic(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func TestAnAdapterEndsWithTheHarnessThatIsKilled(t *testing.T) {
	phone := newLine(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), harnessVariable+"=1", phone.env())
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	defer func() { _ = stdin.Close() }()
	require.NoError(t, cmd.Start())
	phone.answer()
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	phone.calls = phone.calls[:1] // what an adapter starts, it must end itself
	phone.requireHungUp()
}

func TestAProcessIsUsedAgainWhereTheServiceIsNotFresh(t *testing.T) {
	for _, fresh := range []bool{true, false} {
		c := fake(t, "agrees")
		if !fresh {
			c.Env = append(c.Env, freshVariable+"=no")
		}
		var messages bytes.Buffer
		c.Messages = &messages
		l, err := process.Open(t.Context(), c)
		require.NoError(t, err)
		for range 3 {
			target, err := l.Launch(t.Context())
			require.NoError(t, err)
			require.NoError(t, target.Close())
		}
		require.NoError(t, l.Close())
		want := 1
		if fresh {
			want = 3
		}
		require.Equal(t, want, strings.Count(messages.String(), `"do":"hello"`), messages.String())
		require.Equal(t, want, strings.Count(messages.String(), `"do":"bye"`), messages.String())
	}
}
