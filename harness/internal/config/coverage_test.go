package config

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/mapping"
)

// decoded is all of a file but its trees.
type decoded struct {
	Version int
	Target  Target
	Policy  models.Policy
	Spec    specification
	Run     Run
	Known   []Known
	Outputs Outputs
}

// specification is a [mapping.Spec] without its tree.
type specification struct {
	Target     mapping.TargetSpec
	Auth       mapping.Auth
	IDs        mapping.IDs
	Recording  mapping.Fields
	Encounter  mapping.Encounter
	Operations mapping.Operations
}

func decode(t *testing.T, root *yaml.Node) decoded {
	t.Helper()
	f := &File{Path: "crosstalk.yaml", resolved: &tree{file: "crosstalk.yaml", root: root}, redactor: make(secrets).replacer()}
	require.NoError(t, f.decode())
	s := f.Spec
	return decoded{f.Version, f.Target, f.Policy, specification{s.Target, s.Auth, s.IDs, s.Recording, s.Encounter, s.Operations}, f.Run, f.Known, f.Outputs}
}

func TestNoKeyIsAcceptedAndIgnored(t *testing.T) {
	for _, path := range goodFiles(t) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		tree := plant(path, text)
		env := resolve(tree, variables)
		require.NoError(t, check(tree, env))
		require.Empty(t, tree.problems)
		whole := decode(t, clone(tree.root))
		eachKey(tree.root, "", func(mapping *yaml.Node, i int, key string) {
			kept := mapping.Content
			mapping.Content = slices.Delete(slices.Clone(kept), i, i+2)
			require.NotEqual(t, whole, decode(t, tree.root), "%s: nobody would notice the absence of %s", path, key)
			mapping.Content = kept
		})
	}
}

// eachKey visits every key of a tree that the format gives a meaning.
func eachKey(n *yaml.Node, path string, visit func(mapping *yaml.Node, i int, key string)) {
	for i := 0; i < len(n.Content); i++ {
		if n.Kind != yaml.MappingNode {
			eachKey(n.Content[i], path, visit)
			continue
		}
		key := below(path, n.Content[i].Value)
		visit(n, i, key)
		i++
		eachKey(n.Content[i], key, visit)
	}
}

func TestTheGoodFilesHaveEveryKeyOfTheSchema(t *testing.T) {
	seen := make(map[string]bool)
	for _, path := range goodFiles(t) {
		f := load(t, strings.TrimPrefix(path, "testdata/good/"))
		eachKey(f.resolved.root, "", func(_ *yaml.Node, _ int, key string) { seen[general(key)] = true })
	}
	s := schemaWalk{seen: make(map[string]bool)}
	require.NoError(t, json.Unmarshal(schemaText, &s.raw))
	s.walk(s.raw, "")
	for _, key := range slices.Sorted(maps.Keys(s.seen)) {
		require.True(t, seen[key], "no good file has %s", key)
	}
}

// general is a key with the names of operations, services and those who have
// credentials left out, as all of them are read alike.
func general(key string) string {
	parts := strings.Split(key, ".")
	switch {
	case len(parts) > 1 && parts[0] == "operations":
		parts[1] = "*"
		if len(parts) > 3 && parts[2] == "steps" && parts[3] != "if" {
			parts = append(parts[:2], parts[3:]...)
		}
		if len(parts) > 4 && (parts[2] == "capture" || parts[2] == "multipart") {
			parts[3] = "*"
		}
		if len(parts) == 4 && parts[2] == "row" {
			parts = []string{"recording", parts[3]}
		}
	case len(parts) > 2 && parts[1] == "services":
		parts = append(parts[:1], parts[3:]...)
	case len(parts) > 2 && parts[0] == "auth" && parts[1] != "renew":
		parts[1] = "*"
	}
	return strings.Join(parts, ".")
}

// A schemaWalk collects the keys that a schema knows.
type schemaWalk struct {
	raw  map[string]any
	seen map[string]bool
}

func (w *schemaWalk) walk(s map[string]any, path string) {
	if s == nil {
		return
	}
	if ref, ok := s["$ref"].(string); ok {
		e := explanation{raw: w.raw}
		if strings.HasSuffix(path, ".http") { // a request, as in operations
			return
		}
		w.walk(e.resolve(strings.TrimPrefix(ref, "#")), path)
	}
	if s["not"] != nil {
		return
	}
	for key, property := range keysOf(s["properties"]) {
		if path == "auth.*.login" || path == "auth.renew.request" || path == "operations" && keysOf(property)["not"] != nil {
			continue
		}
		at := general(below(path, key))
		w.seen[at] = true
		w.walk(keysOf(property), at)
	}
	for _, property := range keysOf(s["patternProperties"]) {
		if path != "recording" && !strings.HasSuffix(path, ".row") {
			w.walk(keysOf(property), below(path, "*"))
		}
	}
	w.walkItems(s, path)
}

func (w *schemaWalk) walkItems(s map[string]any, path string) {
	w.walk(keysOf(s["items"]), path)
	w.walk(keysOf(s["additionalProperties"]), below(path, "*"))
	branches, _ := s["oneOf"].([]any)
	for _, branch := range branches {
		w.walk(keysOf(branch), path)
	}
}
