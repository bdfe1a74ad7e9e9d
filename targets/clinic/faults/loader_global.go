package faults

import (
	"context"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func loaderGlobal() Fault {
	return Fault{
		Slug: "loader-global",
		Mechanism: "One loader of recordings serves all requests and not one each: what any listing has put into it is " +
			"handed out by id without another look at who asks.",
		Trigger: "Alice lists their recording; Bob gets it by its id.",
		Class:   []Effect{Viewed, Metadata},
		CWE:     524,
		Rules:   []string{"READ-1", "PROXY-1"},
		Source:  "graphql/dataloader, issue 56",
		Apply: func(c *clinic.Config) {
			c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
				return &sharedLoader{Archive: correct, parts: parts, loaded: map[string]care.Recording{}}
			}
		},
	}
}

type sharedLoader struct {
	clinic.Archive
	parts  clinic.Parts
	mu     sync.Mutex
	loaded map[string]care.Recording // by id
}

func (l *sharedLoader) List(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	page, err := l.Archive.List(ctx, who, q)
	if err == nil {
		l.prime(page.Recordings)
	}
	return page, err
}

func (l *sharedLoader) Find(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	if r, ok := l.get(id); ok {
		return r, nil
	}
	return l.Archive.Find(ctx, who, id)
}

func (l *sharedLoader) Open(ctx context.Context, who care.Caller, id string) (care.Recording, care.Media, error) {
	if r, ok := l.get(id); ok {
		return r, l.parts.Store.Media(ctx, r.ID, r.Size), nil
	}
	return l.Archive.Open(ctx, who, id)
}

func (l *sharedLoader) Delete(ctx context.Context, who care.Caller, id string) error {
	err := l.Archive.Delete(ctx, who, id)
	if err == nil {
		l.drop(func(r care.Recording) bool { return r.ID == id })
	}
	return err
}

func (l *sharedLoader) EraseOf(tx *store.Tx, patient string) error {
	l.drop(func(r care.Recording) bool { return r.Subject == patient })
	return l.Archive.EraseOf(tx, patient)
}

func (l *sharedLoader) get(id string) (care.Recording, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.loaded[id]
	return r, ok
}

func (l *sharedLoader) prime(all []care.Recording) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.loaded) >= keepMost {
		clear(l.loaded)
	}
	for _, r := range all {
		l.loaded[r.ID] = r
	}
}

func (l *sharedLoader) drop(which func(care.Recording) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, r := range l.loaded {
		if which(r) {
			delete(l.loaded, id)
		}
	}
}
