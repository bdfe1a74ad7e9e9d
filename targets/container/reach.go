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

	// headStart is how long the published port alone is asked.
	headStart = 2 * time.Second
)

// candidates are the URLs at which a service may be reached from here.
type candidates struct {
	published []string // the engine's port
	own       []string // the container's own addresses
}

// candidatesOf lists the URLs at which the service may be reached from here.
//
// Where that is depends on where this process runs, and nothing says so reliably. testcontainers takes the bridge's gateway
// for the host wherever /.dockerenv exists; that file also exists on machines that are no container (made from an image, say),
// where the gateway does not lead to a port published on 127.0.0.1 and the wait never ends. So nothing is guessed: the
// addresses that can be right are asked, and the one that answers is. The published port is right on the engine's own machine;
// the container's own address is right in another container that was given the engine's socket.
func candidatesOf(daemon string, settings *docker.NetworkSettings, port network.Port) candidates {
	var c candidates
	if settings == nil {
		return c
	}
	for _, binding := range settings.Ports[port] {
		c.published = append(c.published, "http://"+net.JoinHostPort(publishedHost(daemon), binding.HostPort))
	}
	for _, name := range slices.Sorted(maps.Keys(settings.Networks)) {
		if ip := settings.Networks[name].IPAddress; ip.IsValid() && !ip.IsUnspecified() {
			c.own = append(c.own, "http://"+net.JoinHostPort(ip.String(), strconv.Itoa(int(port.Num()))))
		}
	}
	return c
}

// publishedHost is the host whose ports the engine publishes: this one, or that of an engine reached by TCP.
func publishedHost(daemon string) string {
	at, err := url.Parse(daemon)
	if err == nil && at.Hostname() != "" && slices.Contains([]string{"tcp", "http", "https"}, at.Scheme) {
		return at.Hostname()
	}
	return "127.0.0.1"
}

// answering returns the URL whose path answers 200. The published port is preferred, so that the URL does not vary: the
// container's own addresses are asked only once it has been silent for the head start, and what one of them answers counts
// only if the published port still does not. It returns an error only once ctx has ended: what each URL answered last.
func (c candidates) answering(ctx context.Context, path string, headStart time.Duration) (string, error) {
	if len(c.published)+len(c.own) == 0 {
		<-ctx.Done()
		return "", errors.New("container publishes no port")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan answer, len(c.published)+len(c.own))
	for _, base := range c.published {
		go func() { answers <- answer{base, poll(ctx, base+path)} }()
	}
	for _, base := range c.own {
		go func() {
			pause(ctx, headStart)
			answers <- answer{base, poll(ctx, base+path)}
		}()
	}
	var errs []error
	for range cap(answers) {
		got := <-answers
		if got.err == nil {
			return c.prefer(ctx, got.url, path), nil
		}
		errs = append(errs, got.err)
	}
	return "", errors.Join(errs...)
}

// answer is what became of polling one URL.
type answer struct {
	url string
	err error
}

// prefer returns a published URL if one answers by now, else the URL that did: a service that was slow to start answers
// everywhere at the same moment.
func (c candidates) prefer(ctx context.Context, answered, path string) string {
	for _, base := range c.published {
		if base == answered || newAsker().ask(ctx, base+path) == nil {
			return base
		}
	}
	return answered
}

// poll asks until the answer is 200 or ctx ends, with pauses that grow. Its error is the last one of the service's, not that
// ctx ended.
func poll(ctx context.Context, url string) error {
	asker := newAsker()
	rest := firstPause
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
		pause(ctx, rest)
		rest = min(2*rest, longestPause)
	}
}

// pause waits for a time or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
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
