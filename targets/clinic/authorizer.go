package clinic

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// An Authorizer decides who may see which recording, and who may act for whom. It is the one place where that is decided:
// listings, single recordings and links all ask it.
//
// A recording may be seen by the patient whose it is, the guest and the practitioner who were there, the patient's proxies,
// and those with whom the patient has shared it. None of that is passed on: a proxy of somebody's does not see what was
// shared with them.
type Authorizer interface {
	// See returns the recording with that id, if who may see it. Any other is [care.ErrNotFound], be there one or not.
	See(ctx context.Context, who care.Caller, id string) (care.Recording, error)
	// SeeAll returns one page of all recordings that who may see, each once, oldest first.
	SeeAll(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error)
	// ActsFor tells whether who is a proxy of a patient's.
	ActsFor(ctx context.Context, who care.Caller, patient string) (bool, error)
}

// authorizer asks the store anew each time, so that what is withdrawn is withdrawn at once.
type authorizer struct {
	Parts
	rules *care.Rules
}

func (a *authorizer) See(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	return a.Store.VisibleTo(ctx, who, a.Ripe(), id)
}

func (a *authorizer) SeeAll(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	if who.Role == care.Practitioner && (a.rules.CliniciansBook || a.rules.Named == care.PractitionersNamed) {
		return a.Store.VisibleToAny(ctx, who, a.Ripe(), q)
	}
	return a.Store.Visible(ctx, who, a.Ripe(), q)
}

func (a *authorizer) ActsFor(ctx context.Context, who care.Caller, patient string) (bool, error) {
	return a.Store.IsProxy(ctx, patient, who.ID)
}
