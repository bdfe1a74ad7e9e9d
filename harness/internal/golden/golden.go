// Package golden compares what tests write with files of testdata, which the flag
// -update writes anew. Tests alone import it.
package golden

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// T is what is used of a test.
type T interface {
	require.TestingT
	Helper()
}

// Compare compares what write writes with the file of testdata with a name, and
// fails at the first line that differs.
func Compare(t T, name string, write func(io.Writer) error) {
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
