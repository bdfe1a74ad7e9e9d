package care

import (
	"errors"
	"fmt"
)

// The closed set of reasons for which the clinic refuses. Every refusal wraps exactly one of them.
var (
	ErrMalformed    = errors.New("the request cannot be understood")
	ErrInvalid      = errors.New("the request breaks a rule")
	ErrUnauthorized = errors.New("no valid credentials")
	ErrForbidden    = errors.New("the caller may not do this")
	ErrNotFound     = errors.New("no such thing for this caller")
	ErrConflict     = errors.New("the present state does not allow it")
	ErrUnavailable  = errors.New("replays are switched off")
)

// Reasons that are not [ErrNotFound]: the caller is entitled to the answer, whatever is said to callers who are not.
var (
	ErrNoUser = errors.New("there is no such user")
	ErrNoLink = errors.New("there is no such link")
)

// Refuse returns an error of the given reason (one of the sentinels above) with a detail that may be shown to the caller.
// It must hold nothing that the caller is not entitled to know.
func Refuse(reason error, detail string, args ...any) error {
	return &refusal{reason: reason, detail: fmt.Sprintf(detail, args...)}
}

// Detail returns what a refusal may say to the caller; empty for an error that is not a refusal, which may hold anything.
func Detail(err error) string {
	var r *refusal
	if errors.As(err, &r) {
		return r.detail
	}
	return ""
}

type refusal struct {
	reason error
	detail string
}

func (r *refusal) Error() string { return r.reason.Error() + ": " + r.detail }

func (r *refusal) Unwrap() error { return r.reason }
