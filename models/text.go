package models

import "strings"

// define writes "name = call(args)".
func define(name Handle, call string, args ...string) string {
	return string(name) + " = " + call + "(" + strings.Join(args, ", ") + ")"
}

// invoke writes "actor.verb(args)".
func invoke(actor Handle, verb string, args ...string) string {
	return string(actor) + "." + verb + "(" + strings.Join(args, ", ") + ")"
}
