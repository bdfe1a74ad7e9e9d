package models

// checkLink is LINK-1.
func checkLink(o *Observation, f *Findings) {
	l, viewer := o.followed(), o.Call.Op.Actor()
	if l == nil || o.Got.Outcome == Unbound {
		return
	}
	opens := o.Before.opens(l, viewer)
	switch {
	case o.Pending && opens != no:
	case opens == either: // the service may do either
	case !o.shown() && (o.hidden() || o.Before.off):
		o.unanswered(f)
	case opens == no:
		f.checked()
		if o.shown() {
			f.violate(o, PathLink, "a link opens that its policy keeps closed", o.linkExposures(viewer, l)...)
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
