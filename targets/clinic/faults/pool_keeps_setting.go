package faults

import (
	"context"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func poolKeepsSetting() Fault {
	return Fault{
		Slug: "pool-keeps-setting",
		Mechanism: "Rows are filtered by a setting of the database connection that says who asks. It is made on a connection " +
			"that has none and undone after the query, but not on the early return for a filter that nothing matches.",
		Trigger: "Alice has an audio recording and lists what is video; Bob lists.",
		Class:   []Effect{Presented, Availability},
		CWE:     488,
		Rules:   []string{"LIST-1", "LIST-2", "LIST-3", "MODE-2", "PROXY-1", "DURABLE-1", "KILL-1", "GONE-1"},
		Source:  "row-level security with pooled connections, as described in many places",
		Apply: func(c *clinic.Config) {
			c.Authorizer = func(_ clinic.Parts, correct clinic.Authorizer) clinic.Authorizer {
				return &rowLevel{Authorizer: correct}
			}
		},
	}
}

// rowLevel stands for row-level security on a pool with one connection, which whoever comes next is given.
type rowLevel struct {
	clinic.Authorizer
	mu      sync.Mutex
	setting care.Caller // whose rows the connection shows; zero: not set
}

func (l *rowLevel) SeeAll(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.setting == (care.Caller{}) {
		l.setting = who
	}
	page, err := l.Authorizer.SeeAll(ctx, l.setting, q)
	if err == nil && q.Mode != "" && len(page.Recordings) == 0 {
		return page, nil
	}
	l.setting = care.Caller{}
	return page, err
}
