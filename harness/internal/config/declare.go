package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2/maybe"
	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/models"
)

// errChanged says that a file is not as it was read.
var errChanged = errors.New("changed meanwhile; nothing was written")

// Declare writes choices about the life of a visit into the policy of the file from
// which f was read, and leaves every other byte as it is. It writes nothing where the
// file has changed since, or cannot be changed so; the error is one line.
func (f *File) Declare(choices []models.Declaration) error {
	path, err := filepath.EvalSymlinks(f.Path)
	if err != nil {
		return fmt.Errorf("write the policy: %w", err)
	}
	now, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("write the policy: %w", err)
	}
	if !bytes.Equal(now, f.text) {
		return fmt.Errorf("%s: %w", f.Path, errChanged)
	}
	text, err := f.declared(choices)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err == nil {
		err = maybe.WriteFile(path, text, info.Mode().Perm())
	}
	if err != nil {
		return fmt.Errorf("write the policy: %w", err)
	}
	return nil
}

// declared is the text of the file with choices in its policy. It is read again: that
// it says them, and what was said before, is certain.
func (f *File) declared(choices []models.Declaration) ([]byte, error) {
	text, ok := f.inserted(choices)
	if ok {
		after := plant(f.Path, text)
		ok = after.root != nil && len(after.problems) == 0 && says(after, f.written, choices)
	}
	if !ok {
		return nil, fmt.Errorf("%s: policy is not written in a way that can be added to; add to it: %s", f.Path, strings.Join(lines(choices), ", "))
	}
	return text, nil
}

// lines are choices as they stand in a mapping.
func lines(choices []models.Declaration) []string {
	out := make([]string, len(choices))
	for i, d := range choices {
		out[i] = d.Key + ": " + d.Word
	}
	return out
}

// inserted is the text of the file with choices in its policy.
func (f *File) inserted(choices []models.Declaration) ([]byte, bool) {
	eol := "\n"
	if bytes.Contains(f.text, []byte("\r\n")) {
		eol = "\r\n"
	}
	block := func(indent int) string {
		pad := strings.Repeat(" ", indent)
		return pad + strings.Join(lines(choices), eol+pad) + eol
	}
	var document yaml.Node
	if yaml.Unmarshal(f.text, &document) != nil || len(document.Content) == 0 {
		return nil, false
	}
	root := document.Content[0]
	i := keyIndex(root, "policy")
	if i < 0 {
		begin := ""
		if !bytes.HasSuffix(f.text, []byte("\n")) {
			begin = eol
		}
		return append(bytes.Clone(f.text), begin+eol+"policy:"+eol+block(2)...), true
	}
	key, value := root.Content[i], root.Content[i+1]
	switch {
	case value.Kind == yaml.MappingNode && value.Style&yaml.FlowStyle != 0:
		more := ", "
		if len(value.Content) == 0 {
			more = ""
		}
		return insertAt(f.text, value.Line, value.Column+1, strings.Join(lines(choices), ", ")+more)
	case value.Kind == yaml.MappingNode && len(value.Content) > 0:
		return insertAt(f.text, key.Line+1, 1, block(value.Content[0].Column-1))
	case value.Kind == yaml.ScalarNode && value.Tag == "!!null" && value.Value == "":
		return insertAt(f.text, key.Line+1, 1, block(key.Column+1))
	}
	return nil, false
}

// insertAt is a text with more at a line and a column, both from 1. A column counts
// characters.
func insertAt(text []byte, line, column int, more string) ([]byte, bool) {
	at := 0
	for range line - 1 {
		next := bytes.IndexByte(text[at:], '\n')
		if next < 0 {
			return append(append(bytes.Clone(text), '\n'), more...), column == 1
		}
		at += next + 1
	}
	characters := []rune(string(text[at:]))
	if column-1 > len(characters) {
		return nil, false
	}
	at += len(string(characters[:column-1]))
	return append(append(bytes.Clone(text[:at]), more...), text[at:]...), true
}

// says reports whether a tree says choices in its policy, and else what another says.
func says(after, before *tree, choices []models.Declaration) bool {
	policy := after.find("policy")
	if policy == nil || policy.Kind != yaml.MappingNode {
		return false
	}
	for _, d := range choices {
		if value := child(policy, d.Key); value == nil || value.Value != d.Word {
			return false
		}
		removeKey(policy, d.Key)
	}
	now, was := after.root, clone(before.root)
	if len(policy.Content) == 0 {
		removeKey(now, "policy")
		removeKey(was, "policy")
	}
	return sameTree(now, was)
}

func removeKey(mapping *yaml.Node, key string) {
	if i := keyIndex(mapping, key); i >= 0 {
		mapping.Content = slices.Delete(mapping.Content, i, i+2)
	}
}

// sameTree reports whether two trees have the same values.
func sameTree(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !sameTree(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}
