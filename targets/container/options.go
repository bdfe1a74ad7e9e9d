package container

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// Options say which container to start, with what beside it, and when it counts as ready.
type Options struct {
	// Image is the reference to start, for example [Image.Ref]. One that is not present is pulled, save for images of
	// [BuildStatic], which exist nowhere else. Required.
	Image string
	// Env is added to the environment that the image sets.
	Env map[string]string
	// Entrypoint replaces the image's entrypoint, and with it the command that the image sets. Empty: the image's own.
	Entrypoint []string
	// Cmd is passed to the entrypoint, or run where there is none. Empty: the image's own, unless Entrypoint is set.
	Cmd []string
	// Port is the TCP port on which the service listens inside the container, on all its addresses; 8080 when zero. It is
	// published on a free port of the engine's 127.0.0.1 and nowhere else, so an engine on another machine does not do.
	Port int
	// Ready says when the service counts as ready; the zero value asks GET /healthz for 200 within 30 s.
	Ready Ready
	// Files are copied into the container before it starts. They outlive its restarts and go with it.
	Files []File
	// Services run beside the container on a network that nobody else is on. Each is started and ready, in this order,
	// before the next one and at last the container itself.
	Services []Service
	// Labels are put on the container and its network beside those that name its owner. Keys beginning "crosstalk." are
	// refused.
	Labels map[string]string
	// KeepLogs is a directory, made when needed, that receives NAME.log just before the container is removed. Empty: the
	// logs go with the container.
	KeepLogs string
	// Secrets are taken out of the kept logs, and those that the service is known to have told while it ran.
	Secrets []targets.Secret
}

// A Service is a container beside another: its database, say. Its own Options may hold no services. Its labels and logs are
// kept as its own Options say; where they name no directory for the logs, as those of the main container do.
type Service struct {
	// Name is the host name under which the other containers reach the service, on whichever port it listens: letters,
	// digits, dots, dashes and underscores, 63 at most, beginning with a letter or a digit.
	Name string
	Options
}

const defaultPort = 8080

// hostName matches what names a service: the engine takes it for a part of a container's name and for a host name.
const hostName = `^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$`

// complete fills in defaults and refuses what cannot work.
func (o Options) complete() (Options, error) {
	o.Port = cmp.Or(o.Port, defaultPort)
	switch {
	case o.Image == "":
		return o, errors.New("name the image to start: Options.Image is empty")
	case o.Port < 1 || o.Port > 65535:
		return o, fmt.Errorf("publish port %d: want 1 to 65535", o.Port)
	}
	for key := range o.Labels {
		if strings.HasPrefix(key, labelPrefix) {
			return o, fmt.Errorf("label container %q: keys beginning %q are taken", key, labelPrefix)
		}
	}
	for _, file := range o.Files {
		if err := file.check(); err != nil {
			return o, err
		}
	}
	var err error
	if o.Ready, err = o.Ready.complete(); err != nil {
		return o, err
	}
	o.Services, err = completeServices(o.Services, o.KeepLogs)
	return o, err
}

// completeServices completes the options of each service and refuses names that are no host names or not unique.
func completeServices(services []Service, keepLogs string) ([]Service, error) {
	complete := make([]Service, 0, len(services))
	taken := map[string]bool{}
	for _, s := range services {
		key := strings.ToLower(s.Name)
		switch {
		case !regexp.MustCompile(hostName).MatchString(s.Name):
			return nil, fmt.Errorf("name service %q: want a host name that matches %s", s.Name, hostName)
		case taken[key]:
			return nil, fmt.Errorf("name service %q: another has that name", s.Name)
		case len(s.Services) > 0:
			return nil, fmt.Errorf("start service %q: it has services of its own: list them beside it", s.Name)
		}
		taken[key] = true
		s.KeepLogs = cmp.Or(s.KeepLogs, keepLogs)
		var err error
		if s.Options, err = s.complete(); err != nil {
			return nil, fmt.Errorf("service %q: %w", s.Name, err)
		}
		complete = append(complete, s)
	}
	return complete, nil
}
