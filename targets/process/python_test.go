package process_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
	"github.com/telehealth-conformance/crosstalk/targets/process"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
)

// python is the adapter in example/, for a clinic, in a process of its own.
func python(t *testing.T, c *clinic.Server, token, policy string) *process.Launcher {
	t.Helper()
	return adapterIn(t, "example", c, token, policy)
}

// adapterIn is the adapter in a folder.
func adapterIn(t *testing.T, folder string, c *clinic.Server, token, policy string) *process.Launcher {
	t.Helper()
	interpreter, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CROSSTALK_REQUIRE_DOCKER") == "1" {
			require.NoError(t, err, "CI has Python")
		}
		t.Skipf("the example needs Python 3: %v", err)
	}
	l, err := process.Open(t.Context(), process.Config{Command: []string{interpreter, "adapter.py"}, Dir: folder, Name: "clinic in Python",
		Env: []string{"CLINIC_URL=" + c.URL, "CLINIC_OPERATOR_TOKEN=" + token, "CLINIC_POLICY=" + policy}, Messages: validated(t), Log: testLog{t}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l
}

// testLog logs what an adapter says of itself.
type testLog struct{ t *testing.T }

func (l testLog) Write(text []byte) (int, error) {
	l.t.Logf("adapter: %s", text)
	return len(text), nil
}

var _ io.Writer = testLog{}

const operatorToken = "for-conformance-tests-only"

// start starts a clinic on a port of its own.
func start(t *testing.T, configure func(*clinic.Config)) *clinic.Server {
	t.Helper()
	cfg := clinic.Config{OperatorToken: operatorToken, PasswordParams: clinic.FastPasswords()}
	configure(&cfg)
	s, err := clinic.Start(t.Context(), "127.0.0.1:0", cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// life has at least one operation of each kind that the example performs.
const life = `
alice = patient()
bob = patient(age=50, plan=bupa)
carol = patient(like=bob)
dave = patient(age=15)
dr1 = clinician()
b1 = alice.book(dr1, audio, with=bob)
alice.reschedule(b1, slot=2)
b2 = carol.book(dr1, audio, slot=1)
carol.cancel(b2)
alice.join(b1)
bob.join(b1)
dr1.join(b1)
alice.speak(b1)
bob.speak(b1)
alice.switch(b1, video)
alice.speak(b1)
carol.join(b1)
bob.drop(b1)
bob.leave(b1)
alice.leave(b1)
dr1.end(b1)
alice.list(limit=1)
alice.list(mode=audio)
bob.list()
anyone.list()
alice.get(b1.r1)
alice.get(?1)
carol.get(b1.r1)
alice.play(b1.r1)
alice.play(b1.r2, range=0-99)
alice.play(b1.r2, range=100-199)
anyone.play(b1.r1)
bob.head(b1.r1)
bob.thumb(b1.r1)
dr1.transcript(b1.r1)
carol.transcript(b1.r1)
alice.share(b1.r1, carol)
carol.list()
carol.play(b1.r1)
alice.unshare(b1.r1, carol)
carol.get(b1.r1)
alice.appoint(carol)
carol.list()
alice.dismiss(carol)
carol.list()
alice.delete(b1.r2)
alice.list()
alice.play(b1.r2)
alice.logout()
alice.list()
alice.login()
alice.list()
erin = patient(email=alice)
alice.close()
alice.login()
frank = patient(email=alice)
frank.list()
dr1.list()
`

// TestTheClinicAnswersAnAdapterInPythonAsTheModelExpects runs the life with the
// example, and with that of commit 61cde04, which speaks version 1 of the
// protocol and has to be understood.
func TestTheClinicAnswersAnAdapterInPythonAsTheModelExpects(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"example", "testdata/61cde04"} {
		t.Run(folder, func(t *testing.T) {
			s := start(t, func(c *clinic.Config) { c.Groups = true })
			requireLife(t, adapterIn(t, folder, s, operatorToken, `{"groups":true}`))
		})
	}
}

func requireLife(t *testing.T, l *process.Launcher) {
	t.Helper()
	trace := parse(t, life)
	for _, k := range l.Capabilities().Operations {
		require.True(t, slices.ContainsFunc(trace.Ops, func(op models.Operation) bool { return op.Kind() == k }), "%s is in the trace", k)
	}
	require.GreaterOrEqual(t, len(l.Capabilities().Operations), 25)
	h := run(t, l, "life", trace)
	verdict := harness.Check(h)
	for i := range h.Events {
		require.Equal(t, verdict.Expected[i].Outcome, h.Events[i].Response.Outcome, "step %d, %s: %s", i+1, trace.Ops[i], h.Events[i].Response.Detail)
	}
	require.Empty(t, verdict.Violations)
}

// run runs a trace in a world of its own.
func run(t *testing.T, l targets.Launcher, world models.Namespace, trace models.Trace) *harness.History {
	t.Helper()
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, target.Close()) }()
	h, err := harness.Run(t.Context(), target, world, trace, nil)
	require.NoError(t, err)
	return h
}

func TestASeededFaultIsSeenThroughAnAdapterInPython(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"switch-drops-filter", "bytes-unguarded"} {
		t.Run(slug, func(t *testing.T) {
			fault, err := faults.Find(slug)
			require.NoError(t, err)
			file := "../../harness/testdata/golden/" + slug + ".trace"
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			trace, err := models.ParseFile(file, string(text))
			require.NoError(t, err)
			verdict := harness.Check(run(t, python(t, start(t, fault.Apply), operatorToken, "{}"), "seeded", trace))
			got, ok := verdict.Gravest()
			require.True(t, ok)
			require.Contains(t, trace.Notes, "shows: "+got.Signature.String())
		})
	}
}

// TestAnAdapterInPythonSeesWhatTheClientInGoSees draws traces and runs each twice on
// one clinic, through the adapter and through targets/rest.
func TestAnAdapterInPythonSeesWhatTheClientInGoSees(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs every trace twice")
	}
	t.Parallel()
	s := start(t, func(*clinic.Config) {})
	adapter := python(t, s, operatorToken, "{}")
	client, err := rest.New(rest.Config{URL: s.URL, OperatorToken: operatorToken})
	require.NoError(t, err)
	mix := scenarios.Consultations().Only(adapter.Capabilities())
	draw := mix.Traces(adapter.Capabilities().Policy)
	for seed := range 12 {
		trace := scenarios.Draw(draw, seed)
		got := run(t, adapter, models.Namespace("a"+string(rune('a'+seed))), trace)
		want := run(t, targets.Shared(client), models.Namespace("b"+string(rune('a'+seed))), trace)
		for i := range want.Events {
			require.Equal(t, essence(t, want, i), essence(t, got, i), "seed %d, step %d, %s", seed, i+1, trace.Ops[i])
		}
	}
}

// essence is what is the same in every world.
func essence(t *testing.T, h *harness.History, step int) string {
	t.Helper()
	r := h.Events[step].Response
	r.Detail, r.Exchanges = "", nil
	if r.Listing != nil {
		l := *r.Listing
		l.Rows = slices.Clone(l.Rows)
		for i := range l.Rows {
			l.Rows[i] = bare(l.Rows[i])
		}
		r.Listing = &l
	}
	if r.Row != nil {
		row := bare(*r.Row)
		r.Row = &row
	}
	if r.Content != nil {
		c := *r.Content
		c.Pieces = slices.Clone(c.Pieces)
		for i := range c.Pieces {
			c.Pieces[i].Tag.World = ""
		}
		r.Content = &c
	}
	text, err := json.Marshal(r)
	require.NoError(t, err)
	return string(text)
}

// bare is a row without what names its world.
func bare(r models.Row) models.Row {
	r.ID, r.Tag.World = "", ""
	return r
}

func TestAnAdapterWithoutItsServiceSaysSo(t *testing.T) {
	_, err := process.Open(context.Background(), process.Config{Command: []string{"python3", "adapter.py"}, Dir: "example", Name: "acme", Env: []string{"CLINIC_URL="}})
	if _, missing := exec.LookPath("python3"); missing != nil {
		t.Skipf("the example needs Python 3: %v", missing)
	}
	require.EqualError(t, err, "adapter acme, message 1 (hello): gave up: set CLINIC_URL to the base URL of the service")
}
