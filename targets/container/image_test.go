package container

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"
)

func TestAnImageIsBuiltOnceAndReused(t *testing.T) {
	t.Parallel()
	first := serverImage(t)
	begin := time.Now()
	again, err := BuildStatic(t.Context(), serverBinary(t), selftest())
	require.NoError(t, err)
	t.Logf("found again in %v", time.Since(begin).Round(time.Millisecond))
	require.Equal(t, first, again.Ref)
	require.True(t, again.Reused)
}

func TestEarlierImagesThatNoContainerUsesAreRemoved(t *testing.T) {
	t.Parallel()
	requireEngine(t)
	name := selftest() + "-prune"
	engine := testEngine(t)
	t.Cleanup(func() { prune(context.Background(), engine, name, "", 0) })
	used, unused := serverBinary(t), filepath.Join(t.TempDir(), "unused")
	content, err := os.ReadFile(used)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(unused, append(content, '\n'), 0o755))

	begin := time.Now()
	usedImage, err := BuildStatic(t.Context(), used, name)
	require.NoError(t, err)
	t.Logf("built in %v", time.Since(begin).Round(time.Millisecond))
	unusedImage, err := BuildStatic(t.Context(), unused, name)
	require.NoError(t, err)
	require.NotEqual(t, usedImage.Ref, unusedImage.Ref)
	fleet, _ := newTestFleet(t)
	instance, err := fleet.Run(t.Context(), Options{Image: usedImage.Ref})
	require.NoError(t, err)

	prune(t.Context(), engine, name, "", time.Hour)
	require.ElementsMatch(t, []string{usedImage.Ref, unusedImage.Ref}, refsOf(t, engine, name), "both are young")
	prune(t.Context(), engine, name, unusedImage.Ref, 0)
	require.ElementsMatch(t, []string{usedImage.Ref, unusedImage.Ref}, refsOf(t, engine, name), "one is used, one kept")
	prune(t.Context(), engine, name, "", 0)
	require.Equal(t, []string{usedImage.Ref}, refsOf(t, engine, name))
	require.NoError(t, instance.Close())
	prune(t.Context(), engine, name, "", 0)
	require.Empty(t, refsOf(t, engine, name))
}

func refsOf(t *testing.T, engine *client.Client, name string) (refs []string) {
	t.Helper()
	filters := make(client.Filters).Add("label", labelImage+"="+name)
	found, err := engine.ImageList(t.Context(), client.ImageListOptions{Filters: filters})
	require.NoError(t, err)
	for _, image := range found.Items {
		refs = append(refs, image.RepoTags...)
	}
	return refs
}

func TestBinariesThatCannotRunAloneAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	static, foreign, script := serverBinary(t), filepath.Join(dir, "foreign"), filepath.Join(dir, "script")
	content, err := os.ReadFile(static)
	require.NoError(t, err)
	const machine = 18 // where an ELF file names its architecture
	binary.LittleEndian.PutUint16(content[machine:], uint16(elf.EM_VAX))
	require.NoError(t, os.WriteFile(foreign, content, 0o755))
	require.NoError(t, os.WriteFile(script, []byte("#!/bin/sh\n"), 0o755))
	require.NoError(t, checkFile(t, static, runtime.GOARCH))
	for name, c := range map[string]struct{ file, arch, want string }{
		"dynamic":              {buildDynamic(t, dir), runtime.GOARCH, "found that it needs /"},
		"another architecture": {foreign, runtime.GOARCH, "found ET_EXEC for EM_VAX"},
		"no ELF file":          {script, runtime.GOARCH, "want an ELF file for linux/"},
		"unknown architecture": {static, "vax", "engine runs linux/vax"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.file == "" {
				t.Skip("no C compiler to link a dynamic binary with")
			}
			err := checkFile(t, c.file, c.arch)
			require.ErrorIs(t, err, ErrNotStatic)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
			t.Log(err)
		})
	}
}

func checkFile(t *testing.T, name, arch string) error {
	t.Helper()
	file, err := os.Open(name)
	require.NoError(t, err)
	defer file.Close()
	return checkStatic(file, "linux", arch)
}

// buildDynamic links a binary that needs a dynamic linker; it returns "" where there is no C compiler.
func buildDynamic(t *testing.T, dir string) string {
	t.Helper()
	compiler, err := exec.LookPath("cc")
	if err != nil || runtime.GOOS != "linux" {
		return ""
	}
	dynamic := filepath.Join(dir, "dynamic")
	compile := exec.Command(compiler, "-x", "c", "-o", dynamic, "-")
	compile.Stdin = strings.NewReader("int main(void) { return 0; }\n")
	out, err := compile.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return dynamic
}

func TestADynamicBinaryIsRefusedByTheBuild(t *testing.T) {
	t.Parallel()
	requireEngine(t)
	dynamic := buildDynamic(t, t.TempDir())
	if dynamic == "" {
		t.Skip("no C compiler to link a dynamic binary with")
	}
	_, err := BuildStatic(t.Context(), dynamic, selftest())
	require.ErrorIs(t, err, ErrNotStatic)
	require.ErrorContains(t, err, "build it with CGO_ENABLED=0")
}

func TestABinaryThatChangesWhileItIsPackedIsRefused(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "binary")
	require.NoError(t, os.WriteFile(name, []byte("before"), 0o600))
	file, err := os.Open(name)
	require.NoError(t, err)
	defer file.Close()
	digest, err := digestOf(file)
	require.NoError(t, err)
	var first, second bytes.Buffer
	require.NoError(t, pack(&first, file, digest))
	require.NoError(t, pack(&second, file, digest))
	require.Equal(t, first.Bytes(), second.Bytes(), "the same content packs to the same bytes")
	require.NoError(t, os.WriteFile(name, []byte("after!"), 0o600))
	require.ErrorContains(t, pack(io.Discard, file, digest), "changed while it was packed")
}
