package models

// checkLink is LINK-1.
func checkLink(o *Observation, f *Findings) {
	op, ok := o.Call.Op.(Open)
	if !ok || o.Got.Outcome == Unbound || o.Before.link(op.Link) == nil {
		return
	}
	l := o.Before.link(op.Link)
	opens := o.Before.opens(l, op.User)
	switch {
	case o.Pending && opens != no:
	case opens == either && !o.Before.unsureOf(l): // the service may do either
	case opens == either || !o.shown() && (o.hidden() || o.Before.off):
		o.unanswered(f)
	case opens == no:
		f.checked()
		if o.shown() {
			f.violate(o, PathLink, "a link opens that its policy keeps closed", o.linkExposures(op.User, l)...)
		}
	default:
		f.checked()
		if !o.shown() {
			f.violate(o, PathLink, "a link does not open that its policy opens")
		}
	}
}

// linkExposures are what a link that should be closed has shown to one who has
// no right to it; their own recording is nobody's exposure.
func (o *Observation) linkExposures(viewer Handle, l *link) []Exposure {
	if o.Before.MaySee(viewer, l.recording) || viewer == o.Before.Owner(l.recording) {
		return nil
	}
	return o.readExposures(viewer, l.recording, PathLink)
}
