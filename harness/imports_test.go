package harness_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/telehealth-conformance/crosstalk/"

// mayImport says which packages of the project the library packages of a folder
// may import. The longest folder that fits decides. "..." stands for everything
// below.
var mayImport = map[string][]string{
	"models":                {},
	"scenarios":             {"models"},
	"targets":               {"models"},
	"targets/clinic":        {"models", "targets", "targets/rest", "targets/clinic/..."},
	"targets/clinic/faults": {"targets/clinic/..."},
	"targets/secret":        {"models", "targets"},
	"targets/exchange":      {"models", "targets", "targets/secret"},
	"targets/naming":        {"models"},
	"targets/rest":          {"models", "targets", "targets/exchange", "targets/naming", "targets/secret"},
	"targets/container":     {"models", "targets", "targets/rest", "targets/secret"},
	"targets/process":       {"models", "targets", "targets/naming", "targets/secret"},
	"targets/mapping":       {"models", "targets", "targets/exchange", "targets/naming", "targets/secret"},
	"harness":               {"models", "scenarios", "targets", "harness/internal/history", "harness/internal/coverage", "harness/internal/judge", "harness/internal/reduce"},

	"harness/internal/history":  {"models"},
	"harness/internal/coverage": {"models", "harness/internal/history"},
	"harness/internal/judge":    {"models", "targets", "targets/secret", "harness/internal/history", "harness/internal/coverage"},
	"harness/internal/reduce":   {"models", "harness/internal/history", "harness/internal/judge"},
	"harness/internal/exposure": {"models", "harness/internal/history", "harness/internal/judge", "harness/internal/formats/layout"},

	"harness/internal/wording":          {},
	"harness/internal/evidence":         {"models", "targets", "targets/exchange", "targets/secret", "harness", "harness/internal/history", "harness/internal/coverage", "harness/internal/judge", "harness/internal/reduce", "harness/internal/exposure", "harness/internal/wording"},
	"harness/internal/formats/layout":   {},
	"harness/internal/formats/results":  {"models", "targets", "targets/exchange", "harness", "harness/internal/history", "harness/internal/coverage", "harness/internal/judge", "harness/internal/reduce", "harness/internal/evidence", "harness/internal/formats/layout"},
	"harness/internal/formats/terminal": {"models", "harness/internal/coverage", "harness/internal/judge", "harness/internal/reduce", "harness/internal/evidence", "harness/internal/wording", "harness/internal/formats/layout"},
	"harness/internal/formats":          {"models", "harness/internal/exposure", "targets", "targets/exchange", "harness/internal/judge", "harness/internal/evidence", "harness/internal/wording", "harness/internal/formats/..."},
	"harness/internal/viewer":           {"models", "targets", "targets/exchange", "harness/internal/history", "harness/internal/coverage", "harness/internal/judge", "harness/internal/reduce", "harness/internal/exposure", "harness/internal/evidence", "harness/internal/wording"},
	"harness/internal/repro":            {"models", "targets", "targets/exchange", "harness/internal/evidence", "harness/internal/wording", "harness/internal/formats/layout"},
	"harness/internal/rundir": {"models", "targets/exchange", "targets/secret", "harness", "harness/internal/history", "harness/internal/judge", "harness/internal/reduce", "harness/internal/exposure",
		"harness/internal/evidence", "harness/internal/wording", "harness/internal/formats/...", "harness/internal/viewer", "harness/internal/repro"},
	"harness/internal/diff":  {"models", "harness/internal/coverage", "harness/internal/judge", "harness/internal/evidence", "harness/internal/wording", "harness/internal/formats/layout", "harness/internal/rundir"},
	"harness/internal/proof": {"models", "scenarios", "targets", "targets/clinic/...", "harness", "harness/internal/judge", "harness/internal/wording", "harness/internal/formats/layout"},

	"harness/internal/config":  {"models", "targets", "targets/exchange", "targets/mapping", "targets/secret"},
	"harness/internal/doctor":  {"models", "targets", "harness/internal/config", "harness/internal/judge"},
	"harness/internal/propose": {"models"},
	"harness/internal/setup":   {"models", "targets", "targets/...", "harness/internal/config"},

	"harness/internal/golden":  {},
	"harness/internal/samples": {"..."},
	"harness/cmd":              {"..."},
}

func TestImportsGoInTheDirectionOfTheDesign(t *testing.T) {
	seen := make(map[string]bool)
	for file, imports := range importsOf(t) {
		folder, allowed := ruleFor(t, filepath.ToSlash(filepath.Dir(file)))
		seen[folder] = true
		for _, imported := range imports {
			path, ours := strings.CutPrefix(imported, module)
			if ours {
				require.True(t, slices.ContainsFunc(allowed, func(a string) bool { return matches(a, path) }),
					"%s imports %s; a package in %s may import %v", file, path, folder, allowed)
			}
		}
	}
	for folder := range mayImport {
		require.True(t, seen[folder], "no package is in %s", folder)
	}
}

func TestModelsImportsTheStandardLibraryOnly(t *testing.T) {
	for file, imports := range importsOf(t) {
		if filepath.ToSlash(filepath.Dir(file)) != "models" {
			continue
		}
		for _, imported := range imports {
			first, _, _ := strings.Cut(imported, "/")
			require.NotContains(t, first, ".", "%s imports %s", file, imported)
		}
	}
}

func TestNoLibraryPackageImportsTesting(t *testing.T) {
	for file, imports := range importsOf(t) {
		for _, imported := range imports {
			require.NotEqual(t, "testing", imported, file)
		}
	}
}

// compiled are the packages outside the standard library that whoever imports
// harness compiles: no database, no client of Docker, no web server.
var compiled = []string{
	module + "harness",
	module + "harness/internal/coverage",
	module + "harness/internal/history",
	module + "harness/internal/judge",
	module + "harness/internal/reduce",
	module + "models",
	module + "scenarios",
	module + "targets",
	module + "targets/secret",
	"golang.org/x/sync/errgroup",
	"pgregory.net/rapid",
}

func TestWhoImportsTheHarnessCompilesThesePackagesOnly(t *testing.T) {
	output, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	require.NoError(t, err)
	require.ElementsMatch(t, compiled, strings.Fields(string(output)))
	output, err = exec.Command("go", "list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	require.NoError(t, err)
	for _, heavy := range []string{"net/http", "database/sql", "os/exec"} {
		require.NotContains(t, strings.Fields(string(output)), heavy)
	}
}

// TestEveryRoomHasItsPage keeps the file that says of a package what it is.
func TestEveryRoomHasItsPage(t *testing.T) {
	for file := range importsOf(t) {
		folder := filepath.Dir(file)
		if strings.HasPrefix(filepath.ToSlash(folder), "harness") && filepath.ToSlash(folder) != "harness/cmd/crosstalk" {
			require.FileExists(t, filepath.Join("..", folder, "doc.go"))
		}
	}
}

func TestOnlyTestsAndTheHarnessImportTheHarness(t *testing.T) {
	for file, imports := range importsOf(t) {
		if strings.HasPrefix(filepath.ToSlash(file), "harness/") {
			continue
		}
		for _, imported := range imports {
			require.False(t, strings.HasPrefix(imported, module+"harness"), "%s imports %s", file, imported)
		}
	}
}

func TestNothingElseIsAtTheTopLevel(t *testing.T) {
	entries, err := os.ReadDir("..")
	require.NoError(t, err)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || e.Name() == "bin" || e.Name() == "crosstalk-out" {
			continue // dot-files, and what git ignores
		}
		require.Contains(t, []string{"harness", "models", "scenarios", "targets", "go.mod", "go.sum", "Makefile", "README.md"}, e.Name())
	}
}

func matches(pattern, path string) bool {
	if below, ok := strings.CutSuffix(pattern, "..."); ok {
		return strings.HasPrefix(path+"/", below)
	}
	return pattern == path
}

func ruleFor(t *testing.T, folder string) (string, []string) {
	t.Helper()
	for at := folder; at != "."; at = filepath.ToSlash(filepath.Dir(at)) {
		if allowed, ok := mayImport[at]; ok {
			return at, allowed
		}
	}
	require.Fail(t, "no rule", "say in mayImport what %s may import", folder)
	return "", nil
}

// importsOf lists the imports of every library file of the project,
// by its path from the top.
func importsOf(t *testing.T) map[string][]string {
	t.Helper()
	out := make(map[string][]string)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || len(d.Name()) > 2 && d.Name()[0] == '.') {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("..", path)
		if err != nil {
			return err
		}
		out[rel] = []string{}
		for _, i := range file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			out[rel] = append(out[rel], name)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, len(out), 20, "the project's files are found")
	return out
}
