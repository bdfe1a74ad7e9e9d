package container

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSweepRemovesWhatAKilledRunLeftAndNothingElse(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	goesOn, running := startChild(t, image)
	killed, orphan := startChild(t, image)
	require.Len(t, containersWith(t, pidLabel(killed)), 2, "with the service beside it")
	require.Len(t, networksWith(t, pidLabel(killed)), 1)
	require.NoError(t, killed.Process.Kill())
	require.Error(t, killed.Wait(), "killed by SIGKILL")

	removed, err := Sweep(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, removed, 2)
	left := containersWith(t, labelPID)
	require.NotContains(t, left, orphan)
	require.Contains(t, left, running, "its run still goes on")
	require.Empty(t, containersWith(t, pidLabel(killed)))
	require.Empty(t, networksWith(t, pidLabel(killed)))
	require.Len(t, networksWith(t, pidLabel(goesOn)), 1)
}

func pidLabel(child *exec.Cmd) string { return fmt.Sprintf("%s=%d", labelPID, child.Process.Pid) }

func TestSweepRemovesANetworkThatStandsAlone(t *testing.T) {
	t.Parallel()
	requireEngine(t)
	me, err := self()
	require.NoError(t, err)
	ended, foreign := me, me
	ended.pid, foreign.pid, foreign.host = 1<<30, 1<<30, "elsewhere"
	left := map[string]*privateNetwork{}
	for name, of := range map[string]owner{"ended": ended, "foreign": foreign, "own": me} {
		labels := of.labels()
		labels[labelRun] = "alone-" + name
		network, err := createNetwork(t.Context(), testEngine(t), "crosstalk-alone-"+name, labels)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, network.remove(context.Background())) })
		left[name] = network
	}
	_, err = Sweep(t.Context())
	require.NoError(t, err)
	require.Empty(t, networksOf(t, "alone-ended"))
	require.Equal(t, []string{left["foreign"].id}, networksOf(t, "alone-foreign"))
	require.Equal(t, []string{left["own"].id}, networksOf(t, "alone-own"))
}

func TestOnlyOwnNetworksOfANameAreRemoved(t *testing.T) {
	t.Parallel()
	requireEngine(t)
	me, err := self()
	require.NoError(t, err)
	other := me
	other.host = "elsewhere"
	const name = "crosstalk-namesakes"
	for _, of := range []owner{me, other} {
		labels := of.labels()
		labels[labelRun] = of.host + "-namesake"
		network, err := createNetwork(t.Context(), testEngine(t), name, labels)
		if err != nil {
			t.Skip("this engine has unique names of networks: ", err)
		}
		t.Cleanup(func() { require.NoError(t, network.remove(context.Background())) })
	}
	require.NoError(t, removeOwnNetworks(t.Context(), testEngine(t), name, me.labels()))
	require.Empty(t, networksOf(t, me.host+"-namesake"))
	require.Len(t, networksOf(t, "elsewhere-namesake"), 1)
}

func TestOnlyAProcessThatCertainlyIsNoMoreHasEnded(t *testing.T) {
	t.Parallel()
	me, err := self()
	require.NoError(t, err)
	require.NotEmpty(t, me.start)
	changed := func(change func(*owner)) owner {
		o := me
		change(&o)
		return o
	}
	for name, c := range map[string]struct {
		owner        owner
		local, other bool // ended, as seen through a local engine and through a remote one
	}{
		"this process":                     {me, false, false},
		"a pid that nobody has":            {changed(func(o *owner) { o.pid = 1 << 30 }), true, true},
		"a pid that another process has":   {changed(func(o *owner) { o.start = "1" }), true, true},
		"a start time that is not known":   {changed(func(o *owner) { o.start = "" }), false, false},
		"another host":                     {changed(func(o *owner) { o.host, o.pid = "elsewhere", 1<<30 }), false, false},
		"another pid namespace":            {changed(func(o *owner) { o.space, o.pid = "pid:[1]", 1<<30 }), false, false},
		"an earlier boot, or a namesake":   {changed(func(o *owner) { o.boot = "earlier" }), true, false},
		"the parent, under its start time": {parent(me), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.local, c.owner.ended(me, true), "local engine")
			require.Equal(t, c.other, c.owner.ended(me, false), "remote engine")
		})
	}
}

func parent(me owner) owner {
	me.pid = os.Getppid()
	me.start, _ = processStart(me.pid)
	return me
}

func TestAZombieDoesNotExist(t *testing.T) {
	t.Parallel()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childProbe+"=1", "DOCKER_HOST=nonsense")
	output, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	_, exists := processStart(child.Process.Pid)
	require.True(t, exists)
	buffer := make([]byte, 4096)
	for err == nil { // until the child has ended; it is not waited for and stays a zombie
		_, err = output.Read(buffer)
	}
	require.Eventually(t, func() bool {
		_, exists := processStart(child.Process.Pid)
		return !exists
	}, eventually, tick)
	require.NoError(t, child.Wait())
}

func TestLabelsNameTheirOwner(t *testing.T) {
	t.Parallel()
	me, err := self()
	require.NoError(t, err)
	got, ok := ownerOf(me.labels())
	require.True(t, ok)
	require.Equal(t, me, got)
	for _, labels := range []map[string]string{nil, {labelPID: "x"}, {labelPID: "0"}, {labelPID: "-1"}} {
		_, ok := ownerOf(labels)
		require.False(t, ok)
	}
}
