package models

import "slices"

// checkOracle is ORACLE-1. It compares status and reason of the two refusals,
// whichever came first, to callers of the same kind. One who had a right to a
// recording that is deleted may be told so, and 401 beside another refusal may be of
// their token.
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
	if other.status == 0 || (other.status == unauthorized) != (o.Got.Status == unauthorized) {
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

// checkProtected is CACHE-1: RFC 9111 section 3.5 protects answers to requests with
// Authorization, unless they say that they may be stored nevertheless. It is asked,
// too, where nobody has noted how a request was authenticated.
func checkProtected(o *Observation, f *Findings) {
	if by := o.Got.Authentication; by == ByAuthorization || by == "" {
		checkCaching(o, f)
	}
}

// checkUnprotected is CACHE-2: nothing protects answers to cookies and links but
// what they say themselves.
func checkUnprotected(o *Observation, f *Findings) {
	if by := o.Got.Authentication; by == ByCookie || by == ByLink {
		checkCaching(o, f)
	}
}

// checkCaching asks what a shared cache may do with an answer about recordings.
// Services that do not speak HTTP have no such headers, and caches store answers to
// GET and HEAD alone.
func checkCaching(o *Observation, f *Findings) {
	_, lists := o.lists()
	if !lists && !o.row().replays || o.Got.Outcome != OK || o.Got.Status == 0 || !o.Got.retrieved() {
		return
	}
	f.checked()
	if breach := o.Got.breach(o.Got.Status); breach != "" {
		f.violate(o, o.row().path, breach)
	}
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
