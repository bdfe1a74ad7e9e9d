// Package samples has services, traces and runs for the tests of the rooms beside
// it: services that answer what the model expects but for a leak, what a trace
// showed on one, and runs that ended in every way. Tests alone import it.
package samples

import "github.com/stretchr/testify/require"

// T is what is used of a test.
type T interface {
	require.TestingT
	Helper()
	TempDir() string
	Cleanup(func())
}
