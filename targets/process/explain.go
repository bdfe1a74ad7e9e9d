package process

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// explain says in a clause what is wrong with a document, by what its schema
// found. Of several mistakes it is the first by place.
func explain(schema *jsonschema.Schema, err error) error {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return err
	}
	all := mistakes(invalid, nil)
	first := slices.MinFunc(all, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(slices.Compare(a.InstanceLocation, b.InstanceLocation), cmp.Compare(fmt.Sprintf("%T", a.ErrorKind), fmt.Sprintf("%T", b.ErrorKind)))
	})
	return errors.New(clause(schema, first))
}

// mistakes appends the findings that have no others below them.
func mistakes(e *jsonschema.ValidationError, to []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return append(to, e)
	}
	for _, cause := range e.Causes {
		to = mistakes(cause, to)
	}
	return to
}

// clause says what one finding is.
func clause(schema *jsonschema.Schema, e *jsonschema.ValidationError) string {
	at := place(e.InstanceLocation)
	subject := cmp.Or(at, "the answer")
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		return unknownField(schema, e.InstanceLocation, slices.Min(k.Properties))
	case *kind.Required:
		return fmt.Sprintf("%s has no %s; expected it", subject, slices.Min(k.Missing))
	case *kind.Type:
		return fmt.Sprintf("%s is %s; expected %s", subject, typeText(k.Got), typeText(k.Want...))
	case *kind.Enum:
		if len(k.Want) > maxNamed {
			return fmt.Sprintf("%s is %s; did you mean %q?", subject, valueText(k.Got), nearest(fmt.Sprint(k.Got), texts(k.Want)))
		}
		return fmt.Sprintf("%s is %s; expected one of %s", subject, valueText(k.Got), strings.Join(texts(k.Want), ", "))
	case *kind.Const:
		return fmt.Sprintf("%s is %s; expected %s", subject, valueText(k.Got), valueText(k.Want))
	case *kind.MinLength, *kind.MinItems:
		return fmt.Sprintf("%s is empty; expected something", subject)
	case *kind.Minimum:
		return fmt.Sprintf("%s is %s; expected %s at least", subject, k.Got.RatString(), k.Want.RatString())
	case *kind.Maximum:
		return fmt.Sprintf("%s is %s; expected %s at most", subject, k.Got.RatString(), k.Want.RatString())
	}
	return fmt.Sprintf("%s is not what protocol.schema.json says: %v", subject, e)
}

// place writes a location as programmers do: listing.rows[2].id.
func place(location []string) string {
	var b strings.Builder
	for _, step := range location {
		if _, err := strconv.Atoi(step); err == nil {
			b.WriteString("[" + step + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

// unknownField says that an object has a field that it cannot have.
func unknownField(schema *jsonschema.Schema, location []string, name string) string {
	known := fieldsAt(schema, location)
	where := ""
	if len(location) > 0 {
		where = " in " + place(location)
	}
	return fmt.Sprintf("unknown field %q%s; did you mean %q?", name, where, nearest(name, known))
}

// fieldsAt are the fields that the object at a location can have, in order.
func fieldsAt(schema *jsonschema.Schema, location []string) []string {
	for _, step := range location {
		if _, err := strconv.Atoi(step); err == nil {
			schema = resolved(schema).Items2020
		} else {
			schema = resolved(schema).Properties[step]
		}
	}
	var names []string
	for name := range resolved(schema).Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// resolved is the schema that one refers to.
func resolved(s *jsonschema.Schema) *jsonschema.Schema {
	for s.Ref != nil {
		s = s.Ref
	}
	return s
}

// nearest is the name that takes the fewest edits, whatever the case of letters.
func nearest(name string, known []string) string {
	edits := func(to string) int { return levenshtein.Distance(strings.ToLower(name), strings.ToLower(to), nil) }
	return slices.MinFunc(known, func(a, b string) int { return cmp.Compare(edits(a), edits(b)) })
}

func valueText(v any) string {
	if text, ok := v.(string); ok {
		return strconv.Quote(text)
	}
	return fmt.Sprint(v)
}

// typeText names types of JSON in a sentence.
func typeText(names ...string) string {
	out := make([]string, len(names))
	for i, name := range names {
		switch name {
		case "null":
			out[i] = name
		case "array", "integer", "object":
			out[i] = "an " + name
		default:
			out[i] = "a " + name
		}
	}
	return strings.Join(out, " or ")
}

// maxNamed is the number of values that are all named where one is expected.
const maxNamed = 10

func texts(values []any) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprint(v)
	}
	return out
}

// maxText is the number of bytes that are kept of a text of an adapter's.
const maxText = 200

// oneLine is the beginning of a text as one line of valid UTF-8.
func oneLine(text string) string {
	text = text[:min(len(text), maxText)]
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
}
