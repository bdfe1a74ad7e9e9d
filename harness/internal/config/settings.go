package config

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Settings decides what flags say that were not given on the command line: what
// an environment variable says, or else the file. Flags that get a value count as
// changed, and so another call leaves them be. File may be nil: whoever finds the
// file by a flag calls Settings once without it and once with it.
//
// The variable of a flag is CROSSTALK_ and its name in capitals with _ for -, as
// in CROSSTALK_TRACES; an empty one counts as not set. The file's value is that of
// run.NAME or outputs.NAME, with _ for -; that of --out is outputs.directory.
//
// The error names each value that a flag does not take, and where it is from.
func Settings(flags *pflag.FlagSet, env func(string) (string, bool), file *File) error {
	var wrong []error
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" {
			return
		}
		if value, ok := env(variableOf(f.Name)); ok && value != "" {
			wrong = append(wrong, setFlag(flags, f, value, variableOf(f.Name)))
		} else if file != nil {
			wrong = append(wrong, file.setFlag(flags, f))
		}
	})
	return errors.Join(wrong...)
}

// variableOf is the environment variable of a flag.
func variableOf(flag string) string {
	return "CROSSTALK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// setFlag gives a flag a value from somewhere.
func setFlag(flags *pflag.FlagSet, f *pflag.Flag, value, from string) error {
	schema := settingSchema(f.Name)
	err := flags.Set(f.Name, value)
	if err == nil {
		err = validSetting(f, schema)
	}
	if err != nil {
		return fmt.Errorf("%s: expected %s, got %q", from, expectedOf(f, schema), value)
	}
	return nil
}

// setFlag gives a flag the file's value, where it has one.
func (f *File) setFlag(flags *pflag.FlagSet, flag *pflag.Flag) error {
	path := settingPath(flag.Name)
	n := f.resolved.find(path...)
	if n == nil {
		return nil
	}
	value := n.Value
	if path[0] == "outputs" {
		value = f.beside(value)
	}
	if n.Kind == yaml.SequenceNode {
		items := make([]string, len(n.Content))
		for i, item := range n.Content {
			items[i] = item.Value
		}
		value = strings.Join(items, ",")
	}
	return setFlag(flags, flag, value, f.Where(strings.Join(path, ".")).String())
}

// settingPath is where the file has a flag's value.
func settingPath(flag string) []string {
	key := strings.ReplaceAll(flag, "-", "_")
	if key == "out" {
		return []string{"outputs", "directory"}
	}
	if outputs := outputsSchema()["properties"].(schema); outputs[key] != nil {
		return []string{"outputs", key}
	}
	return []string{"run", key}
}

// settingSchema is the schema of a flag's value in the file, or nil.
func settingSchema(flag string) schema {
	path := settingPath(flag)
	sections := map[string]schema{"run": runSchema(), "outputs": outputsSchema()}
	s, _ := sections[path[0]]["properties"].(schema)[path[1]].(schema)
	return s
}

// validSetting holds a number against the bounds that it has in the file.
func validSetting(f *pflag.Flag, s schema) error {
	from, ok := s["minimum"].(int)
	if !ok {
		return nil
	}
	n, err := strconv.Atoi(f.Value.String())
	if err == nil && (n < from || n > s["maximum"].(int)) {
		err = fmt.Errorf("%d is out of bounds", n)
	}
	return err
}

// expectedOf says in words what a flag takes.
func expectedOf(f *pflag.Flag, s schema) string {
	if s["minimum"] != nil {
		return expectedType(map[string]any{"type": s["type"], "minimum": s["minimum"], "maximum": s["maximum"]})
	}
	kinds := map[string]string{"int": "a whole number", "duration": "a time like 90s or 10m", "bool": "true or false"}
	return cmp.Or(kinds[f.Value.Type()], f.Value.Type())
}
