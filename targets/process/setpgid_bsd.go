//go:build darwin || freebsd || netbsd || openbsd || dragonfly

package process

import (
	"os/exec"
	"syscall"
)

// ownGroup gives a process a group of its own, so that what it starts can be
// ended with it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}
