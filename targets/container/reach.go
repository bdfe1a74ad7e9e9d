package container

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
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

	// holdTime is how long a proxy may take to find that nobody listens.
	holdTime = 300 * time.Millisecond
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

// asking is how an address of a service is asked: each question is asked once, and nil means that the service answers.
type asking struct {
	published func(ctx context.Context, base string) error // at the engine's port
	own       func(ctx context.Context, base string) error // at the container's own addresses
	headStart time.Duration                                // for which the published port alone is asked
}

// answering returns the URL that answers. The published port is preferred, so that the URL does not vary: the container's own
// addresses are asked only once it has been silent for the head start, and what one of them answers counts only if the
// published port still does not. It returns an error only once ctx has ended: what each URL answered last.
func (c candidates) answering(ctx context.Context, by asking) (string, error) {
	if len(c.published)+len(c.own) == 0 {
		<-ctx.Done()
		return "", errors.New("container publishes no port")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan answer, len(c.published)+len(c.own))
	for _, base := range c.published {
		go func() { answers <- answer{base, pollURL(ctx, base, by.published)} }()
	}
	for _, base := range c.own {
		go func() {
			pause(ctx, by.headStart)
			answers <- answer{base, pollURL(ctx, base, by.own)}
		}()
	}
	var errs []error
	for range cap(answers) {
		got := <-answers
		if got.err == nil {
			return c.prefer(ctx, got.url, by), nil
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
// everywhere at the same moment. That there is a service is known, so the published port is asked like the container's own.
func (c candidates) prefer(ctx context.Context, answered string, by asking) string {
	for _, base := range c.published {
		if base == answered || by.own(ctx, base) == nil {
			return base
		}
	}
	return answered
}

func pollURL(ctx context.Context, base string, ask func(context.Context, string) error) error {
	return poll(ctx, base, func(ctx context.Context) error { return ask(ctx, base) })
}

// poll asks until the answer is nil or ctx ends, with pauses that grow. Its error is the last one of the service's, not that
// ctx ended.
func poll(ctx context.Context, what string, ask func(context.Context) error) error {
	rest := firstPause
	last := fmt.Errorf("%s did not answer in time", what)
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		if ended(ctx) {
			return last
		}
		last = err
		pause(ctx, rest)
		rest = min(2*rest, longestPause)
	}
}

// ended reports whether ctx has ended, or is past its deadline and about to: what waits for the same deadline may notice first.
func ended(ctx context.Context) bool {
	deadline, limited := ctx.Deadline()
	return ctx.Err() != nil || limited && !time.Now().Before(deadline)
}

// pause waits for a time or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// askHTTP asks GET for a path, until the answer's status is accepted.
func askHTTP(path string, accepted func(status int) bool) asking {
	at := func(ctx context.Context, base string) error { return ask(ctx, base+path, accepted) }
	return asking{published: at, own: at, headStart: headStart}
}

// ask asks a service once: not through a proxy, for it is near; on a new connection each time, so that a service which is only
// starting is not held to the first one; without following redirects, for they may lead elsewhere.
func ask(ctx context.Context, url string, accepted func(status int) bool) error {
	asker := http.Client{
		Timeout:       probeTimeout,
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := asker.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if !accepted(response.StatusCode) {
		return fmt.Errorf("%s answered %s", url, response.Status)
	}
	return nil
}

// askTCP asks whether connections are accepted. The container's own address gives the better answer and is asked at once:
// the engine's proxy accepts connections to the published port before anybody listens behind it.
func askTCP() asking { return asking{published: hold, own: dial} }

// dial asks whether a connection is accepted.
func dial(ctx context.Context, base string) error {
	connection, err := connect(ctx, base)
	if err != nil {
		return err
	}
	return connection.Close()
}

// hold asks whether a connection is accepted and kept for a moment, or used: a proxy that finds nobody to connect to closes
// it at once.
func hold(ctx context.Context, base string) error {
	connection, err := connect(ctx, base)
	if err != nil {
		return err
	}
	defer connection.Close()
	if err := connection.SetReadDeadline(time.Now().Add(holdTime)); err != nil {
		return err
	}
	if _, err := connection.Read(make([]byte, 1)); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%s accepted a connection and closed it at once", connection.RemoteAddr())
	}
	return nil
}

func connect(ctx context.Context, base string) (net.Conn, error) {
	at, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	return (&net.Dialer{Timeout: probeTimeout}).DialContext(ctx, "tcp", at.Host)
}
