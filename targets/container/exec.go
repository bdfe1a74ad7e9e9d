package container

import (
	"context"
	"errors"
	"fmt"
	"io"

	tcexec "github.com/testcontainers/testcontainers-go/exec"
)

// Exec runs a command in the running container, as the user and in the working directory of its service, and waits for its
// end. It returns the exit status, and the standard output followed by the standard error. A command that does not exist
// exits, as in a shell, with 126 or 127. When ctx ends the command is no longer waited for, but it may go on.
func (i *Instance) Exec(ctx context.Context, command []string) (exitCode int, output []byte, err error) {
	if len(command) == 0 {
		return 0, nil, fmt.Errorf("run command in %s: %w", i.Name, errors.New("want a command, found none"))
	}
	if i.isRemoved() {
		return 0, nil, fmt.Errorf("run %q in %s: %w", command, i.Name, errClosed)
	}
	exitCode, output, err = i.exec(ctx, command)
	if err != nil {
		return 0, nil, fmt.Errorf("run %q in %s: %w", command, i.Name, because(ctx, err))
	}
	return exitCode, output, nil
}

// exec runs the command without holding the mutex: a command that hangs must not keep the container from being removed.
func (i *Instance) exec(ctx context.Context, command []string) (exitCode int, output []byte, err error) {
	exitCode, reader, err := i.started.Exec(ctx, command, tcexec.Multiplexed())
	if err != nil {
		return 0, nil, err
	}
	output, err = io.ReadAll(reader)
	return exitCode, output, err
}
