package propose

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/models"
)

// New writes a crosstalk.yaml from nothing: each section explained, the
// operations without which little can be found as they often look, and the
// others as comments. What a person must fill in is marked TODO. Of the options,
// File is not used.
func New(o Options) ([]byte, error) {
	at := entry{key: "url", value: cmp.Or(o.URL, "http://127.0.0.1:8080")}
	if o.URL == "" {
		at.above = []string{"TODO: where a test system of the service runs"}
	}
	target := entry{key: "target", apart: true, above: targetAbove(), below: append([]entry{
		{key: "name", value: cmp.Or(o.Name, "my-service"), beside: "how reports call it"},
		at,
		{key: "timeout", value: "10s", beside: "of one request"},
	}, imageEntries("/healthz")...)}
	operations, err := examples()
	if err != nil {
		return nil, err
	}
	file := []entry{
		{above: append(modeline(), "Look for TODO: what follows it is an example to change.")},
		{key: "version", value: 1}, target, policySection(models.ReferencePolicy(), nil), blankAuth(), blankRecording(), blankEncounter(),
		{key: "operations", apart: true, above: operationsAbove(), below: operations},
	}
	var b strings.Builder
	write(&b, append(file, runSections()...), "")
	return []byte(b.String()), nil
}

// examples are the operations as they might look; those that are not needed are
// comments.
func examples() ([]entry, error) {
	var out []entry
	for _, k := range order() {
		c := patternOf(k)
		if !slices.Contains(needed(), k) {
			lines := []string{models.Shape(k), string(k) + ": " + c.example}
			switch {
			case models.CredentialsFor(k) == models.NoRequest:
				lines = []string{models.Shape(k), "is done by target.restart, for example: " + c.example}
			case models.RowsOf(k) == models.PageRows:
				lines = []string{models.Shape(k), "comes with a list that has next, and need not be written"}
			}
			out = append(out, entry{apart: true, above: lines})
			continue
		}
		value, err := fromYAML(c.example)
		if err != nil {
			return nil, err
		}
		out = append(out, entry{key: string(k), apart: true, below: entriesOf(value), above: []string{models.Shape(k), "TODO"}})
	}
	return out, nil
}

// fromYAML reads a mapping with its order.
func fromYAML(text string) (object, error) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		return nil, err
	}
	out, _ := valueOfNode(root.Content[0]).(object)
	return out, nil
}

func valueOfNode(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		out := object{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			out = append(out, field{n.Content[i].Value, valueOfNode(n.Content[i+1])})
		}
		return out
	case yaml.SequenceNode:
		out := list{}
		for _, item := range n.Content {
			out = append(out, valueOfNode(item))
		}
		return out
	}
	if n.ShortTag() == "!!bool" {
		return n.Value == "true"
	}
	return n.Value
}

func modeline() []string {
	return []string{"yaml-language-server: $schema=crosstalk.schema.json"}
}

func targetAbove() []string {
	return []string{"The service under test. Exactly one of url, image, build and process."}
}

// imageEntries show the other ways to reach a service, as comments.
func imageEntries(ready string) []entry {
	return []entry{
		{above: []string{"or an image that crosstalk starts, fresh for every run (an engine such as Docker is needed):"}},
		{key: "image", value: "registry.example/my-service:1.0", off: true},
		{key: "port", value: 8080, off: true},
		{key: "ready", value: object{{"path", ready}, {"within", "60s"}}, off: true},
	}
}

// policySection says what the service chose, to be looked through. Under the
// keys of what is said is where the document says it.
func policySection(p models.Policy, said map[string]string) entry {
	refusal := map[models.Outcome]string{models.Missing: "missing", models.Denied: "denied"}[p.Refusal]
	out := entry{key: "policy", apart: true, above: []string{"What the service chose. TODO: look each of them through; these are the defaults."}, below: []entry{
		{key: "recordings", value: string(p.Recordings), beside: "segment: one for each stretch in one mode; consultation: one for all of it"},
		{key: "record_audio", value: p.RecordAudio, beside: "whether what is said in audio-only mode is recorded"},
		{key: "min_age", value: p.MinAge, beside: "in years, from which a patient may register"},
		{key: "patient_may_end", value: p.PatientMayEnd, beside: "whether patients, too, end a consultation for everybody"},
		{key: "refusal", value: refusal, beside: "what strangers are answered: missing (404) or denied (403)"},
		{key: "lag", value: "0s", beside: "how long a replay may take to appear"},
		{key: "groups", value: p.Groups, beside: "whether a second patient may be booked into a consultation"},
		{key: "repeats", value: p.Repeats, beside: "whether a segment may be shown twice, as after a retry"},
		{key: "links", value: string(p.Links), beside: "bearer: a link opens for whoever has it; personal: for its maker alone"},
		{above: policyBelow()},
	}}
	for i := range out.below {
		if from := said[out.below[i].key]; from != "" {
			out.below[i].beside += "; " + from
		}
	}
	return out
}

// policyBelow says what else there is to declare.
func policyBelow() []string {
	var axes, access []string
	for _, a := range models.Axes() {
		axes = append(axes, a.Key)
	}
	for _, a := range models.AccessPolicies() {
		access = append(access, a.Key)
	}
	return append(
		filled("What it chose about the life of a visit need not be said: crosstalk doctor measures it, and --write puts it here:", axes),
		filled("Who may see and do what is as strict as can be, where nothing is said; crosstalk.schema.json has the words:", access)...)
}

// filled is a line and a list below it.
func filled(line string, items []string) []string {
	const width = 110
	out := []string{line, " "}
	for i, item := range items {
		if i < len(items)-1 {
			item += ","
		}
		last := &out[len(out)-1]
		if len(*last)+1+len(item) > width {
			out = append(out, " ")
			last = &out[len(out)-1]
		}
		*last += " " + item
	}
	return out
}

func blankAuth() entry {
	return entry{key: "auth", apart: true, above: []string{"How a request says who makes it: bearer, cookies, basic or headers.", "{{.actor.…}} is what was captured when that user registered or logged in."}, below: []entry{
		{key: "user", below: []entry{{key: "bearer", value: "{{.actor.token}}"}}},
		{key: "operator", above: []string{"who may register clinicians", "TODO: put the operator's secret into the environment, as named here"},
			below: []entry{{key: "bearer", value: secretOf}}},
	}}
}

func idsAbove() []string {
	return []string{"How ids look, for recordings that never existed: uuid, integer or a template."}
}

func recordingAbove() []string {
	return []string{"How a row of a listing, and metadata, is read: jq on the row.",
		"title is where the title of the booking is found; by it a recording is known. subject is the id of whose it is."}
}

func encounterAbove() []string {
	return []string{"How an answer to join, switch, leave and the like is read.",
		"status must give planned, in-progress, completed or cancelled."}
}

func blankRecording() entry {
	return entry{key: "recording", apart: true, above: append(recordingAbove(), "TODO"), below: entriesOf(object{
		{"id", ".id"}, {"title", ".title"}, {"subject", ".patient"}, {"mode", ".mode"}, {"segment", ".segment"}, {"size", ".size"}})}
}

func blankEncounter() entry {
	return entry{key: "encounter", apart: true, above: append(encounterAbove(), "TODO"), below: entriesOf(object{
		{"status", ".status"}, {"mode", ".mode"}})}
}

func operationsAbove() []string {
	return []string{"The request that performs each operation. One that is left out is a missing capability: rules that need it are",
		"not applicable. Strings are templates; see crosstalk.schema.json for every key. capture remembers what an answer says."}
}

// runSections say how the service is explored and what is written.
func runSections() []entry {
	return []entry{
		{key: "run", apart: true, above: []string{"How long is explored; flags and CROSSTALK_… variables come first."}, below: []entry{
			{key: "traces", value: 200, beside: "sequences of operations; more find more"},
			{key: "time", value: "10m", beside: "at most"},
		}},
		{apart: true, above: []string{"Failures that are known, so that a run fails only for others:",
			"known_failures:", `  - {rule: CACHE-1, reason: "ticket 123: planned for 2.4"}`}},
		{apart: true, above: []string{"What is written:", "outputs: {directory: crosstalk-out, junit: junit.xml, statement: statement.md}"}},
	}
}
