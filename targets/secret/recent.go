package secret

import (
	"slices"
	"sync"

	"github.com/telehealth-conformance/crosstalk/targets"
)

// Recent is the secrets that were added last, of which there are many: the tokens
// of all users of a service. It is safe for concurrent use.
type Recent struct {
	mu          sync.RWMutex
	now, before generation
}

// generation is secrets that are forgotten together.
type generation struct {
	all []targets.Secret
	set *Set
}

// maxGeneration is the number of secrets of a generation. The last so many are
// always known.
const maxGeneration = 1 << 12

// Add adds a secret.
func (r *Recent) Add(one targets.Secret) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now.set == nil || len(r.now.all) == maxGeneration {
		r.before, r.now = r.now, generation{set: new(Set)}
	}
	if !r.now.set.Has(one.Value) {
		r.now.all = append(r.now.all, one)
		r.now.set.Add(one)
	}
}

// Secrets are those that are known.
func (r *Recent) Secrets() []targets.Secret {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Concat(r.before.all, r.now.all)
}

// Text is a text without the secrets.
func (r *Recent) Text(text string) string {
	if r == nil || text == "" {
		return text
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, g := range []*generation{&r.now, &r.before} {
		if g.set != nil {
			text = g.set.Text(text)
		}
	}
	return text
}
