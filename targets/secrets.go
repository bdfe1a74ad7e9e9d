package targets

// Secret is a value that must be written nowhere: neither into a file of a run
// nor on the terminal.
type Secret struct {
	// Value is the secret as it is, in no form of quoting.
	Value string
	// Name says what it is and is a variable of the environment from which
	// somebody who repeats a request takes it: letters, digits and underscores, as
	// in CROSSTALK_OPERATOR_TOKEN. It is empty for what the service gave, as the
	// token of somebody who logged in.
	Name string
	// Place is where it is sent. A value that is short or an ordinary word is a
	// secret only there.
	Place Place
}

// Place is a place in a request.
type Place struct {
	// In is one of [InHeader], [InCookie], [InQuery] and [InBody], or empty for
	// a secret that is not sent in a place of its own.
	In string
	// Name is that of the header, the cookie, the parameter or the field.
	Name string
}

// The kinds of places in a request.
const (
	InHeader = "header"
	InCookie = "cookie"
	InQuery  = "query"
	InBody   = "body"
)

// Secretive is a [Target] that was given secrets, or was told some.
type Secretive interface {
	// Secrets are those that it knows by now: what it was given, and what the
	// service has told in its worlds, the last of it at least. It may be called at
	// any time.
	Secrets() []Secret
}

// SecretsOf are the secrets of a target; none where it has none.
func SecretsOf(t Target) []Secret {
	if s, ok := t.(Secretive); ok {
		return s.Secrets()
	}
	return nil
}
