package faults

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func emptyListing() Fault {
	return Fault{
		Slug: "empty-listing",
		Mechanism: "The leak was stopped by showing nobody anything: every listing is empty and every recording is not " +
			"found.",
		Trigger: "Alice has a recording; Alice lists.",
		Class:   []Effect{Availability},
		CWE:     863,
		Rules:   []string{"LIST-2", "LIST-3", "READ-3", "MODE-2"},
		Source:  "a fix that goes too far; a suite that only looks for leaks calls it correct (model)",
		Apply: func(c *clinic.Config) {
			c.Archive = func(_ clinic.Parts, correct clinic.Archive) clinic.Archive { return closedArchive{correct} }
		},
	}
}

// closedArchive still publishes: the recordings are there, and nobody gets at them.
type closedArchive struct{ clinic.Archive }

func (closedArchive) List(context.Context, care.Caller, care.Query) (care.Listing, error) {
	return care.Listing{}, nil
}

func (closedArchive) Find(context.Context, care.Caller, string) (care.Recording, error) {
	return care.Recording{}, care.ErrNotFound
}

func (closedArchive) Open(context.Context, care.Caller, string) (care.Recording, care.Media, error) {
	return care.Recording{}, nil, care.ErrNotFound
}

func (closedArchive) Transcript(context.Context, care.Caller, string) (care.Recording, string, error) {
	return care.Recording{}, "", care.ErrNotFound
}
