package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
)

const testToken = "the-operator-of-these-tests"

// configured is a directory with a crosstalk.yaml for a clinic that runs. More is
// put behind what says how the clinic is spoken to.
func configured(t *testing.T, fault, more string) string {
	t.Helper()
	dir := t.TempDir()
	args := []string{"clinic", "--addr", "127.0.0.1:0"}
	if fault != "" {
		args = append(args, "--fault", fault)
	}
	clinic := command(t, dir, args...)
	clinic.Env = append(clinic.Env, fastPasswordsVariable+"=1", operatorTokenVariable+"="+testToken)
	stdout, err := clinic.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, clinic.Start())
	t.Cleanup(func() {
		_ = clinic.Process.Kill()
		_ = clinic.Wait()
	})
	url := after(t, bufio.NewReader(stdout), "clinic: ")
	text, err := os.ReadFile("../../../targets/mapping/testdata/clinic.yaml")
	require.NoError(t, err)
	write(t, dir, strings.Replace(string(text), "http://127.0.0.1:8080", url, 1)+more)
	return dir
}

// write writes a configuration into a directory.
func write(t *testing.T, dir, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, configFile), []byte(text), 0o600))
}

// asOperator runs a command line with the operator's token and other variables in
// the environment.
func asOperator(t *testing.T, dir string, variables []string, args ...string) output {
	t.Helper()
	cmd := command(t, dir, args...)
	cmd.Env = append(append(cmd.Env, operatorTokenVariable+"="+testToken), variables...)
	return finish(t, cmd)
}

func TestTheServiceOfAConfigurationIsExplored(t *testing.T) {
	t.Parallel()
	dir := configured(t, "bola", "")
	found := asOperator(t, dir, nil, "run", "--seed", "1", "--out", "out")
	require.Equal(t, exitViolation, found.code, found.stderr)
	require.Contains(t, found.stdout, "VIOLATION  READ-1")
	require.NotContains(t, found.stdout+found.stderr, testToken)
	r := resultsOf(t, filepath.Join(dir, "out"))
	elsewhere := t.TempDir()
	args := append(strings.Fields(strings.TrimPrefix(r.Commands.Replay, "crosstalk ")), "--config", filepath.Join(dir, configFile))
	args[1] = filepath.Join(dir, args[1])
	again := asOperator(t, elsewhere, nil, args...)
	require.Equal(t, exitViolation, again.code, again.stderr)
}

func TestFlagsGoBeforeTheEnvironmentAndThatBeforeTheFile(t *testing.T) {
	t.Parallel()
	dir := configured(t, "", "run: {traces: 3, seed: 5, workers: 1}\noutputs: {directory: of-file, junit: reports/junit.xml}\n")
	variables := []string{"CROSSTALK_TRACES=4", "CROSSTALK_SEED=6"}
	out := asOperator(t, dir, variables, "run", "--seed", "7")
	require.Equal(t, judge.Inconclusive.ExitCode(), out.code, out.stderr)
	r := resultsOf(t, filepath.Join(dir, "of-file"))
	require.Equal(t, []int{4, 7, 1}, []int{r.Traces, r.Seed, r.Workers}, "of the environment, the flag and the file")
	require.FileExists(t, filepath.Join(dir, "reports", "junit.xml"))
	wrong := asOperator(t, dir, []string{"CROSSTALK_TRACES=many"}, "run")
	require.Equal(t, exitConfiguration, wrong.code)
	require.Contains(t, wrong.stderr, `CROSSTALK_TRACES: expected a whole number from 1, got "many"`)
}

func TestAStatementTellsOfKnownFailuresAndNoSecrets(t *testing.T) {
	t.Parallel()
	dir := configured(t, "cacheable", "policy: {starts: first, drop: waits, completes: last, completion: atOnce, switch: atOnce, recorded: all, listed: completed, grants: atOnce, sessions: survive, visits: goOn}\nknown_failures: [{rule: CACHE-1, reason: header planned}]\nrun: {strict: true, seed: 1, traces: 80}\noutputs: {statement: docs/statement.md}\n")
	out := asOperator(t, dir, nil, "conform", "--out", "out")
	require.Equal(t, exitConformant, out.code, out.stdout+out.stderr)
	for _, name := range []string{"out/" + evidence.StatementFile, "docs/statement.md", "out/statement.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Contains(t, string(text), "header planned", name)
		require.Contains(t, string(text), "${CROSSTALK_OPERATOR_TOKEN}", name)
		require.NotContains(t, string(text), testToken, name)
	}
}

func TestAKnownFailureThatIsNoneFailsTheRun(t *testing.T) {
	t.Parallel()
	dir := configured(t, "", "known_failures: [{rule: CACHE-1, reason: header planned}]\n")
	out := asOperator(t, dir, nil, "run", "--traces", "20", "--seed", "1", "--out", "out")
	require.Equal(t, exitViolation, out.code, out.stdout+out.stderr)
	r := resultsOf(t, filepath.Join(dir, "out"))
	require.Equal(t, judge.Violated, r.Verdict)
	require.Contains(t, out.stdout, "CACHE-1")
}

func TestInitWritesAFileThatDoctorReads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := crosstalk(t, dir, "init")
	require.Equal(t, exitConformant, out.code, out.stderr)
	require.Contains(t, out.stdout, "next: crosstalk doctor")
	require.FileExists(t, filepath.Join(dir, config.SchemaFile))
	again := crosstalk(t, dir, "init")
	require.Equal(t, exitConfiguration, again.code)
	require.Contains(t, again.stderr, "--force")

	file := filepath.Join(dir, configFile)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	write(t, dir, strings.Replace(string(text), "url: http://127.0.0.1:8080", "url: http://127.0.0.1:1", 1))
	examined := asOperator(t, dir, nil, "doctor")
	require.Equal(t, exitUnreachable, examined.code, examined.stdout+examined.stderr)
	require.Regexp(t, `crosstalk\.yaml:\d+:8: service unreachable`, examined.stdout+examined.stderr)
}

func TestDoctorFindsTheMappedClinicHealthy(t *testing.T) {
	t.Parallel()
	out := asOperator(t, configured(t, "", ""), nil, "doctor")
	require.Equal(t, exitConformant, out.code, out.stdout+out.stderr)
	require.NotContains(t, out.stdout, "WRONG")
}

func TestDoctorWritesWhatItMeasuredIntoTheFileAndNothingElse(t *testing.T) {
	t.Parallel()
	dir := configured(t, "", "")
	file := filepath.Join(dir, configFile)
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	out := asOperator(t, dir, nil, "doctor", "--write")
	require.Equal(t, exitConformant, out.code, out.stdout+out.stderr)
	require.Regexp(t, `crosstalk\.yaml: \d+ choices written into the policy`, out.stderr)
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	policy, added := strings.CutPrefix(string(after), string(before)+"\npolicy:\n")
	require.True(t, added, "what was there is changed")
	for _, line := range []string{"  starts: first\n", "  completes: last\n", "  completion: atOnce\n", "  switch: atOnce\n"} {
		require.Contains(t, policy, line)
	}
	again := asOperator(t, dir, nil, "doctor", "--write")
	require.Equal(t, exitConformant, again.code, again.stdout+again.stderr)
	require.Contains(t, again.stderr, "nothing was measured that the policy lacks")
}

func TestWhatCannotBeTestedExitsWithItsOwnCode(t *testing.T) {
	t.Parallel()
	const operations = "operations: {patient: {method: POST, path: /patients}}\n"
	for name, tt := range map[string]struct {
		file, says string
		code       int
	}{
		"an adapter that speaks no protocol": {"version: 1\ntarget: {process: {command: [" + os.Args[0] + ", rules]}}\n", "crosstalk.yaml:2:20", exitConfiguration},
		"an adapter that is not there":       {"version: 1\ntarget: {process: {command: [./none]}}\n", "crosstalk.yaml:2:20", exitConfiguration},
		"a service that is not there":        {"version: 1\ntarget: {url: \"http://127.0.0.1:1\"}\n" + operations, "crosstalk.yaml:2:15", exitUnreachable},
		"a key that is none":                 {"version: 1\ntarget: {ulr: x}\n" + operations, "crosstalk.yaml:2:10", exitConfiguration},
		"a name that is none":                {"version: 1\ntarget: {url: \"http://127.0.0.1:1\"}\noperations: {patient: {path: \"/{{.nam}}\"}}\n", "crosstalk.yaml:3:30", exitConfiguration},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, tt.file)
			out := crosstalk(t, dir, "run", "--traces", "1")
			require.Equal(t, tt.code, out.code, out.stderr)
			require.Contains(t, out.stderr, tt.says)
			require.NotContains(t, out.stderr, "goroutine")
		})
	}
}
