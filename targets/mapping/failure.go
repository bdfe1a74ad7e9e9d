package mapping

import (
	"errors"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// ErrNotReady is wrapped where a service answers and says, by another status code
// than those expected, that it is not ready. It goes with
// [targets.ErrUnreachable].
var ErrNotReady = errors.New("not ready")

// Failure is the error of an [Action] that did not succeed.
type Failure struct {
	// Trouble says which key of the file is probably to blame.
	targets.Trouble
	err error
}

// Error says what the service answered.
func (f *Failure) Error() string {
	if errors.Is(f.err, errLogin) {
		return errLogin.Error() + ": " + f.Text
	}
	return f.err.Error()
}

// Unwrap returns the error without the key.
func (f *Failure) Unwrap() error { return f.err }

// failure is an error with the likeliest of the world's trouble, if it has any.
func (w *World) failure(err error) error {
	all := w.Trouble()
	if len(all) == 0 || all[0].Key == "" {
		return err
	}
	return &Failure{all[0], err}
}
