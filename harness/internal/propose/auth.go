package propose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/telehealth-conformance/crosstalk/models"
)

// credentials is how requests are made in somebody's name.
type credentials struct {
	name   string // of the scheme, or empty
	scheme *openapi3.SecurityScheme
}

// cookie reports whether a cookie says who asks.
func (c credentials) cookie() bool {
	return c.scheme != nil && c.scheme.Type == "apiKey" && c.scheme.In == "cookie"
}

// user is the scheme that most of the operations of users need.
func (d *document) user(chosen map[models.Kind]*choice) credentials {
	count := make(map[string]int)
	for _, k := range models.Kinds() {
		c := chosen[k]
		if c.match == nil || c.endpoint.anyone || mayBeOperators(k) {
			continue
		}
		for _, name := range c.endpoint.schemes {
			count[name]++
		}
	}
	return d.most(count)
}

// operator is the scheme of what only the operator does, where it is not that of
// users.
func (d *document) operator(chosen map[models.Kind]*choice, user string) credentials {
	count := make(map[string]int)
	for _, k := range models.Kinds() {
		if !mayBeOperators(k) {
			continue
		}
		if c := chosen[k]; c.match != nil && !c.endpoint.anyone {
			for _, name := range c.endpoint.schemes {
				if name != user {
					count[name]++
				}
			}
		}
	}
	return d.most(count)
}

func (d *document) most(count map[string]int) credentials {
	var names []string
	for name := range count {
		if d.schemes[name] != nil {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return credentials{}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
	return credentials{names[0], d.schemes[names[0]]}
}

// secretOf is the environment variable in which the operator's secret is.
const secretOf = "${CROSSTALK_OPERATOR_TOKEN}"

// authSection says how requests are made as a user and as the operator.
func (p *proposing) authSection() entry {
	section := entry{key: "auth", apart: true, above: []string{"How a request says who makes it. {{.actor.…}} is what was captured for that user."}}
	section.below = append(section.below, entry{key: "user", above: p.userReason(), below: userEntries(p.user, p.capturesToken)})
	if !p.asOperator() {
		return section
	}
	if entries, above := p.loginEntries(); entries != nil {
		section.below = append(section.below, entry{key: "operator", above: above, below: entries})
		return section
	}
	above := []string{p.schemeReason(p.operator), "TODO: put the operator's secret into the environment, as named here"}
	section.below = append(section.below, entry{key: "operator", above: above, below: operatorEntries(p.operator, p.user)})
	return section
}

func (p *proposing) userReason() []string {
	if p.user.scheme == nil {
		return []string{"TODO: could not guess: the document names no security scheme that operations of users need"}
	}
	out := []string{p.schemeReason(p.user)}
	switch {
	case p.user.scheme.Type == "apiKey" && p.user.scheme.In == "query":
		out = append(out, "TODO: keys in the query are not supported here: put the key into the query of each operation")
	case (p.user.scheme.Type == "oauth2" || p.user.scheme.Type == "openIdConnect") && !p.capturesToken:
		out = append(out, "TODO: have login give a token (a password grant, or a test identity provider) and capture it as token")
	case p.user.scheme.Type == "mutualTLS":
		out = append(out, "TODO: certificates of users are not supported; expected a header, a cookie or basic authentication")
	}
	return out
}

func (p *proposing) schemeReason(c credentials) string {
	if c.scheme == nil {
		return "the document names no scheme of the operator's own"
	}
	return clean("from the security scheme " + c.name + " (" + strings.TrimSpace(c.scheme.Type+" "+cmp.Or(c.scheme.Scheme, c.scheme.In)) + ")")
}

// userEntries are the credentials of a user.
func userEntries(c credentials, token bool) []entry {
	bearer := []entry{{key: "bearer", value: "{{.actor.token}}"}}
	switch {
	case c.scheme == nil && !token:
		return []entry{{key: "cookies", value: "kept", beside: "every cookie that registration and login set"}}
	case c.scheme == nil:
		return bearer
	case c.scheme.Type == "http" && strings.EqualFold(c.scheme.Scheme, "basic"):
		return []entry{{key: "basic", value: object{{"username", "{{.actor.email}}"}, {"password", "{{.actor.password}}"}}}}
	case c.cookie():
		return []entry{{key: "cookies", value: "kept", beside: "every cookie that registration and login set"}}
	case c.scheme.Type == "apiKey" && c.scheme.In == "header":
		return []entry{{key: "headers", value: object{{plain(c.scheme.Name), "{{.actor.token}}"}}}}
	}
	return bearer
}

// operatorEntries are the credentials of the operator.
func operatorEntries(c, user credentials) []entry {
	if c.scheme == nil {
		c = user
	}
	bearer := []entry{{key: "bearer", value: secretOf}}
	switch {
	case c.scheme == nil:
		return bearer
	case c.scheme.Type == "oauth2" && c.scheme.Flows != nil && c.scheme.Flows.ClientCredentials != nil:
		flow := c.scheme.Flows.ClientCredentials
		scopes := list{}
		for _, name := range sorted(flow.Scopes) {
			scopes = append(scopes, plain(name))
		}
		value := object{{"token_url", plain(cmp.Or(flow.TokenURL, "https://TODO"))}, {"client_id", "${CROSSTALK_CLIENT_ID}"}, {"client_secret", "${CROSSTALK_CLIENT_SECRET}"}}
		if len(scopes) > 0 {
			value = append(value, field{"scopes", scopes})
		}
		return []entry{{key: "oauth2", value: value}}
	case c.scheme.Type == "http" && strings.EqualFold(c.scheme.Scheme, "basic"):
		return []entry{{key: "basic", value: object{{"username", "operator"}, {"password", secretOf}}}}
	case c.cookie():
		return []entry{{key: "cookies", value: object{{plain(c.scheme.Name), secretOf}}}}
	case c.scheme.Type == "apiKey" && c.scheme.In == "header":
		return []entry{{key: "headers", value: object{{plain(c.scheme.Name), secretOf}}}}
	}
	return bearer
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
