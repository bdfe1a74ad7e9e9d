package rightful_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

func TestTheTablesOfREADMEAreOfToday(t *testing.T) {
	file, err := os.ReadFile("README.md")
	require.NoError(t, err)
	text := string(file)
	for name, table := range map[string]string{"choices": choiceTable(), "omissions": omissionTable(), "contradictions": contradictionTable()} {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
		before, rest, ok := strings.Cut(text, begin)
		require.True(t, ok, name)
		_, after, ok := strings.Cut(rest, end)
		require.True(t, ok, name)
		text = before + begin + table + end + after
	}
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(text), 0o644))
		return
	}
	require.Equal(t, string(file), text, "-update writes it anew")
}

func choiceTable() string {
	var b strings.Builder
	all := rightful.Choices()
	fmt.Fprintf(&b, "%d choices of %d axes.\n\n| axis | subject | kind | choice | what the clinic does |\n|--:|---|---|---|---|\n", len(all), axesOf(all))
	for _, c := range all {
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s |\n", c.Axis, c.About, c.Kind, c.Slug, c.What)
	}
	return b.String()
}

func axesOf(all []rightful.Choice) int {
	axes := map[int]bool{}
	for _, c := range all {
		axes[c.Axis] = true
	}
	return len(axes)
}

func omissionTable() string {
	var b strings.Builder
	b.WriteString("| axis | choice | why it is not built |\n|--:|---|---|\n")
	for _, o := range rightful.Omissions() {
		fmt.Fprintf(&b, "| %d | %s | %s |\n", o.Axis, o.What, o.Reason)
	}
	return b.String()
}

func contradictionTable() string {
	var b strings.Builder
	b.WriteString("| one | other | why |\n|---|---|---|\n")
	for _, c := range rightful.Contradictions() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.One, c.Other, c.Reason)
	}
	return b.String()
}

func TestChoicesHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range rightful.Choices() {
		require.False(t, seen[c.Slug], c.Slug)
		seen[c.Slug] = true
		found, err := rightful.FindChoice(c.Slug)
		require.NoError(t, err)
		require.Equal(t, c.What, found.What)
	}
	for _, c := range rightful.Contradictions() {
		require.True(t, seen[c.One] && seen[c.Other], "%+v", c)
	}
	_, err := rightful.FindChoice("nonsense")
	require.EqualError(t, err, `unknown choice "nonsense"`)
}
