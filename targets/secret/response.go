package secret

import "github.com/telehealth-conformance/crosstalk/models"

// Conceal takes secrets out of every text of a response that the service may have
// chosen, but for the paths of its exchanges.
func Conceal(r *models.Response, text func(string) string) {
	r.Detail, r.Reason, r.CacheControl = text(r.Detail), text(r.Reason), text(r.CacheControl)
	if h := r.Caches; h != nil {
		h.CDNCacheControl, h.CacheStatus, h.Age, h.Vary = text(h.CDNCacheControl), text(h.CacheStatus), text(h.Age), text(h.Vary)
	}
	if e := r.Encounter; e != nil {
		e.Status, e.Mode = models.EncounterStatus(text(string(e.Status))), models.Mode(text(string(e.Mode)))
	}
	if r.Row != nil {
		concealRow(r.Row, text)
	}
	if r.Listing != nil {
		for i := range r.Listing.Rows {
			concealRow(&r.Listing.Rows[i], text)
		}
	}
}

func concealRow(row *models.Row, text func(string) string) {
	row.ID, row.Mode = text(row.ID), models.Mode(text(string(row.Mode)))
}
