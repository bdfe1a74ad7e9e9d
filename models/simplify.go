package models

import "slices"

// form says how an operation is made simpler.
type form struct {
	first bool   // it acts on the first recording of its booking
	only  string // the one option that it keeps, empty for none
}

// leftOut reports whether an option is left out.
func (f *fields) leftOut(key string) bool {
	return f.doing == placing || f.doing == simplifying && f.keep.only != key
}

// Simpler lists simpler operations that do the same kind of thing, the simplest
// first: without options or with one of them, and on the first recording of a
// booking. It is empty for an operation that is as simple as it can be.
func Simpler(op Operation) []Operation {
	forms := []form{{first: true}, {}}
	for _, a := range Arguments(op) {
		forms = append(forms, form{first: true, only: a.Name})
	}
	var out []Operation
	for _, keep := range forms {
		simpler := op.fields(&fields{doing: simplifying, keep: keep})
		if simpler != op && !slices.Contains(out, simpler) {
			out = append(out, simpler)
		}
	}
	return out
}
