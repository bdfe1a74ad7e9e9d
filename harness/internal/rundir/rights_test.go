package rundir_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

func TestEveryFileOfARunIsListedAndPrivateOnesAreTheirOwners(t *testing.T) {
	probe := filepath.Join(t.TempDir(), "probe")
	require.NoError(t, os.WriteFile(probe, nil, 0o666))
	status, err := os.Stat(probe)
	require.NoError(t, err)
	umasks := status.Mode().Perm()

	listed := make(map[string]evidence.File)
	for _, f := range evidence.Files() {
		require.NotEmpty(t, f.What)
		require.NotEmpty(t, f.For)
		listed[f.Name] = f
	}
	further := regexp.MustCompile(`^minimal-\d+\.trace$`)
	dir := samples.Explored(t, true, false, 12)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Greater(t, len(entries), 10)
	private := 0
	for _, entry := range entries {
		f, known := listed[entry.Name()]
		require.True(t, known || further.MatchString(entry.Name()), "%s is not in the table of files", entry.Name())
		info, err := entry.Info()
		require.NoError(t, err)
		want := umasks
		if f.Private {
			want &= 0o600
			private++
		}
		require.Equal(t, want, info.Mode().Perm(), entry.Name())
	}
	require.Greater(t, private, 4)
}
