// Package layout sets out text and JSON: lines within a width, columns, colors.
// A [Page] remembers the first error of writing.
package layout
