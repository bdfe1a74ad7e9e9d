package config

import (
	"maps"
	"slices"

	"github.com/telehealth-conformance/crosstalk/models"
)

// requestKeys say what is sent and what is learnt from the answer.
func requestKeys() schema {
	return schema{
		"as":        words("Whose credentials are sent. Default: the actor's; nobody's for patient, clinician and login; the operator's for replays.", "actor", "anyone", "operator", "patient", "clinician", "guest", "peer"),
		"method":    matching("The HTTP method. Default: GET; HEAD for head.", "^[A-Z]+$", "an HTTP method in capitals, like POST", "POST"),
		"path":      filled("A template below target.base; values are escaped.", "/patients/{{.actor.id}}"),
		"url":       filled("A template of a whole URL, in place of path. Credentials are sent to the target's own origin only.", "{{.recording.url}}"),
		"query":     each("Templates by name. Empty ones are left out.", defined("scalar", "A template.")),
		"headers":   each("Templates by name.", defined("scalar", "A template.")),
		"json":      schema{"description": "A JSON body whose texts are templates. One that is a single {{…}} keeps the type of its value.", "examples": []any{map[string]string{"name": "{{.name}}"}}},
		"form":      each("A form as a body, urlencoded: templates by name.", defined("scalar", "A template.")),
		"multipart": each("A form as a body, multipart: templates or files by name.", either("A template, or a file.", schema{"$ref": "#/$defs/scalar"}, schema{"$ref": "#/$defs/file"})),
		"raw":       text("A template of the body.", "{{.media}}"),
		"type":      filled("The content type of a body that is json, form or raw, in place of its own.", "application/octet-stream"),
		"capture":   named("What is learnt from the answer, by name, about what the operation defines or else acts on.", schema{"$ref": "#/$defs/capture"}),
		"outcome":   list("What the answer means, where the status code does not say it. The first that fits decides.", defined("outcome", "A meaning.")),
		"poll":      defined("poll", "Ask again until the answer is ready."),
		"redirects": toggle("Follow redirects to the target's own origin.", false),
	}
}

// sameKeys are the keys of a request by reference to the definition of one.
func sameKeys() schema {
	keys := make(schema)
	for key := range requestKeys() {
		keys[key] = schema{"$ref": "#/$defs/request/properties/" + key}
	}
	return keys
}

// besidesPath lists the keys of a request but path and url.
func besidesPath() []string {
	keys := requestKeys()
	delete(keys, "path")
	delete(keys, "url")
	return slices.Sorted(maps.Keys(keys))
}

// request is a request of its own.
func request(description string, keys schema) schema {
	s := object(description, keys)
	s["allOf"] = []schema{exactlyOne("path", "url"), {"$ref": "#/$defs/oneBody"}, {"$ref": "#/$defs/typedBody"}}
	return s
}

func requestDefinitions() schema {
	step := sameKeys()
	step["if"] = text("A template; the step is skipped where it gives nothing or false.", "{{.mode}}")
	return schema{
		"request": request("A request.", requestKeys()),
		"step":    request("A request of several.", step),
		"jq":      schema{"type": "string", "minLength": 1, "title": "jq", "examples": []string{".items[]"}},
		"scalar":  schema{"type": []string{"string", "number", "boolean"}, "title": "a template"},
		"capture": captureSchema(),
		"outcome": outcomeSchema(),
		"poll": object("Ask again until the answer is ready.", schema{
			"until":  defined("jq", "jq that gives true when it is."),
			"every":  defined("duration", "The time between.").byDefault("200ms"),
			"within": defined("duration", "The time limit.").byDefault("10s"),
		}, "until"),
		"file": object("A file of a form.", schema{
			"content":  filled("A template.", "{{.media}}"),
			"filename": filled("The name of the file.", "r.bin"),
			"type":     filled("The content type.", "video/mp4"),
		}, "content"),
	}
}

func captureSchema() schema {
	from := object("Where the value is: in a header or a cookie, or what a regular expression finds there.", schema{
		"jq":     defined("jq", "jq on the JSON body."),
		"header": filled("The name of a header.", "ETag"),
		"cookie": filled("The name of a cookie.", "sid"),
		"match":  schema{"description": "A regular expression (RE2); its first group is the value.", "type": "string", "format": "regex", "title": "a regular expression", "examples": []string{"/sessions/([^/]+)"}},
	})
	from["allOf"] = []schema{exactlyOne("jq", "header", "cookie")}
	return either("jq on the JSON body, or where else the value is.", schema{"$ref": "#/$defs/jq"}, from)
}

func outcomeSchema() schema {
	s := object("A meaning of an answer.", schema{
		"status": either("The status codes; any where there are none.", statusSchema(), list("Some status codes.", statusSchema())),
		"when":   defined("jq", "jq on the JSON body that gives true."),
		"is":     words("The outcome.", models.OK, models.Denied, models.Missing, models.Invalid, models.Conflict, models.Unavailable, models.Unknown),
	}, "is")
	return s
}

// authSchema describes credentials.
func authSchema() schema {
	return object("What is put on requests.", schema{
		"user":     userSchema("Put on every request made as a user: bearer or basic, cookies, headers."),
		"operator": operatorSchema(),
		"renew":    renewSchema(),
	})
}

// renewSchema describes how a user whose token has expired logs in again.
func renewSchema() schema {
	s := object("How a user whose token has expired logs in again; the request is then made once more. Default: by login, where it gives what requests carry.", schema{
		"on":        either("The status codes that tell it. Default: 401, or a denial that says that a token or a session has expired.", statusSchema(), list("Some status codes.", statusSchema())),
		"match":     filled("A text that the answer has as well, in capitals or small letters.", "token expired"),
		"operation": words("Log in by operations.login, or never.", "login", "none"),
		"request":   schema{"$ref": "#/$defs/request", "description": "A request in place of login, made as anyone unless as says actor; its captures are {{.actor.NAME}}."},
	})
	s["allOf"] = []schema{atMostOne("operation", "request")}
	return s
}

func credentialKeys() schema {
	return schema{
		"bearer": filled("A template of the token in the Authorization header.", "{{.actor.token}}"),
		"cookies": either("Templates by the name of the cookie, or kept: what the service sets is sent again, as a browser does.",
			words("Keep cookies.", "kept"), each("Templates by name.", filled("A template."))),
		"basic": object("HTTP basic authentication.", schema{
			"username": filled("A template.", "{{.actor.email}}"),
			"password": text("A template.", "{{.actor.password}}"),
		}, "username", "password"),
		"headers": each("Templates by the name of the header.", filled("A template.")),
	}
}

func userSchema(description string) schema {
	s := object(description, credentialKeys())
	s["allOf"] = []schema{someOf("bearer", "cookies", "basic", "headers"), atMostOne("bearer", "basic")}
	return s
}

func operatorSchema() schema {
	keys := credentialKeys()
	keys["oauth2"] = object("OAuth 2.0 client credentials.", schema{
		"token_url":     matching("The token endpoint.", "^https?://[^/]", "a URL that begins with http:// or https://", "https://id.example/token"),
		"client_id":     filled("The client.", "crosstalk"),
		"client_secret": text("Its secret.", "${SECRET}"),
		"scopes":        list("The scopes asked for.", filled("A scope."), []string{"admin"}),
	}, "token_url", "client_id", "client_secret")
	keys["login"] = schema{"$ref": "#/$defs/request", "description": "A request made once; its captures are {{.operator.NAME}}."}
	s := object("Put on every request made as the operator: one of bearer, basic and oauth2, cookies, headers.", keys)
	s["allOf"] = []schema{someOf("bearer", "cookies", "basic", "headers", "oauth2"), atMostOne("bearer", "basic", "oauth2"),
		when(without("does not go with oauth2, whose token is asked for by itself", "login"), "oauth2")}
	return s
}
