package formats_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/formats"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/results"
	"github.com/telehealth-conformance/crosstalk/harness/internal/repro"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// untold are the faults whose violation no single answer shows: two answers
// must be compared, or a trail with everything before it.
var untold = []string{"audit-skips-ranges", "oracle-by-status"}

func TestTheFormatsOfEveryFaultKeepTheirSchemas(t *testing.T) {
	schema := compiled(t, "results", true)
	for _, slug := range samples.Slugs(t) {
		if slug == "pages-before-filter" {
			continue // shown by NI-1 alone, which compares runs
		}
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			r := samples.Recorded(t, slug, samples.TraceOf(t, slug))
			var written, log, archive, script bytes.Buffer
			require.NoError(t, results.Write(&written, &r))
			validate(t, schema, written.Bytes())
			require.NoError(t, formats.SARIF(&log, &r))
			parsed, err := sarif.FromBytes(log.Bytes(), sarif.WithStrictValidation())
			require.NoError(t, err)
			require.NoError(t, parsed.Validate())
			require.NoError(t, formats.HAR(&archive, &r))
			all, err := exchange.ReadHAR(&archive)
			require.NoError(t, err)
			require.Len(t, all, len(r.Minimal.Record.Exchanges))
			require.NoError(t, repro.Shell(&script, &r))
			require.Equal(t, slices.Contains(untold, slug), strings.Contains(script.String(), "no single answer shows it"))
		})
	}
}
