package container

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	docker "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

const (
	firstPause   = 5 * time.Millisecond
	longestPause = 200 * time.Millisecond
	probeTimeout = 2 * time.Second
)

// candidates lists the URLs at which the service may be reached from here.
//
// Where that is depends on where this process runs, and nothing says so reliably. testcontainers takes the bridge's gateway
// for the host wherever /.dockerenv exists; that file also exists on machines that are no container (made from an image, say),
// where the gateway does not lead to a port published on 127.0.0.1 and the wait never ends. So nothing is guessed: every
// address that can be right is asked, and the one that answers is. The published port is right on the engine's own machine;
// the container's own address is right in another container that was given the engine's socket.
func candidates(daemon string, settings *docker.NetworkSettings, port network.Port) []string {
	if settings == nil {
		return nil
	}
	var urls []string
	for _, binding := range settings.Ports[port] {
		urls = append(urls, "http://"+net.JoinHostPort(publishedHost(daemon), binding.HostPort))
	}
	for _, name := range slices.Sorted(maps.Keys(settings.Networks)) {
		if ip := settings.Networks[name].IPAddress; ip.IsValid() && !ip.IsUnspecified() {
			urls = append(urls, "http://"+net.JoinHostPort(ip.String(), strconv.Itoa(int(port.Num()))))
		}
	}
	return urls
}

// publishedHost is the host whose ports the engine publishes: this one, or that of an engine reached by TCP.
func publishedHost(daemon string) string {
	at, err := url.Parse(daemon)
	if err == nil && at.Hostname() != "" && slices.Contains([]string{"tcp", "http", "https"}, at.Scheme) {
		return at.Hostname()
	}
	return "127.0.0.1"
}

// firstAnswer asks all URLs at once, again and again, and returns the first whose path answers 200. It returns an error only
// once ctx has ended: what each URL answered last.
func firstAnswer(ctx context.Context, urls []string, path string) (string, error) {
	if len(urls) == 0 {
		<-ctx.Done()
		return "", errors.New("container publishes no port")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type answer struct {
		url string
		err error
	}
	answers := make(chan answer, len(urls))
	for _, base := range urls {
		go func() { answers <- answer{base, poll(ctx, base+path)} }()
	}
	var errs []error
	for range urls {
		got := <-answers
		if got.err == nil {
			return got.url, nil
		}
		errs = append(errs, got.err)
	}
	return "", errors.Join(errs...)
}

// poll asks until the answer is 200 or ctx ends, with pauses that grow. Its error is the last one of the service's, not that
// ctx ended.
func poll(ctx context.Context, url string) error {
	asker := newAsker()
	pause := firstPause
	last := fmt.Errorf("%s was not asked in time", url)
	for {
		err := asker.ask(ctx, url)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return last
		}
		last = err
		select {
		case <-ctx.Done():
			return last
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// asker asks a service for its health: not through a proxy, for it is near; on a new connection each time, so that a service
// which is only starting is not held to the first one; without following redirects, for they may lead elsewhere.
type asker struct{ *http.Client }

func newAsker() asker {
	return asker{&http.Client{
		Timeout:       probeTimeout,
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (a asker) ask(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := a.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, response.Status)
	}
	return nil
}
