//go:build !linux && !darwin && !freebsd && !netbsd && !openbsd && !dragonfly

package process

import "os/exec"

// ownGroup does nothing: the system has no groups of processes.
func ownGroup(*exec.Cmd) {}

// killGroup ends a process, but not what it has started.
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
