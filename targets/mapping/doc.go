// Package mapping drives any service that speaks HTTP, as a YAML file describes
// it: which request each operation of the model is, and where in the answers
// what the model asks for is found.
//
// A [Spec] is what the file says, with the position of every value. [Compile]
// makes a [Mapping] of it, or says everything that is wrong. [New] binds a
// mapping to the URL of a service and gives a target for the harness.
//
// Values go into requests by templates (text/template) and come out of answers
// by jq expressions. Neither decides whose a recording is: that is read from the
// tags in titles and media, as in every target.
package mapping
