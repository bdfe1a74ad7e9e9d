package models

// An Operation is one line of a trace. The set is closed: each kind is a small
// comparable struct in the file of what it acts on (users, bookings,
// consultations, replays, links, sharing, ...), which knows its fields, what a
// correct service answers to it, and what the model knows afterwards. What else is
// known of a kind is its row in the catalogue.
type Operation interface {
	// Kind is the operation's verb.
	Kind() Kind
	// Actor is who performs it, or empty for a registration.
	Actor() Handle
	// Defines is the handle it introduces, or empty.
	Defines() Handle
	// Uses is the booking, recording, link or cursor it acts on, or for a booking
	// the clinician; empty where it needs nobody but its actor.
	Uses() Handle
	// Whom is another user whom it names besides, or empty.
	Whom() Handle
	// String is the operation's line in a trace.
	String() string

	// fields passes f over each field and returns the operation with what f has
	// changed.
	fields(f *fields) Operation
	// known reports whether s knows what the operation uses.
	known(s *State) bool
	// obstacle is what stands in its way in state s, besides a token that its caller
	// lacks.
	obstacle(s *State) obstacle
	// expect says what a correct service answers in state s that accepts it.
	expect(s *State, step int) Response
	// step records in s, which it may change, that r was answered.
	step(s *State, step int, r Response)
}

// unnamed is embedded by operations for the roles in which they name nobody and
// nothing.
type unnamed struct{}

// Actor is nobody.
func (unnamed) Actor() Handle { return "" }

// Defines is nothing.
func (unnamed) Defines() Handle { return "" }

// Uses is nothing.
func (unnamed) Uses() Handle { return "" }

// Whom is nobody.
func (unnamed) Whom() Handle { return "" }

func (unnamed) known(*State) bool { return true }

func (unnamed) obstacle(*State) obstacle { return nothing }

// Call is an operation at its place in a trace. Step counts from 1 and is the
// [Tag.Moment] of what is spoken.
type Call struct {
	Step int
	Op   Operation
}

// Population bounds who and what a drawn trace may bring into being.
type Population struct {
	Patients, Clinicians, Slots int
}
