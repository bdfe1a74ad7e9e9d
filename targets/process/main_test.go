package process_test

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain is an adapter, too: the tests start this binary again with a variable
// that says how it behaves.
func TestMain(m *testing.M) {
	if how := os.Getenv(fakeVariable); how != "" {
		pretend(how)
		os.Exit(0)
	}
	if os.Getenv(harnessVariable) != "" {
		waitToBeKilled()
		os.Exit(0)
	}
	os.Exit(m.Run())
}
