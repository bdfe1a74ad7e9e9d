package judge

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

// FirstCause returns the first error that is not the mere echo of another
// worker's, or else the first.
func FirstCause(errs []error) error {
	var echo error
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		if echo == nil {
			echo = err
		}
	}
	return echo
}

// RecoverAsError turns a panic into an [ErrBug].
func RecoverAsError(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: %v\n%s", ErrBug, p, stack())
	}
}

func stack() []byte {
	buf := make([]byte, 16<<10)
	return buf[:runtime.Stack(buf, false)]
}

// ErrBug says that the harness itself is broken.
var ErrBug = errors.New("bug in the harness")
