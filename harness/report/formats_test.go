package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/report"
	"github.com/telehealth-conformance/crosstalk/models"
)

// hostileText is what a service may send to mislead whoever reads of it.
const hostileText = "</script><img src=x onerror=alert(1)> | **bold** ``` @everyone [click](http://evil.example) ]]> \x00\x1b[2J\u2028 \xff $(id) `id` '\"; rm -rf /"

// kinds are runs of every kind.
func kinds(t *testing.T) map[string]report.Run {
	t.Helper()
	_, well := judged(t, leaky, nil)
	conformant := runOf(well)
	for i := range conformant.Rules {
		conformant.Rules[i].Verdict, conformant.Rules[i].Checks = harness.Pass, 10
	}
	inconclusive := runOf(well)
	inconclusive.Verdict = harness.Inconclusive
	inconclusive.Rules[1].Verdict, inconclusive.Rules[1].Inconclusive = harness.Inconclusive, 3
	killed := violated(t)
	killed.End, killed.Minimal = report.Running, nil
	empty := report.Run{Result: harness.Result{Verdict: harness.Inconclusive}, End: report.Running}
	failed := runOf(well)
	failed.End, failed.Problem, failed.Exit = report.Failed, "the service at http://h does not answer", 4
	known := violated(t)
	known.Rules[0].Known, known.Verdict, known.Exit = "ticket 12", harness.Inconclusive, 2
	whole := violated(t)
	other := unreproduced(t)
	other.Found.Violation.Rule = "LIST-3"
	whole.Whole, whole.Others = true, []harness.Case{{Found: other.Found}}
	return map[string]report.Run{
		"violation": violated(t), "unreproduced": unreproduced(t), "conformant": conformant, "inconclusive": inconclusive,
		"killed": killed, "empty": empty, "failed": failed, "known": known, "whole": whole, "hostile": hostile(t),
		"content": shownBy(t, models.Play{OnRecording: models.OnRecording{User: "alice", Recording: "b1.r1"}}),
	}
}

// hostile is a run in which everything that a service says is hostile.
func hostile(t *testing.T) report.Run {
	t.Helper()
	trace, j := judged(t, leaky, func(c models.Call, r *models.Response) {
		shows(bobs, models.Row{ID: hostileText, Tag: models.Tag{World: "w0", Booking: "b2"}, Page: 1})(c, r)
		r.Detail, r.Reason, r.CacheControl = hostileText, hostileText, hostileText
	})
	r := runOf(j)
	v, _ := j.Verdict.Gravest()
	v.Message, v.Exposures[0].Owner = hostileText, models.Handle(hostileText)
	r.Exit, r.Target, r.Problem = 1, hostileText, hostileText
	r.Rules[0].Known = hostileText
	r.Invocation.Target = []string{hostileText}
	r.Found = &harness.Found{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Reproduced: true}
	r.Minimal = &harness.Minimal{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict}
	return r
}

// shownBy is a run in which an operation of alice's at the end showed bob's
// recording.
func shownBy(t *testing.T, op models.Operation) report.Run {
	t.Helper()
	text := strings.Replace(leaky, "alice.list()", op.String(), 1)
	trace, j := judged(t, text, func(c models.Call, r *models.Response) {
		if c.Op == op {
			*r = models.Response{Outcome: models.OK, Status: 200, Content: &models.Content{Length: models.MediaSize, Total: models.MediaSize,
				Pieces: []models.Piece{{Tag: models.Tag{World: "w1", Booking: "b1", Moment: 6}, To: models.MediaSize}}}}
		}
	})
	r := runOf(j)
	v, ok := j.Verdict.Gravest()
	require.True(t, ok)
	r.Exit = 1
	r.Found = &harness.Found{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Reproduced: true}
	r.Minimal = &harness.Minimal{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict}
	return r
}

// golds are the kinds of run whose summaries are kept.
var golds = []string{"violation", "conformant", "killed", "known", "content", "hostile"}

func TestSARIFKeepsItsSchemaAndTheGoldenFiles(t *testing.T) {
	all := kinds(t)
	for name, r := range all {
		var b bytes.Buffer
		require.NoError(t, report.SARIF(&b, &r))
		log, err := sarif.FromBytes(b.Bytes(), sarif.WithStrictValidation())
		require.NoError(t, err)
		require.NoError(t, log.Validate(), name)
		require.Len(t, log.Runs[0].Tool.Driver.Rules, len(models.Rules()))
	}
	for _, name := range []string{"violation", "hostile"} {
		r := all[name]
		golden(t, name+".sarif", func(w io.Writer) error { return report.SARIF(w, &r) })
	}
}

// prints are the fingerprints of a run's results.
func prints(t *testing.T, r report.Run) (out []string) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.SARIF(&b, &r))
	log, err := sarif.FromBytes(b.Bytes())
	require.NoError(t, err)
	for _, result := range log.Runs[0].Results {
		require.Len(t, result.PartialFingerprints, 1)
		for _, print := range result.PartialFingerprints {
			out = append(out, *result.RuleID+" "+print)
		}
	}
	return out
}

func TestFingerprintsStayTheSameFromRunToRun(t *testing.T) {
	first := prints(t, violated(t))
	require.Len(t, first, 1)
	later := violated(t)
	later.Started, later.Seed, later.Elapsed = later.Started.AddDate(0, 1, 0), 8, 1
	later.Minimal.Violation.Message, later.Found.Index = "put otherwise", 99
	require.Equal(t, first, prints(t, later))

	require.NotEqual(t, first, prints(t, shownBy(t, models.Play{OnRecording: models.OnRecording{User: "alice", Recording: "b1.r1"}})))
	worse := violated(t)
	worse.Minimal.Violation.Exposures[0].Level = models.Obtained
	require.NotEqual(t, first, prints(t, worse))
}

func TestSARIFPointsIntoTheConfigurationWhereThereIsOne(t *testing.T) {
	r := violated(t)
	location := func() (string, int) {
		var b bytes.Buffer
		require.NoError(t, report.SARIF(&b, &r))
		log, err := sarif.FromBytes(b.Bytes())
		require.NoError(t, err)
		at := log.Runs[0].Results[0].Locations[0].PhysicalLocation
		return *at.ArtifactLocation.URI, *at.Region.StartLine
	}
	file, line := location()
	require.Equal(t, report.MinimalTrace, file)
	dir, err := report.Create(t.TempDir(), report.Run{})
	require.NoError(t, err)
	require.NoError(t, dir.Finish(r))
	trace := readTrace(t, dir.Path(), report.MinimalTrace)
	require.Equal(t, "alice.list()", strings.Split(trace.String(), "\n")[line-1])

	r.Config, r.ConfigLine = "crosstalk.yaml", func(k models.Kind) int { return map[models.Kind]int{models.KindList: 17}[k] }
	file, line = location()
	require.Equal(t, "crosstalk.yaml", file)
	require.Equal(t, 17, line)
}

func TestAKnownFailureIsSuppressed(t *testing.T) {
	r := kinds(t)["known"]
	var b bytes.Buffer
	require.NoError(t, report.SARIF(&b, &r))
	log, err := sarif.FromBytes(b.Bytes())
	require.NoError(t, err)
	suppressions := log.Runs[0].Results[0].Suppressions
	require.Len(t, suppressions, 1)
	require.Equal(t, "external", *suppressions[0].Kind)
	require.Equal(t, "ticket 12", *suppressions[0].Justification)
}

func TestSummariesAreWhatTheGoldenFilesSay(t *testing.T) {
	all := kinds(t)
	for _, name := range golds {
		r := all[name]
		golden(t, name+".md", func(w io.Writer) error { return report.Summary(w, &r) })
	}
}

func TestASummaryIsNeverTooLongAndShowsNoMarkupOfTheService(t *testing.T) {
	all := kinds(t)
	long := violated(t)
	for range 300 {
		long.Minimal.Violation.Exposures = append(long.Minimal.Violation.Exposures, models.Exposure{Viewer: "alice", Owner: models.Handle(strings.Repeat("<", 2000)), Recording: "b1.r1"})
	}
	for i := range long.Rules {
		long.Rules[i].Known = strings.Repeat("|", 5000)
	}
	all["long"] = long
	for name, r := range all {
		var b bytes.Buffer
		require.NoError(t, report.Summary(&b, &r))
		require.Less(t, b.Len(), 60<<10, name)
		text := regexp.MustCompile("(?s)(```+)(text|sh)\n.*?\n```+\n").ReplaceAllString(b.String(), "")
		require.NotRegexp(t, `<(/?script|img)|[^\\]\*\*bold|@everyone|http://evil|\x00|\x1b`, text, name)
		require.NotContains(t, b.String(), "\x1b")
		require.Equal(t, strings.Count(b.String(), "<details>"), strings.Count(b.String(), "</details>"), name)
	}
}

// suites is a file of JUnit as its readers take it.
type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Time     string   `xml:"time,attr"`
	Suites   []struct {
		Name      string `xml:"name,attr"`
		Timestamp string `xml:"timestamp,attr"`
		Time      string `xml:"time,attr"`
		Tests     int    `xml:"tests,attr"`
		Failures  int    `xml:"failures,attr"`
		Errors    int    `xml:"errors,attr"`
		Skipped   int    `xml:"skipped,attr"`
		Cases     []struct {
			Name      string      `xml:"name,attr"`
			Classname string      `xml:"classname,attr"`
			Time      string      `xml:"time,attr"`
			Failure   []junitText `xml:"failure"`
			Error     []junitText `xml:"error"`
			Skipped   []junitText `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Data    string `xml:",chardata"`
}

func TestJUnitKeepsTheRulesOfItsReaders(t *testing.T) {
	duration := regexp.MustCompile(`^\d+\.\d{3}$`)
	for name, r := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, report.JUnit(&b, &r))
			var all suites
			require.NoError(t, xml.Unmarshal(b.Bytes(), &all))
			require.Len(t, all.Suites, 1)
			s := all.Suites[0]
			require.NotEmpty(t, s.Name)
			require.Regexp(t, duration, s.Time)
			require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, s.Timestamp)
			counts, names := map[string]int{}, map[string]bool{}
			for _, c := range s.Cases {
				require.NotEmpty(t, c.Classname)
				require.Regexp(t, duration, c.Time)
				require.False(t, names[c.Name], "names are unique")
				names[c.Name] = true
				require.LessOrEqual(t, len(c.Failure)+len(c.Error)+len(c.Skipped), 1)
				counts["failure"] += len(c.Failure)
				counts["error"] += len(c.Error)
				counts["skipped"] += len(c.Skipped)
			}
			want := fmt.Sprint(len(s.Cases), counts["failure"], counts["error"], counts["skipped"])
			require.Equal(t, want, fmt.Sprint(s.Tests, s.Failures, s.Errors, s.Skipped))
			require.Equal(t, want, fmt.Sprint(all.Tests, all.Failures, all.Errors, all.Skipped))
		})
	}
}

func TestWithoutARecordThereIsNothingToRepeat(t *testing.T) {
	for name, r := range kinds(t) {
		for _, write := range []func(io.Writer, *report.Run) error{report.HAR, report.ReproShell, report.ReproGo, report.Logs} {
			var b bytes.Buffer
			require.True(t, errors.Is(write(&b, &r), report.ErrNoRecord), name)
			require.Zero(t, b.Len())
		}
	}
}
