package reduce

import (
	"context"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// dropChunks is delta debugging over operations: chunks of half the trace, then
// of a quarter and so on, down to two.
func (r *reducer) dropChunks(ctx context.Context) error {
	for size := len(r.ops()) / 2; size >= 2; size /= 2 {
		if err := r.dropWindows(ctx, size); err != nil {
			return err
		}
	}
	return nil
}

// dropSingles tries to leave out each operation by itself, the last first.
func (r *reducer) dropSingles(ctx context.Context) error { return r.dropWindows(ctx, 1) }

// dropWindows tries to leave out each window of size operations, the last
// first, several at a time.
func (r *reducer) dropWindows(ctx context.Context, size int) error {
	for end := len(r.ops()); end > 0; {
		end = min(end, len(r.ops()))
		var wave []models.Trace
		var starts []int
		for at := end; at > 0 && len(wave) < r.width; at -= size {
			start := max(at-size, 0)
			wave = append(wave, r.candidate(slices.Delete(slices.Clone(r.ops()), start, at)))
			starts = append(starts, start)
		}
		i, err := r.first(ctx, wave)
		if err != nil {
			return err
		}
		if i < 0 {
			i = len(starts) - 1
		}
		end = starts[i]
	}
	return nil
}

// dropPairs tries to leave out two operations of which neither can go alone. It
// asks the model first: a pair is tried only if without both everything else is
// answered as before, and without either alone something is not (a drop and the
// join after it, a logout and the login after it).
func (r *reducer) dropPairs(ctx context.Context) error {
	for i := 0; i < len(r.ops()); i++ {
		for k := i + 1; k < len(r.ops()); k++ {
			if !r.coupled(i, k) {
				continue
			}
			ops := slices.Delete(slices.Clone(r.ops()), k, k+1)
			if ok, err := r.shorter(ctx, slices.Delete(ops, i, i+1)); err != nil {
				return err
			} else if ok {
				k = i
			}
		}
	}
	return nil
}

func (r *reducer) coupled(i, k int) bool {
	all := r.outcomes(-1, -1)
	return slices.Equal(without(all, i, k), r.outcomes(i, k)) &&
		!slices.Equal(without(all, i, -1), r.outcomes(i, -1)) && !slices.Equal(without(all, k, -1), r.outcomes(k, -1))
}

// outcomes are what a correct service answers to the best trace without the
// operations i and k.
func (r *reducer) outcomes(i, k int) []models.Outcome {
	var out []models.Outcome
	s := models.NewState(r.policy)
	for n, op := range r.ops() {
		if n == i || n == k {
			continue
		}
		c := models.Call{Step: n + 1, Op: op}
		answer := s.Expect(c)
		out = append(out, answer.Outcome)
		s = s.Step(c, answer)
	}
	return out
}

func without(all []models.Outcome, i, k int) []models.Outcome {
	var out []models.Outcome
	for n, o := range all {
		if n != i && n != k {
			out = append(out, o)
		}
	}
	return out
}
