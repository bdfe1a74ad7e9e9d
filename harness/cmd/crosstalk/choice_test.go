package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAClinicWithChoicesDoesAsItIsToldAndIsNamedByThem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	trace := "alice = patient()\ndr1 = clinician()\nb1 = alice.book(dr1, video)\nalice.switch(b1, audio)\nalice.join(b1)\nalice.drop(b1)\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "drop.trace"), []byte(trace), 0o644))
	reference := crosstalk(t, dir, "replay", "drop.trace")
	require.Contains(t, reference.stdout, "alice.drop(b1)               // ok in-progress video")
	out := crosstalk(t, dir, "replay", "drop.trace", "--choice", "drop-leaves,switched-before")
	require.Contains(t, out.stdout, "alice.drop(b1)               // ok completed audio")
	run := crosstalk(t, dir, "run", "--choice", "newest-first,fixed-pages", "--traces", "1", "--out", "out")
	require.Contains(t, run.stdout+run.stderr, "clinic --choice newest-first,fixed-pages")
}
