package judge

import (
	"crypto/rand"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/telehealth-conformance/crosstalk/models"
)

// Namer gives out namespaces that no other run has given out: a random prefix
// for the run, and a number. Names never influence what is drawn or judged.
type Namer struct {
	prefix string
	next   atomic.Int64
}

// prefixLen leaves room for 36^6 worlds in one run.
const prefixLen = models.MaxNamespace - 6

// NewNamer returns a namer with a prefix of its own.
func NewNamer() *Namer {
	return &Namer{prefix: strings.ToLower(rand.Text()[:prefixLen])}
}

// World is the next namespace.
func (n *Namer) World() models.Namespace {
	return models.Namespace(n.prefix + strconv.FormatInt(n.next.Add(1), 36))
}
