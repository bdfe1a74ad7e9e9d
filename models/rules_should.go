package models

import (
	"slices"
	"strings"
)

// checkOracle is ORACLE-1. It compares status and reason of the two refusals,
// whichever came first, to callers of the same kind. One who had a right to a
// recording that is deleted may be told so.
func checkOracle(o *Observation, f *Findings) {
	h, path, ok := o.read()
	if disposed, disposes := o.disposal(); disposes {
		h, path, ok = disposed, o.row().path, true
	}
	if !ok || !o.Before.tells(o.Call.Op.Actor(), h, o.Got) {
		return
	}
	viewer := o.Call.Op.Actor()
	known := o.Before.refusal(o.Call.Op.Kind(), viewer)
	other := known.nowhere
	if h.Phantom() {
		other = known.elsewhere
	}
	if other.status == 0 {
		return
	}
	f.checked()
	if other == (said{o.Got.Status, o.Got.Reason}) {
		return
	}
	e := Exposure{Viewer: viewer, Owner: Somebody, Recording: h, Level: Inferred, Path: path}
	if owner := o.Before.Owner(h); owner != "" {
		e.Owner = owner
	}
	f.violate(o, path, "another's recording is refused otherwise than one that never existed", e)
}

// checkCacheControl is CACHE-1 (RFC 9111 sections 5.2.2.5 and 5.2.2.7). Services
// that do not speak HTTP have no such header.
func checkCacheControl(o *Observation, f *Findings) {
	_, lists := o.lists()
	if !lists && !o.row().replays || o.Got.Outcome != OK || o.Got.Status == 0 {
		return
	}
	f.checked()
	if !keepsPrivate(o.Got.CacheControl) {
		f.violate(o, o.row().path, "an answer about recordings may be kept by shared caches")
	}
}

// keepsPrivate reports whether a Cache-Control header keeps an answer out of
// shared caches.
func keepsPrivate(header string) bool {
	for directive := range strings.SplitSeq(header, ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if strings.EqualFold(name, "no-store") || strings.EqualFold(name, "private") {
			return true
		}
	}
	return false
}

// checkAudit is AUDIT-1: it looks in the trail that a patient reads for what the
// model knows was presented or played. What is derived from a recording need not
// be in it, nor what was deleted since.
func checkAudit(o *Observation, f *Findings) {
	if o.row().rows != AccessRows || o.Expected.Outcome != OK || o.Got.Outcome == Unbound {
		return
	}
	for _, want := range o.Expected.Audit {
		if want.Level == Previewed || o.Before.Gone(want.Recording) {
			continue
		}
		if o.hidden() {
			f.inconclusive()
			return
		}
		f.checked()
		if !slices.Contains(o.Got.Audit, want) {
			f.violate(o, o.row().path, "the audit trail lacks a presentation or a play")
			return
		}
	}
}
