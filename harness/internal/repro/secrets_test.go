package repro_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/repro"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// signed are exchanges in which the operator's key goes to the service, and a signed
// URL leads to another, to which the key was sent by mistake.
func signed() []targets.LoggedExchange {
	key := http.Header{"X-Api-Key": {"operator-key-1"}}
	const url = "https://bucket.example/media?X-Amz-Signature=0af7651916cd"
	return []targets.LoggedExchange{
		{Exchange: models.Exchange{Method: "POST", Status: 201}, Step: 3, URL: "http://h.example/api/staff", RequestHeader: key,
			ResponseHeader: http.Header{"Content-Type": {"application/json"}}, ResponseBody: []byte(`{"media":"` + url + `"}`)},
		{Exchange: models.Exchange{Method: "GET", Status: 200}, Step: 8, URL: url,
			RequestHeader: http.Header{"X-Api-Key": key["X-Api-Key"], "X-Storage": {"storage-key-1"}}},
		{Exchange: models.Exchange{Method: "GET", Status: 200}, Step: 8, URL: "http://h.example/api/list?name=base-secret-1",
			RequestHeader: http.Header{"X-Storage": {"storage-key-1"}, "X-Again": {"operator-key-1"}}},
	}
}

func TestASecretIsSentOnlyWhereItWasMeantFor(t *testing.T) {
	r := samples.Exchanged(t, signed()...)
	r.Minimal.Record.Secrets = []targets.Secret{{Value: "operator-key-1", Name: "CROSSTALK_OPERATOR_X_API_KEY"}, {Value: "storage-key-1", Name: "STORAGE_KEY"},
		{Value: "base-secret-1", Name: "base"}}
	var script, test bytes.Buffer
	require.NoError(t, repro.Shell(&script, &r))
	require.NoError(t, repro.GoTest(&test, &r))
	require.Contains(t, script.String(), `request 3-1 201 POST "$base"/staff \
    --header 'X-Api-Key: '"$CROSSTALK_OPERATOR_X_API_KEY"
`)
	require.Contains(t, script.String(), `request 8-1 200 GET "$dr1_media" \
    --header 'X-Storage: '"$STORAGE_KEY"
`, "the URL is the one that was signed now, and the operator's key stays at home")
	require.Contains(t, script.String(), `request 8-2 200 GET "$base"'/list?name='"$CROSSTALK_SECRET_BASE" \
    --header 'X-Again: '"$CROSSTALK_OPERATOR_X_API_KEY"
`, "nor is a key of the store sent to the service, nor a word of the script used for another thing")
	require.Contains(t, test.String(), `setting(t, "STORAGE_KEY"`)
	require.Contains(t, test.String(), `client.send("8-1", 200, "GET", dr1Media, [][2]string{
		{"X-Storage", secretStorageKey},
	}, "")`)
	for _, secret := range []string{"operator-key-1", "storage-key-1", "0af7651916cd", "base-secret-1"} {
		require.NotContains(t, script.String()+test.String(), secret)
	}
}
