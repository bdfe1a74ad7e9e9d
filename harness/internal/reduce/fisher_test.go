package reduce

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheExactTestGivesKnownValues(t *testing.T) {
	for name, c := range map[string]struct {
		whole, without Rate
		p              float64
	}{
		"a lady who tells 3 of 4 cups":               {Rate{3, 4}, Rate{1, 4}, 17.0 / 70},
		"a lady who tells 4 of 4 cups":               {Rate{4, 4}, Rate{0, 4}, 1.0 / 70},
		"convictions of twins, 10 of 13 and 2 of 17": {Rate{10, 13}, Rate{2, 17}, 0.00046518},
		"always, and not in one run":                 {Rate{19, 19}, Rate{0, 1}, 1.0 / 20},
		"the same rate":                              {Rate{1, 2}, Rate{1, 2}, 5.0 / 6},
		"the higher rate":                            {Rate{0, 5}, Rate{5, 5}, 1},
		"never":                                      {Rate{0, 60}, Rate{0, 60}, 1},
		"no runs":                                    {Rate{7, 20}, Rate{0, 0}, 1},
		"as many runs as there are":                  {Rate{12, 60}, Rate{0, 60}, 0.00013273},
	} {
		t.Run(name, func(t *testing.T) { require.InDelta(t, c.p, lower(c.whole, c.without), 1e-5) })
	}
}
