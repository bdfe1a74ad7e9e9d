package container

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	docker "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/stretchr/testify/require"
)

func TestCandidatesAreThePublishedPortAndTheContainersOwnAddress(t *testing.T) {
	t.Parallel()
	port := network.MustParsePort("8080/tcp")
	settings := &docker.NetworkSettings{
		Ports: network.PortMap{port: {{HostIP: netip.MustParseAddr("127.0.0.1"), HostPort: "32768"}}},
		Networks: map[string]*network.EndpointSettings{
			"bridge": {IPAddress: netip.MustParseAddr("172.17.0.2")},
			"none":   {},
		},
	}
	for daemon, published := range map[string]string{
		"unix:///var/run/docker.sock":    "http://127.0.0.1:32768",
		"npipe:////./pipe/docker_engine": "http://127.0.0.1:32768",
		"tcp://docker:2375":              "http://docker:32768",
		"https://[fd00::1]:2376":         "http://[fd00::1]:32768",
	} {
		want := candidates{published: []string{published}, own: []string{"http://172.17.0.2:8080"}}
		require.Equal(t, want, candidatesOf(daemon, settings, port), daemon)
	}
	require.Empty(t, candidatesOf("unix:///x", nil, port))
	require.Empty(t, candidatesOf("unix:///x", &docker.NetworkSettings{}, port), "a container that has exited has no address")
}

func TestTheFirstCandidateThatAnswersWins(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	late := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer late.Close()
	elsewhere := httptest.NewServer(http.RedirectHandler(late.URL, http.StatusFound))
	defer elsewhere.Close()
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer hangs.Close()

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	at := candidates{published: []string{"http://127.0.0.1:1", hangs.URL, elsewhere.URL, late.URL}}
	got, err := at.answering(ctx, askOK("/healthz", 0))
	require.NoError(t, err)
	require.Equal(t, late.URL, got)
}

func TestThePublishedPortIsPreferredToTheContainersOwnAddress(t *testing.T) {
	t.Parallel()
	var asked atomic.Bool
	well := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Store(true) }))
	defer well.Close()
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !asked.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer slow.Close()
	const nobody = "http://127.0.0.1:1"
	for name, c := range map[string]struct {
		published string
		headStart time.Duration
		want      string
	}{
		"both answer": {well.URL + "/", time.Minute, well.URL + "/"},
		"the published port answers a moment later":    {slow.URL, 0, slow.URL},
		"nobody answers on the published port in time": {nobody, 10 * time.Millisecond, well.URL},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			at := candidates{published: []string{c.published}, own: []string{well.URL}}
			got, err := at.answering(ctx, askOK("/healthz", c.headStart))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestNoAnswerNamesWhatEachCandidateSaid(t *testing.T) {
	t.Parallel()
	ill := httptest.NewServer(http.NotFoundHandler())
	defer ill.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	at := candidates{published: []string{ill.URL}, own: []string{"http://127.0.0.1:1"}}
	_, err := at.answering(ctx, askOK("/healthz", 0))
	require.ErrorContains(t, err, ill.URL+"/healthz answered 404 Not Found")
	require.ErrorContains(t, err, "127.0.0.1:1: connect: connection refused")
}

func askOK(path string, headStart time.Duration) asking {
	by := askHTTP(path, func(status int) bool { return status == http.StatusOK })
	by.headStart = headStart
	return by
}

func TestAProxyThatFindsNobodyIsNoService(t *testing.T) {
	t.Parallel()
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer proxy.Close()
	go func() {
		for {
			connection, err := proxy.Accept()
			if err != nil {
				return
			}
			connection.Close()
		}
	}()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // the system accepts for it
	require.NoError(t, err)
	defer silent.Close()
	require.ErrorContains(t, hold(t.Context(), "http://"+proxy.Addr().String()), "closed it at once")
	require.NoError(t, hold(t.Context(), "http://"+silent.Addr().String()))
	require.NoError(t, dial(t.Context(), "http://"+silent.Addr().String()))
}
