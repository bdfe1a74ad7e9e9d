package formats_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats"
	"github.com/telehealth-conformance/crosstalk/harness/internal/repro"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

func TestTheArchiveOfARunKeepsTheFormat(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "..", "targets", "exchange", "testdata", "har-1.2.schema.json"))
	require.NoError(t, err)
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("har.json", doc))
	schema, err := c.Compile("har.json")
	require.NoError(t, err)
	r := samples.Recorded(t, "bola", samples.TraceOf(t, "bola"))
	var b bytes.Buffer
	require.NoError(t, formats.HAR(&b, &r))
	require.Contains(t, b.String(), `"comment": "step 1: `+r.Minimal.Trace.Ops[0].String()+`"`)
	validate(t, schema, b.Bytes())
}

func FuzzReportsOfAnArchive(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "targets", "exchange", "testdata", "logged-in.har"))
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"log":{"entries":[null]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := exchange.ReadHAR(bytes.NewReader(text))
		if err != nil || len(all) == 0 {
			return
		}
		for i := range all {
			all[i].Step = max(all[i].Step, 1)
		}
		r := samples.Exchanged(t, all...)
		for _, write := range []func(io.Writer, *evidence.Run) error{formats.HAR, repro.Shell, repro.GoTest} {
			var b bytes.Buffer
			require.NoError(t, write(&b, &r))
		}
	})
}
