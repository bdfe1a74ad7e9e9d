package config

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the schema and the golden files")

func TestTheSchemaFileIsTheSchema(t *testing.T) {
	want, err := writeSchema()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(SchemaFile, want, 0o644))
	}
	got, err := os.ReadFile(SchemaFile)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "go test ./harness/internal/config -update writes it")
}

func TestTheSchemaIsASchema(t *testing.T) {
	_, err := compile()
	require.NoError(t, err)
}
