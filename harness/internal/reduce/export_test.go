package reduce

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Certify certifies a trace as it is.
func Certify(ctx context.Context, j *judge.Judge, t models.Trace, s models.Signature) (*Minimal, error) {
	r := newReducer(j, s, nil)
	if err := r.begin(ctx, t); err != nil {
		return nil, err
	}
	err := r.certify(ctx)
	return &r.minimal, err
}
