package scenarios

import "github.com/telehealth-conformance/crosstalk/models"

// groups are the kinds of operation that are drawn alike, whatever they are called.
type groups struct {
	follow []models.Kind // what links lead to, then what cursors lead to
	derive []models.Kind // what is made of a recording
	ask    []models.Kind // what a service keeps about somebody, besides the replays
}

func groupKinds() groups {
	var g groups
	var links, cursors []models.Kind
	for _, k := range models.Kinds() {
		switch {
		case models.UsedBy(k) == models.ALink:
			links = append(links, k)
		case models.UsedBy(k) == models.ACursor:
			cursors = append(cursors, k)
		case models.PathOf(k).Derived():
			g.derive = append(g.derive, k)
		}
		if models.RowsOf(k).OfAccount() {
			g.ask = append(g.ask, k)
		}
	}
	g.follow = append(links, cursors...)
	return g
}
