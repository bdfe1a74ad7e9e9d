package models

import "slices"

// Simpler lists simpler operations that do the same kind of thing, the simplest
// first: without options or with fewer of them, and on the first recording of a
// booking. It is empty for an operation that is as simple as it can be.
func Simpler(op Operation) []Operation {
	if s, ok := op.(interface{ simpler() []Operation }); ok {
		return s.simpler()
	}
	return nil
}

func (o Patient) simpler() []Operation {
	return others(o, Patient{Name: o.Name}, Patient{Name: o.Name, Age: o.Age}, Patient{Name: o.Name, Plan: o.Plan})
}

func (o List) simpler() []Operation {
	return others(o, List{ByUser: o.ByUser})
}

// first is the same with the booking's first recording.
func (o OnRecording) first() OnRecording {
	o.Recording = RecordingHandle(o.Recording.Booking(), 1)
	return o
}

func (o Get) simpler() []Operation  { return others(o, Get{o.first()}) }
func (o Head) simpler() []Operation { return others(o, Head{o.first()}) }

func (o Play) simpler() []Operation {
	return others(o, Play{OnRecording: o.first()}, Play{OnRecording: o.OnRecording}, Play{o.first(), o.Range})
}

// others are the variants of an operation that differ from it, each once.
func others(op Operation, variants ...Operation) []Operation {
	var out []Operation
	for _, v := range variants {
		if v != op && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
