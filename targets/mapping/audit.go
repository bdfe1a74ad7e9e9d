package mapping

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/models"
)

// accessReader reads the entries of an audit trail.
type accessReader struct{ fields *rowReader }

// addAccesses adds the entries of a page. A recording that the world does not
// know has no handle.
func (w *World) addAccesses(ctx context.Context, o *operation, rows []any, a *reply, all *pages) {
	if all.audit == nil {
		all.audit = make([]models.Access, 0, len(rows))
	}
	for _, in := range rows {
		values, wrong := o.access.fields.values(ctx, in, a)
		if wrong != nil {
			w.doubtNote(a, wrong)
			return
		}
		who := models.Anyone
		if textOf(values["who"]) != "" {
			who = w.subject(values["who"])
		}
		access := models.Access{Who: who, Whose: w.subject(values["whose"]), Recording: w.replays.Handle(textOf(values["recording"]))}
		word := w.word(a, o.access.fields.key+".level", values["level"], levels)
		if word == "" {
			continue
		}
		if err := access.Level.UnmarshalText([]byte(word)); err == nil {
			all.audit = append(all.audit, access)
		}
	}
}
