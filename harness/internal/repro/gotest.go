package repro

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"go/token"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// reproFunctions is the end of a generated test: what its requests are sent
// with.
//
//go:embed functions.go.txt
var reproFunctions string

// GoTest writes a Go test that does what the script of [Shell] does, with
// nothing but the standard library. The base URL comes from
// CROSSTALK_BASE_URL. The test fails where the violation shows again, passes
// where it does not, and is skipped where that cannot be told. The error is
// [evidence.ErrNoRecord] where nothing was recorded.
func GoTest(w io.Writer, r *evidence.Run) error {
	s, ok := newScript(r)
	if !ok {
		return evidence.ErrNoRecord
	}
	var b bytes.Buffer
	g := &goTest{Page: layout.NewPage(&b), script: s}
	g.head()
	for _, step := range s.steps {
		g.step(step)
	}
	g.verdict()
	g.Line("}")
	g.Blank()
	g.Printf("%s", reproFunctions)
	source, err := format.Source(b.Bytes())
	if err != nil {
		return fmt.Errorf("format %s: %w", evidence.ReproTest, err)
	}
	_, err = w.Write(source)
	return err
}

// goTest writes a Go test.
type goTest struct {
	*layout.Page
	*script
}

func (g *goTest) head() {
	g.Line("// Package repro_test repeats the shortest trace that shows a violation, against a test system.")
	g.Line("package repro_test")
	g.Blank()
	g.Line("import (\n\"bytes\"\n\"crypto/rand\"\n\"encoding/hex\"\n\"encoding/json\"\n\"io\"\n\"net/http\"\n\"net/url\"\n\"os\"\n\"os/exec\"\n\"strconv\"\n\"strings\"\n\"testing\"\n\"time\"\n)")
	g.Blank()
	g.Line("// TestRepro: %s", wording.OneLine(g.check.shown))
	g.Line("//")
	g.Line("// It wants the service's base URL in CROSSTALK_BASE_URL, which was")
	g.Line("// %s.", wording.OneLine(g.base))
	if g.leftOff() {
		g.Line("//\n// It leaves the service with replays switched off.")
	}
	g.Line("func TestRepro(t *testing.T) {")
	g.Line("base := strings.TrimSuffix(setting(t, \"CROSSTALK_BASE_URL\", \"the service's base URL, as http://127.0.0.1:8080\"), \"/\")")
	for _, s := range g.secrets {
		g.Line("%s := setting(t, %q, %q)", goSecret(s.variable), s.variable, whatSecret(s.variable))
	}
	g.Line("world := fresh(%d) // in every name", max(len(g.world), 1))
	g.Line("client := &service{t: t}")
}

// goName is a name with underscores as one of Go.
func goName(name string) string {
	var b strings.Builder
	for i, word := range strings.Split(strings.ToLower(name), "_") {
		if i > 0 && word != "" {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		b.WriteString(word)
	}
	if token.IsKeyword(b.String()) {
		return b.String() + "Value"
	}
	return b.String()
}

func (g *goTest) step(step *scriptStep) {
	g.Blank()
	g.Line("// step %d: %s", step.number, step.op)
	if step.waits > 0 {
		g.Line("time.Sleep(%d * time.Second) // as long as a replay may take to appear", step.waits)
	}
	if models.CredentialsFor(step.op.Kind()) == models.NoRequest {
		g.Line("restart(t)")
	} else if len(step.requests) == 0 {
		g.Line("// Nothing was sent: the service had given no id for what it is about.")
	}
	for _, q := range step.requests {
		g.request(q)
	}
}

func (g *goTest) request(q *scriptRequest) {
	var headers strings.Builder
	for _, h := range q.headers {
		fmt.Fprintf(&headers, "\n{%q, %s},", h.name, g.expression(h.value))
	}
	if headers.Len() > 0 {
		headers.WriteByte('\n')
	}
	body := `""`
	if q.body != nil {
		body = g.expression(q.body)
	}
	result := ""
	if len(q.takes) > 0 || g.checked(q) {
		result = answerName(q) + " := "
	}
	if len(q.needs) > 0 {
		g.Line("%s := &answer{t: t, name: %q}", answerName(q), q.name)
		result = answerName(q) + " = "
	}
	for _, t := range q.needs {
		g.Line("if %s != \"\" {", goName(t.name))
	}
	g.Line("%sclient.send(%q, %d, %q, %s, [][2]string{%s}, %s)", result, q.name, q.status, q.method, g.expression(q.url), headers.String(), body)
	for range q.needs {
		g.Line("}")
	}
	for _, t := range q.takes {
		g.Line("%s := %s", goName(t.name), takeExpression(answerName(q), t))
	}
}

// checked reports whether the check at the end looks at the answer.
func (g *goTest) checked(q *scriptRequest) bool {
	c := &g.check
	if c.kind == undecided {
		return false
	}
	for i, name := range c.requests {
		if name == q.name {
			last := i == len(c.requests)-1
			switch c.kind {
			case answers:
				return last
			case totalling:
				return i == 0
			}
			return true
		}
	}
	return false
}

func answerName(q *scriptRequest) string {
	return "answer" + strings.ReplaceAll(q.name, "-", "_")
}

// takeExpression takes a value from an answer.
func takeExpression(answer string, t *taken) string {
	switch {
	case t.cookie != "":
		return fmt.Sprintf("%s.cookie(%q)", answer, t.cookie)
	case t.header != "":
		return fmt.Sprintf("%s.headerAt(%q, %d)", answer, t.header, t.nth)
	}
	var path []string
	for _, p := range t.path {
		path = append(path, fmt.Sprintf("%#v", p))
	}
	method := "at"
	if t.optional {
		method = "find"
	}
	return fmt.Sprintf("%s.%s(%s)", answer, method, strings.Join(path, ", "))
}

// expression is a text as an expression of Go.
func (g *goTest) expression(t text) string {
	var parts []string
	for _, p := range t.joined() {
		switch {
		case p.base:
			parts = append(parts, "base")
		case p.world:
			parts = append(parts, "world")
		case p.secret != "":
			parts = append(parts, goSecret(p.secret))
		case p.taken != nil && p.escaped:
			parts = append(parts, "url.QueryEscape("+goName(p.taken.name)+")")
		case p.taken != nil:
			parts = append(parts, goName(p.taken.name))
		default:
			parts = append(parts, goString(p.literal))
		}
	}
	if len(parts) == 0 {
		return `""`
	}
	return strings.Join(parts, "+")
}

// goString is a text as a literal of Go that is easy to read.
func goString(s string) string {
	printable := strings.IndexFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) < 0
	if printable && strings.Contains(s, `"`) && strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// verdict writes the check at the end.
func (g *goTest) verdict() {
	c := &g.check
	g.Blank()
	g.Line("// A correct service answers: %s", wording.OneLine(c.expected))
	if c.kind == undecided || len(c.requests) == 0 {
		g.Line("t.Skip(%q)", "cannot tell: no single answer shows it; compare the answers with those in "+evidence.MinimalHAR+": "+wording.OneLine(c.shown))
		return
	}
	var all []string
	for _, name := range c.requests {
		all = append(all, "answer"+strings.ReplaceAll(name, "-", "_"))
	}
	g.Line("if %s {", g.condition(c, all))
	word := "VIOLATION"
	if c.leak {
		word = "LEAK"
	}
	g.Line("t.Error(%q)", word+": "+wording.OneLine(c.shown))
	g.Line("}")
}

// condition is true where the violation shows.
func (g *goTest) condition(c *check, all []string) string {
	last, together := all[len(all)-1], "together("+strings.Join(all, ", ")+")"
	var parts []string
	switch c.kind {
	case shows:
		for _, tag := range c.tags {
			parts = append(parts, fmt.Sprintf("hasTag(%s, %s)", together, g.expression(tag)))
		}
	case lacks:
		parts = append(parts, last+".status/100 != 2")
		for _, tag := range c.tags {
			parts = append(parts, fmt.Sprintf("!hasTag(%s, %s)", together, g.expression(tag)))
		}
	case answers:
		if class, ok := strings.CutSuffix(c.status, "??"); ok {
			return last + ".status/100 == " + class
		}
		return last + ".status == " + c.status
	case counts:
		return fmt.Sprintf("strings.Count(%s, %s) == %d", together, g.expression(c.tags[0]), c.count)
	case totalling:
		return fmt.Sprintf("%s.number(\"total\") == \"%d\"", all[0], c.count)
	case says:
		return fmt.Sprintf("%s.find(%q) == %q", last, c.key, c.word)
	default:
		for _, name := range all {
			parts = append(parts, "!"+name+".keptPrivate()")
		}
		return strings.Join(parts, " && ")
	}
	return strings.Join(parts, " || ")
}
