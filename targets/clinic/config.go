package clinic

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// Config holds the settings and the seams of a service. The zero value is a correct service with safe defaults, in memory.
type Config struct {
	// Database is the path of the SQLite file. Empty: a private database in memory, gone when the service closes.
	Database string
	// OperatorToken is the bearer token of whoever may register practitioners. Empty: nobody may.
	OperatorToken string
	// MinimumAge is the age in years under which a patient is refused. 0: 16.
	MinimumAge int
	// TokenTTL is how long a session lasts. 0: 12 hours.
	TokenTTL time.Duration
	// EndPolicy says who may end an encounter for everybody. Empty: its practitioner.
	EndPolicy care.EndPolicy
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
	// Consultations are the use cases.
	Consultations func(Parts, Consultations) Consultations
	// Front stands before authentication and all that follows it: where a cache or a rate limit would go.
	Front func(Parts, http.Handler) http.Handler
}

// Parts are what a seam may need of the service it becomes part of.
type Parts struct {
	Store *store.Store
	Now   func() time.Time
	NewID func() (string, error) // a random UUID
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
	c.PasswordParams = orDefault(c.PasswordParams, argon2id.DefaultParams)
	c.ShutdownTimeout = orDefault(c.ShutdownTimeout, 5*time.Second)
	c.Rand = orDefault(c.Rand, rand.Reader)
	c.Logger = orDefault(c.Logger, slog.New(slog.DiscardHandler))
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Recorder == nil {
		c.Recorder = func(_ Parts, correct Recorder) Recorder { return correct }
	}
	if c.Archive == nil {
		c.Archive = func(_ Parts, correct Archive) Archive { return correct }
	}
	if c.Consultations == nil {
		c.Consultations = func(_ Parts, correct Consultations) Consultations { return correct }
	}
	if c.Front == nil {
		c.Front = func(_ Parts, next http.Handler) http.Handler { return next }
	}
	return c
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
