package harness_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// screens is the number of lines that README has at most: four screens.
const screens = 200

// markdownLink is a link to a file of the project, a section of one, or both.
var markdownLink = regexp.MustCompile(`\]\(([^)\s:]*)\)`)

func TestREADMEFitsOnFourScreens(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	require.LessOrEqual(t, strings.Count(string(text), "\n"), screens, "move what is longer beside what it describes")
}

func TestEveryLinkOfADocumentLeadsSomewhere(t *testing.T) {
	links := 0
	for _, file := range documents(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range markdownLink.FindAllStringSubmatch(string(text), -1) {
			links++
			path, section, _ := strings.Cut(m[1], "#")
			at := file
			if path != "" {
				at = filepath.Join(filepath.Dir(file), path)
			}
			_, err := os.Stat(at)
			require.NoError(t, err, "%s: %s", file, m[0])
			if section != "" {
				require.Contains(t, sections(t, at), section, "%s: %s", file, m[0])
			}
		}
	}
	require.Greater(t, links, 40, "links are found")
}

// documents are the pages in Markdown that people read.
func documents(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "crosstalk-out") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			out = append(out, path)
		}
		return err
	})
	require.NoError(t, err)
	require.Contains(t, out, "../README.md")
	return out
}

// sections are the anchors of a document's headings: words in lower case with
// hyphens between.
func sections(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var out []string
	for line := range strings.Lines(string(text)) {
		if marks, heading, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.Trim(marks, "#") == "" {
			out = append(out, anchor(heading))
		}
	}
	return out
}

func anchor(heading string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == ' ':
			return '-'
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_':
			return c
		}
		return -1
	}, strings.ToLower(heading))
}
