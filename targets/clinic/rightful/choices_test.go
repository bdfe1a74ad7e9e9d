package rightful_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

var update = flag.Bool("update", false, "write the answers in testdata and the tables of README.md anew")

// prologue begins each trace.
const prologue = `alice = patient()
bob = patient()
dr1 = clinician()
dr2 = clinician()
b1 = alice.book(dr1, video)
`

const tracesFile = "testdata/choices.txt"

func TestEachChoiceAnswersOtherwiseThanTheReferenceAsItSays(t *testing.T) {
	file, err := os.ReadFile(tracesFile)
	require.NoError(t, err)
	sections := strings.Split(string(file), "\n== ")
	var written strings.Builder
	written.WriteString(sections[0])
	choices := rightful.Choices()
	require.Len(t, sections[1:], len(choices))
	for i, choice := range choices {
		slug, body, _ := strings.Cut(sections[i+1], "\n")
		require.Equal(t, choice.Slug, slug)
		annotated := compared(t, choice, body)
		require.Contains(t, annotated, " | ", "%s answers like the reference clinic", slug)
		written.WriteString("\n== " + slug + "\n" + annotated)
	}
	if *update {
		require.NoError(t, os.WriteFile(tracesFile, []byte(written.String()), 0o644))
		return
	}
	require.Equal(t, string(file), written.String(), "-update writes it anew")
}

// compared returns a trace with what the reference clinic and that with a choice answer, where that is not the same.
func compared(t *testing.T, choice rightful.Choice, body string) string {
	t.Helper()
	trace, err := models.Parse(prologue + body)
	require.NoError(t, err, choice.Slug)
	reference, other := answers(t, func(*clinic.Config) {}, trace), answers(t, choice.Apply, trace)
	comments := make([]string, len(trace.Ops))
	for i := range trace.Ops {
		if reference[i] != other[i] {
			comments[i] = reference[i] + " | " + other[i]
		}
	}
	lines := strings.SplitAfter(trace.Annotate(comments), "\n")
	begins := len(lines) - 1 - (len(trace.Ops) - strings.Count(prologue, "\n"))
	return strings.Join(lines[begins:], "")
}

// answers are those of a clinic to the operations of a trace, in words.
func answers(t *testing.T, configure func(*clinic.Config), trace models.Trace) []string {
	t.Helper()
	all := apply(t, configure, trace)
	words := make([]string, len(all))
	for i, r := range all {
		words[i] = inWords(r)
	}
	return words
}

// apply performs a trace on a clinic of its own.
func apply(t *testing.T, configure func(*clinic.Config), trace models.Trace) []models.Response {
	t.Helper()
	target, err := clinic.Launcher{Configure: configure}.Launch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, target.Close()) }()
	world, err := target.Open(t.Context(), "w")
	require.NoError(t, err)
	defer func() { require.NoError(t, world.Close()) }()
	var all []models.Response
	for _, call := range trace.Calls() {
		r, err := world.Apply(t.Context(), call)
		require.NoError(t, err)
		require.NotEqual(t, models.Unknown, r.Outcome, "%s: %+v\n%s", call.Op, r, trace)
		all = append(all, r)
	}
	return all
}

// inWords says what a response shows of recordings, and otherwise what it says itself.
func inWords(r models.Response) string {
	var b strings.Builder
	b.WriteString(string(r.Outcome))
	switch {
	case r.Listing != nil:
		for _, row := range r.Listing.Rows {
			b.WriteString(" [" + ofRow(row) + "]")
		}
		total := "?"
		if r.Listing.Total != nil {
			total = fmt.Sprint(*r.Listing.Total)
		}
		fmt.Fprintf(&b, " of %s on %d pages", total, r.Listing.Pages)
	case r.Row != nil:
		b.WriteString(" [" + ofRow(*r.Row) + "]")
	case r.Content == nil:
		return r.String()
	}
	if r.Content != nil {
		fmt.Fprintf(&b, " %d bytes", r.Content.Length)
		for i, piece := range r.Content.Pieces {
			if i == 0 || piece.Tag != r.Content.Pieces[i-1].Tag {
				fmt.Fprintf(&b, " %s at %d", piece.Tag.Booking, piece.Tag.Moment)
			}
		}
	}
	return b.String()
}

func ofRow(r models.Row) string {
	mode := r.Mode
	if mode == "" {
		mode = "-"
	}
	return fmt.Sprintf("%s %s %d %d", r.Tag.Booking, mode, r.Segment, r.Size)
}
