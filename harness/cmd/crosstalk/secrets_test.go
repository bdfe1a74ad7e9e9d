package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
)

// plantedIn are secrets by the places where a configuration takes one, each told
// apart from the others. Some are other texts in each form.
func plantedIn(places ...string) map[string]string {
	out := make(map[string]string)
	for i, place := range places {
		digest := sha256.Sum256([]byte(place))
		text := hex.EncodeToString(digest[:])
		out[place] = text[:20]
		if i%2 == 1 && place != "url" && !strings.HasPrefix(place, "cookie") {
			out[place] += `/+=<&>"'\%:` + text[20:40]
		}
	}
	return out
}

// everywhere are the places of the first configuration.
var everywhere = []string{"operator-bearer", "operator-header", "operator-env-header", "cookie-operator", "login-query", "login-header", "login-user",
	"login-password", "user-header", "cookie-user", "step-header", "step-query", "step-body", "reset-header", "url"}

// variablesOf are the variables of the environment for secrets: PLANTED_STEP_BODY
// for step-body.
func variablesOf(planted map[string]string) []string {
	var out []string
	for place, value := range planted {
		out = append(out, variableFor(place)+"="+value)
	}
	return out
}

func variableFor(place string) string {
	return "PLANTED_" + strings.ToUpper(strings.ReplaceAll(place, "-", "_"))
}

// yamlText is a value as YAML quotes it.
func yamlText(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }

// leakyConfiguration is the clinic's with secrets in every place: in some as they
// are, in the others from variables.
func leakyConfiguration(t *testing.T, l *leaky) string {
	t.Helper()
	p := func(place string) string { return yamlText(l.planted[place]) }
	auth := `auth:
  user:
    bearer: "{{.actor.token}}"
    headers: {X-App: ` + p("user-header") + `, X-Short: pin42}
    cookies: {app: ` + p("cookie-user") + `}
  operator:
    bearer: "${PLANTED_OPERATOR_BEARER}"
    headers: {X-Operator: "{{.operator.key}}", X-Api-Key: ` + p("operator-header") + `, X-Env: "Key ${PLANTED_OPERATOR_ENV_HEADER}"}
    cookies: {opc: ` + p("cookie-operator") + `}
    login:
      method: POST
      path: /op-login
      query: {lq: "${PLANTED_LOGIN_QUERY}"}
      headers: {X-Login: ` + p("login-header") + `}
      json: {user: ` + p("login-user") + `, password: ` + p("login-password") + `}
      capture: {key: .key}
`
	return configurationOf(t, l, auth, "  reset: {http: {method: POST, path: /reset, headers: {X-Reset: \"${PLANTED_RESET_HEADER}\"}}}\n")
}

// configurationOf is the clinic's mapping with another section auth, at the leaky
// service.
func configurationOf(t *testing.T, l *leaky, auth, target string) string {
	t.Helper()
	text, err := os.ReadFile("../../../targets/mapping/testdata/clinic.yaml")
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), "auth:\n")
	require.True(t, ok)
	_, rest, ok = strings.Cut(rest, "\nids:")
	require.True(t, ok)
	out := strings.NewReplacer("url: http://127.0.0.1:8080", "url: \""+l.URL+"/${PLANTED_URL}\"", "  ready: {path: /healthz}\n", "  ready: {path: /healthz}\n"+target).Replace(before) + auth + "\nids:" + rest
	book := `practitioner: "{{.clinician.id}}"`
	require.Contains(t, out, book)
	return strings.NewReplacer(book, book+"\n      note: \"${PLANTED_STEP_BODY:-none}\"",
		"    path: /appointments\n", "    path: /appointments\n    headers: {X-Step: \"${PLANTED_STEP_HEADER:-none}\"}\n    query: {apikey: \"${PLANTED_STEP_QUERY:-none}\", flag: \"1\"}\n").Replace(out)
}

// requireNoSecrets requires that no secret is in any file of a folder, nor in what
// was written on the terminal, in any form.
func requireNoSecrets(t *testing.T, l *leaky, folder string, terminal map[string]string) {
	t.Helper()
	texts := make(map[string]string)
	for name, text := range terminal {
		texts[name] = text
	}
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == configFile {
			return err
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		return err
	}))
	for _, secret := range l.secrets(-1) {
		for _, form := range traces(secret) {
			for name, text := range texts {
				if at := strings.Index(text, form); at >= 0 {
					t.Errorf("%s has the secret %s in the form %q: %q", name, secret, form, text[max(0, at-80):min(len(text), at+len(form)+40)])
				}
			}
		}
	}
}

// requireAllSent requires that the service was sent every planted secret: one that
// was not proves nothing.
func requireAllSent(t *testing.T, l *leaky, places ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := l.seen.String()
	for _, place := range places {
		require.Contains(t, seen, l.planted[place], place)
	}
}

func TestNoSecretOfAConfigurationIsInAnyFileOrOnTheTerminal(t *testing.T) {
	t.Parallel()
	planted := plantedIn(everywhere...)
	l := newLeaky(t, planted)
	dir := t.TempDir()
	write(t, dir, leakyConfiguration(t, l))
	variables := variablesOf(planted)
	terminal := make(map[string]string)
	said := func(code int, args ...string) {
		t.Helper()
		begin := time.Now()
		out := asOperator(t, dir, variables, args...)
		t.Log(args, time.Since(begin))
		require.Equal(t, code, out.code, out.stdout+out.stderr)
		terminal[strings.Join(args, " ")] = out.stdout + out.stderr
	}
	said(exitConfiguration, "doctor") // the reset is none
	said(exitViolation, "conform", "--traces", "40", "--seed", "1", "--workers", "1", "--out", "out")
	minimal := filepath.Join("out", evidence.MinimalTrace)
	said(exitViolation, "replay", minimal)
	said(exitViolation, "reduce", minimal, "--out", "reduced")
	said(exitConformant, "report", "out", "--names", "--out", "rebuilt")
	said(exitConformant, "diff", "out", "reduced")
	requireAllSent(t, l, everywhere...)
	for _, name := range []string{evidence.HistoryFile, evidence.ResultsFile, evidence.HTMLFile, evidence.JUnitFile, evidence.SARIFFile, evidence.SummaryFile,
		evidence.StatementFile, evidence.StatementJSONFile, evidence.MinimalHAR, evidence.ReproScript, evidence.ReproTest, evidence.ExposureCSV,
		evidence.ExposureJSON, evidence.Article33, evidence.FoundTrace} {
		require.FileExists(t, filepath.Join(dir, "out", name))
	}
	requireNoSecrets(t, l, dir, terminal)
	requireNamed(t, filepath.Join(dir, "out"))
	requireNamed(t, filepath.Join(dir, "rebuilt"))
	requireShortHidden(t, dir)
	requireReproduced(t, l, dir)
}

// requireNamed requires that secrets are called by what they are in what was
// recorded, and that scripts take each from a variable of its own.
func requireNamed(t *testing.T, dir string) {
	t.Helper()
	archive, err := os.ReadFile(filepath.Join(dir, evidence.MinimalHAR))
	require.NoError(t, err)
	script, err := os.ReadFile(filepath.Join(dir, evidence.ReproScript))
	require.NoError(t, err)
	test, err := os.ReadFile(filepath.Join(dir, evidence.ReproTest))
	require.NoError(t, err)
	for _, name := range []string{"PLANTED_OPERATOR_BEARER", "CROSSTALK_OPERATOR_X_API_KEY", "PLANTED_OPERATOR_ENV_HEADER", "CROSSTALK_OPERATOR_COOKIE_OPC",
		"CROSSTALK_USER_X_APP", "CROSSTALK_USER_COOKIE_APP", "PLANTED_STEP_BODY", "PLANTED_STEP_HEADER", "PLANTED_STEP_QUERY"} {
		require.Contains(t, string(archive), "[secret-"+name+"]", name)
		require.Contains(t, string(script), `"$`+name+`"`, name)
		require.Contains(t, string(test), `setting(t, "`+name+`"`, name)
	}
	require.Contains(t, string(script), `'X-Env: Key '"$PLANTED_OPERATOR_ENV_HEADER"`, "what is around a secret stays")
}

// requireShortHidden requires that a short value is hidden where it was put, and
// nowhere else.
func requireShortHidden(t *testing.T, dir string) {
	t.Helper()
	archive, err := os.ReadFile(filepath.Join(dir, "out", evidence.MinimalHAR))
	require.NoError(t, err)
	require.Contains(t, string(archive), `"value": "[secret-CROSSTALK_USER_X_SHORT]"`)
	require.NotContains(t, string(archive), `"value": "pin42"`)
	statement, err := os.ReadFile(filepath.Join(dir, "out", evidence.StatementFile))
	require.NoError(t, err)
	require.NotContains(t, string(statement), "pin42")
}

// requireReproduced runs the script with the secrets in its variables.
func requireReproduced(t *testing.T, l *leaky, dir string) {
	t.Helper()
	script := filepath.Join(dir, "out", evidence.ReproScript)
	text, err := os.ReadFile(script)
	require.NoError(t, err)
	values := map[string]string{"CROSSTALK_OPERATOR_X_API_KEY": "operator-header", "CROSSTALK_OPERATOR_COOKIE_OPC": "cookie-operator",
		"CROSSTALK_USER_X_APP": "user-header", "CROSSTALK_USER_COOKIE_APP": "cookie-user"}
	env := append(os.Environ(), variablesOf(l.planted)...)
	for name, place := range values {
		env = append(env, name+"="+l.planted[place])
	}
	env = append(env, "CROSSTALK_USER_X_SHORT=pin42", "CROSSTALK_OPERATOR_KEY="+l.told[0])
	for _, line := range strings.Split(string(text), "\n") {
		if name, ok := strings.CutPrefix(line, "# Environment: "); ok {
			name, _, _ = strings.Cut(name, ",")
			require.True(t, slices.ContainsFunc(env, func(pair string) bool { return strings.HasPrefix(pair, name+"=") }), "a variable of its own, which is known: %s", line)
		}
	}
	requireReproducedBy(t, dir, env, l.URL+"/"+l.planted["url"])
}

// requireReproducedBy runs the script of a run against a service.
func requireReproducedBy(t *testing.T, dir string, env []string, url string) {
	t.Helper()
	out := runShell(t, env, filepath.Join(dir, "out", evidence.ReproScript), url)
	require.Equal(t, 1, out.code, out.stdout+out.stderr)
	require.Contains(t, out.stdout, "LEAK")
}

func TestNoSecretOfOtherWaysToAuthenticateIsInAnyFileOrOnTheTerminal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		places []string
		auth   func(*leaky) string
	}{
		"basic, with cookies": {[]string{"basic-user", "basic-password", "step-header", "url"}, func(l *leaky) string {
			return `auth:
  user: {bearer: "{{.actor.token}}", cookies: kept}
  operator:
    basic: {username: ` + yamlText(l.planted["basic-user"]) + `, password: "${PLANTED_BASIC_PASSWORD}"}
    headers: {X-Operator: "yes"}
`
		}},
		"OAuth 2.0": {[]string{"client-id", "client-secret", "step-query", "url"}, func(l *leaky) string {
			return `auth:
  user: {bearer: "{{.actor.token}}"}
  operator:
    oauth2: {token_url: "` + l.URL + `/oauth", client_id: ` + yamlText(l.planted["client-id"]) + `, client_secret: "${PLANTED_CLIENT_SECRET}"}
    headers: {X-Operator: "yes"}
`
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			planted := plantedIn(c.places...)
			for place := range planted {
				if place == "client-id" || place == "basic-user" {
					planted[place] = planted[place][:20]
				}
			}
			l := newLeaky(t, planted)
			l.rotates = true
			dir := t.TempDir()
			write(t, dir, configurationOf(t, l, c.auth(l), ""))
			out := asOperator(t, dir, variablesOf(planted), "run", "--traces", "30", "--seed", "1", "--workers", "1", "--out", "out")
			require.Equal(t, exitViolation, out.code, out.stdout+out.stderr)
			doctor := asOperator(t, dir, variablesOf(planted), "doctor")
			require.FileExists(t, filepath.Join(dir, "out", evidence.MinimalHAR))
			requireNoSecrets(t, l, dir, map[string]string{"run": out.stdout + out.stderr, "doctor": doctor.stdout + doctor.stderr})
		})
	}
}

// runShell runs a script.
func runShell(t *testing.T, env []string, args ...string) output {
	t.Helper()
	for _, program := range []string{"sh", "curl", "sed"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("no " + program)
		}
	}
	cmd := exec.CommandContext(t.Context(), "sh", args...)
	cmd.Env = env
	return finish(t, cmd)
}

func TestNoSecretOfAnAdapterIsOnTheTerminal(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh")
	}
	l := &leaky{t: t, planted: plantedIn("adapter-literal", "adapter-variable", "adapter-argument")}
	for place, value := range l.planted {
		l.planted[place] = value[:20] // which an adapter can write into JSON as it is
	}
	dir := t.TempDir()
	const adapter = `read line; echo "up with $LITERAL and $1" >&2; printf '{"id":1,"error":"no service for %s, %s"}\n' "$VARIABLE" "$1"`
	write(t, dir, "version: 1\ntarget:\n  process:\n    command: [sh, -c, "+yamlText(adapter)+", sh, \"${PLANTED_ADAPTER_ARGUMENT}\"]\n"+
		"    environment: {LITERAL: "+yamlText(l.planted["adapter-literal"])+", VARIABLE: \"${PLANTED_ADAPTER_VARIABLE}\"}\n")
	for _, command := range []string{"doctor", "run"} {
		out := asOperator(t, dir, variablesOf(l.planted), command)
		require.Equal(t, exitConfiguration, out.code, out.stdout+out.stderr)
		require.Contains(t, out.stdout+out.stderr, "no service for [secret-PLANTED_ADAPTER_VARIABLE], [secret-PLANTED_ADAPTER_ARGUMENT]")
		require.Contains(t, out.stdout+out.stderr, "up with [secret-LITERAL] and")
		requireNoSecrets(t, l, dir, map[string]string{command: out.stdout + out.stderr})
	}
}

func TestNoTokenOfTheOperatorOrOfUsersIsInAnyFileOfAServiceOfTheAPI(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, map[string]string{"operator": "clinic-behind-a-proxy"})
	dir := t.TempDir()
	cmd := command(t, dir, "conform", "--target", "rest:"+l.URL, "--traces", "40", "--seed", "1", "--workers", "1", "--out", "out")
	cmd.Env = append(cmd.Env, operatorTokenVariable+"=clinic-behind-a-proxy")
	out := finish(t, cmd)
	require.Equal(t, exitViolation, out.code, out.stdout+out.stderr)
	require.FileExists(t, filepath.Join(dir, "out", evidence.MinimalHAR))
	require.Greater(t, len(l.secrets(-1)), 50)
	requireNoSecrets(t, l, dir, map[string]string{"conform": out.stdout + out.stderr})
	requireReproducedBy(t, dir, append(os.Environ(), operatorTokenVariable+"=clinic-behind-a-proxy"), l.URL)
}

func TestNoSecretIsInWhatIsSaidBeforeAServiceIsReached(t *testing.T) {
	t.Parallel()
	l := &leaky{t: t, planted: plantedIn("url", "reset", "image")}
	for name, target := range map[string]string{
		"a service that is not there": "{url: \"http://127.0.0.1:1/${PLANTED_URL}\"}",
		"an address that is none":     "{url: \"ftp://127.0.0.1/${PLANTED_URL}\"}",
		"an action that is none":      "{url: \"http://127.0.0.1:1/${PLANTED_URL}\", reset: {http: {path: \"${PLANTED_RESET}\"}}}",
		"a binary that is not there":  "{build: {binary: none}, command: [\"${PLANTED_IMAGE}\"]}",
	} {
		dir := t.TempDir()
		write(t, dir, "version: 1\ntarget: "+target+"\noperations: {patient: {method: POST, path: /patients}}\n")
		for _, command := range []string{"doctor", "run", "replay gp-app-2020-06-09"} {
			out := asOperator(t, dir, variablesOf(l.planted), strings.Fields(command)...)
			require.NotEqual(t, exitConformant, out.code, name)
			require.NotEmpty(t, out.stderr, name)
			requireNoSecrets(t, l, dir, map[string]string{name + " " + command: out.stdout + out.stderr})
		}
	}
}
