//go:build !linux

package container

import (
	"strconv"

	"github.com/shirou/gopsutil/v4/process"
)

// processStart returns when the process started, in milliseconds since 1970, and whether it exists. The start is empty where
// the system does not tell.
func processStart(pid int) (start string, exists bool) {
	if known, err := process.PidExists(int32(pid)); err == nil && !known {
		return "", false
	}
	found, err := process.NewProcess(int32(pid))
	if err != nil {
		return "", true
	}
	created, err := found.CreateTime()
	if err != nil {
		return "", true
	}
	return strconv.FormatInt(created, 10), true
}

func bootID() string { return "" }

func pidNamespace() string { return "" }
