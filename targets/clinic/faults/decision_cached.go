package faults

import (
	"context"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func decisionCached() Fault {
	return Fault{
		Slug: "decision-cached",
		Mechanism: "That somebody was allowed to see a recording is remembered by the recording alone, and holds for " +
			"everybody afterwards.",
		Trigger: "Alice gets their recording; Bob gets it by its id.",
		Class:   []Effect{Viewed, Metadata},
		CWE:     863,
		Rules:   []string{"READ-1", "PROXY-1", "LINK-1"},
		Source:  "Weaviate, pull request 12270",
		Apply: func(c *clinic.Config) {
			c.Authorizer = func(parts clinic.Parts, correct clinic.Authorizer) clinic.Authorizer {
				return &rememberedDecisions{Authorizer: correct, parts: parts, allowed: map[string]bool{}}
			}
		},
	}
}

type rememberedDecisions struct {
	clinic.Authorizer
	parts   clinic.Parts
	mu      sync.Mutex
	allowed map[string]bool // ids of recordings that somebody was allowed to see
}

func (d *rememberedDecisions) See(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	if d.isAllowed(id) {
		return d.parts.Store.Recording(ctx, id)
	}
	r, err := d.Authorizer.See(ctx, who, id)
	if err == nil {
		d.allow(id)
	}
	return r, err
}

func (d *rememberedDecisions) isAllowed(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.allowed[id]
}

func (d *rememberedDecisions) allow(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.allowed) >= keepMost {
		clear(d.allowed)
	}
	d.allowed[id] = true
}
