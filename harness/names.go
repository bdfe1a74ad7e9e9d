package harness

import (
	"crypto/rand"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/telehealth-conformance/crosstalk/models"
)

// namer gives out namespaces that no other run has given out: a random prefix
// for the run, and a number. Names never influence what is drawn or judged.
type namer struct {
	prefix string
	next   atomic.Int64
}

// prefixLen leaves room for 36^6 worlds in one run.
const prefixLen = models.MaxNamespace - 6

func newNamer() *namer {
	return &namer{prefix: strings.ToLower(rand.Text()[:prefixLen])}
}

func (n *namer) world() models.Namespace {
	return models.Namespace(n.prefix + strconv.FormatInt(n.next.Add(1), 36))
}
