package container

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAMissingEngineIsOneClearLineAtOnce(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{
		"no socket":         "unix://" + filepath.Join(t.TempDir(), "docker.sock"),
		"nobody listens":    "tcp://127.0.0.1:1",
		"address malformed": "nonsense",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), childProbe+"=1", requireDocker+"=1", "DOCKER_HOST="+address)
			out, err := child.CombinedOutput()
			require.NoError(t, err)
			line := strings.TrimSuffix(string(out), "\n")
			t.Log(line)
			require.NotContains(t, line, "\n")
			require.Contains(t, line, ErrNoEngine.Error()+" at "+address)
			require.Contains(t, line, "set DOCKER_HOST")
			require.True(t, strings.HasSuffix(line, " true"), "the engine was required")
			require.Less(t, time.Since(begin), 10*time.Second)
		})
	}
}

func TestAvailableIsQuiet(t *testing.T) {
	t.Parallel()
	requireEngine(t)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childProbe+"=1", requireDocker+"=0")
	out, err := child.CombinedOutput()
	require.NoError(t, err)
	require.Equal(t, " false\n", string(out), "no reason, not required, and not a word of testcontainers")
}
