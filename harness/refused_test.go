package harness_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

// refusing is a service that refuses what decides says, with 401.
func refusing(decides func(models.Operation) bool) *samples.Ideal {
	return &samples.Ideal{Refuse: func(_ *samples.IdealWorld, c models.Call) (models.Response, bool) {
		return models.Response{Outcome: models.Denied, Status: 401}, decides(c.Op)
	}}
}

// refusedKind is what a run shows of a kind.
func refusedKind(t *testing.T, r *harness.Result, k models.Kind) judge.RefusedKind {
	t.Helper()
	for _, refused := range r.Refused.Kinds {
		if refused.Kind == k {
			return refused
		}
	}
	t.Fatalf("%s was not refused", k)
	return judge.RefusedKind{}
}

func TestAServiceThatRefusesEveryLeaveIsNotAccusedAndDoesNotPass(t *testing.T) {
	r := explore(t, refusing(func(op models.Operation) bool { return op.Kind() == models.KindLeave }), harness.Options{Traces: 100, Seed: 1, Workers: 2})
	require.Nil(t, r.Found)
	require.Equal(t, judge.Inconclusive, r.Verdict)
	leave := refusedKind(t, r, models.KindLeave)
	require.Equal(t, leave.Allowed, leave.Refused)
	require.Greater(t, leave.Refused, 40)
	require.True(t, leave.Always(func(string) bool { return false }))
	require.Len(t, r.Refused.Kinds, 1)
	require.Equal(t, judge.Inconclusive, r.Refused.Qualify(judge.Conformant, r.Rules))
}

func TestAnAllowedOperationThatIsRefusedExposesNobody(t *testing.T) {
	l := refusing(func(op models.Operation) bool { return op.Kind() == models.KindCancel && op.Actor() == "alice" })
	trace := samples.Parse(t, `alice = patient()
		bob = patient()
		dr1 = clinician()
		dr2 = clinician()
		b1 = alice.book(dr1, video)
		dr2.cancel(b1)
		alice.cancel(b1)
		alice.join(b1)
		dr2.list()
	`)
	got, err := harness.Replay(t.Context(), l, trace, harness.Options{})
	require.NoError(t, err)
	require.Empty(t, got.Verdict.Violations)
	require.Equal(t, []judge.Refusal{{Step: 7, Kind: models.KindCancel}}, got.Verdict.Refusals)
	require.Zero(t, got.Verdict.Contradicted)
	register := exposure.New()
	register.Add(got.History, &got.Verdict, history.Exploring, 0)
	require.True(t, register.Empty())
}

// expiring refuses with 401 all that somebody asks once they have asked often enough
// since they logged in.
func expiring(good int) *samples.Ideal {
	type holder struct {
		world *samples.IdealWorld
		user  models.Handle
	}
	asked := make(map[holder]int)
	return &samples.Ideal{Refuse: func(w *samples.IdealWorld, c models.Call) (models.Response, bool) {
		who := holder{w, c.Op.Actor()}
		switch {
		case c.Op.Kind() == models.KindLogin:
			asked[who] = 0
		case c.Op.Actor() == "" || models.CredentialsFor(c.Op.Kind()) != models.UserCredentials:
		default:
			asked[who]++
			return models.Response{Outcome: models.Denied, Status: 401}, asked[who] > good
		}
		return models.Response{}, false
	}}
}

func TestATokenThatExpiresIsNoMissingRecording(t *testing.T) {
	r := explore(t, expiring(6), harness.Options{Traces: 60, Seed: 1, Workers: 1})
	require.Nil(t, r.Found)
	require.Equal(t, judge.Inconclusive, r.Verdict)
	require.NotNil(t, r.Refused.Tokens)
	require.Greater(t, r.Refused.Tokens.Count, 60)
	require.Empty(t, r.Refused.Kinds)
	list := verdictOn(t, r, "LIST-2")
	require.Positive(t, list.Checks)
	require.Positive(t, list.Inconclusive)

	trace := samples.Parse(t, `alice = patient()
		dr1 = clinician()
		b1 = alice.book(dr1, video)
		alice.join(b1)
		alice.speak(b1)
		alice.leave(b1)
		alice.export()
		alice.get(b1.r1)
		alice.login()
		alice.list()
	`)
	got, err := harness.Replay(context.Background(), expiring(4), trace, harness.Options{})
	require.NoError(t, err)
	require.Empty(t, got.Verdict.Violations)
	require.Equal(t, []judge.RefusedToken{{User: "alice", Step: 7}}, got.Verdict.Tokens)
	require.Equal(t, []int{7, 8}, got.Verdict.Unheard)
}
