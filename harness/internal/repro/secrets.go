package repro

import (
	"fmt"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets/exchange"
)

// The names of secrets: of the operator, of users, and of those without a name of
// their own.
const (
	operatorToken  = "CROSSTALK_OPERATOR_TOKEN"
	operatorPrefix = "CROSSTALK_OPERATOR_"
	userPrefix     = "CROSSTALK_USER_"
	unnamedPrefix  = "CROSSTALK_SECRET_"
)

// secret is the environment variable for a secret that no answer gave: that of its
// name, where it has one.
func (p *planner) secret(placeholder string) string {
	for _, s := range p.secrets {
		if s.placeholder == placeholder {
			return s.variable
		}
	}
	variable := variableOf(exchange.Placeholder.FindStringSubmatch(placeholder)[1])
	if variable == "" {
		variable = operatorToken
		if n := len(p.secrets); n > 0 {
			variable = fmt.Sprintf("%s%d", unnamedPrefix, n+1)
		}
	}
	p.secrets = append(p.secrets, secret{placeholder, variable})
	return variable
}

// ownWords are variables that the shell's script has itself, in small letters.
var ownWords = []string{"answers", "base", "method", "name", "rows", "status", "url", "was", "world"}

// variableOf is the variable for the name of a secret, or empty for a number.
func variableOf(name string) string {
	switch {
	case name == "" || name[0] >= '0' && name[0] <= '9':
		return ""
	case slices.Contains(ownWords, strings.ToLower(name)):
		return unnamedPrefix + strings.ToUpper(name)
	}
	return name
}

// goSecret is the name in Go for a secret, which no value of an answer has.
func goSecret(variable string) string {
	if !strings.HasPrefix(variable, "CROSSTALK_") {
		variable = "SECRET_" + variable
	}
	return goName(variable)
}

// confine leaves secrets out of a request to another origin than that to which they
// were sent first, and the operator's out of all but those to the service.
func (p *planner) confine(q *scriptRequest, origin string) {
	q.url, q.body = p.confined(q.url, origin), p.confined(q.body, origin)
	headers := q.headers[:0]
	for _, h := range q.headers {
		if value := p.confined(h.value, origin); len(value) == len(h.value) {
			headers = append(headers, h)
		}
	}
	q.headers = headers
}

// confined is a text without the secrets that are for another origin.
func (p *planner) confined(t text, origin string) text {
	return slices.DeleteFunc(t, func(one piece) bool {
		if one.secret == "" {
			return false
		}
		meant, known := p.origins[one.secret]
		if !known {
			meant = origin
			if strings.HasPrefix(one.secret, operatorPrefix) {
				meant = originOf(p.base)
			}
			p.origins[one.secret] = meant
		}
		return meant != origin
	})
}
