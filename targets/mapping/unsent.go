package mapping

import (
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// sentAs are the names by which templates send an argument, besides its own.
var sentAs = map[string][]ref{
	"age":   {{"", "birth_date"}, {roleActor, "birth_date"}, {roleActor, "age"}},
	"email": {{roleActor, "email"}},
	"plan":  {{roleActor, "plan"}},
	"slot":  {{roleBooking, "slot"}},
	"mode":  {{roleBooking, "mode"}},
	"like":  {{"", "name"}, {roleActor, "name"}},
}

// findUnsent finds the arguments that no request of an operation sends: whether the
// service does with them what it should cannot be asked.
func (c *compiler) findUnsent() {
	c.unsent = make(map[models.Kind][]string)
	for i := range c.spec.Operations {
		o := &c.spec.Operations[i]
		out := c.operations[o.Kind]
		if out == nil || len(out.steps) == 0 {
			continue
		}
		c.modeOf(o, out)
		for _, a := range models.Arguments(models.Example(o.Kind)) {
			if !c.sends(out, a) {
				c.unsent[o.Kind] = append(c.unsent[o.Kind], out.lacking(a))
			}
		}
	}
}

// tellsMode reports whether some later request tells the service the mode: that in
// which a consultation is, or in which it was booked.
func (c *compiler) tellsMode(o *operation) bool {
	_, now := c.used[ref{roleSegment, "mode"}]
	_, booked := c.used[ref{roleBooking, "mode"}]
	return now || booked && o.form.defines
}

// lacking is an argument that is not sent, in the form of [models.Capabilities]: of
// a mode that must be given, the other than that which the request stands for.
func (o *operation) lacking(a models.Argument) string {
	if o.mode != "" && a.Name == "mode" {
		return a.Name + "=" + string(o.mode.Other())
	}
	return a.Name
}

// sends reports whether a request of an operation sends an argument. What the
// operation acts on is in each request that can be made at all, and in what mode a
// booking is can be said later.
func (c *compiler) sends(o *operation, a models.Argument) bool {
	_, isHandle := a.Value.(models.Handle)
	switch {
	case a.Name == "range":
		return o.ranges || o.oneRange
	case a.Name == "with":
		return slices.ContainsFunc(o.steps, func(s *request) bool { return s.namesRole(roleGuest) })
	case isHandle && len(rolesOfArgument[a.Name]) > 0:
		return true
	}
	names := append([]ref{{"", a.Name}}, sentAs[a.Name]...)
	return slices.ContainsFunc(names, o.names) || o.mode != "" && a.Name == "mode" && c.tellsMode(o)
}

// defaultMode is the mode that book and switch are about where their requests name
// none and nothing else is said.
const defaultMode = models.Video

// modeOf compiles which mode an operation is about that must be in one and sends
// none.
func (c *compiler) modeOf(o *Operation, out *operation) {
	key, must := "operations."+string(o.Kind)+".mode", models.Takes(o.Kind, "mode") && !models.Optional(o.Kind, "mode")
	if must {
		out.mode = defaultMode
	}
	switch {
	case !o.Mode.Given():
	case !must:
		c.problem(o.Mode.Pos, key, "%s is in no mode; expected no such key", o.Kind)
	case c.sends(out, models.Argument{Name: "mode"}):
		c.problem(o.Mode.Pos, key, "a request names {{.mode}}, and mode says that it is always %s; expected one of the two", o.Mode.Value)
	case !slices.Contains(modes, o.Mode.Value):
		c.problem(o.Mode.Pos, key, "unknown mode %q; expected %s", o.Mode.Value, either(modes...))
	default:
		out.mode = models.Mode(o.Mode.Value)
	}
}
