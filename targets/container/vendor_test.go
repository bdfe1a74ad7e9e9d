package container

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	imageapi "github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"
)

// TestAVendorsImage is one test, because containers are what takes time here.
func TestAVendorsImage(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, _ := newTestFleet(t)
	instance, err := fleet.Run(t.Context(), Options{
		Image: image, Entrypoint: []string{"/service", "by entrypoint"}, Cmd: []string{"and", "command"}, Files: vendorsFiles(t),
	})
	require.NoError(t, err)
	require.Regexp(t, "^sha256:[0-9a-f]{64}$", instance.Digest)
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z server is up \[by entrypoint and command\]`,
		logsBetween(t, instance, time.Time{}, time.Time{}))
	t.Run("files are there from the start", func(t *testing.T) { testFiles(t, instance) })
	t.Run("a command resets the service", func(t *testing.T) { testReset(t, instance) })
	t.Run("logs are told apart by their time", func(t *testing.T) { testLogsBetween(t, instance) })
	t.Run("files are there after a restart", func(t *testing.T) { testFiles(t, instance) })
	require.NoError(t, instance.Close())
	_, _, err = instance.Exec(t.Context(), []string{"/service", "reset"})
	require.ErrorIs(t, err, errClosed)
	_, err = instance.LogsBetween(t.Context(), time.Time{}, time.Time{})
	require.ErrorIs(t, err, errClosed)
}

func vendorsFiles(t *testing.T) []File {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "conf", "rules"), 0o700))
	for name, mode := range map[string]os.FileMode{"conf/app.yaml": 0o600, "conf/rules/run": 0o700, "secret": 0o644} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("of "+name), mode))
	}
	require.NoError(t, os.Symlink("app.yaml", filepath.Join(dir, "conf", "link")))
	return []File{
		{From: filepath.Join(dir, "conf"), To: "/etc/app/"},
		{From: filepath.Join(dir, "secret"), To: "/data/secret", Mode: 0o400},
		{Content: []byte("made up"), To: "/made-up", Mode: 0o604},
		{To: "/data/empty"},
	}
}

func testFiles(t *testing.T, instance *Instance) {
	for name, want := range map[string]string{
		"/etc/app/app.yaml":  "-rw-r--r-- of conf/app.yaml",
		"/etc/app/link":      "-rw-r--r-- of conf/app.yaml",
		"/etc/app/rules/run": "-rwxr-xr-x of conf/rules/run",
		"/made-up":           "-rw----r-- made up",
		"/data/empty":        "-rw-r--r-- ",
		"/data":              "drwxr-xr-x ", // as in the image
	} {
		require.Equal(t, want, fileIn(t, instance, name), name)
	}
	secret := fileIn(t, instance, "/data/secret")
	require.Contains(t, secret, "-r--------")
	require.NotContains(t, secret, "of secret", "it is root's alone")
}

func testReset(t *testing.T, instance *Instance) {
	reset := []string{"/service", "reset"}
	require.Equal(t, http.StatusNoContent, get(t, instance.URL+"/write"), "the directory is still the service's")
	status, output, err := instance.Exec(t.Context(), reset)
	require.NoError(t, err)
	require.Equal(t, 0, status)
	require.Equal(t, "note removed\n", string(output))
	require.Equal(t, http.StatusNotFound, get(t, instance.URL+"/note"))

	status, output, err = instance.Exec(t.Context(), reset)
	require.NoError(t, err)
	require.Equal(t, 5, status)
	require.Contains(t, string(output), "no such file")
	_, _, err = instance.Exec(t.Context(), nil)
	require.ErrorContains(t, err, "want a command")
}

func testLogsBetween(t *testing.T, instance *Instance) {
	before := logsBetween(t, instance, time.Time{}, time.Time{})
	middle := time.Now()
	_, err := instance.Restart(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, logsBetween(t, instance, time.Time{}, middle))
	after := logsBetween(t, instance, middle, time.Time{})
	require.NotEmpty(t, after)
	require.Equal(t, before+after, logsBetween(t, instance, time.Time{}, time.Now()))
	require.Empty(t, logsBetween(t, instance, time.Now(), time.Now().Add(time.Second)))
}

func logsBetween(t *testing.T, i *Instance, from, to time.Time) string {
	t.Helper()
	logs, err := i.LogsBetween(t.Context(), from, to)
	require.NoError(t, err)
	return string(logs)
}

// fileIn returns the mode and content of a file, as the service reads it.
func fileIn(t *testing.T, i *Instance, name string) string {
	t.Helper()
	response, err := (&http.Client{Timeout: 5 * time.Second}).Get(i.URL + "/file?name=" + name)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.Header.Get("Mode") + " " + string(content)
}

func TestAFileThatCannotBeCopiedLeavesNothing(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	_, err := fleet.Run(t.Context(), Options{Image: image, Files: []File{{To: "/service/x"}}})
	require.ErrorContains(t, err, "copy content to /service/x in container")
	requireNothingLeft(t, run)
}

func TestWhatIsNoFileIsNotCopied(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, File{From: "/dev", To: "/x"}.pack(io.Discard), "is neither file, directory nor link")
	require.NoError(t, File{From: "/dev/..", To: "/x"}.check())
}

func TestEqualFilesPackToEqualBytes(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "app.yaml")
	pack := func() []byte {
		require.NoError(t, os.WriteFile(name, []byte("x"), 0o644))
		var packed bytes.Buffer
		require.NoError(t, File{From: name, To: "/app.yaml"}.pack(&packed))
		return packed.Bytes()
	}
	require.Equal(t, pack(), pack())
}

func TestTheDigestOfTheRepositoryAskedForIsPreferred(t *testing.T) {
	t.Parallel()
	digests := []string{"vendor/clinic@sha256:b", "a/mirror@sha256:c", "vendor/clinic-web@sha256:a"}
	for image, want := range map[string]string{
		"vendor/clinic":          "vendor/clinic@sha256:b",
		"vendor/clinic:1.2":      "vendor/clinic@sha256:b",
		"vendor/clinic@sha256:b": "vendor/clinic@sha256:b",
		"vendor/clinic-web:1":    "vendor/clinic-web@sha256:a",
		"renamed:1":              "a/mirror@sha256:c",
	} {
		found := client.ImageInspectResult{InspectResponse: imageapi.InspectResponse{RepoDigests: digests}}
		require.Equal(t, want, digestIn(found, image), image)
	}
	require.Equal(t, "sha256:d", digestIn(client.ImageInspectResult{InspectResponse: imageapi.InspectResponse{ID: "sha256:d"}}, "local"))
}
