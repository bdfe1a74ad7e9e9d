package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v3"
)

// Load reads a file. Env looks a variable of the environment up, as
// [os.LookupEnv] does. The error is [Problems] where the file is wrong, and wraps
// [fs.ErrNotExist] where there is none.
func Load(path string, env func(string) (string, bool)) (*File, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w; crosstalk init writes one", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return parse(path, text, env)
}

// parse reads the text of a file.
func parse(path string, text []byte, env func(string) (string, bool)) (*File, error) {
	t := plant(path, text)
	if t.root == nil {
		return nil, t.problems.sorted()
	}
	f := &File{Path: path, text: text, resolved: t, written: &tree{file: path, root: clone(t.root)}}
	e := resolve(t, env)
	if err := check(t, e); err != nil {
		return nil, err
	}
	f.redactor = e.secrets.replacer()
	if len(t.problems) > 0 {
		return nil, t.problems.sorted()
	}
	if err := f.decode(); err != nil {
		return nil, err
	}
	f.gatherSecrets(e)
	return f, nil
}

// check complains of what the schema refuses. The error is of the schema itself.
func check(t *tree, e *environment) error {
	v, err := compiled()
	if err != nil {
		return err
	}
	for {
		err = v.Validate(instance(t.root))
		refused, ok := errors.AsType[*jsonschema.ValidationError](err)
		if !ok {
			return err
		}
		if !retype(t, e, refused) {
			explain(t, v.raw, refused, e)
			return nil
		}
	}
}

// retype makes numbers, true and false of texts from the environment where the
// schema wants them, and reports whether it did.
func retype(t *tree, e *environment, err *jsonschema.ValidationError) bool {
	done := false
	if k, ok := err.ErrorKind.(*kind.Type); ok && !slices.Contains(k.Want, "string") {
		if n := t.find(err.InstanceLocation...); n != nil && n.Kind == yaml.ScalarNode {
			done = e.retype(n)
		}
	}
	for _, cause := range err.Causes {
		done = retype(t, e, cause) || done
	}
	return done
}

// where is the place of what a dotted path leads to, or of the longest part of
// it that is there.
func (t *tree) where(path string) Position {
	at, n := t.root, t.root
	for _, key := range split(path) {
		next := child(n, key)
		if next == nil {
			break
		}
		at = next
		if name := keyNode(n, key); name != nil && next.Kind != yaml.ScalarNode {
			at = name
		}
		n = next
	}
	return Position{t.file, at.Line, at.Column}
}

func split(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, ".")
}

// beside is a path that is relative to the file.
func (f *File) beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(f.Path), path)
}
