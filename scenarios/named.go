package scenarios

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

//go:embed traces/*.trace
var traces embed.FS

// Names lists the named traces, in alphabetical order.
func Names() []string {
	entries, err := traces.ReadDir("traces")
	if err != nil {
		panic(fmt.Sprintf("read embedded traces: %v", err)) // the directory is part of the binary
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".trace")
	}
	return names
}

// Named returns a named trace. The error for an unknown name lists the names
// there are.
func Named(name string) (models.Trace, error) {
	file := path.Join("traces", name+".trace")
	text, err := traces.ReadFile(file)
	if err != nil {
		return models.Trace{}, fmt.Errorf("no scenario %q; expected one of %s", name, strings.Join(Names(), ", "))
	}
	return models.ParseFile(name+".trace", string(text))
}
