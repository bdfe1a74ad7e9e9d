package samples

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// ReadTrace reads a file of a directory that holds a trace.
func ReadTrace(t T, dir, name string) models.Trace {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	trace, err := models.ParseFile(name, string(text))
	require.NoError(t, err)
	return trace
}

// Slugs are those of the faults that have a minimal trace, in order.
func Slugs(t T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(goldenTraces(t), "*.trace"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	out := make([]string, len(files))
	for i, file := range files {
		out[i] = strings.TrimSuffix(filepath.Base(file), ".trace")
	}
	return out
}

// TraceOf is the minimal trace of a fault.
func TraceOf(t T, slug string) models.Trace {
	t.Helper()
	return ReadTrace(t, goldenTraces(t), slug+".trace")
}

// goldenTraces is the directory of the minimal traces, of which a test runs in a
// directory beside or below.
func goldenTraces(t T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for filepath.Base(dir) != "harness" {
		require.NotEqual(t, filepath.Dir(dir), dir, "the tests run below harness")
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, "testdata", "golden")
}
