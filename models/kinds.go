package models

import "slices"

// Kinds lists every kind of operation, in a fixed order.
func Kinds() []Kind {
	out := make([]Kind, len(catalogue))
	for i := range catalogue {
		out[i] = catalogue[i].kind
	}
	return out
}

// Shape shows how operations of kind k are written, or "" for an unknown kind.
func Shape(k Kind) string { return rowOf(k).shape }

// Example is an operation of kind k with every argument that the kind can have,
// or nil for an unknown kind.
func Example(k Kind) Operation { return rowOf(k).example }

// Simplest is the simplest operation of kind k that actor performs on what uses
// names, either of which may be left empty where the kind has none. What it
// defines, and what it cannot do without, is as in [Example].
func Simplest(k Kind, actor, uses Handle) Operation {
	return rowOf(k).example.fields(&fields{doing: placing, acts: actor, on: uses})
}

// Shows says which parts a complete answer to operations of kind k has where
// they succeed.
func Shows(k Kind) Parts { return rowOf(k).shows }

// PathOf is the path by which answers to operations of kind k show or change
// something.
func PathOf(k Kind) Path { return rowOf(k).path }

// RowsOf says what operations of kind k list.
func RowsOf(k Kind) Rows { return rowOf(k).rows }

// DefinedBy is what operations of kind k define.
func DefinedBy(k Kind) Thing { return rowOf(k).defines }

// UsedBy is what operations of kind k act on.
func UsedBy(k Kind) Thing { return rowOf(k).uses }

// CredentialsFor says with whose credentials operations of kind k are asked for.
func CredentialsFor(k Kind) Credentials { return rowOf(k).sent }

// Speaks reports whether operations of kind k send media.
func Speaks(k Kind) bool { return rowOf(k).speaks }

// Leaves reports whether by operations of kind k somebody is no longer in a
// consultation: from the last of them on the lag that a service declares is counted.
func Leaves(k Kind) bool { return rowOf(k).leaves }

// Lags reports whether operations of kind k may be answered otherwise once the lag
// that a service declares is over.
func Lags(k Kind) bool { return rowOf(k).settles != atOnce }

// Takes reports whether operations of kind k can have an argument of a name.
func Takes(k Kind, name string) bool {
	example := rowOf(k).example
	return example != nil && slices.ContainsFunc(Arguments(example), func(a Argument) bool { return a.Name == name })
}

// Optional reports whether operations of kind k can do without an argument of a
// name that they can have.
func Optional(k Kind, name string) bool {
	if !Takes(k, name) {
		return false
	}
	least := rowOf(k).example.fields(&fields{doing: simplifying})
	return !slices.ContainsFunc(Arguments(least), func(a Argument) bool { return a.Name == name })
}

// Registers reports whether operations of kind k register somebody.
func Registers(k Kind) bool { return rowOf(k).defines.definable() == APatient }

// ConcernsService reports whether operations of kind k concern the service as a
// whole, whoever else uses it.
func ConcernsService(k Kind) bool {
	sent := rowOf(k).sent
	return sent == OperatorCredentials || sent == NoRequest
}

// Replays reports whether operations of a kind replay something, and are
// unavailable while replays are switched off.
func (k Kind) Replays() bool { return rowOf(k).replays }

// Parts are parts of a [Response], as a set.
type Parts uint8

// The parts of a response.
const (
	ShowsEncounter Parts = 1 << iota
	ShowsListing
	ShowsRow
	ShowsContent
	ShowsAudit
)

// Has reports whether the set has all of some parts.
func (p Parts) Has(some Parts) bool { return p&some == some }

// readers are the kinds that read a recording and define nothing.
func readers() []Kind {
	var out []Kind
	for i := range catalogue {
		if r := &catalogue[i]; r.byRecording() && r.defines == "" {
			out = append(out, r.kind)
		}
	}
	return out
}

// Rows says what a listing lists.
type Rows uint8

// The rows.
const (
	NoRows     Rows = iota // it is no listing
	ReplayRows             // every recording that the caller may see, on all pages
	PageRows               // one page of them
	NoticeRows             // a notice for each recording of the caller's own consultations
	ExportRows             // those recordings, with all media
	AccessRows             // the accesses to them
)

// ofReplays reports whether the rows are those of the Consultation Replays, all of
// them or a page.
func (r Rows) ofReplays() bool { return r == ReplayRows || r == PageRows }

// OfAccount reports whether the rows are of what a service keeps about somebody,
// besides the Consultation Replays.
func (r Rows) OfAccount() bool { return r != NoRows && !r.ofReplays() }

// Credentials says with whose credentials an operation is asked for.
type Credentials uint8

// The credentials.
const (
	UserCredentials     Credentials = iota // the actor's token, without which it is refused
	AnyCredentials                         // the actor's token, or none
	Uncredentialed                         // none: who registers or logs in has none yet
	OperatorCredentials                    // the operator's
	NoRequest                              // it is no request of anybody's
)
