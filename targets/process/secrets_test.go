package process_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/process"
)

func TestWhatAnAdapterIsGivenIsTakenOutOfWhatItTells(t *testing.T) {
	c := fake(t, "script", "ACME_KEY=acme-key-17", "MODE=audio",
		scriptVariable+`="outcome":"ok"`+"\n"+`"outcome":"denied","detail":"no acme-key-17 here, other-secret-1","reason":"YWNtZS1rZXktMTc= audio"`)
	c.Secrets = []targets.Secret{{Value: "other-secret-1", Name: "OTHER"}}
	l, err := process.Open(t.Context(), c)
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	target, err := l.Launch(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, target.Close()) }()
	w, err := target.Open(t.Context(), "w1")
	require.NoError(t, err)
	_, err = w.Apply(t.Context(), models.Call{Step: 1, Op: models.Patient{Name: "alice"}})
	require.NoError(t, err)
	r, err := w.Apply(t.Context(), models.Call{Step: 2, Op: models.List{ByUser: models.ByUser{User: "alice"}}})
	require.NoError(t, err)
	require.Equal(t, "no [secret-ACME_KEY] here, [secret-OTHER]", r.Detail)
	require.Equal(t, "[secret-ACME_KEY]= audio", r.Reason)
	require.Contains(t, targets.SecretsOf(target), targets.Secret{Value: "acme-key-17", Name: "ACME_KEY"})
}
