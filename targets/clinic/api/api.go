// Package api is the clinic's openapi.yaml in Go: the shapes of bodies, and the interface a server of it has.
//
// Only the lean parts are generated. Bodies are decoded by the service itself, so that unknown fields are refused and
// sizes limited in one place, and answers are written by it without a type per status.
package api

//go:generate go tool oapi-codegen -config config.yaml ../openapi.yaml
