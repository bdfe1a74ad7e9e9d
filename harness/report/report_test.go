package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/models"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares what is written with a file of testdata.
func golden(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	var got bytes.Buffer
	require.NoError(t, write(&got))
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	wants, gots := strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")
	for i := range min(len(wants), len(gots)) {
		require.Equal(t, wants[i], gots[i], "%s:%d; -update rewrites it", file, i+1)
	}
	require.Len(t, gots, len(wants), file)
}

func TestTextIsWhatTheGoldenFilesSay(t *testing.T) {
	_, well := judged(t, leaky, nil)
	conformant := runOf(well)
	for i := range conformant.Rules {
		conformant.Rules[i].Verdict, conformant.Rules[i].Checks = harness.Pass, 1000*i+1
	}
	inconclusive := runOf(well)
	inconclusive.Verdict = harness.Inconclusive
	inconclusive.Rules[1].Verdict, inconclusive.Rules[1].Inconclusive = harness.Inconclusive, 3
	inconclusive.Coverage.Operations, inconclusive.Coverage.Accepted = map[models.Kind]int{models.KindClinician: 42, models.KindList: 3}, map[models.Kind]int{models.KindList: 3}
	interrupted := runOf(well)
	interrupted.End = report.Interrupted
	flaky := violated(t)
	flaky.Minimal.Rate = harness.Rate{Failed: 17, Runs: 20}
	flaky.Minimal.Certificate.Runs = harness.Rate{Failed: 8, Runs: 9}
	halfway := violated(t)
	halfway.End, halfway.Minimal.Certificate = report.Interrupted, harness.Certificate{}
	given := violated(t)
	given.Source = "ticket 12.trace"
	_, cacheable := judged(t, leaky, func(_ models.Call, r *models.Response) { r.Status, r.CacheControl = 200, "public" })
	advice := runOf(cacheable)
	advice.Found = &harness.Found{Trace: well.History.Trace(), Violation: cacheable.Verdict.Violations[0], History: cacheable.History,
		Verdict: cacheable.Verdict, Before: 456, Reproduced: true}
	strict := advice
	strict.Strict = true
	nothing := runOf(well)
	nothing.Source = "ticket 12.trace"

	for name, r := range map[string]report.Run{
		"violation": violated(t), "unreproduced": unreproduced(t), "conformant": conformant, "inconclusive": inconclusive,
		"interrupted": interrupted, "flaky": flaky, "halfway": halfway, "reduce": given, "nothing": nothing,
		"advice": advice, "strict": strict,
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".txt", func(w io.Writer) error { return report.Text(w, &r) })
		})
	}
}

func TestTextIsASCIIAndNotTooWide(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			require.LessOrEqual(t, len(strings.TrimRight(line, "\n")), 110, "%s: %s", file, line)
			require.Equal(t, -1, strings.IndexFunc(line, func(r rune) bool { return r > 126 }), "%s: %s", file, line)
		}
	}
}

func TestTheTraceInTheTextIsATrace(t *testing.T) {
	r := violated(t)
	var text bytes.Buffer
	require.NoError(t, report.Text(&text, &r))
	_, from, _ := strings.Cut(text.String(), "  # crosstalk trace v1\n")
	lines, _, _ := strings.Cut(from, "\n\n")
	trace, err := models.Parse(lines)
	require.NoError(t, err)
	require.True(t, trace.Equal(r.Minimal.Trace), "it can be copied from the terminal as it is")
}

func TestASentenceSaysWhoWasExposedHowFar(t *testing.T) {
	for name, c := range map[string]struct {
		exposures []models.Exposure
		want      []string
	}{
		"presented": {
			[]models.Exposure{{Viewer: "alice", Owner: "bob", Recording: "b1.r1", Level: models.Presented, Path: models.PathList}},
			[]string{"alice was presented with bob's recording b1.r1 in a listing."},
		},
		"several recordings alike": {
			[]models.Exposure{
				{Viewer: "alice", Owner: "bob", Recording: "b1.r1", Level: models.Presented, Path: models.PathPage},
				{Viewer: "alice", Owner: "bob", Recording: "b1.r2", Level: models.Presented, Path: models.PathPage},
				{Viewer: "alice", Owner: "carol", Recording: "b2.r1", Level: models.Presented, Path: models.PathPage},
			},
			[]string{
				"alice was presented with bob's recordings b1.r1 and b1.r2 on a later page of a listing.",
				"alice was presented with carol's recording b2.r1 on a later page of a listing.",
			},
		},
		"part of the bytes": {
			[]models.Exposure{{Viewer: "alice", Owner: "bob", Recording: "b1.r1", Level: models.Viewed, Path: models.PathContent, Bytes: 100, Of: 2048}},
			[]string{"alice viewed 100 of 2,048 bytes of bob's recording b1.r1 by play."},
		},
		"all of it": {
			[]models.Exposure{{Viewer: "alice", Owner: "bob", Recording: "b1.r1", Level: models.Obtained, Path: models.PathContent, Bytes: 256, Of: 256}},
			[]string{"alice obtained all 256 bytes of bob's recording b1.r1 by play."},
		},
		"a consultation": {
			[]models.Exposure{{Viewer: "alice", Owner: "bob", Recording: "b1", Level: models.Controlled, Path: models.PathEncounter}},
			[]string{"alice controlled bob's consultation b1 by acting in the consultation."},
		},
		"of an earlier trace": {
			[]models.Exposure{{Viewer: "alice", Owner: "bob", World: "w0", Recording: "b1", Level: models.Presented, Path: models.PathList}},
			[]string{"alice was presented with recording b1 of bob of trace 3 in a listing."},
		},
		"of nobody known": {
			[]models.Exposure{{Viewer: "alice", World: "elsewhere", Recording: "b1", Level: models.Previewed, Path: models.PathGet}},
			[]string{"alice previewed recording b1 of a patient of another test by get."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := unreproduced(t)
			r.Found.Violation.Exposures = c.exposures
			var text bytes.Buffer
			require.NoError(t, report.Text(&text, &r))
			flat := strings.Join(strings.Fields(text.String()), " ")
			for _, sentence := range c.want {
				require.Contains(t, flat, sentence)
			}
		})
	}
}

func TestResultsAreWhatTheGoldenFilesSay(t *testing.T) {
	for name, r := range map[string]report.Run{"violation": violated(t), "unreproduced": unreproduced(t)} {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".json", func(w io.Writer) error { return report.JSON(w, &r) })
		})
	}
}

func TestAnUnfinishedRunIsNeverConformant(t *testing.T) {
	_, well := judged(t, leaky, nil)
	for _, end := range []report.End{report.Running, report.Interrupted, report.Failed} {
		r := runOf(well)
		r.End = end
		written := r.Results()
		require.False(t, written.Complete)
		require.Equal(t, harness.Inconclusive, written.Verdict, end)
		require.Equal(t, end == report.Running, written.ExitCode == nil)
	}
}

func TestJUnitIsWhatTheGoldenFileSays(t *testing.T) {
	r := violated(t)
	golden(t, "violation.xml", func(w io.Writer) error { return report.JUnit(w, &r) })

	r.End, r.Problem = report.Failed, "service unreachable"
	var text bytes.Buffer
	require.NoError(t, report.JUnit(&text, &r))
	var suites struct {
		Tests    int `xml:"tests,attr"`
		Errors   int `xml:"errors,attr"`
		Failures int `xml:"failures,attr"`
	}
	require.NoError(t, xml.Unmarshal(text.Bytes(), &suites))
	require.Equal(t, len(models.Rules())+1, suites.Tests, "and one that says that the run failed")
	require.Equal(t, 1, suites.Errors)
	require.Equal(t, 1, suites.Failures)
}

func TestReplaysAreWhatTheGoldenFilesSay(t *testing.T) {
	for name, tamper := range map[string]func(models.Call, *models.Response){
		"replay-violation": shows(bobs),
		"replay-clean":     nil,
		"replay-hidden": func(c models.Call, r *models.Response) {
			if c.Op.Kind() == models.KindList {
				*r = models.Response{Outcome: models.Unknown}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			trace, j := judged(t, leaky, tamper)
			r := &report.Replay{Target: "clinic", Trace: trace, Judgement: j, Rules: harness.RulesOf(&j.Verdict, service{}.Capabilities())}
			golden(t, name+".txt", func(w io.Writer) error { return report.Replayed(w, r) })
		})
	}
}

func TestTheFaultTableIsWhatTheGoldenFilesSay(t *testing.T) {
	found, lost := violated(t), unreproduced(t)
	_, well := judged(t, leaky, nil)
	missed := runOf(well)
	row := func(name string, r *harness.Result) report.FaultRow {
		run := report.NewFaultRun([]string{"LIST-1"}, r)
		run.CleanOnCorrect = run.Minimal > 0
		return report.FaultRow{Fault: name, Expected: []string{"LIST-1"}, Runs: []report.FaultRun{run}}
	}
	table := &report.FaultTable{Target: "clinic", Seeds: []int{7}, Traces: 1000, Rows: []report.FaultRow{
		row("found", &found.Result), row("not-reproduced", &lost.Result), row("missed", &missed.Result)}}
	require.Equal(t, 1, table.Convincing())
	both := row("both", &found.Result)
	both.Runs = append(both.Runs, row("", &missed.Result).Runs...)
	golden(t, "faults-seeds.txt", func(w io.Writer) error {
		return report.Faults(w, &report.FaultTable{Target: "clinic", Seeds: []int{7, 8}, Traces: 1000, Rows: []report.FaultRow{both}})
	})
	golden(t, "faults.txt", func(w io.Writer) error { return report.Faults(w, table) })
	golden(t, "faults.json", func(w io.Writer) error { return report.FaultsJSON(w, table) })
}

func TestRulesInJSONAreAnArray(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, report.RulesJSON(&text, models.Rules(), map[string][]string{"LIST-1": {"bola"}}))
	var rules []map[string]any
	require.NoError(t, json.Unmarshal(text.Bytes(), &rules))
	require.Len(t, rules, len(models.Rules()))
	require.Equal(t, "LIST-1", rules[0]["id"])
	require.Equal(t, []any{"bola"}, rules[0]["faults"])
	require.Equal(t, []any{}, rules[1]["faults"])
}

func TestCommandsSurviveTheShell(t *testing.T) {
	i := report.Invocation{Program: "crosstalk", Target: []string{"--target", "rest:http://h/?a=b"}}
	require.Equal(t, `crosstalk replay 'it'\''s here/minimal.trace' --target 'rest:http://h/?a=b'`, i.Command("replay", "it's here/minimal.trace"))
}
