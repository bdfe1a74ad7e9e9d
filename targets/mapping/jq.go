package mapping

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

// query is a jq expression. A chain of fields, the most frequent, is followed
// without the interpreter.
type query struct {
	text   Text
	chain  []string // the fields, if it is a chain
	isPath bool
	spread bool // the chain ends with []
	code   *gojq.Code
}

// maxOutputs bounds what one expression gives.
const maxOutputs = 100_000

var errTooMany = errors.New("more than 100000 values")

// fieldChain matches expressions like ".", ".a" and ".a.b[]".
var fieldChain = regexp.MustCompile(`^\.(?:([A-Za-z_][A-Za-z0-9_]*)((?:\.[A-Za-z_][A-Za-z0-9_]*)*))?(\[\])?$`)

// parseQuery compiles an expression. In it, $status is the status code of the
// answer.
func parseQuery(t Text) (*query, error) {
	q := &query{text: t}
	if m := fieldChain.FindStringSubmatch(strings.TrimSpace(t.Value)); m != nil {
		q.isPath, q.spread = true, m[3] != ""
		if m[1] != "" {
			q.chain = strings.Split(m[1]+m[2], ".")
		}
		return q, nil
	}
	parsed, err := gojq.Parse(t.Value)
	if err != nil {
		return nil, fmt.Errorf("expected a jq expression like .items[], found %q: %w", t.Value, err)
	}
	q.code, err = gojq.Compile(parsed, gojq.WithVariables([]string{"$status"}))
	if err != nil {
		return nil, fmt.Errorf("the jq expression %q cannot be used: %w", t.Value, err)
	}
	return q, nil
}

// all are the values that the expression gives.
func (q *query) all(ctx context.Context, in any, status int) ([]any, error) {
	if q.isPath {
		return q.follow(in)
	}
	var out []any
	values := q.code.RunWithContext(ctx, in, status)
	for {
		v, ok := values.Next()
		if !ok {
			return out, nil
		}
		if err, failed := v.(error); failed {
			if halt, ok := errors.AsType[*gojq.HaltError](err); ok && halt.Value() == nil {
				return out, nil
			}
			return nil, err
		}
		if out = append(out, v); len(out) > maxOutputs {
			return nil, errTooMany
		}
	}
}

// one is the first value that the expression gives, nil for none.
func (q *query) one(ctx context.Context, in any, status int) (any, error) {
	if q.isPath && !q.spread {
		return q.descend(in)
	}
	all, err := q.all(ctx, in, status)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

func (q *query) follow(in any) ([]any, error) {
	v, err := q.descend(in)
	if err != nil || !q.spread {
		return []any{v}, err
	}
	switch v := v.(type) {
	case []any:
		return v, nil
	case map[string]any:
		return (&query{code: spreadCode}).all(context.Background(), v, 0)
	}
	return nil, fmt.Errorf("%s is not a list but %s", strings.TrimSuffix(q.text.Value, "[]"), describe(v))
}

// spreadCode lists the values of an object in the order that jq gives them.
var spreadCode = mustCompile(".[]")

func mustCompile(text string) *gojq.Code {
	parsed, err := gojq.Parse(text)
	if err != nil {
		panic(err)
	}
	code, err := gojq.Compile(parsed, gojq.WithVariables([]string{"$status"}))
	if err != nil {
		panic(err)
	}
	return code
}

func (q *query) descend(v any) (any, error) {
	for i, name := range q.chain {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case nil:
			return nil, nil
		default:
			return nil, fmt.Errorf("there is no field %s in %s, .%s", name, describe(v), strings.Join(q.chain[:i], "."))
		}
	}
	return v, nil
}

// describe says in words what a value is.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		if len(v) > 40 {
			return "a text"
		}
		return strconv.Quote(v)
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	}
	return textOf(v)
}

// textOf is a value as it is written into a text: what is neither a string nor a
// number nor a truth value as JSON, and nil as nothing.
func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	body, err := gojq.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(body)
}

// truthy reports whether a value counts as true in jq: all but null and false.
func truthy(v any) bool { return v != nil && v != false }

// wholeNumber reads a value that is a whole number from 0, or a text of one.
func wholeNumber(v any) (int64, bool) {
	n, err := strconv.ParseInt(textOf(v), 10, 64)
	return n, err == nil && n >= 0
}
