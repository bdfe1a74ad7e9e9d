package process_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/process"
)

// definition is a schema out of the protocol's.
func definition(t testing.TB, name string) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(process.Schema))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("protocol.json", document))
	s, err := c.Compile("protocol.json#/$defs/" + name)
	require.NoError(t, err)
	return s
}

// validated takes the messages of a test, and in the end validates each of
// crosstalk's against the schema. Those of the adapter are validated when they are
// read.
func validated(t testing.TB) io.Writer {
	var conversation bytes.Buffer
	t.Cleanup(func() {
		message := definition(t, "message")
		for line := range strings.Lines(conversation.String()) {
			_, rest, _ := strings.Cut(line, " ")
			if text, ours := strings.CutPrefix(rest, "> "); ours {
				document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
				require.NoError(t, err)
				require.NoError(t, message.Validate(document), text)
			}
		}
	})
	return &conversation
}

// quoted lists kinds as in JSON, on lines of some width.
func quoted(kinds []models.Kind) string {
	const width = 150
	var b strings.Builder
	at := len(`      "enum": [`)
	for i, k := range kinds {
		word := `"` + string(k) + `"`
		switch {
		case i == 0:
		case at+len(", ")+len(word) > width:
			b.WriteString(",\n        ")
			at = len("        ")
		default:
			b.WriteString(", ")
			at += len(", ")
		}
		b.WriteString(word)
		at += len(word)
	}
	return b.String()
}

func TestTheSchemaNamesEveryOperationAndOutcome(t *testing.T) {
	const file, begin, end = "protocol.schema.json", "\"kind\": {\n      \"enum\": [", "]"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, begins := strings.Cut(string(text), begin)
	_, after, ends := strings.Cut(rest, end)
	require.True(t, begins && ends, "%s has no enum of kinds", file)
	want := before + begin + quoted(models.Kinds()) + end + after
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
		text = []byte(want)
	}
	require.Equal(t, want, string(text), "go test ./targets/process -update writes it")
	outcomes := definition(t, "applyAnswer").Properties["outcome"].Enum.Values
	require.Equal(t, []any{string(models.OK), string(models.Denied), string(models.Missing), string(models.Invalid),
		string(models.Conflict), string(models.Unavailable), string(models.Unknown), string(models.Unbound)}, outcomes)
}

func TestTheSchemaNamesEveryChoiceAboutAccess(t *testing.T) {
	known := definition(t, "policy").Properties["access"].Properties
	require.Len(t, known, len(models.AccessPolicies()))
	for _, p := range models.AccessPolicies() {
		require.Contains(t, known, p.Key)
		var words []any
		for _, v := range p.Values {
			words = append(words, v.Word)
		}
		require.Equal(t, words, known[p.Key].Enum.Values, p.Key)
	}
}

func TestEveryOperationThatCanBeWrittenIsAMessageOfTheSchema(t *testing.T) {
	const all = `
alice = patient(age=20, plan=bupa)
bob = patient(plan=private, email=alice, like=alice)
dr1 = clinician()
alice.login()
alice.logout()
b1 = alice.book(dr1, audio, slot=2, with=bob)
alice.reschedule(b1, slot=3)
alice.cancel(b1)
alice.join(b1)
alice.drop(b1)
alice.speak(b1)
alice.switch(b1, video)
alice.leave(b1)
dr1.end(b1)
alice.list(limit=2, mode=video)
c1 = alice.page(limit=1)
bob.follow(c1)
bob.get(?1)
bob.play(?1, range=0-99)
bob.head(?1)
bob.thumb(?1)
bob.transcript(?1)
l1 = alice.link(?1)
anyone.open(l1)
alice.share(?1, bob)
alice.unshare(?1, bob)
alice.appoint(bob)
alice.dismiss(bob)
alice.delete(?1)
alice.export()
alice.inbox()
alice.audit()
operator.replays(off)
operator.replays(on)
operator.replays(off)
service.restart()
alice.close()
`
	h := perform(t, fake(t, "agrees"), all)
	for i := range h {
		if h[i].Outcome == models.Unbound {
			require.Equal(t, "bob.follow(c1)", parse(t, all).Ops[i].String(), "there was no next page")
		}
	}
}

// TestTheConversationInREADMEIsOfTheSchema reads the lines with arrows, and those
// that go on with one.
func TestTheConversationInREADMEIsOfTheSchema(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	names := map[string]string{"→ ": "message", "← ": "answer"}
	checked := 0
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\n   \"", "\"")) {
		for arrow, name := range names {
			if said, ok := strings.CutPrefix(line, arrow); ok {
				document, err := jsonschema.UnmarshalJSON(strings.NewReader(said))
				require.NoError(t, err, said)
				require.NoError(t, definition(t, name).Validate(document), said)
				checked++
			}
		}
	}
	require.Equal(t, 11, checked)
}
