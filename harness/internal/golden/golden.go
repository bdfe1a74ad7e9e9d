package golden

import (
	"bytes"
	"flag"
	"image"
	_ "image/png" // of which the pictures are
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Updating reports whether -update was given.
func Updating() bool { return *update }

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
	File(t, filepath.Join("testdata", name), got.String())
}

// File compares a text with a file, and fails at the first line that differs.
func File(t T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	wants, gots := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range min(len(wants), len(gots)) {
		require.Equal(t, wants[i], gots[i], "%s:%d; -update rewrites it", path, i+1)
	}
	require.Len(t, gots, len(wants), path)
}

// Block compares a text with what a file has between the markers of a name,
// "<!-- NAME -->" and "<!-- /NAME -->".
func Block(t T, path, name, got string) {
	t.Helper()
	before, _, after := cut(t, path, name)
	File(t, path, before+got+after)
}

// Within is what a file has between the markers of a name.
func Within(t T, path, name string) string {
	t.Helper()
	_, within, _ := cut(t, path, name)
	return within
}

// cut is a file up to what is between the markers of a name, that, and the rest.
func cut(t T, path, name string) (before, within, after string) {
	t.Helper()
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, begins := strings.Cut(string(text), begin)
	within, after, ends := strings.Cut(rest, end)
	require.True(t, begins && ends, "%s has no %s", path, begin)
	return before + begin, within, end + after
}

// Picture compares a PNG that a test took with the file of the package with a
// name: it has the same size, and in most of its pixels the same color but for
// what another font changes.
func Picture(t T, file string, taken []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, taken, 0o644))
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	want, _, err := image.Decode(bytes.NewReader(kept))
	require.NoError(t, err, file)
	got, _, err := image.Decode(bytes.NewReader(taken))
	require.NoError(t, err)
	require.Equal(t, want.Bounds(), got.Bounds(), "%s; -update takes it anew", file)
	require.Less(t, differing(want, got), 0.1, "the share of pixels that differ from %s; -update takes it anew", file)
}

// differing is the share of pixels in which two pictures of one size differ.
func differing(a, b image.Image) float64 {
	bounds, n := a.Bounds(), 0
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r, g, bl, _ := a.At(x, y).RGBA()
			r2, g2, bl2, _ := b.At(x, y).RGBA()
			if r != r2 || g != g2 || bl != bl2 {
				n++
			}
		}
	}
	return float64(n) / float64(bounds.Dx()*bounds.Dy())
}
