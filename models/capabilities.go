package models

import (
	"maps"
	"slices"
	"strconv"
)

// Capabilities says what a target can ask of its service, and the policy that the
// service declares.
type Capabilities struct {
	// Operations are those that can be performed; nil for all of them.
	Operations []Kind `json:"operations,omitempty"`
	// Unsent are the arguments that cannot be sent, by the kind of operation: the
	// name of an argument, as [Arguments] gives it, or NAME=VALUE where that value
	// alone cannot. See [Capabilities.Lacking].
	Unsent map[Kind][]string `json:"unsent,omitempty"`
	Policy Policy            `json:"policy"`
}

// Supports reports whether the target can perform operations of kind k.
func (c Capabilities) Supports(k Kind) bool {
	return c.Operations == nil || slices.Contains(c.Operations, k)
}

// Lacking returns capabilities that cannot send some arguments of a kind. A service
// that is never told a slot has none that two bookings could share.
func (c Capabilities) Lacking(k Kind, arguments ...string) Capabilities {
	if len(arguments) == 0 {
		return c
	}
	unsent := maps.Clone(c.Unsent)
	if unsent == nil {
		unsent = make(map[Kind][]string)
	}
	unsent[k] = slices.Concat(unsent[k], arguments)
	c.Unsent = unsent
	c.Policy.Slotless = c.Policy.Slotless || k == KindBook && slices.Contains(arguments, "slot")
	return c
}

// NotSent is an argument of an operation that cannot be sent, in the form of
// [Capabilities.Unsent], or empty. Such an operation must not be sent without it: the
// service would be asked something else. It is answered with [Unbound], and no
// rule asks about it. What a correct service may ignore does not count.
func (c *Capabilities) NotSent(op Operation) string {
	unsent := c.Unsent[op.Kind()]
	if len(unsent) == 0 {
		return ""
	}
	ignored := rowOf(op.Kind()).ignored
	for _, a := range Arguments(op) {
		if slices.Contains(ignored, a.Name) {
			continue
		}
		if slices.Contains(unsent, a.Name) {
			return a.Name
		}
		if value := a.Name + "=" + a.text(); slices.Contains(unsent, value) {
			return value
		}
	}
	return ""
}

// text is the value of an argument as a trace has it.
func (a Argument) text() string {
	switch v := a.Value.(type) {
	case Handle:
		return string(v)
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	}
	return ""
}
