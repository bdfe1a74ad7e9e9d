package mapping

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// right is a small file that is right. Each case of testdata/wrong.golden takes a
// line out of it and puts others in.
const right = `auth:
  user: {bearer: "{{.actor.token}}"}
  operator: {bearer: secret}
recording: {id: .id, title: .title}
operations:
  patient: {method: POST, path: /patients, json: {email: "{{.email}}"}, capture: {id: .id, token: .token}}
  clinician: {as: operator, method: POST, path: /clinicians, json: {email: "{{.email}}"}, capture: {id: .id, token: .token}}
  book: {method: POST, path: /bookings, json: {with: "{{.clinician.id}}", title: "{{.title}}", mode: "{{.mode}}"}, capture: {id: .id}}
  join: {method: POST, path: "/bookings/{{.booking.id}}/join"}
  speak: {method: POST, path: "/bookings/{{.booking.id}}/media", raw: "{{.media}}"}
  list: {path: /replays, query: {limit: "{{.limit}}"}, rows: ".items[]"}
  get: {path: "/replays/{{.recording.id}}", row: .}
  play: {path: "/replays/{{.recording.id}}/media"}
`

func TestARightFileHasNoProblems(t *testing.T) {
	mappingOf(t, right)
	mappingOf(t, visitsYAML)
}

// TestWrongFilesAreToldWhereAndWhy goes over the cases of a golden file. A case
// is its name, what is taken from the right file ("- ", the line that begins with
// it) and put there instead ("+ "), and what is said about it.
func TestWrongFilesAreToldWhereAndWhy(t *testing.T) {
	file := filepath.Join("testdata", "wrong.golden")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var out []string
	n := 0
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		c := readCase(t, block)
		said := c.said(t)
		require.NotEmpty(t, said, block)
		if !*update {
			require.Equal(t, c.want, said, block)
		}
		out = append(out, strings.Join(append(c.head, said...), "\n"))
		n++
	}
	require.GreaterOrEqual(t, n, 30)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(strings.Join(out, "\n\n")+"\n"), 0o644))
	}
}

type wrongCase struct {
	head, want []string
	text       string
}

func readCase(t *testing.T, block string) wrongCase {
	t.Helper()
	var c wrongCase
	var without, with []string
	for _, line := range strings.Split(block, "\n") {
		if rest, ok := strings.CutPrefix(line, "= "); ok {
			c.want = append(c.want, rest)
			continue
		}
		c.head = append(c.head, line)
		if rest, ok := strings.CutPrefix(line, "- "); ok {
			without = append(without, rest)
		}
		if rest, ok := strings.CutPrefix(line, "+ "); ok {
			with = append(with, rest)
		}
	}
	for line := range strings.Lines(right) {
		if len(without) == 1 && strings.HasPrefix(line, without[0]) {
			line, without = strings.Join(with, "\n")+"\n", nil
		}
		c.text += line
	}
	require.Empty(t, without, "%s\nno such line", block)
	for i := range c.want {
		c.want[i] = "= " + c.want[i]
	}
	return c
}

func (c *wrongCase) said(t *testing.T) []string {
	t.Helper()
	s, err := parseFile(c.text)
	if err != nil {
		return []string{"= " + err.Error()}
	}
	var out []string
	_, problems := Compile(s)
	for _, p := range problems {
		require.True(t, p.Pos.Known(), p.Text)
		out = append(out, "= "+p.Error())
	}
	return out
}

func FuzzSpec(f *testing.F) {
	f.Add(right)
	f.Add(visitsYAML)
	f.Add(clinicYAML(f))
	f.Add("operations: {list: {path: \"/{{if .x}}{{with .y}}{{.}}{{end}}{{end}}\", rows: '.[] | error'}}")
	f.Add("operations: &a {book: {path: /, json: *a}}")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseFile(text)
		if err != nil {
			return
		}
		m, problems := Compile(s)
		require.True(t, (m == nil) == (len(problems) > 0))
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add("/a/{{.actor.id}}?b={{.limit}}", "x y/z")
	f.Add("{{default 5 .limit}}", "")
	f.Add("{{with $x := .actor.id}}{{$x}}{{else}}-{{end}}", "q")
	f.Add("{{range .actor.id}}{{end}}{{printf \"%s\" .actor.id}}", "q")
	f.Fuzz(func(t *testing.T, text, value string) {
		parsed, err := parseTemplate(Text{text, Pos{1, 1}}, asPath)
		if err != nil || strings.Contains(text, "range") || strings.Contains(text, "printf") || strings.Contains(text, "repeat") {
			return
		}
		u := &user{thing: newThing("alice")}
		u.values["id"] = value
		out, err := parsed.render(&bindings{actor: u, world: &World{}})
		if err == nil {
			require.NotContains(t, out, absentMark)
		}
	})
}
