package formats_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

func TestJUnitIsWhatTheGoldenFileSays(t *testing.T) {
	r := samples.Violated(t)
	golden.Compare(t, "violation.xml", func(w io.Writer) error { return formats.JUnit(w, &r) })

	refused := samples.Kinds(t)["refused"]
	golden.Compare(t, "refused.xml", func(w io.Writer) error { return formats.JUnit(w, &refused) })

	r.End, r.Problem = evidence.Failed, "service unreachable"
	var text bytes.Buffer
	require.NoError(t, formats.JUnit(&text, &r))
	var suites struct {
		Tests    int `xml:"tests,attr"`
		Errors   int `xml:"errors,attr"`
		Failures int `xml:"failures,attr"`
	}
	require.NoError(t, xml.Unmarshal(text.Bytes(), &suites))
	require.Equal(t, len(models.Rules())+1, suites.Tests, "and one that says that the run failed")
	require.Equal(t, 1, suites.Errors)
	require.Equal(t, 1, suites.Failures)
}
