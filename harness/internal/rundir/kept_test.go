package rundir_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/rundir"
	"github.com/telehealth-conformance/crosstalk/models"
)

// TestARunOfAnEarlierVersionStaysReadable reads a run that commit 61cde04 wrote:
// crosstalk run --fault bola --seed 1 --workers 1. Its formats are results 1,
// history 1, traces 1 and HAR 1.2.
func TestARunOfAnEarlierVersionStaysReadable(t *testing.T) {
	const kept = "testdata/61cde04"
	s, err := rundir.Read(kept)
	require.NoError(t, err)
	require.Empty(t, s.Warnings)
	require.Empty(t, s.Changes, "today's rules judge it as those of its time did")
	require.Equal(t, "clinic --fault bola", s.Target)
	require.Equal(t, 108, s.Operations)
	require.Equal(t, "READ-1 obtained by content", s.Minimal.Violation.Signature.String())
	require.Len(t, s.Minimal.Trace.Ops, 8)
	require.NotEmpty(t, s.Minimal.Record.Exchanges, "the requests of minimal.har")
	for _, name := range []string{"minimal.trace", "found.trace"} {
		text, err := os.ReadFile(filepath.Join(kept, name))
		require.NoError(t, err)
		_, err = models.ParseFile(name, string(text))
		require.NoError(t, err)
	}
	names, err := s.Write(t.TempDir())
	require.NoError(t, err)
	for _, name := range []string{evidence.HTMLFile, evidence.ResultsFile, evidence.Article33, evidence.ReproScript} {
		require.Contains(t, names, name)
	}
}
