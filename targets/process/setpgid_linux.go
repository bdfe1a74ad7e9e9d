package process

import (
	"os/exec"
	"syscall"
)

// ownGroup gives a process a group of its own, so that what it starts can be
// ended with it, and a signal to end where this process is killed.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
