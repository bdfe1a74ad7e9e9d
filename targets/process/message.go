package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

// message is what crosstalk says.
type message struct {
	Crosstalk int              `json:"crosstalk,omitempty"`
	ID        int              `json:"id"`
	Do        string           `json:"do"`
	World     models.Namespace `json:"world,omitempty"`
	Step      int              `json:"step,omitempty"`
	Line      string           `json:"line,omitempty"`
	Operation *operation       `json:"operation,omitempty"`
	Person    *person          `json:"person,omitempty"`
	Title     string           `json:"title,omitempty"`
	Media     []byte           `json:"media,omitempty"`
	Recording *recording       `json:"recording,omitempty"`

	about string // what it is about, for errors
}

// What a message asks for.
const (
	doHello   = "hello"
	doOpen    = "open"
	doApply   = "apply"
	doClose   = "close"
	doRestart = "restart"
	doBye     = "bye"
)

// operation is an operation without the words of a trace.
type operation struct {
	Kind      models.Kind    `json:"kind"`
	Actor     models.Handle  `json:"actor,omitempty"`
	Defines   models.Handle  `json:"defines,omitempty"`
	Arguments map[string]any `json:"arguments,omitempty"`
}

// person is somebody who registers or logs in.
type person struct {
	Name         string      `json:"name"`
	Email        string      `json:"email"`
	Password     string      `json:"password"`
	BirthDate    string      `json:"birthDate,omitempty"` // as 2006-01-02
	Plan         models.Plan `json:"plan,omitempty"`
	MemberNumber string      `json:"memberNumber,omitempty"`
}

// recording is a recording with the id that the service gave it.
type recording struct {
	Handle models.Handle `json:"handle"`
	ID     string        `json:"id"`
}

func operationOf(op models.Operation) *operation {
	o := &operation{Kind: op.Kind(), Actor: op.Actor(), Defines: op.Defines()}
	for _, a := range models.Arguments(op) {
		if o.Arguments == nil {
			o.Arguments = make(map[string]any)
		}
		o.Arguments[a.Name] = a.Value
	}
	return o
}

func personOf(p naming.Person) *person {
	out := &person{Name: p.Name, Email: p.Email, Password: p.Password}
	if !p.BirthDate.IsZero() {
		out.BirthDate = p.BirthDate.Format(time.DateOnly)
	}
	return out
}

// subject says which message it is.
func (m *message) subject() string {
	if m.about == "" {
		return fmt.Sprintf("message %d (%s)", m.ID, m.Do)
	}
	return fmt.Sprintf("message %d (%s)", m.ID, m.about)
}

// line is the message as it is written. Every type in it can be encoded.
func (m *message) line() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		panic(fmt.Sprintf("encode a message: %v", err))
	}
	return b.Bytes()
}
