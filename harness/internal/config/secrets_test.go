package config

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// secretive is a file with a variable in every kind of place.
const secretive = `version: 1
target:
  name: "${NAME_OF_IT}"
  version: "${VERSION_OF_IT}"
  image: "registry.example/${IMAGE_OF_IT}"
  port: ${PORT}
  environment: {KEY: "${ENV_KEY}", DB_PASSWORD: db-password-1, MODE: production-mode-1}
  command: [serve, "--key=${COMMAND_KEY}"]
  services: {db: {image: "${IMAGE_OF_IT}", environment: {POSTGRES_PASSWORD: "${DB_KEY:-postgres}"}}}
  reset: {exec: [reset, "${RESET_KEY}"]}
auth:
  user: {bearer: "{{.actor.token}}", headers: {X-App: app-key-1, X-Short: pin}}
  operator: {headers: {X-Env: "Key ${HEADER_KEY}", X-Default: "${UNSET:-default-key-1}"}, login: {method: POST, path: /in, json: {user: user, password: pa55word-1}}}
operations:
  patient: {method: POST, path: "/x/${PATH_KEY}", query: {k: "${QUERY_KEY}", sig: abc}, json: {inner: {note: "${BODY_KEY}", apiKey: json-key-1}}, headers: {X: "${STEP_KEY}"}, capture: {token: .token}}
`

// everySet gives every variable that is not PORT or UNSET a value of its own.
func everySet(name string) (string, bool) {
	switch name {
	case "PORT":
		return "9090", true
	case "UNSET":
		return "", false
	}
	return "value-of-" + name, true
}

func TestTheSecretsOfAFileAreCalledByWhatTheyAre(t *testing.T) {
	f, err := parse("crosstalk.yaml", []byte(secretive), everySet)
	require.NoError(t, err)
	var got []string
	for _, s := range f.Secrets() {
		got = append(got, fmt.Sprintf("%s=%s %s%s", s.Name, s.Value, s.Place.In, s.Place.Name))
	}
	require.Equal(t, []string{
		"ENV_KEY=value-of-ENV_KEY ", "COMMAND_KEY=value-of-COMMAND_KEY ", "DB_KEY=value-of-DB_KEY ", "RESET_KEY=value-of-RESET_KEY ",
		"HEADER_KEY=value-of-HEADER_KEY headerX-Env", "PATH_KEY=value-of-PATH_KEY ", "QUERY_KEY=value-of-QUERY_KEY queryk",
		"BODY_KEY=value-of-BODY_KEY bodynote", "STEP_KEY=value-of-STEP_KEY headerX",
		"CROSSTALK_OPERATOR_X_DEFAULT=default-key-1 headerX-Default", "CROSSTALK_OPERATOR_LOGIN_USER=user bodyuser",
		"CROSSTALK_OPERATOR_LOGIN_PASSWORD=pa55word-1 bodypassword", "CROSSTALK_USER_X_APP=app-key-1 headerX-App", "CROSSTALK_USER_X_SHORT=pin headerX-Short",
		"CROSSTALK_DB_PASSWORD=db-password-1 ", "CROSSTALK_APIKEY=json-key-1 bodyapiKey",
	}, got)
}

func TestTheConfigurationHasNoSecretThatTheFileItselfSays(t *testing.T) {
	f, err := parse("crosstalk.yaml", []byte(secretive), everySet)
	require.NoError(t, err)
	auth, err := json.Marshal(f.Configuration()["auth"])
	require.NoError(t, err)
	require.JSONEq(t, `{
		"user": {"bearer": "{{.actor.token}}", "headers": {"X-App": "[secret-CROSSTALK_USER_X_APP]", "X-Short": "[secret-CROSSTALK_USER_X_SHORT]"}},
		"operator": {"headers": {"X-Env": "Key ${HEADER_KEY}", "X-Default": "${UNSET:-[secret]}"},
			"login": {"method": "POST", "path": "/in", "json": {"user": "[secret-CROSSTALK_OPERATOR_LOGIN_USER]", "password": "[secret-CROSSTALK_OPERATOR_LOGIN_PASSWORD]"}}}}`, string(auth))
}

func TestTheHostOfAURLIsNoSecretAndItsPathIs(t *testing.T) {
	for url, want := range map[string]int{
		"http://${HOST}:80/api": 0, "${URL}": 0, "https://h.example/${PATH}": 1, "${URL}/${PATH}": 1,
	} {
		f, err := parse("crosstalk.yaml", []byte("version: 1\ntarget: {url: \""+url+"\"}\noperations: {close: {path: /}}\n"), func(name string) (string, bool) {
			return map[string]string{"HOST": "staging.h.example", "URL": "http://127.0.0.1:8080", "PATH": "path-key-1"}[name], true
		})
		require.NoError(t, err)
		require.Len(t, f.Secrets(), want, url)
	}
}
