package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
)

func TestHelpIsWhatTheGoldenFilesSay(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "run", "init", "doctor", "conform", "replay", "reduce", "report", "diff", "faults", "rules", "schema", "clinic"} {
		args := append(strings.Fields(name), "--help")
		out := crosstalk(t, t.TempDir(), args...)
		require.Zero(t, out.code)
		require.Empty(t, out.stderr)
		golden.File(t, filepath.Join("testdata", "help", "crosstalk-"+name+".txt"), out.stdout)
	}
}

func TestRulesAreWhatTheGoldenFileSays(t *testing.T) {
	t.Parallel()
	out := crosstalk(t, t.TempDir(), "rules")
	require.Zero(t, out.code)
	golden.File(t, filepath.Join("testdata", "rules.txt"), out.stdout)
}

func TestErrorsAreOneLineThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"misspelt.trace":     "# a note\nalice = patient()\nalice.lst()\n",
		"undefined.trace":    "alice.list()\n",
		"empty.trace":        "# crosstalk trace v1\n",
		"taken/results.json": "{}",
	} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	var text strings.Builder
	for _, line := range []string{
		"nonsense", "run --nonsense", "run extra", "run --seed x", "run --time 5", "run --traces 0", "run --workers -1",
		"run --fault nonsense", "run --target nonsense", "run --target rest:nonsense", "run --target rest:http://127.0.0.1:1",
		"run --choice nonsense", "run --choice drop-leaves,cut-never,cut-by-speaker", "run --target rest:http://h --choice drop-leaves",
		"run --target rest:http://h --fault bola", "run --out taken", "run --out empty.trace/run",
		"replay", "replay a b", "replay nonsense", "replay nonsense.trace", "replay misspelt.trace", "replay undefined.trace",
		"replay empty.trace", "reduce misspelt.trace", "faults nonsense", "faults --target rest:http://127.0.0.1:1",
		"clinic --addr nonsense", "clinic --db no/such/directory/db", "clinic --fault nonsense",
		"clinic --choice nonsense",
		"clinic --recordings all", "clinic --refusal 404", "clinic --links all", "clinic --end nobody", "clinic --lag -1s",
		"clinic --min-age 0",
	} {
		out := crosstalk(t, dir, strings.Fields(line)...)
		require.Empty(t, out.stdout)
		lines := strings.Split(strings.TrimSuffix(out.stderr, "\n"), "\n")
		last := lines[len(lines)-1] // the lines before it say what was being done
		require.True(t, strings.HasPrefix(last, "crosstalk: "), out.stderr)
		fmt.Fprintf(&text, "$ crosstalk %s\n%s\nexit %d\n\n", line, last, out.code)
	}
	golden.File(t, filepath.Join("testdata", "errors.txt"), text.String())
}

func TestNoEngineIsOneLine(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"run", "replay gp-app-2020-06-09", "reduce gp-app-2020-06-09", "faults bola"} {
		cmd := command(t, t.TempDir(), append(strings.Fields(line), "--target", "container:clinic")...)
		cmd.Env = append(cmd.Env, "DOCKER_HOST=unix:///nonexistent.sock")
		out := finish(t, cmd)
		require.Equal(t, exitConfiguration, out.code, out.stderr)
		require.Contains(t, out.stderr, "no Docker engine answers at unix:///nonexistent.sock")
		require.Contains(t, out.stderr, "start Docker")
	}
}
