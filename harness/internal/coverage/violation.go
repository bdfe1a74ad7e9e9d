package coverage

import (
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// CellOf is the cell in which a history breaks a rule: that of the first of the
// violation's exposures of somebody known. It returns false for a violation that
// exposes nobody, and for one by an operation that is counted in no cell.
func CellOf(h *history.History, v *models.Violation) (Cell, bool) {
	if v.Step < 1 || v.Step > len(h.Events) || !inCells(h.Events[v.Step-1].Call.Op) {
		return Cell{}, false
	}
	before := *h
	before.Events = h.Events[:v.Step-1]
	state := before.Fold(models.NewFindings(), func(int, models.Step, []*models.State) {}).All()[0]
	for _, x := range v.Exposures {
		if x.World == "" && x.Recording != "" && state.Owner(x.Recording) != "" {
			return Cell{Viewer: state.PatientHistory(x.Viewer), Owner: state.BookingHistory(x.Recording), Path: v.Path}, true
		}
	}
	return Cell{}, false
}

// inCells reports whether [Coverage] counts cells for an operation.
func inCells(op models.Operation) bool {
	_, _, reads := models.ReadOf(op)
	return reads || models.RowsOf(op.Kind()) == models.ReplayRows
}
