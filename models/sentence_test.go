package models_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestOperationsAreToldInWords(t *testing.T) {
	for line, want := range map[string]string{
		"alice = patient()":                             "alice registers as a patient",
		"alice = patient(age=15, plan=bupa, like=bob)":  "alice registers as a patient, aged 15, insured by bupa, with bob's name and birth date",
		"b1 = alice.book(dr1, audio)":                   "alice books a consultation by audio with dr1 (b1, slot 1)",
		"b1 = alice.book(dr1, audio, slot=2, with=bob)": "alice books a consultation by audio with dr1, together with bob (b1, slot 2)",
		"alice.switch(b1, video)":                       "alice switches b1 to video",
		"alice.list()":                                  "alice opens the Consultation Replays",
		"alice.list(limit=2, mode=audio)":               "alice opens the Consultation Replays, 2 on a page, audio only",
		"anyone.open(l1)":                               "somebody without a login opens the playback link l1",
		"bob.play(b1.r1, range=0-99)":                   "bob plays b1.r1, bytes 0-99",
		"bob.get(?1)":                                   "bob looks at the details of a recording that never existed",
		"operator.replays(off)":                         "the operator switches replays off",
		"service.restart()":                             "the service is restarted",
	} {
		op, err := models.ParseOperation(line)
		require.NoError(t, err, line)
		require.Equal(t, want, models.Sentence(op), line)
	}
}

func TestEveryOperationHasASentence(t *testing.T) {
	told := make(map[models.Kind]bool)
	for seed := range 60 {
		for _, op := range drawnTrace(seed).Ops {
			text := models.Sentence(op)
			require.NotContains(t, text, "{", op.String())
			require.NotContains(t, text, "[", op.String())
			require.NotEqual(t, op.String(), text)
			told[op.Kind()] = true
		}
	}
	for _, k := range models.Kinds() {
		require.True(t, told[k], "%s was never drawn", k)
	}
}
