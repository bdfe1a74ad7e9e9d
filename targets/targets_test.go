package targets_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// service is a target that does nothing but say what it can do.
type service struct {
	targets.Target
	caps   models.Capabilities
	closed bool
}

func (s *service) Capabilities() models.Capabilities { return s.caps }
func (s *service) Close() error                      { s.closed = true; return nil }

func TestASharedServiceIsLeftAlone(t *testing.T) {
	for name, operations := range map[string][]models.Kind{
		"all": nil, "some": {models.KindList, models.KindReplays, models.KindPlay, models.KindRestart}, "none": {},
	} {
		t.Run(name, func(t *testing.T) {
			s := &service{caps: models.Capabilities{Operations: operations, Policy: models.ReferencePolicy()}}
			l := targets.Shared(s)
			require.False(t, l.Fresh())
			target, err := l.Launch(t.Context())
			require.NoError(t, err)
			for _, caps := range []models.Capabilities{l.Capabilities(), target.Capabilities()} {
				require.Equal(t, models.ReferencePolicy(), caps.Policy)
				for _, k := range models.Kinds() {
					leaves := k != models.KindReplays && k != models.KindRestart
					require.Equal(t, leaves && s.caps.Supports(k), caps.Supports(k), k)
				}
			}
			require.NoError(t, target.Close())
			require.False(t, s.closed)
		})
	}
}
