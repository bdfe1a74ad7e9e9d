//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package process

import (
	"os/exec"
	"syscall"
)

// killGroup ends a process and all that it has started, but for what has left its
// group.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
