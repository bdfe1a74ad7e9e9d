package container

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets"
)

func TestAStartedServiceAnswersAndLeavesNoContainer(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	begin := time.Now()
	instance, err := fleet.Run(t.Context(), Options{Image: image, Cmd: []string{"one", "two"}})
	require.NoError(t, err)
	t.Logf("start to first answer: %v at %s", time.Since(begin).Round(time.Millisecond), instance.URL)

	require.Equal(t, http.StatusOK, get(t, instance.URL+"/healthz"))
	require.Equal(t, http.StatusNoContent, get(t, instance.URL+"/write"), "/tmp, /data and the working directory are writable")
	logs, err := instance.Logs(t.Context())
	require.NoError(t, err)
	require.Contains(t, string(logs), "server is up [one two] as 65532")
	require.Equal(t, []string{instance.ID}, containersOf(t, run))

	begin = time.Now()
	require.NoError(t, instance.Close())
	t.Logf("removed in %v", time.Since(begin).Round(time.Millisecond))
	require.Empty(t, containersOf(t, run))
	require.NoError(t, instance.Close(), "closing twice is harmless")
	_, err = instance.Logs(t.Context())
	require.ErrorIs(t, err, ErrRemoved)
}

func TestTheServiceIsPublishedOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, _ := newTestFleet(t)
	instance, err := fleet.Run(t.Context(), Options{Image: image})
	require.NoError(t, err)
	inspected, err := testEngine(t).ContainerInspect(t.Context(), instance.ID, client.ContainerInspectOptions{})
	require.NoError(t, err)
	published := ""
	for port, bindings := range inspected.Container.NetworkSettings.Ports {
		require.Equal(t, "8080/tcp", port.String())
		for _, binding := range bindings {
			require.Equal(t, "127.0.0.1", binding.HostIP.String())
			published = binding.HostPort
		}
	}
	require.NotEmpty(t, published)
	for _, address := range ownAddresses(t) {
		connection, err := net.DialTimeout("tcp", net.JoinHostPort(address, published), time.Second)
		if err == nil {
			connection.Close()
		}
		require.Error(t, err, "nothing listens on %s", address)
	}
}

// ownAddresses lists this machine's addresses that others can reach.
func ownAddresses(t *testing.T) []string {
	t.Helper()
	all, err := net.InterfaceAddrs()
	require.NoError(t, err)
	var addresses []string
	for _, address := range all {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() && network.IP.To4() != nil {
			addresses = append(addresses, network.IP.String())
		}
	}
	return addresses
}

func TestAServiceThatIsNeverHealthyFailsInTimeWithItsLogs(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	_, err := fleet.Run(t.Context(), Options{
		Image: image, Env: map[string]string{"HEALTH": "never"}, Ready: Ready{Within: time.Second},
	})
	require.ErrorIs(t, err, ErrNotReady)
	require.ErrorContains(t, err, "no 200 from /healthz within 1s")
	require.ErrorContains(t, err, "503 Service Unavailable")
	require.ErrorContains(t, err, "server is up")
	require.Empty(t, containersOf(t, run))
}

func TestAContainerThatExitsEarlyFailsAtOnceWithItsLogs(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	begin := time.Now()
	_, err := fleet.Run(t.Context(), Options{
		Image: image, Env: map[string]string{"EXIT": "3"}, Ready: Ready{Within: time.Minute},
	})
	require.Less(t, time.Since(begin), 20*time.Second)
	require.ErrorIs(t, err, ErrExited)
	require.ErrorContains(t, err, "with status 3")
	require.ErrorContains(t, err, "server gives up: told to")
	require.Empty(t, containersOf(t, run))
}

func TestACancelledStartLeavesNothing(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	const whole = 1200 * time.Millisecond
	for after := time.Duration(0); after < whole; after += whole / 10 {
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			fleet, run := newTestFleet(t)
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			_, err := fleet.Run(ctx, Options{
				Image: image, Env: map[string]string{"HEALTH": "never"}, Services: []Service{besides("db", image)},
			})
			require.ErrorIs(t, err, context.DeadlineExceeded)
			requireNothingLeft(t, run)
		})
	}
}

func TestClosingAFleetRemovesAllAndInterruptsStarts(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	for range 2 {
		_, err := fleet.Run(t.Context(), Options{Image: image})
		require.NoError(t, err)
	}
	starting := make(chan error, 1)
	go func() {
		_, err := fleet.Run(context.Background(), Options{Image: image, Env: map[string]string{"HEALTH": "never"}})
		starting <- err
	}()
	require.Eventually(t, func() bool { return len(containersOf(t, run)) == 3 }, 10*time.Second, 10*time.Millisecond)

	require.NoError(t, fleet.Close())
	require.ErrorIs(t, <-starting, ErrClosed)
	require.Empty(t, containersOf(t, run))
	_, err := fleet.Run(t.Context(), Options{Image: image})
	require.ErrorIs(t, err, ErrClosed)
	require.NoError(t, fleet.Close(), "closing twice is harmless")
}

func TestAContainerThatSomebodyElseRemovedIsClosedWithoutError(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, _ := newTestFleet(t)
	instance, err := fleet.Run(t.Context(), Options{Image: image})
	require.NoError(t, err)
	require.NoError(t, remove(t.Context(), testEngine(t), instance.ID))
	require.NoError(t, instance.Close())
}

func TestKeptLogsOutliveTheContainer(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, _ := newTestFleet(t)
	dir := filepath.Join(t.TempDir(), "logs")
	instance, err := fleet.Run(t.Context(), Options{Image: image, KeepLogs: dir})
	require.NoError(t, err)
	before, err := instance.Logs(t.Context())
	require.NoError(t, err)
	require.NoError(t, instance.Close())
	after, err := instance.Logs(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, after)
	file, err := os.ReadFile(filepath.Join(dir, instance.Name+".log"))
	require.NoError(t, err)
	require.Equal(t, before, file)
}

func TestKeptLogsAreWithoutSecrets(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, _ := newTestFleet(t)
	dir := filepath.Join(t.TempDir(), "logs")
	db := besides("db", image)
	db.Cmd = []string{"acme-key-17", "alices-token-17"}
	instance, err := fleet.Run(t.Context(), Options{Image: image, Cmd: []string{"acme-key-17", "YWNtZS1rZXktMTc", "alices-token-17"}, KeepLogs: dir,
		Secrets: []targets.Secret{{Value: "acme-key-17", Name: "ACME_KEY"}}, Services: []Service{db}})
	require.NoError(t, err)
	instance.Keep(targets.Secret{Value: "alices-token-17"})
	require.NoError(t, instance.Close())
	main, err := os.ReadFile(filepath.Join(dir, instance.Name+".log"))
	require.NoError(t, err)
	require.Contains(t, string(main), "server is up [[secret-ACME_KEY] [secret-ACME_KEY] [secret]]")
	beside, err := os.ReadFile(filepath.Join(dir, instance.Name+"-db.log"))
	require.NoError(t, err)
	require.Contains(t, string(beside), "server is up [[secret-ACME_KEY] [secret]]")
}

func TestAnExitAfterTheStartIsSeenByTheCallerOnly(t *testing.T) {
	t.Parallel()
	image := serverImage(t)
	fleet, run := newTestFleet(t)
	instance, err := fleet.Run(t.Context(), Options{Image: image})
	require.NoError(t, err)
	_, err = http.Get(instance.URL + "/exit")
	var broken *url.Error
	require.True(t, errors.As(err, &broken))
	require.NoError(t, instance.Close())
	require.Empty(t, containersOf(t, run))
}

func TestOptionsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opts Options
		want string
	}{
		"no image":          {Options{}, "Options.Image is empty"},
		"port out of range": {Options{Image: "x", Port: 65536}, "publish port 65536"},
		"label of ours":     {Options{Image: "x", Labels: map[string]string{labelRun: "x"}}, "are taken"},

		"relative health":           {Options{Image: "x", Ready: Ready{Path: "healthz"}}, `"healthz"`},
		"negative time":             {Options{Image: "x", Ready: Ready{Within: -1}}, "positive"},
		"two ways to be ready":      {Options{Image: "x", Ready: Ready{Path: "/", TCP: true}}, "one of path, TCP, log and exec"},
		"status of no path":         {Options{Image: "x", Ready: Ready{TCP: true, Status: []int{200}}}, "want a path"},
		"status that there is not":  {Options{Image: "x", Ready: Ready{Status: []int{20}}}, "want 100 to 599"},
		"log line that is no RE":    {Options{Image: "x", Ready: Ready{Log: "("}}, "want a regular expression"},
		"file that is missing":      {Options{Image: "x", Files: []File{{From: "/no/such", To: "/x"}}}, "/no/such"},
		"file to a relative path":   {Options{Image: "x", Files: []File{{From: ".", To: "x"}}}, "want an absolute path"},
		"content to no file":        {Options{Image: "x", Files: []File{{Content: []byte{}, To: "/"}}}, "want an absolute path"},
		"file and content":          {Options{Image: "x", Files: []File{{From: ".", Content: []byte{}, To: "/x"}}}, "found both"},
		"file with a type":          {Options{Image: "x", Files: []File{{To: "/x", Mode: 0o100644}}}, "at most 07777"},
		"service that has no name":  {Options{Image: "x", Services: []Service{{}}}, "want a host name"},
		"services that share one":   {Options{Image: "x", Services: []Service{besides("db", "x"), besides("DB", "x")}}, "another has that name"},
		"service that has no image": {Options{Image: "x", Services: []Service{{Name: "db"}}}, `service "db": name the image`},
		"service of a service": {Options{Image: "x", Services: []Service{
			{"db", Options{Image: "x", Services: []Service{besides("cache", "x")}}},
		}}, "list them beside it"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Run(t.Context(), c.opts)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestALostImageOfOursIsNotPulled(t *testing.T) {
	t.Parallel()
	requireEngine(t)
	_, err := Run(t.Context(), Options{Image: repository + "clinic:none"})
	require.ErrorContains(t, err, "build it again")
}
