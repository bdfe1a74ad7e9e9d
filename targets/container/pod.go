package container

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// A pod is what one start makes and one close removes: a main container, and the services beside it with the network that
// they share, if there are any.
type pod struct {
	fleet    *Fleet
	name     string // of the main container
	labels   map[string]string
	engine   *client.Client
	provider testcontainers.GenericProvider
	network  *privateNetwork // nil: there are no services
	secrets  secret.Net      // which kept logs are without

	closing sync.Mutex // held while the pod is removed
	closed  bool

	mu         sync.Mutex
	containers []*Instance // services in the order they start, at last the main container
}

// newPod enters an empty pod in the fleet.
func (f *Fleet) newPod(ctx context.Context) (*pod, error) {
	me, err := self()
	if err != nil {
		return nil, fmt.Errorf("name owner of container: %w", err)
	}
	engine, err := open(ctx)
	if err != nil {
		return nil, err
	}
	provider, err := testcontainers.ProviderDefault.GetProvider(testcontainers.WithLogger(debugLogger{f.log}))
	if err != nil {
		engine.Close()
		return nil, noEngine(err)
	}
	labels := me.labels()
	labels[labelRun] = f.run
	p := &pod{fleet: f, name: f.nextName(), labels: labels, engine: engine, provider: provider}
	f.add(p)
	return p, nil
}

// launch starts the services, one after the other, and then the main container. What it has made when it fails is closed
// with the pod.
func (p *pod) launch(ctx context.Context, opts Options) (*Instance, error) {
	p.secrets.Add(opts.Secrets...)
	if len(opts.Services) > 0 {
		network, err := createNetwork(ctx, p.engine, p.name+"-net", p.labelled(opts.Labels))
		if err != nil {
			return nil, because(ctx, err)
		}
		p.network = network
	}
	for _, s := range opts.Services {
		if _, err := p.run(ctx, s.Name, s.Options); err != nil {
			return nil, fmt.Errorf("service %q: %w", s.Name, err)
		}
	}
	return p.run(ctx, "", opts)
}

// run starts one container and waits until it is ready. The service is empty for the main container.
func (p *pod) run(ctx context.Context, service string, opts Options) (*Instance, error) {
	instance, err := p.create(ctx, service, opts)
	if err != nil {
		return nil, fmt.Errorf("create container from %s: %w", opts.Image, because(ctx, err))
	}
	if err := instance.start(ctx); err != nil {
		return nil, fmt.Errorf("start container from %s: %w", opts.Image, because(ctx, err))
	}
	return instance, nil
}

// labelled returns the labels that name the owner, and others.
func (p *pod) labelled(others map[string]string) map[string]string {
	labels := maps.Clone(p.labels)
	maps.Copy(labels, others)
	return labels
}

// close removes the containers and then the network. It can be tried again where it has failed.
func (p *pod) close() error {
	p.closing.Lock()
	defer p.closing.Unlock()
	if p.closed {
		return nil
	}
	containers := p.members()
	err := inParallel(containers, (*Instance).discard)
	removed := !slices.ContainsFunc(containers, func(i *Instance) bool { return !i.isRemoved() })
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if stuck := p.network.remove(ctx); stuck != nil {
		return errors.Join(err, stuck)
	}
	if removed {
		p.closed = true
		p.fleet.forget(p)
		p.engine.Close()
	}
	return err
}

func (p *pod) add(i *Instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.containers = append(p.containers, i)
}

// members lists the containers in the order they started.
func (p *pod) members() []*Instance {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.containers)
}
