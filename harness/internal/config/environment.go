package config

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// variable matches ${NAME} and ${NAME:-default}, what looks like them, and the
// literal $${. The default is as in a shell (POSIX 2.6.2), without braces in it.
var variable = regexp.MustCompile(`\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:-)([^{}]*))?\}|\$\{[^}]*\}?`)

// environment puts the values of variables into a tree and remembers them.
type environment struct {
	tree   *tree
	lookup func(string) (string, bool)
	// written is what the file has in place of a text that came from variables.
	written map[*yaml.Node]string
	plain   map[*yaml.Node]bool // of these, those without quotes
	broken  map[*yaml.Node]bool // of which a problem is told already
	secrets secrets
	used    []variableUsed
}

// variableUsed is a value that came from a variable, and where.
type variableUsed struct {
	name, value, path string
	node              *yaml.Node
}

// resolve puts values in place of every ${NAME} and ${NAME:-default} of a tree.
func resolve(t *tree, lookup func(string) (string, bool)) *environment {
	e := &environment{tree: t, lookup: lookup, written: make(map[*yaml.Node]string), plain: make(map[*yaml.Node]bool),
		broken: make(map[*yaml.Node]bool), secrets: make(secrets)}
	e.resolve(t.root, "")
	return e
}

func (e *environment) resolve(n *yaml.Node, path string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			e.resolve(n.Content[i+1], below(path, n.Content[i].Value))
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			e.resolve(item, path)
		}
	default:
		if n.Tag == "!!str" && strings.Contains(n.Value, "${") {
			e.scalar(n, path)
		}
	}
}

func (e *environment) scalar(n *yaml.Node, path string) {
	written, used := n.Value, false
	n.Value = variable.ReplaceAllStringFunc(written, func(found string) string {
		if found == "$${" {
			return "${"
		}
		value, ok := e.value(n, path, found)
		used = used || ok
		return value
	})
	if used {
		e.written[n], e.plain[n] = written, n.Style == 0
	}
	n.Style = yaml.DoubleQuotedStyle
}

// value is what stands for a variable in a text. What the file itself says where
// the variable is unset or empty is no secret. Where there is no value it
// complains, and the text stays as it is.
func (e *environment) value(n *yaml.Node, path, found string) (string, bool) {
	parts := variable.FindStringSubmatch(found)
	name, byDefault := parts[1], parts[2] != ""
	if name == "" {
		e.broken[n] = true
		e.tree.complain(n, path, "expected ${NAME} of an environment variable, or ${NAME:-default}, got %q; a literal ${ is written $${", shorten(found))
		return found, false
	}
	value, ok := e.lookup(name)
	switch {
	case byDefault && value == "":
		return parts[3], true
	case !ok:
		e.broken[n] = true
		e.tree.complain(n, path, "%s is not set; set the environment variable %s", found, name)
		return found, false
	}
	e.secrets.add(name, value)
	e.used = append(e.used, variableUsed{name, value, path, n})
	return value, true
}

// show describes a value, by how it is written if it came from variables.
func (e *environment) show(n *yaml.Node) string {
	written, ok := e.written[n]
	switch {
	case ok && n.Value == "":
		return shorten(written) + ", which is empty"
	case ok:
		return shorten(written)
	}
	return describe(n)
}

// retype makes a number, true or false of a text without quotes that came from
// variables, and reports whether it is one. Then it is no secret.
func (e *environment) retype(n *yaml.Node) bool {
	if !e.plain[n] {
		return false
	}
	typed := &yaml.Node{Kind: yaml.ScalarNode, Value: n.Value}
	if tag := typed.ShortTag(); tag != "!!int" && tag != "!!float" && tag != "!!bool" {
		return false
	}
	n.Tag, n.Style = typed.ShortTag(), 0
	delete(e.plain, n)
	delete(e.secrets, n.Value)
	e.used = slices.DeleteFunc(e.used, func(u variableUsed) bool { return u.node == n })
	return true
}

// secrets are names of environment variables by their values.
type secrets map[string]string

// minSecret is the length in bytes from which a value is kept secret: what is
// shorter is found in every text.
const minSecret = 4

func (s secrets) add(name, value string) {
	if len(value) >= minSecret && (s[value] == "" || name < s[value]) {
		s[value] = name
	}
}

// replacer replaces each secret, in every form in which it may be met, by ${NAME}.
func (s secrets) replacer() *strings.Replacer {
	type pair struct{ form, name string }
	var pairs []pair
	for value, name := range s {
		for _, form := range forms(value) {
			pairs = append(pairs, pair{form, "${" + name + "}"})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		if d := len(b.form) - len(a.form); d != 0 {
			return d
		}
		return strings.Compare(a.form+a.name, b.form+b.name)
	})
	var flat []string
	for _, p := range pairs {
		flat = append(flat, p.form, p.name)
	}
	return strings.NewReplacer(flat...)
}

// forms are the ways in which a secret may be written: as it is; escaped for
// URLs, JSON, Go and HTML; in base64, alone or in the middle of something.
func forms(secret string) []string {
	out := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret)}
	if quoted, err := json.Marshal(secret); err == nil {
		out = append(out, string(quoted[1:len(quoted)-1]))
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		out = append(out, encoding.EncodeToString([]byte(secret)))
		for before := range 3 {
			encoded := encoding.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
			from := (before*8 + 5) / 6 // the first character without a bit of what is before
			to := (before + len(secret)) * 8 / 6
			if to-from >= minSecret {
				out = append(out, encoded[from:to])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
