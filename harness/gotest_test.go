package harness_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// recorder is a test that is allowed to fail: it records what a test was told.
type recorder struct {
	name   string
	text   strings.Builder
	failed bool
}

func (r *recorder) Helper()                           {}
func (r *recorder) Name() string                      { return r.name }
func (r *recorder) Logf(format string, args ...any)   { fmt.Fprintf(&r.text, format+"\n", args...) }
func (r *recorder) Log(args ...any)                   { fmt.Fprintln(&r.text, args...) }
func (r *recorder) Skipf(format string, args ...any)  { r.Logf(format, args...); r.SkipNow() }
func (r *recorder) Skip(args ...any)                  { r.Log(args...); r.SkipNow() }
func (r *recorder) SkipNow()                          { runtime.Goexit() }
func (r *recorder) Errorf(format string, args ...any) { r.Logf(format, args...); r.Fail() }
func (r *recorder) Error(args ...any)                 { r.Log(args...); r.Fail() }
func (r *recorder) Fatalf(format string, args ...any) { r.Logf(format, args...); r.FailNow() }
func (r *recorder) Fatal(args ...any)                 { r.Log(args...); r.FailNow() }
func (r *recorder) FailNow()                          { r.failed = true; runtime.Goexit() }
func (r *recorder) Fail()                             { r.failed = true }
func (r *recorder) Failed() bool                      { return r.failed }

// run runs a test function to its end, as package testing does.
func (r *recorder) run(test func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		test()
	}()
	<-done
}

// setRapid sets a flag of rapid's for the time of a test.
func setRapid(t *testing.T, name, value string) {
	t.Helper()
	f := flag.Lookup("rapid." + name)
	before := f.Value.String()
	require.NoError(t, f.Value.Set(value))
	t.Cleanup(func() { require.NoError(t, f.Value.Set(before)) })
}

func TestGoTestPassesOnACorrectService(t *testing.T) {
	setRapid(t, "checks", "400")
	l := &samples.Ideal{}
	harness.Test(t, l)
	require.Equal(t, l.Launched.Load(), l.Closed.Load(), "every service launched is closed")
}

func TestGoTestFailsWithConstantTextAndTheMinimalTrace(t *testing.T) {
	setRapid(t, "checks", "400")
	setRapid(t, "seed", "1")
	setRapid(t, "nofailfile", "true")
	l := &samples.Ideal{Leak: samples.SwitchUnscopes}
	r := &recorder{name: t.Name()}
	r.run(func() { harness.Test(r, l) })
	require.True(t, r.failed)
	text := r.text.String()
	require.Contains(t, text, "crosstalk: LIST-1 presented by list\n")
	require.Less(t, l.Launched.Load(), int64(100), "rapid's own shrinking does not ask the service")
	require.Contains(t, text, "minimal trace, 11 operations")
	require.Contains(t, text, "<- LIST-1 presented: b1.r1 is ")
	require.NotContains(t, text, "flaky", "rapid sees the same failure again")
	require.Equal(t, l.Launched.Load(), l.Closed.Load(), "every service launched is closed")
}

func TestGoTestIsRepeatedFromARapidFailFile(t *testing.T) {
	setRapid(t, "checks", "400")
	setRapid(t, "seed", "1") // a trace that shows LIST-1 behind those of others may show LIST-3 alone
	t.Chdir(t.TempDir())
	l := &samples.Ideal{Leak: samples.SwitchUnscopes}
	r := &recorder{name: "TestOfAVendor"}
	r.run(func() { harness.Test(r, l) })
	require.True(t, r.failed)
	files, err := filepath.Glob("testdata/rapid/TestOfAVendor/*.fail")
	require.NoError(t, err)
	require.Len(t, files, 1)
	setRapid(t, "failfile", files[0])
	again := &recorder{name: "TestOfAVendor"}
	again.run(func() { harness.Test(again, &samples.Ideal{Leak: samples.SwitchUnscopes}) })
	require.True(t, again.failed)
	require.Contains(t, again.text.String(), "crosstalk: LIST-1 presented by list\n")
	mended := &recorder{name: "TestOfAVendor"}
	mended.run(func() { harness.Test(mended, &samples.Ideal{}) })
	require.NotContains(t, mended.text.String(), "LIST-1 presented")
	require.NoError(t, os.RemoveAll("testdata"))
}

func TestGoTestDoesNotPassWhereNothingWasAsked(t *testing.T) {
	setRapid(t, "checks", "1")
	setRapid(t, "seed", "1")
	r := &recorder{name: t.Name()}
	r.run(func() { harness.Test(r, &samples.Ideal{}) })
	require.True(t, r.failed)
	require.Contains(t, r.text.String(), "crosstalk: inconclusive after ")
	require.Contains(t, r.text.String(), "LINK-1 not exercised")
}

func TestGoTestNamesWhatKeptItFromRunning(t *testing.T) {
	setRapid(t, "nofailfile", "true")
	r := &recorder{name: t.Name()}
	r.run(func() { harness.Test(r, targets.Shared(brokenTarget{})) })
	require.True(t, r.failed)
	require.Contains(t, r.text.String(), "open a world on broken: no route\n")
}

// brokenTarget cannot open a world.
type brokenTarget struct{}

func (brokenTarget) Name() string { return "broken" }
func (brokenTarget) Capabilities() models.Capabilities {
	return models.Capabilities{Policy: models.ReferencePolicy()}
}
func (brokenTarget) Open(context.Context, models.Namespace) (targets.World, error) {
	return nil, errors.New("no route")
}
func (brokenTarget) Close() error { return nil }

func TestGoTestDrawsFromTheMixThatIsSet(t *testing.T) {
	setRapid(t, "checks", "20")
	mix := scenarios.Consultations()
	mix.Name, mix.MaxOps = "short", 1
	r := &recorder{name: t.Name()}
	r.run(func() { harness.Test(r, &samples.Ideal{}, func(o *harness.Options) { o.Mix = mix }) })
	require.Contains(t, r.text.String(), "crosstalk: inconclusive after ")
}
