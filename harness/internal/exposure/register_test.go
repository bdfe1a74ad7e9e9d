package exposure_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// one is the pack of one trace in which alice does something to bob's recording.
func one(t *testing.T, then string, answer func(*models.Response)) *exposure.Pack {
	t.Helper()
	r := exposure.New()
	add(r, ran(t, 1, two+then, to(8, answer)), history.Exploring, 4)
	return r.Pack(facts, exposure.Options{})
}

func TestWhatTheAnswerShowsIsProvenAndTheRestIsPossible(t *testing.T) {
	empty := func(r *models.Response) { *r = models.Response{Outcome: models.OK} }
	for name, c := range map[string]struct {
		then      string
		answer    func(*models.Response)
		certainty exposure.Certainty
		evidence  exposure.Evidence
		level     models.Level
	}{
		"a row with bob's tag":            {"alice.list()", listing(row("", "w1", "b1")), exposure.Proven, exposure.Tagged, models.Presented},
		"a row with an id that was bob's": {"alice.list()", listing(models.Row{Recording: "b1.r1", Page: 1}), exposure.Proven, exposure.ByID, models.Presented},
		"a part of bob's media":           {"alice.play(b1.r1)", media("w1", "b1", 64, 256), exposure.Proven, exposure.Tagged, models.Viewed},
		"all of bob's media":              {"alice.play(b1.r1)", media("w1", "b1", 256, 256), exposure.Proven, exposure.Tagged, models.Obtained},
		"a thumbnail without a tag":       {"alice.thumb(b1.r1)", empty, exposure.Possible, exposure.Untagged, models.Previewed},
		"the size in the headers": {"alice.head(b1.r1)", func(r *models.Response) {
			*r = models.Response{Outcome: models.OK, Content: &models.Content{Total: 256}}
		}, exposure.Proven, exposure.Acknowledged, models.Previewed},
		"a link that nobody followed":          {"l1 = alice.link(b1.r1)", empty, exposure.Possible, exposure.Minted, models.Obtained},
		"a deletion that was acknowledged":     {"alice.delete(b1.r1)", empty, exposure.Proven, exposure.Acknowledged, models.Controlled},
		"a play that timed out":                {"alice.play(b1.r1)", lost, exposure.Possible, exposure.Lost, models.Obtained},
		"a listing answered by a server error": {"alice.list()", func(r *models.Response) { *r = models.Response{Outcome: models.Unknown, Status: 500} }, exposure.Possible, exposure.Lost, models.Presented},
		"a deletion that timed out":            {"alice.delete(b1.r1)", lost, exposure.Possible, exposure.Lost, models.Controlled},
	} {
		t.Run(name, func(t *testing.T) {
			p := one(t, c.then, c.answer)
			require.Len(t, p.Exposures, 1)
			x := p.Exposures[0]
			require.Equal(t, []any{c.certainty, c.evidence, c.level}, []any{x.Certainty, x.Evidence, x.Level})
			require.Equal(t, []any{"P-0001", "P-0002", "R-0001", exposure.Patient}, []any{x.Subject, x.Recipient, x.Recording, x.RecipientKind})
			require.Equal(t, []string{"4/8"}, x.Steps)
			require.Equal(t, []string{"w1-8-1"}, x.RequestIDs)
			require.Equal(t, begun.Add(67*time.Second), x.First)
		})
	}
}

func TestBytesThatAreNotKnownToBeAnybodysAreNoExposure(t *testing.T) {
	p := one(t, "alice.play(b1.r1)", func(r *models.Response) {
		*r = models.Response{Outcome: models.OK, Content: &models.Content{Length: 9, Total: 99, Stray: 9}}
	})
	require.Empty(t, p.Exposures)
}

func TestOnesOwnRecordingIsNobodysExposure(t *testing.T) {
	r := exposure.New()
	add(r, ran(t, 1, two+"bob.list()\nbob.play(b1.r1)\nalice.play(b1.r1)\nbob.play(b1.r1)\n", to(11, lost)), history.Exploring, 0)
	require.True(t, r.Empty())
}

func TestTheHolderOfARevokedTokenAndAnyoneAreListedAndNotCounted(t *testing.T) {
	r := exposure.New()
	add(r, ran(t, 1, two+"bob.logout()\nbob.list()\nanyone.play(b1.r1)\n", func(c models.Call, a *models.Response) {
		switch c.Step {
		case 9:
			listing(row("b1.r1", "w1", "b1"))(a)
		case 10:
			media("w1", "b1", 256, 256)(a)
		}
	}), history.Exploring, 0)
	p := r.Pack(facts, exposure.Options{})
	require.Len(t, p.Exposures, 2)
	require.Equal(t, "holder of P-0001's revoked token", p.Exposures[0].Recipient)
	require.Equal(t, exposure.Possible, p.Exposures[0].Certainty)
	require.Equal(t, "anyone", p.Exposures[1].Recipient)
	require.Equal(t, 2, p.Uncounted)
	require.Equal(t, exposure.Bounds{}, p.Levels[0].Recipients)
	require.Equal(t, exposure.Bounds{AtLeast: 1, AtMost: 1}, p.Levels[0].Subjects)
}

func TestTheOwnerOfAnotherTracesRecordingIsFound(t *testing.T) {
	r := exposure.New()
	shown := ran(t, 2, two+"alice.list()\n", to(8, listing(row("", "w1", "b1"), row("", "w9", "b1"), row("", "w9", "b2"))))
	add(r, shown, history.Exploring, 5)
	add(r, ran(t, 1, two, to(0, nil)), history.Exploring, 3) // in whatever order
	p := r.Pack(facts, exposure.Options{Names: true})
	require.Len(t, p.Exposures, 3)
	require.Equal(t, []string{"bob of trace 3", "b1 of trace 3"}, []string{p.Exposures[0].Subject, p.Exposures[0].Recording})
	require.Equal(t, "patient of b1 of another test (w9)", p.Exposures[1].Subject)
	require.Equal(t, exposure.Bounds{AtLeast: 2, AtMost: 3}, p.Levels[1].Subjects, "those of w9 may be one")
	require.Equal(t, exposure.Bounds{AtLeast: 1, AtMost: 1}, p.Levels[1].Recipients)
}

func TestReplaysAreNotMorePeople(t *testing.T) {
	r := exposure.New()
	for n, purpose := range []history.Purpose{history.Confirming, history.Reducing, history.Certifying, history.Documenting} {
		add(r, ran(t, n, two+"alice.list()\n", to(8, listing(row("", models.Namespace(fmt.Sprintf("w%d", n)), "b1")))), purpose, n)
	}
	add(r, ran(t, 9, two, to(0, nil)), history.Confirming, 9)
	require.True(t, r.Empty())
	p := r.Pack(facts, exposure.Options{})
	require.Equal(t, []int{5, 4}, []int{p.Replays, p.ReplaysShowing})
}

func TestTheSameExposureIsOneRowAndItsBytesAddUp(t *testing.T) {
	r := exposure.New()
	add(r, ran(t, 1, two+"alice.play(b1.r1)\nalice.play(b1.r1)\nalice.play(b1.r1)\n", func(c models.Call, a *models.Response) {
		if c.Step >= 8 {
			media("w1", "b1", int64(32*(c.Step-7)), 256)(a)
		}
	}), history.Exploring, 0)
	p := r.Pack(facts, exposure.Options{})
	require.Len(t, p.Exposures, 1)
	x := p.Exposures[0]
	require.Equal(t, []any{3, int64(96), int64(192)}, []any{x.Times, x.Bytes, x.BytesTotal})
	require.Equal(t, 2*time.Second, x.Last.Sub(x.First))
	require.Equal(t, []string{"0/8", "0/9", "0/10"}, x.Steps)
}

// incident is the shape of the numbers of 9 June 2020: one viewed, two more were
// presented with what they did not open; and an answer was lost.
func incident(t *testing.T) *exposure.Register {
	r := exposure.New()
	add(r, ran(t, 1, two+"alice.list()\nalice.play(b1.r1, range=0-63)\n", func(c models.Call, a *models.Response) {
		switch c.Step {
		case 8:
			listing(row("b1.r1", "w1", "b1"))(a)
		case 9:
			media("w1", "b1", 64, 256)(a)
		}
	}), history.Exploring, 0)
	add(r, ran(t, 2, two+"alice.list()\n", to(8, listing(row("b1.r1", "w2", "b1"), row("", "w1", "b1")))), history.Exploring, 1)
	add(r, ran(t, 3, two+"alice.list()\nalice.play(b1.r1)\nl1 = alice.link(b1.r1)\n", func(c models.Call, a *models.Response) {
		switch c.Step {
		case 8:
			listing(row("b1.r1", "w3", "b1"))(a)
		case 9:
			lost(a)
		}
	}), history.Exploring, 2)
	add(r, ran(t, 4, two+"alice.list()\n", to(8, listing(row("b1.r1", "w4", "b1")))), history.Reducing, 1)
	return r
}

func TestPersonsCountAtEveryLevelUpToTheirHighest(t *testing.T) {
	p := incident(t).Pack(facts, exposure.Options{})
	at := func(l models.Level) exposure.LevelCount { return p.Levels[l-models.Inferred] }
	require.Equal(t, exposure.Bounds{AtLeast: 3, AtMost: 3}, at(models.Presented).Recipients)
	require.Equal(t, exposure.Bounds{AtLeast: 1, AtMost: 2}, at(models.Viewed).Recipients)
	require.Equal(t, exposure.Highest{Proven: 2, WithPossible: 1}, at(models.Presented).RecipientsHighest)
	require.Equal(t, exposure.Highest{Proven: 1, WithPossible: 1}, at(models.Viewed).RecipientsHighest)
	require.Equal(t, exposure.Highest{Proven: 0, WithPossible: 1}, at(models.Obtained).RecipientsHighest)
	require.Equal(t, exposure.Bounds{AtLeast: 3, AtMost: 3}, at(models.Presented).Recordings, "b1 of another world may be b1.r1")
	require.Equal(t, models.Obtained, p.Inform[0].Possible)
	require.Equal(t, models.Presented, p.Inform[0].Proven)
}

func TestTheFilesAreWhatTheGoldenFilesSay(t *testing.T) {
	r := incident(t)
	p := r.Pack(facts, exposure.Options{})
	golden.Compare(t, "exposure.csv", p.CSV)
	golden.Compare(t, "exposure.json", p.JSON)
	golden.Compare(t, "article-33.md", p.Article33)
	aware := time.Date(2020, time.June, 9, 17, 30, 0, 0, time.FixedZone("", 3600))
	named := r.Pack(facts, exposure.Options{Names: true, Aware: aware, Now: aware.Add(30*time.Hour + 30*time.Minute)})
	golden.Compare(t, "named.json", named.JSON)
	golden.Compare(t, "named.md", named.Article33)
	late := facts
	late.Complete = false
	golden.Compare(t, "late.md", r.Pack(late, exposure.Options{Aware: aware, Now: aware.Add(80 * time.Hour)}).Article33)
	golden.Compare(t, "nobody.md", exposure.New().Pack(facts, exposure.Options{}).Article33)
}

func TestPseudonymsHideTheNamesOfTheTest(t *testing.T) {
	p := incident(t).Pack(facts, exposure.Options{})
	for _, write := range []func(io.Writer) error{p.CSV, p.JSON, p.Article33} {
		var out bytes.Buffer
		require.NoError(t, write(&out))
		for _, name := range []string{"alice", "bob", "b1.r1"} {
			require.NotContains(t, out.String(), name)
		}
	}
}

func TestTheJSONKeepsItsSchema(t *testing.T) {
	compiled := compile(t)
	for _, p := range []*exposure.Pack{
		incident(t).Pack(facts, exposure.Options{}), incident(t).Pack(facts, exposure.Options{Names: true}), exposure.New().Pack(facts, exposure.Options{}),
		one(t, "alice.list()", lost), one(t, "alice.delete(b1.r1)", func(r *models.Response) { *r = models.Response{Outcome: models.OK} }),
	} {
		var out bytes.Buffer
		require.NoError(t, p.JSON(&out))
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
		require.NoError(t, err)
		require.NoError(t, compiled.Validate(value))
		var back exposure.Pack
		require.NoError(t, json.Unmarshal(out.Bytes(), &back))
		var again bytes.Buffer
		require.NoError(t, back.JSON(&again))
		require.Equal(t, out.String(), again.String())
	}
	broken, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"schema":"crosstalk-exposure/1"}`))
	require.NoError(t, err)
	require.Error(t, compiled.Validate(broken))
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(exposure.JSONSchema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("urn:crosstalk:exposure:1", document))
	compiled, err := c.Compile("urn:crosstalk:exposure:1")
	require.NoError(t, err)
	return compiled
}

func TestNoCellIsAFormula(t *testing.T) {
	r := exposure.New()
	h := ran(t, 1, two+"alice.list()\n", to(8, listing(row("b1.r1", "w1", "b1"))))
	h.Events[7].Response.Exchanges[0].ID = "=HYPERLINK(\"http://x\")\r\nx, \"y\""
	add(r, h, history.Exploring, 0)
	var out bytes.Buffer
	require.NoError(t, r.Pack(facts, exposure.Options{}).CSV(&out))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	at := slices.Index(rows[0], "request_ids")
	require.True(t, strings.HasPrefix(rows[1][at], "'=HYPERLINK"), rows[1][at])
}

func TestMarkdownTakesNamesLiterally(t *testing.T) {
	hostile := facts
	hostile.Target = "rest:http://x/<img onerror=1>\n# |"
	var out bytes.Buffer
	require.NoError(t, incident(t).Pack(hostile, exposure.Options{}).Article33(&out))
	require.Contains(t, out.String(), `\<img onerror=1\> \# \|`)
}

func TestTheSchemaNamesEveryPath(t *testing.T) {
	var schema struct {
		Defs struct {
			Exposure struct {
				Properties struct {
					Path struct{ Enum []models.Path }
				}
			}
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal([]byte(exposure.JSONSchema()), &schema))
	require.ElementsMatch(t, models.Paths(), schema.Defs.Exposure.Properties.Path.Enum)
}
