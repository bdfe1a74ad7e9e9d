// Package propose writes the first crosstalk.yaml of a service, for a person to
// finish.
//
//   - [New] writes one from nothing: every section in a line or two, and every
//     operation as it might look.
//   - [FromOpenAPI] reads the service's OpenAPI document and proposes which
//     request performs each operation. Every guess says where it comes from and
//     how sure it is; what could not be guessed is marked TODO.
//
// The words by which operations are recognized are in patterns.go, those by which
// properties are in properties.go. Nothing here sends a request.
package propose
