package formats_test

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

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/repro"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

// golds are the kinds of run whose summaries are kept.
var golds = []string{"violation", "diverged", "conformant", "killed", "known", "content", "hostile", "refused"}

func TestSARIFKeepsItsSchemaAndTheGoldenFiles(t *testing.T) {
	all := samples.Kinds(t)
	for name, r := range all {
		var b bytes.Buffer
		require.NoError(t, formats.SARIF(&b, &r))
		log, err := sarif.FromBytes(b.Bytes(), sarif.WithStrictValidation())
		require.NoError(t, err)
		require.NoError(t, log.Validate(), name)
		require.Len(t, log.Runs[0].Tool.Driver.Rules, len(models.Rules()))
	}
	for _, name := range []string{"violation", "hostile"} {
		r := all[name]
		golden.Compare(t, name+".sarif", func(w io.Writer) error { return formats.SARIF(w, &r) })
	}
}

// prints are the fingerprints of a run's results.
func prints(t *testing.T, r evidence.Run) (out []string) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, formats.SARIF(&b, &r))
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
	first := prints(t, samples.Violated(t))
	require.Len(t, first, 1)
	later := samples.Violated(t)
	later.Started, later.Seed, later.Elapsed = later.Started.AddDate(0, 1, 0), 8, 1
	later.Minimal.Violation.Message, later.Found.Index = "put otherwise", 99
	require.Equal(t, first, prints(t, later))

	require.NotEqual(t, first, prints(t, samples.ShownBy(t, models.Play{OnRecording: models.OnRecording{User: "alice", Recording: "b1.r1"}})))
	worse := samples.Violated(t)
	worse.Minimal.Violation.Exposures[0].Level = models.Obtained
	require.NotEqual(t, first, prints(t, worse))
}

func TestSARIFPointsIntoTheConfigurationWhereThereIsOne(t *testing.T) {
	r := samples.Violated(t)
	location := func() (string, int) {
		var b bytes.Buffer
		require.NoError(t, formats.SARIF(&b, &r))
		log, err := sarif.FromBytes(b.Bytes())
		require.NoError(t, err)
		at := log.Runs[0].Results[0].Locations[0].PhysicalLocation
		return *at.ArtifactLocation.URI, *at.Region.StartLine
	}
	file, line := location()
	require.Equal(t, evidence.MinimalTrace, file)
	dir, err := rundir.Create(t.TempDir(), evidence.Run{})
	require.NoError(t, err)
	require.NoError(t, dir.Finish(r))
	trace := samples.ReadTrace(t, dir.Path(), evidence.MinimalTrace)
	require.Equal(t, "alice.list()", strings.Split(trace.String(), "\n")[line-1])

	r.Config, r.ConfigLine = "crosstalk.yaml", func(k models.Kind) int { return map[models.Kind]int{models.KindList: 17}[k] }
	file, line = location()
	require.Equal(t, "crosstalk.yaml", file)
	require.Equal(t, 17, line)
}

func TestAKnownFailureIsSuppressed(t *testing.T) {
	r := samples.Kinds(t)["known"]
	var b bytes.Buffer
	require.NoError(t, formats.SARIF(&b, &r))
	log, err := sarif.FromBytes(b.Bytes())
	require.NoError(t, err)
	suppressions := log.Runs[0].Results[0].Suppressions
	require.Len(t, suppressions, 1)
	require.Equal(t, "external", *suppressions[0].Kind)
	require.Equal(t, "ticket 12", *suppressions[0].Justification)
}

func TestSummariesAreWhatTheGoldenFilesSay(t *testing.T) {
	all := samples.Kinds(t)
	for _, name := range golds {
		r := all[name]
		golden.Compare(t, name+".md", func(w io.Writer) error { return formats.Summary(w, &r) })
	}
}

func TestASummaryIsNeverTooLongAndShowsNoMarkupOfTheService(t *testing.T) {
	all := samples.Kinds(t)
	long := samples.Violated(t)
	for range 300 {
		long.Minimal.Violation.Exposures = append(long.Minimal.Violation.Exposures, models.Exposure{Viewer: "alice", Owner: models.Handle(strings.Repeat("<", 2000)), Recording: "b1.r1"})
	}
	for i := range long.Rules {
		long.Rules[i].Known = strings.Repeat("|", 5000)
	}
	all["long"] = long
	for name, r := range all {
		var b bytes.Buffer
		require.NoError(t, formats.Summary(&b, &r))
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
	for name, r := range samples.Kinds(t) {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, formats.JUnit(&b, &r))
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
	for name, r := range samples.Kinds(t) {
		for _, write := range []func(io.Writer, *evidence.Run) error{formats.HAR, repro.Shell, repro.GoTest, formats.Logs} {
			var b bytes.Buffer
			require.True(t, errors.Is(write(&b, &r), evidence.ErrNoRecord), name)
			require.Zero(t, b.Len())
		}
	}
}
