package evidence_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
)

func TestCommandsSurviveTheShell(t *testing.T) {
	i := evidence.Invocation{Program: "crosstalk", Target: []string{"--target", "rest:http://h/?a=b"}}
	require.Equal(t, `crosstalk replay 'it'"'"'s here/minimal.trace' --target 'rest:http://h/?a=b'`, i.Command("replay", "it's here/minimal.trace"))
}
