package models

import (
	"fmt"
	"strings"
)

// Sentence says in words what an operation does: "alice switches b2 to video".
//
// In a row's sentence a name in braces stands for the actor, what the operation
// defines, or an argument; what stands in brackets is left out where a name in it
// has no value.
func Sentence(op Operation) string {
	rest := rowOf(op.Kind()).sentence
	values := sentenceValues(op)
	var b strings.Builder
	for rest != "" {
		before, after, found := strings.Cut(rest, "[")
		b.WriteString(fill(before, values))
		if !found {
			break
		}
		optional, behind, _ := strings.Cut(after, "]")
		if filled := fill(optional, values); !strings.Contains(filled, "{") {
			b.WriteString(filled)
		}
		rest = behind
	}
	return b.String()
}

// sentenceValues are the names that a sentence may use, as pairs.
func sentenceValues(op Operation) []string {
	actor := op.Actor()
	if actor == Anyone {
		actor = "somebody without a login"
	}
	out := []string{"{actor}", string(actor), "{defines}", string(op.Defines())}
	for _, a := range Arguments(op) {
		value := fmt.Sprint(a.Value)
		switch v := a.Value.(type) {
		case bool:
			value = map[bool]string{true: "on", false: "off"}[v]
		case Handle:
			if v.Phantom() {
				value = "a recording that never existed"
			}
		}
		out = append(out, "{"+a.Name+"}", value)
	}
	return out
}

func fill(text string, values []string) string { return strings.NewReplacer(values...).Replace(text) }
