package models

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"strings"
)

// Choices are the values that a service may have chosen, for each [Axis]. The zero
// value says that nothing is known: every axis is open.
type Choices struct {
	masks [numAxes]uint8 // bits of values; 0 where all are possible
}

// ReferenceChoices are those of the reference service: the first value of each axis.
func ReferenceChoices() Choices {
	var c Choices
	for a := range axes[:outside] {
		c.masks[a] = 1
	}
	return c
}

// all has the bits of every value of an axis.
func (a axis) all() uint8 { return 1<<len(axes[a].Values) - 1 }

// mask has the bits of the values that are possible.
func (c *Choices) mask(a axis) uint8 {
	if m := c.masks[a]; m != 0 {
		return m
	}
	return a.all()
}

// with are the choices where of an axis the values with some bits are possible.
func (c Choices) with(a axis, mask uint8) Choices {
	if mask == a.all() {
		mask = 0
	}
	c.masks[a] = mask
	return c
}

// Choose are the choices with one value of an axis. It returns false where there is
// no such axis or value.
func (c Choices) Choose(key, value string) (Choices, bool) {
	a, ok := axisByKey(key)
	if !ok {
		return c, false
	}
	v := axes[a].value(value)
	if v < 0 {
		return c, false
	}
	return c.with(a, 1<<v), true
}

// Open are the choices without what is known of an axis.
func (c Choices) Open(key string) Choices {
	if a, ok := axisByKey(key); ok {
		c.masks[a] = 0
	}
	return c
}

// Of are the keys of the values of an axis that are possible.
func (c Choices) Of(key string) []string {
	a, ok := axisByKey(key)
	if !ok {
		return nil
	}
	var out []string
	for v, value := range axes[a].Values {
		if c.mask(a)&(1<<v) != 0 {
			out = append(out, value.Key)
		}
	}
	return out
}

// Decided reports whether one value of an axis alone is possible.
func (c Choices) Decided(key string) bool {
	a, ok := axisByKey(key)
	return ok && bits.OnesCount8(c.mask(a)) == 1
}

// Both are the choices that two allow. It returns the keys of the axes of which they
// have no value in common; of these it keeps those of c.
func (c Choices) Both(d Choices) (out Choices, apart []string) {
	for i := range c.masks {
		a := axis(i)
		m := c.mask(a) & d.mask(a)
		if m == 0 {
			apart = append(apart, axes[a].Key)
			m = c.mask(a)
		}
		out = out.with(a, m)
	}
	return out, apart
}

// either are the choices that one of two allows, axis by axis.
func (c Choices) either(d Choices) Choices {
	for i := range c.masks {
		a := axis(i)
		c = c.with(a, c.mask(a)|d.mask(a))
	}
	return c
}

// String is for example "drop=leaves starts=first|clinician"; axes of which nothing
// is known are left out.
func (c Choices) String() string {
	var out []string
	for i, m := range c.masks {
		if m != 0 {
			out = append(out, axes[i].Key+"="+strings.Join(c.Of(axes[i].Key), "|"))
		}
	}
	return strings.Join(out, " ")
}

// MarshalJSON writes the possible values of the axes of which something is known:
// {"drop":["leaves"]}.
func (c Choices) MarshalJSON() ([]byte, error) {
	out := make(map[string][]string)
	for i, m := range c.masks {
		if m != 0 {
			out[axes[i].Key] = c.Of(axes[i].Key)
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what [Choices.MarshalJSON] writes.
func (c *Choices) UnmarshalJSON(text []byte) error {
	var in map[string][]string
	if err := json.Unmarshal(text, &in); err != nil {
		return fmt.Errorf("choices: %w", err)
	}
	var out Choices
	for key, values := range in {
		a, ok := axisByKey(key)
		if !ok {
			return &NameError{What: "choice", Name: key}
		}
		var mask uint8
		for _, name := range values {
			v := axes[a].value(name)
			if v < 0 {
				return &NameError{What: "value of " + key, Name: name}
			}
			mask |= 1 << v
		}
		if len(values) > 0 {
			out = out.with(a, mask)
		}
	}
	*c = out
	return nil
}

// undecided reports whether more than one value of an axis is possible that can be
// declared.
func (c *Choices) undecided() bool {
	for _, m := range c.masks[:outside] {
		if m == 0 || m&(m-1) != 0 {
			return true
		}
	}
	return false
}

// axisSet is a set of axes, as bits.
type axisSet uint16

// Beside are the choices without the axes that were declared, and without those that
// cannot be.
func (c Choices) Beside(declared Choices) Choices {
	for i, m := range declared.masks {
		if m != 0 || axis(i) >= outside {
			c.masks[i] = 0
		}
	}
	return c
}

// Known reports whether anything is known of an axis.
func (c Choices) Known(key string) bool {
	a, ok := axisByKey(key)
	return ok && c.masks[a] != 0
}
