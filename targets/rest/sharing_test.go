package rest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

func TestWhatIsAnsweredWithoutABodyHasItsRequest(t *testing.T) {
	shared := models.Sharing{OnRecording: onReplay, Peer: "bob"}
	proxy := models.Proxying{User: "alice", Proxy: "bob"}
	for request, op := range map[string]models.Operation{
		"PUT /recordings/id-b1.r1/shares/id-bob":    models.Share{Sharing: shared},
		"DELETE /recordings/id-b1.r1/shares/id-bob": models.Unshare{Sharing: shared},
		"PUT /proxies/id-bob":                       models.Appoint{Proxying: proxy},
		"DELETE /proxies/id-bob":                    models.Dismiss{Proxying: proxy},
		"DELETE /recordings/id-b1.r1":               models.Delete{OnRecording: onReplay},
		"DELETE /account":                           models.Close{ByUser: asAlice},
		"DELETE /sessions/current":                  models.Logout{ByUser: asAlice},
	} {
		var got told
		w := worldOn(t, records(204, "", &got))
		require.Equal(t, models.Response{Outcome: models.Unbound}, withoutBob(t, w, op), op)
		w.users["bob"] = &user{id: "id-bob"}
		require.Equal(t, models.Response{Outcome: models.OK, Status: 204, Requests: 1}, apply(t, w, op))
		require.Equal(t, request, got.method+" "+got.path)
		require.Equal(t, "Bearer alice", got.authorization)
		require.Empty(t, got.body)
		require.NotEmpty(t, w.replays.ID("b1.r1"), "the id is asked for again")
		require.NotNil(t, w.users["alice"], "the token is used again")
	}
}

// withoutBob performs an operation that names bob, or bob in alice's place.
func withoutBob(t *testing.T, w *World, op models.Operation) models.Response {
	if op.Whom() == "" {
		op = models.Rename(op, func(h models.Handle) models.Handle {
			if h == "alice" {
				return "bob"
			}
			return h
		})
	}
	return apply(t, w, op)
}
