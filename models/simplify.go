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
	return others(o, Patient{Name: o.Name}, Patient{Name: o.Name, Age: o.Age}, Patient{Name: o.Name, Plan: o.Plan},
		Patient{Name: o.Name, Email: o.Email}, Patient{Name: o.Name, Like: o.Like})
}

func (o Book) simpler() []Operation {
	o2 := o
	o2.With = ""
	return others(o, o2)
}

func (o List) simpler() []Operation {
	return others(o, List{ByUser: o.ByUser}, List{ByUser: o.ByUser, Mode: o.Mode}, List{ByUser: o.ByUser, Limit: o.Limit})
}

// first is the same with the booking's first recording.
func (o OnRecording) first() OnRecording {
	if !o.Recording.Phantom() {
		o.Recording = RecordingHandle(o.Recording.Booking(), 1)
	}
	return o
}

func (o Get) simpler() []Operation  { return others(o, Get{o.first()}) }
func (o Head) simpler() []Operation { return others(o, Head{o.first()}) }

func (o Thumb) simpler() []Operation      { return others(o, Thumb{o.first()}) }
func (o Transcript) simpler() []Operation { return others(o, Transcript{o.first()}) }
func (o Delete) simpler() []Operation     { return others(o, Delete{o.first()}) }
func (o Link) simpler() []Operation       { return others(o, Link{o.first(), o.Name}) }
func (o Share) simpler() []Operation      { return others(o, Share{Sharing{o.first(), o.Peer}}) }
func (o Unshare) simpler() []Operation    { return others(o, Unshare{Sharing{o.first(), o.Peer}}) }

func (o Page) simpler() []Operation { return others(o, Page{o.ByUser, o.Name, 1}) }

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
