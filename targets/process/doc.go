// Package process drives any service through an adapter: a program in any
// language that performs operations and says what the service answered, in JSON
// lines on its standard input and output.
//
// README.md and protocol.schema.json define the messages, and
// example/adapter.py is an adapter in Python. A [Launcher] starts adapters. What
// is wrong with an adapter is an error that wraps [ErrAdapter], never an answer
// of the service's: the adapter decides neither whose a recording is nor what it
// is called, which is read from what the service showed.
package process
