package process_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/process"
)

// The variables that say how the fake adapter behaves.
const (
	fakeVariable   = "CROSSTALK_FAKE_ADAPTER" // a misdeed, "script", or another word for none
	scriptVariable = "CROSSTALK_FAKE_SCRIPT"  // the answers to operations, one a line, without their ids
	phoneVariable  = "CROSSTALK_FAKE_PHONE"   // an address to which it and a child of its keep a connection
	freshVariable  = "CROSSTALK_FAKE_FRESH"   // set for a service that is not fresh
	unsentVariable = "CROSSTALK_FAKE_UNSENT"  // what it cannot send, as JSON
	moodVariable   = "CROSSTALK_FAKE_MOOD"    // a file that the first process makes; the others say another version
)

// fake is the command of the fake adapter.
func fake(t testing.TB, how string, env ...string) process.Config {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	return process.Config{Command: []string{self}, Env: append(env, fakeVariable+"="+strings.ReplaceAll(how, " ", "_"), endAtOnce), Name: "acme", Messages: validated(t)}
}

// endAtOnce keeps the race detector from waiting for a second before a process
// ends.
const endAtOnce = "GORACE=atexit_sleep_ms=0"

// said is a message as the fake adapter reads it.
type said struct {
	ID        int
	Do        string
	Operation struct{ Kind string }
}

// about names what is asked for: "hello", "apply list".
func (s *said) about() string { return strings.TrimSpace(s.Do + " " + s.Operation.Kind) }

// pretend is the fake adapter.
func pretend(how string) {
	how = strings.ReplaceAll(how, "_", " ") // no words of a sentence: what an adapter is given is taken out of errors
	bad := misdeeds()[how]
	answers := strings.Split(os.Getenv(scriptVariable), "\n")
	if address := os.Getenv(phoneVariable); address != "" {
		phone(address, how)
	}
	if bad.at == "start" {
		bad.act(0)
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var m said
		if err := json.Unmarshal(in.Bytes(), &m); err != nil {
			panic(err)
		}
		switch {
		case bad.at == m.about():
			bad.act(m.ID)
		case m.Do == "apply" && how == "script":
			answer(m.ID, answers[0])
			answers = answers[1:]
		default:
			answer(m.ID, usual(m.Do))
		}
	}
	if how == "stays" {
		hang()
	}
}

// usual is what the fake adapter answers where nothing else is said.
func usual(do string) string {
	switch do {
	case "hello":
		return `"name":"acme","version":"` + version() + `","operations":` + everything() + `,"fresh":` + fmt.Sprint(os.Getenv(freshVariable) == "") + `,"policy":{"minAge":18,"choices":{"drop":"leaves"},"access":{"deletion":"hidden"}},"unsent":` + cmp.Or(os.Getenv(unsentVariable), "{}")
	case "apply":
		return `"outcome":"ok","listing":{"rows":[]},"row":{"id":"7"},"content":{},"audit":[],"encounter":{}`
	}
	return ""
}

// version is not the same for the first process and the others.
func version() string {
	mood := os.Getenv(moodVariable)
	if mood == "" {
		return "1.2"
	}
	if _, err := os.Stat(mood); err == nil {
		return "1.3"
	}
	if err := os.WriteFile(mood, nil, 0o600); err != nil {
		panic(err)
	}
	return "1.2"
}

// answer says an answer of some fields.
func answer(id int, fields string) {
	if fields == "" {
		fmt.Printf("{\"id\":%d}\n", id)
		return
	}
	fmt.Printf("{\"id\":%d,%s}\n", id, fields)
}

// everything are all operations.
func everything() string {
	text, err := json.Marshal(models.Kinds())
	if err != nil {
		panic(err)
	}
	return string(text)
}

// phone keeps a connection to an address, and has a child keep another. A child
// that nobody ends does so when the other end hangs up.
func phone(address, how string) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		panic(err)
	}
	if how == "child" {
		_, _ = io.Copy(io.Discard, conn)
		os.Exit(0)
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), fakeVariable+"=child")
	child.Stdout = os.Stdout
	if err := child.Start(); err != nil {
		panic(err)
	}
	_ = conn // until the process ends
}

// misdeed is what a fake adapter does in place of an answer.
type misdeed struct {
	// at is when: "hello", "open", "apply list", or "start".
	at  string
	act func(id int)
}

// misdeeds are all of them, by name.
func misdeeds() map[string]misdeed {
	all := map[string]misdeed{
		"exits":                         {"apply list", func(int) { fmt.Fprintln(os.Stderr, "KeyError: 'items'"); os.Exit(3) }},
		"exits after part of an answer": {"apply list", func(id int) { fmt.Printf(`{"id":%d,"outc`, id); os.Exit(1) }},
		"exits at once":                 {"start", func(int) { fmt.Fprintln(os.Stderr, "no configuration"); os.Exit(78) }},
		"is killed":                     {"apply list", func(int) { killSelf() }},
		"closes its output":             {"apply list", func(int) { _ = os.Stdout.Close() }},
		"is silent":                     {"apply list", func(int) {}},
		"prints a banner":               {"start", func(int) { fmt.Println("Listening on :8080") }},
		"answers twice":                 {"open", func(id int) { answer(id, ""); answer(id, "") }},
		"writes a long log":             {"apply list", func(int) { writeLog(); os.Exit(2) }},
		"says too long a line":          {"apply list", func(id int) { answer(id, `"outcome":"ok","detail":"`+strings.Repeat("x", 17<<20)+`"`) }},
		"hangs":                         {"apply list", func(int) { hang() }},
	}
	for name, s := range sentences() {
		all[name] = misdeed{s.at, func(id int) { fmt.Println(strings.ReplaceAll(s.text, "ID", fmt.Sprint(id))) }}
	}
	return all
}

// sentence is a line that no adapter may say.
type sentence struct{ at, text string }

func sentences() map[string]sentence {
	list, hello := "apply list", "hello"
	return map[string]sentence{
		"says no JSON":                     {list, `<html>502 Bad Gateway</html>`},
		"says an array":                    {list, `["ok"]`},
		"answers another message":          {list, `{"id":99,"outcome":"ok"}`},
		"answers no message":               {list, `{"outcome":"ok"}`},
		"has an id in quotes":              {list, `{"id":"ID","outcome":"ok"}`},
		"has no outcome":                   {list, `{"id":ID,"listing":{"rows":[]}}`},
		"has an unknown outcome":           {list, `{"id":ID,"outcome":"okay"}`},
		"misspells a field":                {list, `{"id":ID,"outcome":"ok","Listing":{"rows":[]}}`},
		"misspells a field of a row":       {list, `{"id":ID,"outcome":"ok","listing":{"rows":[{"id":"1"},{"id":"2","titel":"x"}]}}`},
		"has a row without id":             {list, `{"id":ID,"outcome":"ok","listing":{"rows":[{"title":"x"}]}}`},
		"has a row with an empty id":       {list, `{"id":ID,"outcome":"ok","listing":{"rows":[{"id":""}]}}`},
		"has a row whose id is a number":   {list, `{"id":ID,"outcome":"ok","listing":{"rows":[{"id":17}]}}`},
		"has a negative total":             {list, `{"id":ID,"outcome":"ok","listing":{"rows":[],"total":-1}}`},
		"has too large a total":            {list, `{"id":ID,"outcome":"ok","listing":{"rows":[],"total":1e30}}`},
		"has a total beyond all bounds":    {list, `{"id":ID,"outcome":"ok","listing":{"rows":[],"total":1e999999999}}`},
		"has a status that HTTP has not":   {list, `{"id":ID,"outcome":"ok","status":1000,"listing":{"rows":[]}}`},
		"shows no listing":                 {list, `{"id":ID,"outcome":"ok"}`},
		"shows no row":                     {"apply get", `{"id":ID,"outcome":"ok","listing":{"rows":[]}}`},
		"shows no content":                 {"apply play", `{"id":ID,"outcome":"ok","status":200}`},
		"shows null for an audit trail":    {"apply audit", `{"id":ID,"outcome":"ok","audit":null}`},
		"has an unknown level":             {"apply audit", `{"id":ID,"outcome":"ok","audit":[{"who":"alice","whose":"alice","level":"played"}]}`},
		"has a body that is no base64":     {"apply play", `{"id":ID,"outcome":"ok","content":{"body":"x=="}}`},
		"gives up":                         {list, `{"id":ID,"error":"the service moved\nto another place"}`},
		"speaks another version":           {hello, `{"id":ID,"crosstalk":2,"name":"acme","operations":["patient"]}`},
		"gives up at once":                 {hello, `{"id":ID,"error":"set ACME_URL"}`},
		"performs an unknown operation":    {hello, `{"id":ID,"name":"acme","operations":["patient","lst"]}`},
		"performs nothing":                 {hello, `{"id":ID,"name":"acme","operations":[]}`},
		"declares an unknown policy":       {hello, `{"id":ID,"name":"acme","operations":["patient"],"policy":{"minage":18}}`},
		"declares an unknown deletion":     {hello, `{"id":ID,"name":"acme","operations":["patient"],"policy":{"access":{"deletion":"burned"}}}`},
		"cannot send what there is not":    {hello, `{"id":ID,"name":"acme","operations":["list"],"unsent":{"list":["pages"]}}`},
		"says more than an answer to open": {"open", `{"id":ID,"outcome":"ok"}`},
	}
}

// killSelf ends the process as nobody can prevent.
func killSelf() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	hang()
}

// writeLog writes 25 lines.
func writeLog() {
	for i := range 25 {
		fmt.Fprintln(os.Stderr, "line", i+1)
	}
}

// soon is a deadline for what takes milliseconds.
func soon() time.Time { return time.Now().Add(20 * time.Second) }

// hang waits until the process is ended. It waits for a time, because without cgo a
// program in which nothing can ever happen ends by itself.
func hang() { time.Sleep(24 * time.Hour) }
