// Package faults seeds the clinic with faults that real services have had, one at a time. Each is in a file of its own
// and replaces exactly one seam of [clinic.Config]; the clinic itself knows nothing of them.
//
// A fault marked (model) in its Source is a reconstruction: the incident shows such a symptom, its cause was never
// published, and the fault does not claim to be it.
package faults

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

// Effect is what a fault does to the people whose recordings they are.
type Effect string

// The effects a fault can have.
const (
	Presented    Effect = "presented"    // another's recording is shown in a listing
	Viewed       Effect = "viewed"       // another's media is delivered
	Metadata     Effect = "metadata"     // something about another's recording can be read
	Integrity    Effect = "integrity"    // what is kept is no longer what happened
	Availability Effect = "availability" // somebody cannot get at what is theirs
)

// A Fault is one way to be wrong.
type Fault struct {
	Slug      string   // its name on the command line
	Mechanism string   // what the service does wrong
	Trigger   string   // a short sequence that shows it
	Class     []Effect // what comes of it
	CWE       int      // the weakness, by its number at https://cwe.mitre.org
	Rules     []string // the ids of the rules that it can break
	Source    string   // an incident of the same kind

	// Apply puts the fault into a configuration. What the fault remembers belongs to each service made from it.
	Apply func(*clinic.Config)
}

// ErrUnknown is wrapped by Find for a slug that no fault has.
var ErrUnknown = errors.New("unknown fault")

// All returns every fault, always in the same order.
func All() []Fault {
	return slices.Concat(switching(), booking(), sessions(), caches(), access(), hints())
}

// switching are the faults in a switch of mode and in the life of a recording.
func switching() []Fault {
	return []Fault{
		switchLosesOwner(),
		switchDropsFilter(),
		recorderReused(),
		stuckEgress(),
		secondSwitch(),
		doubleStop(),
		roomNameKey(),
		wrongParticipant(),
		orphanRepair(),
		stitchByTime(),
	}
}

// booking are the faults in appointments and in who is who.
func booking() []Fault {
	return []Fault{
		slotKey(),
		rescheduleMutates(),
		transcriptJoin(),
		mergeByName(),
		proxyNotRevoked(),
		accountRemap(),
		recycledHandle(),
	}
}

// sessions are the faults in what is kept from request to request.
func sessions() []Fault {
	return []Fault{
		logoutKeepsLink(),
		poolKeepsSetting(),
	}
}

// caches are the faults in caches.
func caches() []Fault {
	return []Fault{
		cacheByURL(),
		ignoresVary(),
		keyLacksUser(),
		decisionCached(),
		loaderGlobal(),
	}
}

// access are the faults in who may get at a recording, a listing, or what derives from them.
func access() []Fault {
	return []Fault{
		bytesUnguarded(),
		bola(),
		cursorDropsOwner(),
		phantomRows(),
		refusedButDone(),
		switchUnguarded(),
		totalCountsAll(),
		linkOutlives(),
		noticeMisdirected(),
		foreignDelete(),
		storeOpen(),
		killSwitchPartial(),
		emptyListing(),
	}
}

// hints are the faults by which nobody's recording is shown, and something about it told all the same.
func hints() []Fault {
	return []Fault{
		pagesBeforeFilter(),
		oracleByStatus(),
		cacheable(),
		linkCacheable(),
		auditSkipsRanges(),
	}
}

// Find returns the fault with that slug. For another, the error wraps [ErrUnknown] and names those that have a word in common
// with it.
func Find(slug string) (Fault, error) {
	var alike []string
	for _, f := range All() {
		if f.Slug == slug {
			return f, nil
		}
		if shareWord(f.Slug, slug) {
			alike = append(alike, f.Slug)
		}
	}
	if len(alike) > 0 {
		return Fault{}, fmt.Errorf("%w %q, perhaps %s", ErrUnknown, slug, strings.Join(alike, " or "))
	}
	return Fault{}, fmt.Errorf("%w %q", ErrUnknown, slug)
}

// shareWord tells whether two slugs have a word of four letters or more in common.
func shareWord(a, b string) bool {
	words := strings.Split(b, "-")
	return slices.ContainsFunc(strings.Split(a, "-"), func(w string) bool { return len(w) >= 4 && slices.Contains(words, w) })
}
