// Package scenarios says what to try: named mixes of operations, from which
// traces are drawn with rapid ([Mix.Traces]), and named traces ([Named]).
//
// Traces are drawn whole from the pure model of package models, before anything
// is sent. No weight in a mix knows of any fault.
package scenarios
