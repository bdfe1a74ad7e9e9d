package config

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
)

func TestTheSchemaFileIsTheSchema(t *testing.T) {
	want, err := writeSchema()
	require.NoError(t, err)
	golden.File(t, SchemaFile, string(want))
}

func TestTheSchemaIsASchema(t *testing.T) {
	_, err := compile()
	require.NoError(t, err)
}
