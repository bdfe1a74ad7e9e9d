package container

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// processStart returns when the process started, in clock ticks since boot, and whether it exists. A zombie does not: nobody
// will ever run in it again. A process that /proc does not show may only be hidden from this user; then the start is empty.
func processStart(pid int) (start string, exists bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
	}
	// proc(5): "pid (name) state ppid …", of which state is field 3 and starttime field 22. The name may itself hold spaces
	// and parentheses, so counting begins after the last one.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	const state, starttime = 0, 19
	if len(fields) <= starttime {
		return "", true
	}
	return fields[starttime], !strings.Contains("ZX", fields[state])
}

func bootID() string {
	id, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(id))
}

func pidNamespace() string {
	name, _ := os.Readlink("/proc/self/ns/pid")
	return name
}
