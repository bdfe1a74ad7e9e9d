package clinic

import (
	"crypto/rand"
	"io"
	"log/slog"
	"math"
	"net/http"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// Config holds the settings and the seams of a service. The zero value is a correct service with safe defaults, in memory.
type Config struct {
	// Database is the path of the SQLite file. Empty: a private database in memory, gone when the service closes.
	Database string
	// Unsynced leaves it to the operating system when the file is written to disk; see [store.Options].
	Unsynced bool
	// OperatorToken is the bearer token of whoever may register practitioners and switch replays off. Empty: nobody may.
	OperatorToken string
	// MinimumAge is the age in years under which a patient is refused. 0: 16.
	MinimumAge int
	// TokenTTL is how long a session lasts. 0: 12 hours.
	TokenTTL time.Duration
	// EndPolicy says who may end an encounter for everybody. Empty: its practitioner.
	EndPolicy care.EndPolicy
	// Recordings says what one recording holds. Empty: one segment.
	Recordings care.Grain
	// DiscardAudio has nothing recorded of consultations in audio mode.
	DiscardAudio bool
	// Refusal is how it is refused what the caller may not know of. Empty: as missing.
	Refusal Refusal
	// Lag is how long after a consultation its recordings appear, by the clock Now.
	Lag time.Duration
	// Groups lets a second patient be booked into a consultation.
	Groups bool
	// Repeats declares that a segment may be recorded twice, after a retry. The reference clinic's never are; it is for a
	// seam that does so.
	Repeats bool
	// Links says for whom playback links open. Empty: for whoever has them.
	Links LinkPolicy
	// Choices are what the service does otherwise than the reference clinic in the course of a consultation and around it.
	// It declares none of them. NotCut and NeverAudio count like Recordings and DiscardAudio.
	Choices care.Choices
	// Access is what is declared of who may see and do what. The reference clinic makes the strict choice everywhere; it is
	// for seams that make another.
	Access models.AccessChoices
	// PasswordParams are the cost of hashing a password. nil: argon2id.DefaultParams. See [FastPasswords].
	PasswordParams *argon2id.Params
	// ShutdownTimeout bounds how long [Server.Close] waits for requests in flight. 0: 5 seconds.
	ShutdownTimeout time.Duration

	// Now is the clock. nil: time.Now.
	Now func() time.Time
	// Rand is where ids and tokens come from; with a reader that repeats itself, they do. nil: crypto/rand.
	Rand io.Reader
	// Logger takes one line for each request, without tokens, passwords, titles or media. nil: nothing is logged.
	Logger *slog.Logger

	// The seams. Each is called once for every service, with the correct part, and returns what to use in its place:
	// another implementation, or one that adds to it. What it keeps, it must keep for that service alone and guard
	// against concurrent use. nil: the correct part.

	// Recorder captures the media of consultations that are going on.
	Recorder func(Parts, Recorder) Recorder
	// Archive keeps recordings and shows them to those who may see them.
	Archive func(Parts, Archive) Archive
	// Authorizer decides who may see which recording.
	Authorizer func(Parts, Authorizer) Authorizer
	// Consultations are the use cases.
	Consultations func(Parts, Consultations) Consultations
	// Grants are shares and proxies.
	Grants func(Parts, Grants) Grants
	// LinkKeeper makes playback links and opens them.
	LinkKeeper func(Parts, LinkKeeper) LinkKeeper
	// Notifier tells patients of their recordings.
	Notifier func(Parts, Notifier) Notifier
	// Trail is the audit trail.
	Trail func(Parts, Trail) Trail
	// Accounts say who is who.
	Accounts func(Parts, Accounts) Accounts
	// Gate is the switch for replays.
	Gate func(Parts, Gate) Gate
	// Recovery puts the database in order at the start.
	Recovery func(Parts, Recovery) Recovery
	// Front stands before authentication and all that follows it: where a cache or a rate limit would go.
	Front func(Parts, http.Handler) http.Handler
}

// Refusal is how it is refused what the caller may not know of. Either way it is answered exactly like what never existed.
type Refusal string

// The refusals.
const (
	AsMissing Refusal = "missing" // 404
	AsDenied  Refusal = "denied"  // 403
)

// Parts are what a seam may need of the service it becomes part of.
type Parts struct {
	Store *store.Store
	Now   func() time.Time
	NewID func() (string, error) // a random UUID
	Lag   time.Duration
}

// Ripe returns the time, in Unix nanoseconds, by which a consultation must have ended for its recordings to be shown now.
// Where there is no lag that is every time, whatever the clock does.
func (p Parts) Ripe() int64 {
	if p.Lag <= 0 {
		return math.MaxInt64
	}
	return p.Now().Add(-p.Lag).UnixNano()
}

// FastPasswords returns the lowest cost that argon2id has (8 KiB, one pass). It is for embedded services with made-up
// users, whose pace hashing would set otherwise; never for a service with people in it.
func FastPasswords() *argon2id.Params {
	return &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16}
}

// withDefaults returns the configuration with all settings and seams filled in.
func (c Config) withDefaults() Config {
	c.MinimumAge = orDefault(c.MinimumAge, 16)
	c.TokenTTL = orDefault(c.TokenTTL, 12*time.Hour)
	c.EndPolicy = orDefault(c.EndPolicy, care.PractitionerEnds)
	c.Recordings = orDefault(c.Recordings, care.PerSegment)
	c.Refusal = orDefault(c.Refusal, AsMissing)
	c.Links = orDefault(c.Links, BearerLinks)
	c.PasswordParams = orDefault(c.PasswordParams, argon2id.DefaultParams)
	c.ShutdownTimeout = orDefault(c.ShutdownTimeout, 5*time.Second)
	c.Rand = orDefault(c.Rand, rand.Reader)
	c.Logger = orDefault(c.Logger, slog.New(slog.DiscardHandler))
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Recorder = orCorrect(c.Recorder)
	c.Archive = orCorrect(c.Archive)
	c.Authorizer = orCorrect(c.Authorizer)
	c.Consultations = orCorrect(c.Consultations)
	c.Grants = orCorrect(c.Grants)
	c.LinkKeeper = orCorrect(c.LinkKeeper)
	c.Notifier = orCorrect(c.Notifier)
	c.Trail = orCorrect(c.Trail)
	c.Accounts = orCorrect(c.Accounts)
	c.Gate = orCorrect(c.Gate)
	c.Recovery = orCorrect(c.Recovery)
	c.Front = orCorrect(c.Front)
	return c
}

// rules returns what the course of consultations depends on.
func (c Config) rules() *care.Rules {
	r := &care.Rules{Ends: c.EndPolicy, Grain: c.Recordings, DiscardAudio: c.DiscardAudio, Choices: c.Choices}
	if r.Cut == care.NotCut {
		r.Grain = care.PerConsultation
	}
	r.DiscardAudio = r.DiscardAudio || r.Recorded == care.NeverAudio
	return r
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// orCorrect returns a seam that leaves the correct part where it is, if there is none.
func orCorrect[T any](seam func(Parts, T) T) func(Parts, T) T {
	if seam == nil {
		return func(_ Parts, correct T) T { return correct }
	}
	return seam
}
