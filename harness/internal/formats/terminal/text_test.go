package terminal_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/terminal"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

func TestTextIsWhatTheGoldenFilesSay(t *testing.T) {
	_, well := samples.Judged(t, samples.Leaky, nil)
	conformant := samples.RunOf(well)
	for i := range conformant.Rules {
		conformant.Rules[i].Verdict, conformant.Rules[i].Checks = judge.Pass, 1000*i+1
	}
	inconclusive := samples.RunOf(well)
	inconclusive.Verdict = judge.Inconclusive
	inconclusive.Rules[1].Verdict, inconclusive.Rules[1].Inconclusive = judge.Inconclusive, 3
	inconclusive.Coverage.Operations, inconclusive.Coverage.Accepted = map[models.Kind]int{models.KindClinician: 42, models.KindList: 3}, map[models.Kind]int{models.KindList: 3}
	interrupted := samples.RunOf(well)
	interrupted.End = evidence.Interrupted
	flaky := samples.Violated(t)
	flaky.Minimal.Rate = reduce.Rate{Failed: 17, Runs: 20}
	flaky.Minimal.Certificate.Runs = reduce.Rate{Failed: 34, Runs: 60}
	for i := range flaky.Minimal.Certificate.Without {
		o := &flaky.Minimal.Certificate.Without[i]
		o.Runs, o.Whole, o.P = 20, &reduce.Rate{Failed: 23, Runs: 40}, 0.00000123
	}
	perhaps := &flaky.Minimal.Certificate.Without[2]
	perhaps.Runs, perhaps.Shown, perhaps.Whole, perhaps.P, perhaps.Perhaps = 60, 25, &reduce.Rate{Failed: 34, Runs: 60}, 0.0718, true
	leftovers := samples.Violated(t)
	leftovers.Minimal.Certificate.On = reduce.Leftovers
	untouched := samples.Violated(t)
	untouched.Minimal.Certificate.On = reduce.Untouched
	halfway := samples.Violated(t)
	halfway.End, halfway.Minimal.Certificate = evidence.Interrupted, reduce.Certificate{}
	given := samples.Violated(t)
	given.Source = "ticket 12.trace"
	_, cacheable := samples.Judged(t, samples.Leaky, func(_ models.Call, r *models.Response) { r.Status, r.CacheControl = 200, "public" })
	advice := samples.RunOf(cacheable)
	advice.Found = &harness.Found{Trace: well.History.Trace(), Violation: cacheable.Verdict.Violations[0], History: cacheable.History,
		Verdict: cacheable.Verdict, Before: 456, Reproduced: true}
	strict := advice
	strict.Strict = true
	nothing := samples.RunOf(well)
	nothing.Source = "ticket 12.trace"

	for name, r := range map[string]evidence.Run{
		"violation": samples.Violated(t), "unreproduced": samples.Unreproduced(t), "conformant": conformant, "inconclusive": inconclusive,
		"interrupted": interrupted, "flaky": flaky, "leftovers": leftovers, "untouched": untouched, "halfway": halfway, "reduce": given, "nothing": nothing,
		"advice": advice, "strict": strict, "refused": samples.Kinds(t)["refused"], "diverged": samples.Kinds(t)["diverged"],
	} {
		t.Run(name, func(t *testing.T) {
			golden.Compare(t, name+".txt", func(w io.Writer) error { return terminal.Text(w, &r) })
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
	r := samples.Violated(t)
	var text bytes.Buffer
	require.NoError(t, terminal.Text(&text, &r))
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
			r := samples.Unreproduced(t)
			r.Found.Violation.Exposures = c.exposures
			var text bytes.Buffer
			require.NoError(t, terminal.Text(&text, &r))
			flat := strings.Join(strings.Fields(text.String()), " ")
			for _, sentence := range c.want {
				require.Contains(t, flat, sentence)
			}
		})
	}
}

func TestReplaysAreWhatTheGoldenFilesSay(t *testing.T) {
	for name, tamper := range map[string]func(models.Call, *models.Response){
		"replay-violation": samples.Shows(samples.Bobs),
		"replay-clean":     nil,
		"replay-refused": func(c models.Call, r *models.Response) {
			if c.Op.Kind() == models.KindLeave {
				*r = models.Response{Outcome: models.Denied, Status: 401}
			}
		},
		"replay-hidden": func(c models.Call, r *models.Response) {
			if c.Op.Kind() == models.KindList {
				*r = models.Response{Outcome: models.Unknown}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			trace, j := samples.Judged(t, samples.Leaky, tamper)
			r := &terminal.Replay{Target: "clinic", Trace: trace, Judgement: j, Rules: judge.RulesOf(&j.Verdict, samples.Service{}.Capabilities())}
			golden.Compare(t, name+".txt", func(w io.Writer) error { return terminal.Replayed(w, r) })
		})
	}
}

func TestRulesInJSONAreAnArray(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, terminal.RulesJSON(&text, models.Rules(), map[string][]string{"LIST-1": {"bola"}}))
	var rules []map[string]any
	require.NoError(t, json.Unmarshal(text.Bytes(), &rules))
	require.Len(t, rules, len(models.Rules()))
	require.Equal(t, "LIST-1", rules[0]["id"])
	require.Equal(t, []any{"bola"}, rules[0]["faults"])
	require.Equal(t, []any{}, rules[1]["faults"])
}
