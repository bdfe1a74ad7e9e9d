package container

import (
	"fmt"
	"os"
	"strconv"
)

// Labels on containers and images. They are the only record of what belongs to whom, because a killed process cannot keep
// another.
const (
	labelPrefix = "crosstalk."
	labelRun    = labelPrefix + "run"
	labelHost   = labelPrefix + "owner.host"
	labelBoot   = labelPrefix + "owner.boot"
	labelSpace  = labelPrefix + "owner.pidns"
	labelPID    = labelPrefix + "owner.pid"
	labelStart  = labelPrefix + "owner.started"
)

// owner names one process among all that ever use an engine.
type owner struct {
	host  string // host name
	boot  string // id of the host's boot; empty where the system has none
	space string // process id namespace, in which pid counts; empty where the system has none
	pid   int
	start string // start time of the process, in a unit of the system's own; tells a reused pid. Empty: not known
}

// self names this process.
func self() (owner, error) {
	host, err := os.Hostname()
	if err != nil {
		return owner{}, fmt.Errorf("read host name: %w", err)
	}
	pid := os.Getpid()
	start, _ := processStart(pid)
	return owner{host: host, boot: bootID(), space: pidNamespace(), pid: pid, start: start}, nil
}

func (o owner) labels() map[string]string {
	return map[string]string{
		labelHost:  o.host,
		labelBoot:  o.boot,
		labelSpace: o.space,
		labelPID:   strconv.Itoa(o.pid),
		labelStart: o.start,
	}
}

// ownerOf reads the labels of a container; ok is false where they do not name a process.
func ownerOf(labels map[string]string) (o owner, ok bool) {
	pid, err := strconv.Atoi(labels[labelPID])
	if err != nil || pid < 1 {
		return owner{}, false
	}
	return owner{
		host:  labels[labelHost],
		boot:  labels[labelBoot],
		space: labels[labelSpace],
		pid:   pid,
		start: labels[labelStart],
	}, true
}

// ended reports whether it is certain that the process no longer exists, as seen by the process here. It is not certain of a
// process of another host or of another pid namespace. Another boot of the same host ends it, but only a local engine proves
// that the host is the same: two machines that share a remote engine may share a name.
func (o owner) ended(here owner, localEngine bool) bool {
	if o.host != here.host || o.space != here.space {
		return false
	}
	if o.boot != here.boot {
		return localEngine
	}
	start, exists := processStart(o.pid)
	if !exists {
		return true
	}
	return start != "" && o.start != "" && start != o.start
}
