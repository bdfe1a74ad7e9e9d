package judge

import (
	"errors"
	"fmt"
	"runtime"
)

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
