package container

import (
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"
)

// TestServicesBesideAContainer is one test, because containers are what takes time here.
func TestServicesBesideAContainer(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	worker := Service{"back-office", Options{Image: image, Port: 9, Ready: Ready{Log: "is up"}}}
	begin := time.Now()
	instance, err := fleet.Run(t.Context(), Options{Image: image, Services: []Service{besides("db", image), worker}})
	require.NoError(t, err)
	t.Logf("three containers ready in %v", time.Since(begin).Round(time.Millisecond))
	stranger, err := fleet.Run(t.Context(), Options{Image: image})
	require.NoError(t, err)
	network := networksOf(t, run)
	require.Len(t, network, 1)
	for _, step := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"they are reached by name", func(t *testing.T) { testByName(t, instance, stranger) }},
		{"they are on a network of their own and on loopback", func(t *testing.T) { testPrivate(t, instance, network) }},
		{"they are told apart", func(t *testing.T) { testServiceByName(t, instance) }},
		{"they go on while the container restarts", func(t *testing.T) { testRestartAlone(t, instance) }},
		{"they restart with the container when asked to", func(t *testing.T) { testRestartAll(t, instance) }},
		{"they are removed with their network, whoever is on it", func(t *testing.T) { testRemoved(t, instance, stranger, network[0]) }},
	} {
		t.Run(step.name, step.test)
	}
	require.Equal(t, []string{stranger.ID}, containersOf(t, run))
}

func testByName(t *testing.T, instance, stranger *Instance) {
	require.Equal(t, http.StatusOK, get(t, instance.URL+"/dial?at=db:8080"))
	require.Equal(t, http.StatusOK, get(t, instance.URL+"/dial?at=back-office:8080"), "on a port that is not published")
	require.Equal(t, http.StatusBadGateway, get(t, instance.URL+"/dial?at=nobody:8080"))
	require.Equal(t, http.StatusBadGateway, get(t, stranger.URL+"/dial?at=db:8080"), "for others there is no such name")
}

func testPrivate(t *testing.T, instance *Instance, network []string) {
	for _, member := range instance.pod.members() {
		inspected, err := testEngine(t).ContainerInspect(t.Context(), member.ID, client.ContainerInspectOptions{})
		require.NoError(t, err)
		settings := inspected.Container.NetworkSettings
		require.Len(t, settings.Networks, 1, "nothing else is on the network of all containers")
		for _, endpoint := range settings.Networks {
			require.Equal(t, network, []string{endpoint.NetworkID})
		}
		require.Len(t, settings.Ports, 1)
		for _, bindings := range settings.Ports {
			require.Len(t, bindings, 1)
			require.Equal(t, netip.MustParseAddr("127.0.0.1"), bindings[0].HostIP)
		}
	}
}

func testServiceByName(t *testing.T, instance *Instance) {
	office, found := instance.Service("back-office")
	require.True(t, found)
	require.Equal(t, instance.Name+"-back-office", office.Name)
	require.Empty(t, office.URL, "it is ready by its log, without an open port")
	logs, err := office.Logs(t.Context())
	require.NoError(t, err)
	require.Contains(t, string(logs), "server is up")
	for _, name := range []string{"", "nobody"} {
		_, found = instance.Service(name)
		require.False(t, found)
	}
}

func testRestartAlone(t *testing.T, instance *Instance) {
	db, found := instance.Service("db")
	require.True(t, found)
	main, beside := startedAt(t, instance), startedAt(t, db)
	_, err := instance.Restart(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, main, startedAt(t, instance))
	require.Equal(t, beside, startedAt(t, db))
}

func testRestartAll(t *testing.T, instance *Instance) {
	before := map[string]string{}
	for _, member := range instance.pod.members() {
		before[member.ID] = startedAt(t, member)
	}
	url, err := instance.RestartAll(t.Context())
	require.NoError(t, err)
	for _, member := range instance.pod.members() {
		require.NotEqual(t, before[member.ID], startedAt(t, member), member.Name)
	}
	require.Equal(t, http.StatusOK, get(t, url+"/dial?at=db:8080"))
}

func startedAt(t *testing.T, i *Instance) string {
	t.Helper()
	inspected, err := testEngine(t).ContainerInspect(t.Context(), i.ID, client.ContainerInspectOptions{})
	require.NoError(t, err)
	return inspected.Container.State.StartedAt
}

func testRemoved(t *testing.T, instance, stranger *Instance, network string) {
	office, found := instance.Service("back-office")
	require.True(t, found)
	_, err := testEngine(t).NetworkConnect(t.Context(), network, client.NetworkConnectOptions{Container: stranger.ID})
	require.NoError(t, err)
	begin := time.Now()
	require.NoError(t, instance.Close())
	t.Logf("removed in %v", time.Since(begin).Round(time.Millisecond))
	require.Empty(t, networksOf(t, instance.pod.fleet.run))
	require.Equal(t, http.StatusOK, get(t, stranger.URL+"/healthz"))
	require.NoError(t, instance.Close(), "closing twice is harmless")
	require.NoError(t, office.Close(), "it was closed with the container")
	_, err = instance.RestartAll(t.Context())
	require.ErrorIs(t, err, errClosed)
}

func TestAServiceBesideThatIsNeverReadyFailsInTimeWithItsOwnLogs(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	logs := filepath.Join(t.TempDir(), "logs")
	db := besides("db", image)
	db.Cmd = []string{"the", "database"}
	db.Port, db.Ready.Within = 9, 2*time.Second
	begin := time.Now()
	_, err := fleet.Run(t.Context(), Options{Image: image, Cmd: []string{"main"}, KeepLogs: logs, Services: []Service{db}})
	require.Less(t, time.Since(begin), 20*time.Second)
	require.ErrorIs(t, err, ErrNotReady)
	require.ErrorContains(t, err, `service "db"`)
	require.ErrorContains(t, err, "no connection accepted on port 9 within 2s")
	require.ErrorContains(t, err, "closed it at once", "the published port's proxy is not taken for the service")
	require.ErrorContains(t, err, "server is up [the database]")
	requireNothingLeft(t, run)
	kept, err := filepath.Glob(filepath.Join(logs, "*-db.log"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
	content, err := os.ReadFile(kept[0])
	require.NoError(t, err)
	require.Contains(t, string(content), "server is up [the database]")
}

func TestAMainContainerThatFailsTakesItsServicesWithIt(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	_, err := fleet.Run(t.Context(), Options{
		Image: image, Env: map[string]string{"EXIT": "3"}, Services: []Service{besides("db", image)},
	})
	require.ErrorIs(t, err, ErrExited)
	requireNothingLeft(t, run)
}
