package report_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// sieve is a service that keeps every rule, or that lists every recording of the
// world to everybody.
type sieve struct{ leaks bool }

func (s sieve) Name() string { return "sieve" }
func (s sieve) Capabilities() models.Capabilities {
	return targets.Without(service{}.Capabilities(), models.KindPlay, models.KindOpen, models.KindThumb, models.KindTranscript, models.KindExport, models.KindAudit)
}
func (s sieve) Close() error                                   { return nil }
func (s sieve) Fresh() bool                                    { return true }
func (s sieve) Launch(context.Context) (targets.Target, error) { return s, nil }
func (s sieve) Open(_ context.Context, world models.Namespace) (targets.World, error) {
	policy := models.ReferencePolicy()
	return &sieveWorld{sieve: s, world: world, state: models.NewState(&policy)}, nil
}

type sieveWorld struct {
	sieve
	world models.Namespace
	state *models.State
}

func (w *sieveWorld) Apply(_ context.Context, c models.Call) (models.Response, error) {
	r := w.state.Expect(c)
	if w.leaks && c.Op.Kind() == models.KindList && r.Outcome == models.OK {
		rows := make([]models.Row, 0, 8)
		for _, h := range w.state.Recordings() {
			rows = append(rows, models.Row{Recording: h, Tag: models.Tag{World: w.world, Booking: h.Booking()}, Page: 1})
		}
		r.Listing = &models.Listing{Rows: rows, Pages: 1}
	}
	w.state = w.state.Step(c, r)
	r.Requests = 1
	r.Exchanges = []models.Exchange{{ID: fmt.Sprintf("%s-%d", w.world, c.Step), Traceparent: "00-0-0-01", Method: "GET", Path: "/x", Status: 200}}
	return r, nil
}

// explored is the directory of a run of a sieve, finished or killed.
func explored(t testing.TB, leaks, kill bool, traces int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run")
	s := sieve{leaks}
	r := report.Run{Invocation: report.Invocation{Program: "crosstalk", Target: []string{"--fault", "x"}}, Whole: leaks,
		Implementation: report.Implementation{Name: "sieve"}, Config: "sieve.yaml", ConfigLine: func(models.Kind) int { return 3 }}
	r.Result = harness.Result{Target: s.Name(), Seed: 7, Workers: 2, Started: time.Now(), Rules: harness.RulesOf(&harness.Verdict{}, s.Capabilities())}
	dir, err := report.Create(path, r)
	require.NoError(t, err)
	result, err := harness.Explore(context.Background(), s, harness.Options{Traces: traces, Seed: 7, Workers: 2, Log: dir.Log(), Found: dir.Found, Whole: leaks})
	require.NoError(t, err)
	if kill {
		return path
	}
	r.Result, r.End = *result, report.Finished
	if leaks {
		r.Exit = 1
	}
	require.NoError(t, dir.Finish(r))
	return path
}

// contents are the files of a directory.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		out[name] = string(text)
		return err
	}))
	return out
}

func TestASavedRunIsRebuiltByteForByte(t *testing.T) {
	for name, leaks := range map[string]bool{"with violations": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			dir := explored(t, leaks, false, 12)
			before := contents(t, dir)
			stale := filepath.Join(dir, report.Article33)
			require.NoError(t, os.WriteFile(stale, []byte("of an earlier time"), 0o644))
			s, err := report.Read(dir)
			require.NoError(t, err)
			require.Empty(t, s.Changes)
			require.Empty(t, s.Warnings)
			require.Equal(t, 3, s.ConfigLine(models.KindList))
			names, err := s.Write(dir)
			require.NoError(t, err)
			require.Contains(t, names, report.HTMLFile)
			after := contents(t, dir)
			for name, text := range before {
				require.True(t, text == after[name], "%s differs", name)
			}
			require.Len(t, after, len(before))
			require.Equal(t, leaks, slices.Contains(names, report.Article33), "nobody is notified of nothing")
		})
	}
}

func TestReportsMayGoElsewhereWithNamesAndADeadline(t *testing.T) {
	dir := explored(t, true, false, 5)
	before := contents(t, dir)
	s, err := report.Read(dir)
	require.NoError(t, err)
	aware := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	s.Notice = exposure.Options{Names: true, Aware: aware, Now: aware.Add(time.Hour)}
	other := filepath.Join(t.TempDir(), "incident", "12")
	_, err = s.Write(other)
	require.NoError(t, err)
	require.Equal(t, before, contents(t, dir), "the run is left as it was")
	written := contents(t, other)
	require.Contains(t, written[report.Article33], "2026-01-05 03:04:05 UTC")
	require.Contains(t, written[report.Article33], "71 h 00 min before the deadline")
	require.Regexp(t, `(alice|bob|carol) of trace \d`, written[report.ExposureCSV])
	require.Contains(t, written[report.ResultsFile], other+"/minimal.trace")
}

func TestAKilledRunIsReportedAsFarAsItCame(t *testing.T) {
	whole := explored(t, true, true, 4)
	history, err := os.ReadFile(filepath.Join(whole, report.HistoryFile))
	require.NoError(t, err)
	for _, cut := range []int{0, 7, len(history) / 50, len(history) / 3, len(history) - 3} {
		require.NoError(t, os.WriteFile(filepath.Join(whole, report.HistoryFile), history[:cut], 0o644))
		s, err := report.Read(whole)
		require.NoError(t, err, "cut at %d", cut)
		require.Equal(t, report.Running, s.End)
		out := t.TempDir()
		_, err = s.Write(out)
		require.NoError(t, err, "cut at %d", cut)
		text := contents(t, out)
		require.Contains(t, text[report.ResultsFile], `"complete": false`)
		require.Contains(t, text[report.ExposureJSON], `"complete": false`)
		require.NotEmpty(t, text[report.HTMLFile])
		require.Contains(t, text[report.SummaryFile], "did not come to its end")
		require.Contains(t, text[report.Article33]+"did not come to its end", "did not come to its end")
	}
}

func TestAViolationThatWasNotWrittenDownIsFoundInTheHistory(t *testing.T) {
	dir := explored(t, true, true, 4)
	text, err := os.ReadFile(filepath.Join(dir, report.ResultsFile))
	require.NoError(t, err)
	fresh := filepath.Join(t.TempDir(), "run")
	_, err = report.Create(fresh, report.Run{Result: harness.Result{Target: "sieve", Rules: harness.RulesOf(&harness.Verdict{}, sieve{}.Capabilities())}})
	require.NoError(t, err)
	history, err := os.ReadFile(filepath.Join(dir, report.HistoryFile))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(fresh, report.HistoryFile), history, 0o644))
	require.NotEmpty(t, text)

	s, err := report.Read(fresh)
	require.NoError(t, err)
	require.NotNil(t, s.Found)
	require.Equal(t, "LIST-1", s.Found.Violation.Rule)
	require.Equal(t, harness.Violated, s.Verdict)
	require.Contains(t, strings.Join(s.Changes, "\n"), "LIST-1 is fail, was not exercised.")
}

func TestWhatTheRulesOfTodaySayOtherwiseIsSaid(t *testing.T) {
	dir := explored(t, false, false, 5)
	file := filepath.Join(dir, report.ResultsFile)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	saved := strings.Replace(string(text), `"id": "LIST-1",`, `"id": "LIST-0",`, 1)
	saved = strings.Replace(saved, `"verdict": "pass"`, `"verdict": "fail"`, 1)
	require.NoError(t, os.WriteFile(file, []byte(saved), 0o644))
	s, err := report.Read(dir)
	require.NoError(t, err)
	changes := strings.Join(s.Changes, "\n")
	require.Contains(t, changes, "LIST-1 is pass; the rule is new.")
	require.Contains(t, changes, "LIST-0 is no rule any more, was fail.")
	var out bytes.Buffer
	require.NoError(t, report.Rebuilt(&out, s, dir, []string{"results.json"}))
	require.Contains(t, out.String(), "changed  LIST-0 is no rule any more")
}

func TestADirectoryThatIsNoRunIsOneLine(t *testing.T) {
	for content, message := range map[string]string{
		"":                        "is no run of crosstalk: there is no results.json in it; name a directory that crosstalk run or reduce has written",
		"nonsense":                "expected results of the form crosstalk-results/1",
		`{}`:                      `has the form "", expected crosstalk-results/1`,
		`{"schema":"x/2"}`:        `has the form "x/2", expected crosstalk-results/1`,
		`{"schema":7}`:            "expected results of the form",
		`{"rules":[{"id":true}]}`: "expected results of the form",
	} {
		dir := t.TempDir()
		if content != "" {
			require.NoError(t, os.WriteFile(filepath.Join(dir, report.ResultsFile), []byte(content), 0o644))
		}
		_, err := report.Read(dir)
		require.ErrorIs(t, err, report.ErrNoRun)
		require.ErrorContains(t, err, message)
		require.NotContains(t, err.Error(), "\n")
	}
}

func TestALineOfTheHistoryThatCannotBeReadIsNamed(t *testing.T) {
	dir := explored(t, false, true, 2)
	file := filepath.Join(dir, report.HistoryFile)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	lines := bytes.SplitAfter(text, []byte("\n"))
	lines[4] = []byte("nonsense\n")
	require.NoError(t, os.WriteFile(file, bytes.Join(lines, nil), 0o644))
	_, err = report.Read(dir)
	require.ErrorContains(t, err, "history.jsonl: history line 5: expected a JSON object")
	require.NoError(t, os.Remove(file))
	s, err := report.Read(dir)
	require.NoError(t, err)
	require.Contains(t, s.Warnings[0], "there is no history.jsonl")
}

// many writes the history of a run over and over, each time with other worlds,
// until it has that many events, and returns their number.
func many(t testing.TB, dir string, events int) int {
	t.Helper()
	file := filepath.Join(dir, report.HistoryFile)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	logged, err := harness.ReadLog(bytes.NewReader(text))
	require.NoError(t, err)
	each := 0
	for _, l := range logged {
		each += len(l.Events)
	}
	out, err := os.Create(file)
	require.NoError(t, err)
	defer out.Close()
	n := 0
	for ; n*each < events; n++ {
		var names []string
		for i, l := range logged {
			names = append(names, `"world":"`+string(l.World)+`"`, fmt.Sprintf(`"world":"n%dw%d"`, n, i))
		}
		_, err := strings.NewReplacer(names...).WriteString(out, string(text))
		require.NoError(t, err)
	}
	return n * each
}

// TestALongRunTakesLittleMemory reads 100,000 events. What is allocated in all is
// bounded for each event, and what is held in the end does not grow with them.
func TestALongRunTakesLittleMemory(t *testing.T) {
	dir := explored(t, true, true, 20)
	n := many(t, dir, 100_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s, err := report.Read(dir)
	require.NoError(t, err)
	_, err = s.Write(dir)
	require.NoError(t, err)
	runtime.ReadMemStats(&after)
	require.GreaterOrEqual(t, s.Events, 100_000)
	require.Equal(t, n, s.Events)
	each := int(after.TotalAlloc-before.TotalAlloc) / n
	require.Less(t, each, 32<<10, "bytes allocated for each event")
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := int(after.HeapAlloc) - int(before.HeapAlloc)
	require.Less(t, held, 128<<20, "bytes held in the end")
	t.Logf("%d events: %d bytes allocated for each, %d MiB held in the end", n, each, held>>20)
	runtime.KeepAlive(s)
}

func BenchmarkRead100000Events(b *testing.B) {
	dir := explored(b, true, true, 20)
	many(b, dir, 100_000)
	for b.Loop() {
		s, err := report.Read(dir)
		require.NoError(b, err)
		_, err = s.Write(dir)
		require.NoError(b, err)
	}
}
