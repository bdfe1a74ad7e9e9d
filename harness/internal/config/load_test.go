package config

import (
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/models"
)

// variables are the environment of the tests.
func variables(name string) (string, bool) {
	value, ok := map[string]string{
		"ADMIN_PASSWORD": "p&ss/word+1", "DB_PASSWORD": "hunter22", "SECRET": "s3cr3t-key", "PORT": "9090", "MANY": "many", "EMPTY": "",
	}[name]
	return value, ok
}

func load(t *testing.T, name string) *File {
	t.Helper()
	f, err := Load(filepath.Join("testdata", "good", name), variables)
	require.NoError(t, err)
	return f
}

func goodFiles(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "good", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	return paths
}

func TestGoodFilesLoad(t *testing.T) {
	for _, path := range goodFiles(t) {
		_, err := Load(path, variables)
		require.NoError(t, err, path)
	}
}

// TestFilesOfAnEarlierVersionLoad reads files of version 1 as they were in commit
// 61cde04.
func TestFilesOfAnEarlierVersionLoad(t *testing.T) {
	env := func(name string) (string, bool) { return "value-of-" + name, true }
	for _, name := range []string{"crosstalk.yaml", "clinic.yaml"} {
		f, err := Load(filepath.Join("testdata", "61cde04", name), env)
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(f.Spec.Operations), 31, name)
	}
}

func TestEveryProblemOfAWrongFileIsNamedAtItsPlace(t *testing.T) {
	path := filepath.Join("testdata", "wrong.txtar")
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	for i := 0; i+1 < len(archive.Files); i += 2 {
		file, want := archive.Files[i], &archive.Files[i+1]
		require.Equal(t, strings.TrimSuffix(file.Name, ".yaml")+".problems", want.Name)
		_, err := parse("crosstalk.yaml", file.Data, variables)
		require.Error(t, err, file.Name)
		require.IsType(t, Problems{}, err, file.Name)
		want.Data = []byte(err.Error() + "\n")
	}
	require.GreaterOrEqual(t, len(archive.Files), 2*50)
	golden.File(t, path, string(txtar.Format(archive)))
}

func TestAFileSaysWhatItsKeysSay(t *testing.T) {
	f := load(t, "url.yaml")
	require.Equal(t, "acme-video", f.Target.Name)
	require.Equal(t, filepath.Join("testdata", "good", "ca.pem"), f.Target.TLS.CA)
	require.Equal(t, 10*time.Second, f.Target.Timeout)
	require.Equal(t, WayHTTP, f.Target.Reset.Way)
	require.Equal(t, WayHTTP, f.Target.Restart.Way)
	require.Equal(t, "/restart", f.Target.Restart.HTTP.Path.Value)
	require.Equal(t, models.Policy{Recordings: models.PerConsultation, MinAge: 18, PatientMayEnd: true, Refusal: models.Denied,
		Lag: 2 * time.Second, Groups: true, Repeats: true, Links: models.PersonalLinks}, f.Policy)
	require.Equal(t, []Known{{"CACHE-1", "ticket 123: header planned for 2.4"}}, f.Known)
	require.Equal(t, 2000, *f.Run.Traces)
	require.Equal(t, []models.Kind{models.KindRestart, models.KindFollow}, f.Run.Without)
	require.Equal(t, filepath.Join("testdata", "good", "reports", "junit.xml"), f.Outputs.JUnit)
	require.Len(t, f.Spec.Operations, 13)
}

func TestAFileDeclaresWhatItChoosesAboutTheLifeOfAVisit(t *testing.T) {
	got := load(t, "headers.yaml").Policy.Choices
	require.Equal(t, "starts=clinician drop=leaves completes=anybody completion=later switch=caller recorded=both listed=running grants=accepted sessions=end visits=allOut", got.String())
	require.Equal(t, models.Choices{}, load(t, "url.yaml").Policy.Choices)
}

func TestAFileDeclaresWhatItChoosesAboutAccess(t *testing.T) {
	declared := load(t, "headers.yaml").Policy.Access.Declared()
	require.Len(t, declared, len(models.AccessPolicies()))
	require.Equal(t, models.Declaration{Key: "sees.clinician", Word: "nothing"}, declared[0])
	require.Equal(t, models.Declaration{Key: "killswitch.restart", Word: "open"}, declared[len(declared)-1])
	require.Empty(t, load(t, "url.yaml").Policy.Access.Declared())
}

func TestWhatAFileDoesNotSayIsAsTheReferenceHasIt(t *testing.T) {
	f := load(t, "minimal.yaml")
	require.Equal(t, "good", f.Target.Name)
	require.Equal(t, DefaultTimeout, f.Target.Timeout)
	require.Equal(t, WayNone, f.Target.Reset.Way)
	require.Nil(t, f.Target.Restart)
	require.Equal(t, models.ReferencePolicy().Undeclared(), f.Policy)
	require.Equal(t, Run{}, f.Run)
	f = load(t, "build.yaml")
	require.Equal(t, DefaultPort, f.Target.Port)
	f = load(t, "process.yaml")
	require.Nil(t, f.Target.Reset)
}

func TestAnImageIsStartedWithItsServicesInTheOrderOfTheFile(t *testing.T) {
	f := load(t, "image.yaml")
	require.True(t, f.Target.Contained())
	require.Equal(t, 9090, f.Target.Port, "a number may come from the environment")
	require.Equal(t, "db", f.Target.Services[0].Name)
	require.Equal(t, "cache", f.Target.Services[1].Name)
	require.Equal(t, map[string]string{"DATABASE_URL": "postgres://app:hunter22@db/app", "WORKERS": "4", "DEBUG": "true",
		"POSTGRES_PASSWORD": "hunter22"}, f.Target.Services[0].Environment, "merge keys are written out")
	require.Equal(t, []string{"/video", "reset"}, f.Target.Reset.Exec)
}

func TestPlacesAreFoundByDottedPaths(t *testing.T) {
	f := load(t, "url.yaml")
	at := func(path string) string { return strings.TrimPrefix(f.Where(path).String(), f.Path+":") }
	require.Equal(t, "7:8", at("target.url"))
	require.Equal(t, "83:64", at("operations.list.rows"))
	require.Equal(t, "2:1", at("version.x")[:1]+":1", "a path that goes on behind a value ends at it")
	require.Equal(t, at("operations.list"), at("operations.list.absent"))
	require.Equal(t, "82:30", at("operations.book.steps.1.path"))
	require.True(t, f.Says("target.url"))
	require.False(t, f.Says("target.image"))
}

func TestNoFormOfASecretIsLeft(t *testing.T) {
	f := load(t, "url.yaml")
	secret, _ := variables("ADMIN_PASSWORD")
	quoted, err := json.Marshal(secret)
	require.NoError(t, err)
	for _, form := range []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte(secret)),
	} {
		require.Contains(t, f.Redact("x "+form+" y"), "${ADMIN_PASSWORD}", form)
	}
	for _, user := range []string{"a", "ab", "abc", "admin"} {
		require.Contains(t, f.Redact("Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+secret+";more"))), "${ADMIN_PASSWORD}", user)
	}
	require.Equal(t, "no secret", f.Redact("no secret"))
	require.Equal(t, "port 9090", load(t, "image.yaml").Redact("port 9090"), "a number is no secret")
}

func TestTheConfigurationHasNoSecret(t *testing.T) {
	for _, path := range goodFiles(t) {
		f, err := Load(path, variables)
		require.NoError(t, err)
		text, err := json.Marshal(f.Configuration())
		require.NoError(t, err)
		require.NotContains(t, string(text), "hunter22")
		require.Equal(t, string(text), f.Redact(string(text)), path)
	}
	target := load(t, "image.yaml").Configuration()["target"].(map[string]any)
	require.Equal(t, "${PORT}", target["port"])
	require.Equal(t, "postgres://app:${DB_PASSWORD}@db/app", target["environment"].(map[string]any)["DATABASE_URL"])
}

func TestAVariableMayHaveADefault(t *testing.T) {
	text := func(name string) string {
		return "version: 1\ntarget:\n  url: http://127.0.0.1\n  name: " + name + "\noperations: {close: {path: /}}\n"
	}
	for _, tt := range []struct{ written, want string }{
		{`"a${SECRET:-local}b"`, "as3cr3t-keyb"},
		{`"a${EMPTY:-local}b"`, "alocalb"},
		{`"a${UNSET:-local}b"`, "alocalb"},
		{`"a${UNSET:-}b"`, "ab"},
		{`"a${EMPTY}b"`, "ab"},
		{`"a${UNSET:-http://x:80/$1 -}b"`, "ahttp://x:80/$1 -b"},
		{`"$${UNSET:-local}"`, "${UNSET:-local}"},
		{`a${UNSET:-b}`, "ab"},
	} {
		f, err := parse("crosstalk.yaml", []byte(text(tt.written)), variables)
		require.NoError(t, err, tt.written)
		require.Equal(t, tt.want, f.Target.Name, tt.written)
		require.Equal(t, "local", f.Redact("local"), "a default is no secret")
	}
	f, err := parse("crosstalk.yaml", []byte(text(`"${SECRET:-local}"`)), variables)
	require.NoError(t, err)
	require.Equal(t, "${SECRET}", f.Redact("s3cr3t-key"))
}

func TestAFileThatIsNotThereSaysHowToWriteOne(t *testing.T) {
	_, err := Load(filepath.Join("testdata", "absent.yaml"), variables)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "crosstalk init")
}

func FuzzLoad(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join("testdata", "good", "*.yaml"))
	require.NoError(f, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(text)
	}
	archive, err := txtar.ParseFile(filepath.Join("testdata", "wrong.txtar"))
	require.NoError(f, err)
	for i := 0; i < len(archive.Files); i += 2 {
		f.Add(archive.Files[i].Data)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := parse("crosstalk.yaml", text, variables)
		if err == nil {
			require.NotNil(t, file.Configuration())
			return
		}
		problems, ok := err.(Problems)
		require.True(t, ok, "%v", err)
		require.NotEmpty(t, problems)
		lines := 1
		for _, end := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} {
			lines += strings.Count(string(text), end)
		}
		for _, p := range problems {
			require.NotContains(t, p.Text, "\n")
			require.NotContains(t, p.Text, "%!")
			require.True(t, p.Line >= 1 && p.Line <= lines+1 && p.Column >= 1, "%v", p)
			require.NotContains(t, p.Text, "hunter22")
		}
	})
}
