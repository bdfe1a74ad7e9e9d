package config

// targetSchema describes the service under test.
func targetSchema() schema {
	s := object("The service under test: exactly one of url, image, build and process.", schema{
		"name":        filled("How reports call it. Default: the name of the file's folder.", "acme-video"),
		"version":     filled("Its version, for the conformance statement.", "2.3.1"),
		"url":         matching("A running service. It is never restarted or reset unless restart and reset say how.", "^https?://[^/]", "a URL that begins with http:// or https://", "https://staging.example"),
		"image":       filled("An image to start in a container.", "acme/video:2.3.1"),
		"build":       object("An image made from a static binary alone, in place of image.", schema{"binary": filled("A static Linux binary, relative to this file.", "./bin/acme")}, "binary"),
		"process":     processSchema(),
		"base":        matching("Put in front of every path that begins with /.", "^/", "a path that begins with /", "/api"),
		"timeout":     defined("duration", "The time limit of one request.").byDefault("10s"),
		"tls":         object("How an https service is trusted.", schema{"ca": filled("A PEM file of certificate authorities, relative to this file, trusted besides the system's.", "ca.pem")}, "ca"),
		"reset":       resetSchema(),
		"restart":     restartSchema(),
		"services":    servicesSchema(),
		"ready":       defined("ready", "How it is told that the service is ready. Default: GET /healthz is answered with 200."),
		"port":        number("The port on which it listens in its container.", 1, 65535).byDefault(8080),
		"command":     commandSchema("Passed to the image's entrypoint."),
		"entrypoint":  commandSchema("Replaces the image's entrypoint."),
		"environment": schema{"$ref": "#/$defs/environment"},
		"files":       schema{"$ref": "#/$defs/files"},
	})
	notContained := "only goes with target.image or target.build"
	s["allOf"] = []schema{
		exactlyOne("url", "image", "build", "process"),
		when(without(notContained, "command", "entrypoint", "environment", "files", "port", "services"), "url"),
		when(schema{"properties": schema{
			"reset":   noContainer(schema{"enum": []string{"container"}}, "exec"),
			"restart": noContainer(schema{"enum": []string{"container"}}, "exec"),
			"ready":   noContainer(schema{"required": []string{"exec"}}, "log"),
		}}, "url"),
		when(without("does not go with target.process: the adapter says itself what it performs and how", "base", "timeout", "tls", "reset", "restart",
			"ready", "command", "entrypoint", "environment", "files", "port", "services"), "process"),
	}
	return s
}

// noContainer refuses what can only be done in a container.
func noContainer(what schema, key string) schema {
	return schema{"not": schema{"anyOf": []schema{what, {"type": "object", "required": []string{key}}}},
		"errorMessage": "needs a container: only goes with target.image or target.build"}
}

func targetDefinitions() schema {
	return schema{"ready": readySchema(), "files": filesSchema(), "environment": environmentSchema(), "action": actionSchema()}
}

func processSchema() schema {
	return object("An adapter that speaks JSON lines on its standard input and output.", schema{
		"command":     list("The program and its arguments.", filled("The program, or an argument."), []string{"python3", "adapter.py"}),
		"directory":   filled("Where it runs, relative to this file. Default: the file's folder.", "."),
		"environment": schema{"$ref": "#/$defs/environment"},
		"timeout":     defined("duration", "The time limit of one answer.").byDefault("30s"),
	}, "command")
}

func commandSchema(description string) schema {
	return list(description, text("A word of the command."), []string{"serve"})
}

func environmentSchema() schema {
	s := each("Variables added to the environment.", schema{"type": []string{"string", "number", "boolean"}})
	s["examples"] = []any{map[string]string{"DATABASE_URL": "postgres://app:${DB_PASSWORD}@db/app"}}
	return s
}

func filesSchema() schema {
	return list("Files and folders copied into the container before it starts.", object("A file or folder to copy.", schema{
		"from": filled("A file or folder, relative to this file.", "seed.sql"),
		"to":   matching("Its absolute path in the container.", "^/", "an absolute path in the container", "/data/seed.sql"),
	}, "from", "to"))
}

func readySchema() schema {
	s := object("How it is told that the service is ready: one of path, tcp, log and exec.", schema{
		"path":   matching("A path whose GET is answered with one of status.", "^/", "a path that begins with /", "/healthz"),
		"status": list("The status codes that mean ready. Default: 200.", statusSchema(), []int{200}),
		"tcp":    schema{"description": "The port accepts a connection.", "const": true, "title": "true, or no tcp at all"},
		"log":    schema{"description": "A regular expression (RE2) that a line of its log matches.", "type": "string", "format": "regex", "minLength": 1, "title": "a regular expression", "examples": []string{"ready to accept"}},
		"exec":   commandSchema("A command in the container that exits with 0."),
		"within": defined("duration", "The time limit.").byDefault("30s"),
	})
	s["allOf"] = []schema{atMostOne("path", "tcp", "log", "exec")}
	s["dependentRequired"] = schema{"status": []string{"path"}}
	return s
}

func statusSchema() schema { return number("A status code.", 100, 599) }

func servicesSchema() schema {
	return schema{
		"description":          "Containers beside it, started before it in this order, which it reaches by their names as host names.",
		"type":                 "object",
		"patternProperties":    schema{"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$": serviceSchema()},
		"additionalProperties": false,
		"errorMessage":         "expected a host name of small letters, digits and -",
	}
}

func serviceSchema() schema {
	s := object("A container beside the service under test.", schema{
		"image":       filled("The image to start.", "postgres:17"),
		"command":     commandSchema("Passed to the image's entrypoint."),
		"entrypoint":  commandSchema("Replaces the image's entrypoint."),
		"environment": schema{"$ref": "#/$defs/environment"},
		"files":       schema{"$ref": "#/$defs/files"},
		"port":        number("The port on which it listens.", 1, 65535),
		"ready":       defined("ready", "How it is told that the service is ready. Default: GET /healthz is answered with 200."),
	}, "image")
	return s
}

func resetSchema() schema {
	return either("How a service in which nobody exists yet is made for each run. Default: container for image and build; none for url, where "+
		"users are told apart by names that nobody else has.",
		words("A new container, or none.", "container", "none"), schema{"$ref": "#/$defs/action"})
}

func restartSchema() schema {
	return either("How service.restart() is done. Without it restarts are not tried.",
		words("Stop and start the container.", "container"), schema{"$ref": "#/$defs/action"})
}

// actionSchema is what is done to a service from outside.
func actionSchema() schema {
	s := object("A request, or a command in the container.", schema{
		"http": schema{"$ref": "#/$defs/request", "description": "A request."},
		"exec": commandSchema("A command in the container."),
	})
	s["allOf"] = []schema{exactlyOne("http", "exec")}
	s["title"] = "a mapping with http or exec"
	return s
}
