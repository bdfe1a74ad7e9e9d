package faults

import (
	"context"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func keyLacksUser() Fault {
	return Fault{
		Slug: "key-lacks-user",
		Mechanism: "The service remembers the first page of a listing by its size and filter, until recordings come or " +
			"go; whose listing it was is not in the key.",
		Trigger: "Alice lists; Bob lists.",
		Class:   []Effect{Presented, Availability},
		CWE:     524,
		Rules:   []string{"LIST-1", "LIST-2", "LIST-3", "MODE-2", "BOOK-1", "PROXY-1", "KILL-1", "DURABLE-1"},
		Source:  "Bitwarden clients, pull request 7593",
		Apply: func(c *clinic.Config) {
			c.Archive = func(_ clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &firstPages{Archive: correct, kept: map[pageKey]care.Listing{}}
			}
		},
	}
}

// pageKey is all by which a page is remembered.
type pageKey struct {
	limit int
	mode  care.Mode
}

type firstPages struct {
	clinic.Archive
	mu   sync.Mutex
	kept map[pageKey]care.Listing
}

func (f *firstPages) List(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	if q.After != 0 {
		return f.Archive.List(ctx, who, q)
	}
	key := pageKey{q.Limit, q.Mode}
	if hit, ok := f.lookUp(key); ok {
		return hit, nil
	}
	page, err := f.Archive.List(ctx, who, q)
	if err == nil {
		f.keep(key, page)
	}
	return page, err
}

func (f *firstPages) Publish(tx *store.Tx, c care.Consultation, segments []care.Segment) ([]care.Recording, error) {
	f.forget()
	return f.Archive.Publish(tx, c, segments)
}

func (f *firstPages) Delete(ctx context.Context, who care.Caller, id string) error {
	f.forget()
	return f.Archive.Delete(ctx, who, id)
}

func (f *firstPages) EraseOf(tx *store.Tx, patient string) error {
	f.forget()
	return f.Archive.EraseOf(tx, patient)
}

func (f *firstPages) lookUp(key pageKey) (care.Listing, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	hit, ok := f.kept[key]
	return hit, ok
}

func (f *firstPages) keep(key pageKey, page care.Listing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept[key] = page
}

func (f *firstPages) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.kept)
}
