package mapping

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	texttemplate "text/template"
)

// The functions that templates get by themselves: those that escape what is
// written, and the one that keeps a value's type.
const (
	keepName = "keepValue"
	sinkName = "sink"
)

var escapers = map[escaping]string{asPath: "escapePath", asQuery: "escapeQuery"}

// functionNames are those that people write, besides text/template's own.
var functionNames = []string{"base64", "default", "int", "json", "lower", "upper", "urlquery"}

// absent is a name that has no value, as a nil pointer: it counts as false.
type absent struct{}

// absentMark is what absent writes, escaped or not. No service gives such a text.
const absentMark = "xk_absent_b7e05f_xk"

// String is a mark by which it is found where it was written.
func (*absent) String() string { return absentMark }

var errAbsent = errors.New("no value")

// sink takes the value of a single {{…}}.
type sink struct{ value any }

// functions are those of templates. A name without a value is an error to all
// but default, eq and ne.
func functions() texttemplate.FuncMap {
	return texttemplate.FuncMap{
		"json":     ofText(asJSONText),
		"base64":   ofText(func(v any) (any, error) { return base64.StdEncoding.EncodeToString([]byte(textOf(v))), nil }),
		"lower":    ofText(func(v any) (any, error) { return strings.ToLower(textOf(v)), nil }),
		"upper":    ofText(func(v any) (any, error) { return strings.ToUpper(textOf(v)), nil }),
		"urlquery": ofText(func(v any) (any, error) { return escape(textOf(v), asQuery), nil }),
		"int":      ofText(toInt),
		"default":  orDefault,
		"eq":       func(a any, others ...any) bool { return isOneOf(a, others) },
		"ne":       func(a, b any) bool { return !isOneOf(a, []any{b}) },
		keepName: func(s *sink, v any) string {
			s.value = v
			return ""
		},
		escapers[asPath]:  ofText(func(v any) (any, error) { return escape(textOf(v), asPath), nil }),
		escapers[asQuery]: ofText(func(v any) (any, error) { return escape(textOf(v), asQuery), nil }),
	}
}

// ofText guards a function against names without a value.
func ofText(f func(any) (any, error)) func(any) (any, error) {
	return func(v any) (any, error) {
		if _, missing := v.(*absent); missing {
			return nil, errAbsent
		}
		return f(v)
	}
}

func asJSONText(v any) (any, error) {
	body, err := json.Marshal(v)
	return string(body), err
}

func toInt(v any) (any, error) {
	n, err := strconv.Atoi(strings.TrimSpace(textOf(v)))
	if err != nil {
		return nil, fmt.Errorf("expected a whole number, found %s", describe(v))
	}
	return n, nil
}

// orDefault is the second value, or the first where there is none.
func orDefault(otherwise, v any) any {
	if _, missing := v.(*absent); missing || v == nil || v == "" {
		return otherwise
	}
	return v
}

// isOneOf compares values as text, so that a number equals the text of it.
func isOneOf(a any, others []any) bool {
	for _, b := range others {
		if plainText(a) == plainText(b) {
			return true
		}
	}
	return false
}

func plainText(v any) string {
	if _, missing := v.(*absent); missing {
		return ""
	}
	return textOf(v)
}

// execute writes a template by text/template, and gives the value where it is a
// single {{…}}.
func (t *template) execute(s *bindings) (string, any, error) {
	data := map[string]any{}
	kept := &sink{}
	data[sinkName] = kept
	for _, r := range t.refs {
		at := data
		if r.role != "" {
			of, ok := data[r.role].(map[string]any)
			if !ok {
				of = map[string]any{}
				data[r.role] = of
			}
			at = of
		}
		at[r.name] = (*absent)(nil)
		if v, ok := s.lookup(r); ok {
			at[r.name] = v
		}
	}
	var b strings.Builder
	err := t.slow.Execute(&b, data)
	written := b.String()
	if t.single {
		written = plainText(kept.value)
	}
	_, missing := kept.value.(*absent)
	switch {
	case errors.Is(err, errAbsent) || missing || strings.Contains(written, absentMark):
		return "", nil, noValue{t.text.Pos, t.text.Value}
	case err != nil:
		return "", nil, noValue{t.text.Pos, fmt.Sprintf("%s (%v)", t.text.Value, errors.Unwrap(err))}
	}
	return written, kept.value, nil
}
