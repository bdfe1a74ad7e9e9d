package rest

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// withPeer performs an operation on a recording and another user.
func (w *World) withPeer(ctx context.Context, op models.Sharing, to func(Id, User) route) (models.Response, error) {
	peer := w.users[op.Peer]
	if peer == nil {
		return unbound()
	}
	ask, ok := w.onRecording(op.OnRecording, func(id Id) route { return to(id, peer.id) })
	if !ok {
		return unbound()
	}
	ask.ids[1] = peer.id
	return w.tell(ctx, ask)
}

// ofProxy performs an operation on another user.
func (w *World) ofProxy(ctx context.Context, op models.Proxying, to func(User) route) (models.Response, error) {
	proxy := w.users[op.Proxy]
	if proxy == nil {
		return unbound()
	}
	return w.tellAs(ctx, op.User, to(proxy.id), proxy.id)
}
