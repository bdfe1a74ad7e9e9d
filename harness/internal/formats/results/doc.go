// Package results is results.json: what a run found, for programs.
//
// [Of] makes the [Results] of a run and [Write] writes them; [JSONSchema] is the
// form. [Rebuild] is what is kept in them from which the run is built again.
package results
