package models

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkObserve measures what the harness does in the model for one
// operation, by kind: expect an answer, ask every rule about it, and step.
func BenchmarkObserve(b *testing.B) {
	p := ReferencePolicy()
	byKind := make(map[Kind][]Observation)
	for seed := range uint64(200) {
		walk(rand.New(rand.NewPCG(seed, 11)), &p, 60, func(s *State, c Call) {
			k := c.Op.Kind()
			byKind[k] = append(byKind[k], Observation{World: testWorld, Before: s, Call: c, Got: correct(testWorld, s, c)})
		})
	}
	for _, k := range Kinds() {
		b.Run(string(k), func(b *testing.B) {
			b.ReportAllocs()
			f, all := NewFindings(), byKind[k]
			for i := 0; b.Loop(); i++ {
				o := all[i%len(all)]
				o.Expected = o.Before.Expect(o.Call)
				f.Observe(&o)
				o.Before.Step(o.Call, o.Got)
			}
		})
	}
}

// BenchmarkEnabled measures the listing of all operations in a state.
func BenchmarkEnabled(b *testing.B) {
	p := ReferencePolicy()
	var states []*State
	walk(rand.New(rand.NewPCG(1, 12)), &p, 40, func(s *State, _ Call) { states = append(states, s) })
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		states[i%len(states)].Enabled(crowd)
	}
}

// BenchmarkReadMedia reads a MiB of media.
func BenchmarkReadMedia(b *testing.B) {
	var body []byte
	for moment := 1; len(body) < 1<<20; moment++ {
		body = append(body, Tag{testWorld, "b1", moment}.Media()...)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		ReadMedia(body)
	}
}

// BenchmarkMedia makes the media of one moment.
func BenchmarkMedia(b *testing.B) {
	b.SetBytes(MediaSize)
	b.ReportAllocs()
	for b.Loop() {
		Tag{testWorld, "b1", 40}.Media()
	}
}

// BenchmarkParse parses a trace of 40 operations.
func BenchmarkParse(b *testing.B) {
	text := randomTrace(1, 40).String()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFormat prints a trace of 40 operations.
func BenchmarkFormat(b *testing.B) {
	tr := randomTrace(1, 40)
	b.ReportAllocs()
	for b.Loop() {
		_ = tr.String()
	}
}
