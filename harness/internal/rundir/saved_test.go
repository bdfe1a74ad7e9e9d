package rundir_test

import (
	"bytes"
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
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

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
			dir := samples.Explored(t, leaks, false, 12)
			before := contents(t, dir)
			stale := filepath.Join(dir, evidence.Article33)
			require.NoError(t, os.WriteFile(stale, []byte("of an earlier time"), 0o644))
			s, err := rundir.Read(dir)
			require.NoError(t, err)
			require.Empty(t, s.Changes)
			require.Empty(t, s.Warnings)
			require.Equal(t, 3, s.ConfigLine(models.KindList))
			names, err := s.Write(dir)
			require.NoError(t, err)
			require.Contains(t, names, evidence.HTMLFile)
			after := contents(t, dir)
			for name, text := range before {
				require.True(t, text == after[name], "%s differs", name)
			}
			require.Len(t, after, len(before))
			require.Equal(t, leaks, slices.Contains(names, evidence.Article33), "nobody is notified of nothing")
		})
	}
}

func TestReportsMayGoElsewhereWithNamesAndADeadline(t *testing.T) {
	dir := samples.Explored(t, true, false, 5)
	before := contents(t, dir)
	s, err := rundir.Read(dir)
	require.NoError(t, err)
	aware := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	s.Notice = exposure.Options{Names: true, Aware: aware, Now: aware.Add(time.Hour)}
	other := filepath.Join(t.TempDir(), "incident", "12")
	_, err = s.Write(other)
	require.NoError(t, err)
	require.Equal(t, before, contents(t, dir), "the run is left as it was")
	written := contents(t, other)
	require.Contains(t, written[evidence.Article33], "2026-01-05 03:04:05 UTC")
	require.Contains(t, written[evidence.Article33], "71 h 00 min before the deadline")
	require.Regexp(t, `(alice|bob|carol) of trace \d`, written[evidence.ExposureCSV])
	require.Contains(t, written[evidence.ResultsFile], other+"/minimal.trace")
}

func TestAKilledRunIsReportedAsFarAsItCame(t *testing.T) {
	whole := samples.Explored(t, true, true, 4)
	history, err := os.ReadFile(filepath.Join(whole, evidence.HistoryFile))
	require.NoError(t, err)
	for _, cut := range []int{0, 7, len(history) / 50, len(history) / 3, len(history) - 3} {
		require.NoError(t, os.WriteFile(filepath.Join(whole, evidence.HistoryFile), history[:cut], 0o644))
		s, err := rundir.Read(whole)
		require.NoError(t, err, "cut at %d", cut)
		require.Equal(t, evidence.Running, s.End)
		out := t.TempDir()
		_, err = s.Write(out)
		require.NoError(t, err, "cut at %d", cut)
		text := contents(t, out)
		require.Contains(t, text[evidence.ResultsFile], `"complete": false`)
		require.Contains(t, text[evidence.ExposureJSON], `"complete": false`)
		require.NotEmpty(t, text[evidence.HTMLFile])
		require.Contains(t, text[evidence.SummaryFile], "did not come to its end")
		require.Contains(t, text[evidence.Article33]+"did not come to its end", "did not come to its end")
	}
}

func TestAViolationThatWasNotWrittenDownIsFoundInTheHistory(t *testing.T) {
	dir := samples.Explored(t, true, true, 4)
	text, err := os.ReadFile(filepath.Join(dir, evidence.ResultsFile))
	require.NoError(t, err)
	fresh := filepath.Join(t.TempDir(), "run")
	_, err = rundir.Create(fresh, evidence.Run{Result: harness.Result{Target: "sieve", Rules: judge.RulesOf(&judge.Verdict{}, samples.Sieve{}.Capabilities())}})
	require.NoError(t, err)
	history, err := os.ReadFile(filepath.Join(dir, evidence.HistoryFile))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(fresh, evidence.HistoryFile), history, 0o644))
	require.NotEmpty(t, text)

	s, err := rundir.Read(fresh)
	require.NoError(t, err)
	require.NotNil(t, s.Found)
	require.Equal(t, "LIST-1", s.Found.Violation.Rule)
	require.Equal(t, judge.Violated, s.Verdict)
	require.Contains(t, strings.Join(s.Changes, "\n"), "LIST-1 is fail, was not exercised.")
}

func TestWhatTheRulesOfTodaySayOtherwiseIsSaid(t *testing.T) {
	dir := samples.Explored(t, false, false, 5)
	file := filepath.Join(dir, evidence.ResultsFile)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	saved := strings.Replace(string(text), `"id": "LIST-1",`, `"id": "LIST-0",`, 1)
	saved = strings.Replace(saved, `"verdict": "pass"`, `"verdict": "fail"`, 1)
	require.NoError(t, os.WriteFile(file, []byte(saved), 0o644))
	s, err := rundir.Read(dir)
	require.NoError(t, err)
	changes := strings.Join(s.Changes, "\n")
	require.Contains(t, changes, "LIST-1 is pass; the rule is new.")
	require.Contains(t, changes, "LIST-0 is no rule any more, was fail.")
	var out bytes.Buffer
	require.NoError(t, rundir.Rebuilt(&out, s, dir, []string{"results.json"}))
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
			require.NoError(t, os.WriteFile(filepath.Join(dir, evidence.ResultsFile), []byte(content), 0o644))
		}
		_, err := rundir.Read(dir)
		require.ErrorIs(t, err, rundir.ErrNoRun)
		require.ErrorContains(t, err, message)
		require.NotContains(t, err.Error(), "\n")
	}
}

func TestALineOfTheHistoryThatCannotBeReadIsNamed(t *testing.T) {
	dir := samples.Explored(t, false, true, 2)
	file := filepath.Join(dir, evidence.HistoryFile)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	lines := bytes.SplitAfter(text, []byte("\n"))
	lines[4] = []byte("nonsense\n")
	require.NoError(t, os.WriteFile(file, bytes.Join(lines, nil), 0o644))
	_, err = rundir.Read(dir)
	require.ErrorContains(t, err, "history.jsonl: history line 5: expected a JSON object")
	require.NoError(t, os.Remove(file))
	s, err := rundir.Read(dir)
	require.NoError(t, err)
	require.Contains(t, s.Warnings[0], "there is no history.jsonl")
}

// many writes the history of a run over and over, each time with other worlds,
// until it has that many events, and returns their number.
func many(t testing.TB, dir string, events int) int {
	t.Helper()
	file := filepath.Join(dir, evidence.HistoryFile)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	logged, err := history.ReadLog(bytes.NewReader(text))
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
	dir := samples.Explored(t, true, true, 20)
	n := many(t, dir, 100_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s, err := rundir.Read(dir)
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
	dir := samples.Explored(b, true, true, 20)
	many(b, dir, 100_000)
	for b.Loop() {
		s, err := rundir.Read(dir)
		require.NoError(b, err)
		_, err = s.Write(dir)
		require.NoError(b, err)
	}
}
