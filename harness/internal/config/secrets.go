package config

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// Secrets are the values of the file that must be written nowhere: those that came
// from variables of the environment, which are called by the variables, those of
// the section auth, what an adapter is given, and what is named like a secret where
// it is sent or given to a container. What says which service is tested and where,
// as its name, its version, its image or its host, is none, wherever it came from.
func (f *File) Secrets() []targets.Secret { return f.hidden }

// gatherSecrets finds the secrets of a file that was read.
func (f *File) gatherSecrets(e *environment) {
	var given []targets.Secret
	for _, u := range e.used {
		if !f.tells(u) {
			given = append(given, targets.Secret{Value: u.value, Name: u.name, Place: placeOf(u.path)})
		}
	}
	if p := f.Target.Process; p != nil {
		for _, name := range slices.Sorted(maps.Keys(p.Environment)) {
			given = append(given, targets.Secret{Value: p.Environment[name], Name: name})
		}
	}
	var all secret.Net
	all.Add(f.Spec.Auth.Secrets(given...)...)
	for _, s := range namedSecrets(f.resolved.root, "") {
		if !all.Has(s.Value) {
			all.Add(s)
		}
	}
	f.hidden = all.Secrets()
}

// telling are the beginnings of paths whose values say what is tested and how, and
// are there to be written down.
var telling = []string{"target.name", "target.version", "target.image", "target.build.", "target.tls.", "target.files.", "target.process.directory",
	"policy.", "run.", "known_failures", "outputs."}

// tells reports whether a value says what is tested. Of a URL that is the part up
// to the path.
func (f *File) tells(u variableUsed) bool {
	path := u.path
	if rest, ok := strings.CutPrefix(path, "target.services."); ok {
		_, rest, _ = strings.Cut(rest, ".")
		path = "target." + rest
	}
	if slices.ContainsFunc(telling, func(begin string) bool { return strings.HasPrefix(path, begin) }) {
		return true
	}
	if path != "target.url" && path != "auth.operator.oauth2.token_url" {
		return false
	}
	scheme, rest, _ := strings.Cut(u.node.Value, "://")
	host, _, _ := strings.Cut(rest, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	return strings.Contains(scheme+"://"+host, u.value) || !strings.Contains(host, "@") && secretless(u.value)
}

// secretless reports whether a value is the address of a server without anything
// behind it.
func secretless(value string) bool {
	return strings.Contains(value, "://") && !secret.Everywhere(value)
}

// The keys below which names are those of places in a request.
var places = map[string]string{"headers": targets.InHeader, "cookies": targets.InCookie, "query": targets.InQuery, "form": targets.InBody,
	"multipart": targets.InBody, "json": targets.InBody, "oauth2": targets.InBody, "environment": ""}

// placeOf is the place of a request that a path of the file stands for.
func placeOf(path string) targets.Place {
	keys := split(path)
	for i := len(keys) - 2; i >= 0; i-- {
		if in, ok := places[keys[i]]; ok && in != "" {
			return targets.Place{In: in, Name: keys[len(keys)-1]}
		}
	}
	if strings.HasSuffix(path, ".bearer") {
		return targets.Place{In: targets.InHeader, Name: "Authorization"}
	}
	return targets.Place{}
}

// namedSecrets are the texts of a file that are named like secrets where something is sent
// or given. The section auth is not among them, whose values all are secrets.
func namedSecrets(n *yaml.Node, path string) []targets.Secret {
	var out []targets.Secret
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			out = append(out, namedSecrets(n.Content[i+1], below(path, n.Content[i].Value))...)
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			out = append(out, namedSecrets(item, path)...)
		}
	case yaml.ScalarNode:
		keys := split(path)
		name := keys[len(keys)-1]
		sent := slices.ContainsFunc(keys[:len(keys)-1], func(key string) bool { _, ok := places[key]; return ok })
		if sent && keys[0] != "auth" && n.ShortTag() == "!!str" && exchange.SecretName(name) && !strings.Contains(n.Value, "{{") {
			out = append(out, targets.Secret{Value: n.Value, Name: "CROSSTALK_" + nameOf(name), Place: placeOf(path)})
		}
	}
	return out
}

// nameOf is a name as one of the environment has it.
func nameOf(words string) string {
	return strings.ToUpper(strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			return c
		}
		return '_'
	}, words))
}

// withoutSecrets puts placeholders for the secrets that are written in a section, by
// their names, also for those that are used where a variable is not set.
func withoutSecrets(n *yaml.Node, names map[string]string) {
	switch {
	case n == nil:
	case n.Kind == yaml.MappingNode:
		for i := 1; i < len(n.Content); i += 2 {
			withoutSecrets(n.Content[i], names)
		}
	case n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			withoutSecrets(item, names)
		}
	case names[n.Value] != "":
		n.Value, n.Tag = secret.Placeholder(names[n.Value]), "!!str"
	default:
		n.Value = variable.ReplaceAllStringFunc(n.Value, func(found string) string {
			parts := variable.FindStringSubmatch(found)
			if parts[1] == "" || parts[3] == "" {
				return found
			}
			return "${" + parts[1] + ":-[secret]}"
		})
	}
}

// secretNames are the names of secrets by their values.
func (f *File) secretNames() map[string]string {
	out := make(map[string]string)
	for _, s := range f.hidden {
		out[s.Value] = cmp.Or(out[s.Value], s.Name)
	}
	return out
}
