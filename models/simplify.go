package models

import "slices"

// Simpler lists simpler operations that do the same kind of thing, the simplest
// first: without options, or with fewer of them. It is empty for an operation
// that has none.
func Simpler(op Operation) []Operation {
	if s, ok := op.(interface{ simpler() []Operation }); ok {
		return s.simpler()
	}
	return nil
}

func (o Patient) simpler() []Operation {
	var out []Operation
	for _, s := range [...]Patient{{Name: o.Name}, {Name: o.Name, Age: o.Age}, {Name: o.Name, Plan: o.Plan}} {
		if s != o && !slices.Contains(out, Operation(s)) {
			out = append(out, s)
		}
	}
	return out
}

func (o List) simpler() []Operation {
	if o.Limit == 0 {
		return nil
	}
	return []Operation{List{ByUser: o.ByUser}}
}

func (o Play) simpler() []Operation {
	if o.Range.Whole() {
		return nil
	}
	return []Operation{Play{OnRecording: o.OnRecording}}
}
