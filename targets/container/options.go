package container

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Options say which container to start and when it counts as ready.
type Options struct {
	// Image is the reference to start, for example [Image.Ref]. One that is not present is pulled, save for images of
	// [BuildStatic], which exist nowhere else. Required.
	Image string
	// Env is added to the environment that the image sets.
	Env map[string]string
	// Cmd is passed to the image's entrypoint, or run where it has none.
	Cmd []string
	// Port is the TCP port on which the service listens inside the container, on all its addresses; 8080 when zero. It is
	// published on a free port of the engine's 127.0.0.1 and nowhere else, so an engine on another machine does not do.
	Port int
	// Health is the path that answers 200 to GET once the service is ready; "/healthz" when empty.
	Health string
	// StartTimeout bounds the wait for the first 200 after the container was started; 30 s when zero.
	StartTimeout time.Duration
	// Labels are put on the container beside those that name its owner. Keys beginning "crosstalk." are refused.
	Labels map[string]string
	// KeepLogs is a directory, made when needed, that receives NAME.log just before the container is removed. Empty: the
	// logs go with the container.
	KeepLogs string
}

const (
	defaultPort         = 8080
	defaultHealth       = "/healthz"
	defaultStartTimeout = 30 * time.Second
)

// complete fills in defaults and refuses what cannot work.
func (o Options) complete() (Options, error) {
	o.Port = cmp.Or(o.Port, defaultPort)
	o.Health = cmp.Or(o.Health, defaultHealth)
	o.StartTimeout = cmp.Or(o.StartTimeout, defaultStartTimeout)
	switch {
	case o.Image == "":
		return o, errors.New("name the image to start: Options.Image is empty")
	case o.Port < 1 || o.Port > 65535:
		return o, fmt.Errorf("publish port %d: want 1 to 65535", o.Port)
	case !strings.HasPrefix(o.Health, "/"):
		return o, fmt.Errorf("ask health path %q: want a path that begins with /", o.Health)
	case o.StartTimeout < 0:
		return o, fmt.Errorf("wait %v for the service: want a positive time", o.StartTimeout)
	}
	for key := range o.Labels {
		if strings.HasPrefix(key, labelPrefix) {
			return o, fmt.Errorf("label container %q: keys beginning %q are taken", key, labelPrefix)
		}
	}
	return o, nil
}
