package repro

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"al.essio.dev/pkg/shellescape"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Shell writes a script for a POSIX shell with curl that performs the
// recorded run of the minimal trace again. The service's base URL is its
// argument. What an answer gave is taken from the answer, by sed, and names are
// new in each run, so that it can be run again. It prints LEAK and exits 1
// where the violation shows again, prints "no leak" and exits 0 where it does
// not, and exits 2 where that cannot be told. It has no secrets. The error is
// [evidence.ErrNoRecord] where nothing was recorded.
func Shell(w io.Writer, r *evidence.Run) error {
	s, ok := newScript(r)
	if !ok {
		return evidence.ErrNoRecord
	}
	sh := &shell{Page: layout.NewPage(w), script: s}
	sh.head()
	for _, step := range s.steps {
		sh.step(step)
	}
	sh.verdict()
	return sh.Err()
}

// shell writes a script for a shell.
type shell struct {
	*layout.Page
	*script
}

func (sh *shell) head() {
	sh.Line("#!/bin/sh")
	sh.Line("# Repeats the shortest trace that shows this, against a test system:")
	sh.comment("  " + sh.check.shown)
	sh.Line("#")
	sh.Line("# Usage: sh %s BASE_URL, which was %s", evidence.ReproScript, wording.OneLine(sh.base))
	for _, s := range sh.secrets {
		sh.Line("# Environment: %s, %s", s.variable, whatSecret(s.variable))
	}
	if sh.leftOff() {
		sh.Line("# It leaves the service with replays switched off.")
	}
	sh.Line("# It needs curl and sed. It prints LEAK and exits 1, prints \"no leak\" and exits 0, or exits 2 where that cannot be told.")
	sh.Blank()
	sh.Printf("%s", shellFunctions)
	for _, s := range sh.secrets {
		sh.Line("if [ -z \"${%s:-}\" ]; then cannot 'set %s, %s'; fi", s.variable, s.variable, whatSecret(s.variable))
	}
	sh.Line("world=$(od -A n -t x1 -N 16 /dev/urandom | sed 's/[^0-9a-f]//g' | sed 's/^\\(.\\{%d\\}\\).*$/\\1/') # in every name", max(len(sh.world), 1))
	sh.Blank()
}

// whatSecret says what an environment variable is for.
func whatSecret(variable string) string {
	switch {
	case variable == operatorToken:
		return "the token with which the service lets clinicians be registered"
	case strings.HasSuffix(variable, "_BASIC"):
		return "the NAME:PASSWORD of the scheme Basic, in base64"
	case strings.HasPrefix(variable, operatorPrefix):
		return "a secret of the operator, called by its place in the configuration"
	case strings.HasPrefix(variable, userPrefix):
		return "a secret of every user, called by its place in the configuration"
	case strings.HasPrefix(variable, unnamedPrefix):
		return "a secret that the trace was sent with"
	}
	return "the variable from which the configuration takes a secret"
}

func (sh *shell) comment(s string) {
	for line := range strings.Lines(wording.OneLine(s)) {
		sh.Line("# %s", line)
	}
}

// shellFunctions are what the requests are sent with.
const shellFunctions = `cannot() { printf '%s\n' "cannot tell: $1" >&2; exit 2; }
if [ $# -ne 1 ]; then cannot "expected one argument, the base URL of the service, as in: sh $0 http://127.0.0.1:8080"; fi
base=${1%/}
answers=$(mktemp -d) || cannot 'no directory for the answers can be made'
trap 'rm -rf "$answers"' EXIT

# request NAME STATUS METHOD URL [CURL OPTION...]: sends a request, and keeps the answer. STATUS is what was answered.
request() {
    name=$1 was=$2 method=$3 url=$4
    shift 4
    if [ "$method" = HEAD ]; then set -- --head "$@"; else set -- --request "$method" "$@"; fi
    status=$(curl --silent --show-error --max-time 60 --globoff --path-as-is --output "$answers/$name.body" \
        --dump-header "$answers/$name.head" --write-out '%{http_code}' "$@" --url "$url") || cannot "request $name: $method $url was not answered"
    touch "$answers/$name.body"
    printf '%s' "$status" >"$answers/$name.status"
    if [ "$status" != "$was" ]; then printf '%s\n' "request $name: answered $status, and $was when it was recorded" >&2; fi
}

# nothing NAME: notes that a request was not sent, because no answer gave what it needs
nothing() {
    for part in body head; do : >"$answers/$1.$part"; done
    printf 000 >"$answers/$1.status"
}

# members ANSWER: its JSON, broken into a line for each member
members() {
    sed -e 's/\\\//\//g' -e 's/[][{},]/\
/g' "$answers/$1.body"
}

# string ANSWER KEY N: the Nth text under that key
string() { members "$1" | sed -n 's/^[ 	]*"'"$2"'"[ 	]*:[ 	]*"\([^"\\]*\)"[ 	]*$/\1/p' | sed -n "${3}p"; }

# number ANSWER KEY N: the Nth number under that key
number() { members "$1" | sed -n 's/^[ 	]*"'"$2"'"[ 	]*:[ 	]*\([0-9][0-9]*\)[ 	]*$/\1/p' | sed -n "${3}p"; }

# header ANSWER NAME N: the Nth header of that name, which is a pattern
header() { sed -n 's/^'"$2"':[ 	]*//p' "$answers/$1.head" | sed 's/[^ -~]*$//' | sed -n "${3}p"; }

# query TEXT: as it is written behind the question mark of a URL
query() { printf '%s\n' "$1" | sed -e 's/%/%25/g' -e 's/+/%2B/g' -e 's/&/%26/g' -e 's/=/%3D/g' -e 's/#/%23/g' -e 's/ /%20/g'; }

# need VALUE WHAT
need() { if [ -z "$1" ]; then cannot "$2 is not in the answer"; fi; }

`

func (sh *shell) step(step *scriptStep) {
	sh.Line("# step %d: %s", step.number, step.op)
	if step.waits > 0 {
		sh.Line("sleep %d # as long as a replay may take to appear", step.waits)
	}
	if models.CredentialsFor(step.op.Kind()) == models.NoRequest {
		sh.Line("if [ -z \"${CROSSTALK_RESTART_COMMAND:-}\" ]; then cannot 'set CROSSTALK_RESTART_COMMAND to a command that restarts the service, and returns when it answers'; fi")
		sh.Line("sh -c \"$CROSSTALK_RESTART_COMMAND\" || cannot 'the service was not restarted'")
	} else if len(step.requests) == 0 {
		sh.Line("# Nothing was sent: the service had given no id for what it is about.")
	}
	for _, q := range step.requests {
		sh.request(q)
	}
	sh.Blank()
}

func (sh *shell) request(q *scriptRequest) {
	var b strings.Builder
	binary := q.body != nil && !plain(q.body)
	if binary {
		sh.Line("printf %s >\"$answers/%s.sent\"", octal(q.body), q.name)
	}
	fmt.Fprintf(&b, "request %s %s %s %s", q.name, answered(q.status), shellescape.Quote(q.method), sh.word(q.url))
	for _, h := range q.headers {
		fmt.Fprintf(&b, " \\\n    --header %s", sh.word(append(text{{literal: h.name + ": "}}, h.value...)))
	}
	switch {
	case binary:
		fmt.Fprintf(&b, " \\\n    --data-binary \"@$answers/%s.sent\"", q.name)
	case q.body != nil:
		fmt.Fprintf(&b, " \\\n    --data-raw %s", sh.word(q.body))
	}
	for _, t := range q.needs {
		sh.Line("if [ -n \"$%s\" ]; then", t.name)
	}
	sh.Line("%s", b.String())
	for range q.needs {
		sh.Line("else nothing %s; fi", q.name)
	}
	for _, t := range q.takes {
		sh.Line("%s=$(%s)", t.name, takeCommand(q.name, t))
		if !t.optional {
			sh.Line("need \"$%s\" %s", t.name, t.name)
		}
	}
}

// answered is a status code, 000 for none, as curl writes it.
func answered(status int) string { return fmt.Sprintf("%03d", status) }

// takeCommand takes a value from an answer.
func takeCommand(answer string, t *taken) string {
	switch {
	case t.cookie != "":
		return fmt.Sprintf("header %s %s %d | sed 's/^[^=]*=\\([^;]*\\).*$/\\1/'", answer, shellescape.Quote(headerPattern(t.header)), t.nth)
	case t.header != "":
		return fmt.Sprintf("header %s %s %d", answer, shellescape.Quote(headerPattern(t.header)), t.nth)
	case t.number:
		return fmt.Sprintf("number %s %s %d", answer, shellescape.Quote(basic(t.key)), t.nth)
	}
	return fmt.Sprintf("string %s %s %d", answer, shellescape.Quote(basic(t.key)), t.nth)
}

// headerPattern is a basic regular expression for a header's name in any case.
func headerPattern(name string) string {
	var b strings.Builder
	for _, c := range name {
		if unicode.IsLetter(c) {
			fmt.Fprintf(&b, "[%c%c]", unicode.ToUpper(c), unicode.ToLower(c))
		} else {
			b.WriteString(basic(string(c)))
		}
	}
	return b.String()
}

// basic is a text as a basic regular expression between slashes.
func basic(s string) string {
	var b strings.Builder
	for _, c := range s {
		if strings.ContainsRune(`.[]\*^$/`, c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// word is a text as one word of the shell.
func (sh *shell) word(t text) string {
	var b strings.Builder
	for _, p := range t.joined() {
		switch {
		case p.base:
			b.WriteString(`"$base"`)
		case p.world:
			b.WriteString(`"$world"`)
		case p.secret != "":
			fmt.Fprintf(&b, `"$%s"`, p.secret)
		case p.taken != nil && p.escaped:
			fmt.Fprintf(&b, `"$(query "$%s")"`, p.taken.name)
		case p.taken != nil:
			fmt.Fprintf(&b, `"$%s"`, p.taken.name)
		default:
			b.WriteString(shellescape.Quote(p.literal))
		}
	}
	if b.Len() == 0 {
		return "''"
	}
	return b.String()
}

// plain reports whether a text can stand on a command line.
func plain(t text) bool {
	for _, p := range t {
		for _, c := range p.literal {
			if c == utf8.RuneError || unicode.IsControl(c) && c != '\n' && c != '\t' {
				return false
			}
		}
	}
	return true
}

// octal is a text as arguments of printf: a format, and the values in it.
func octal(t text) string {
	var format, values strings.Builder
	for _, p := range t {
		if p.taken != nil || p.world || p.secret != "" || p.base {
			format.WriteString("%s")
			values.WriteString(" " + (&shell{}).word(text{p}))
			continue
		}
		for _, c := range []byte(p.literal) {
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
				format.WriteByte(c)
			} else {
				fmt.Fprintf(&format, "\\%03o", c)
			}
		}
	}
	return "'" + format.String() + "'" + values.String()
}

// verdict writes the check at the end.
func (sh *shell) verdict() {
	c := &sh.check
	sh.Line("# A correct service answers: %s", wording.OneLine(c.expected))
	word := "VIOLATION"
	if c.leak {
		word = "LEAK"
	}
	sh.Line("leak() { printf '%%s\\n' %s; exit 1; }", shellescape.Quote(word+": "+wording.OneLine(c.shown)))
	if len(c.requests) == 0 || c.kind == undecided {
		sh.Line("cannot %s", shellescape.Quote("no single answer shows it; compare the answers with those in "+evidence.MinimalHAR+": "+wording.OneLine(c.shown)))
		return
	}
	sh.compare(c)
	sh.Line("printf '%%s\\n' 'no leak'")
}

// files are parts of the answers that a check looks at.
func (c *check) files(end string) string {
	var out []string
	for _, name := range c.requests {
		out = append(out, `"$answers/`+name+end+`"`)
	}
	return strings.Join(out, " ")
}

// compare writes what calls leak where the violation shows.
func (sh *shell) compare(c *check) {
	last := c.requests[len(c.requests)-1]
	switch c.kind {
	case shows:
		for _, tag := range c.tags {
			sh.Line("if grep -q %s %s; then leak; fi", sh.tagPattern(tag), c.files(".body"))
		}
	case lacks:
		sh.Line("case $(sed -n p \"$answers/%s.status\") in 2??) ;; *) leak ;; esac", last)
		for _, tag := range c.tags {
			sh.Line("if ! grep -q %s %s; then leak; fi", sh.tagPattern(tag), c.files(".body"))
		}
	case answers:
		sh.Line("case $(sed -n p \"$answers/%s.status\") in %s) leak ;; esac", last, c.status)
	case counts:
		sh.Line("rows=$(cat %s | sed 's/xk-/\\\n&/g' | grep -c -e '^'%s)", c.files(".body"), sh.word(c.tags[0]))
		sh.Line("if [ \"$rows\" -eq %d ]; then leak; fi", c.count)
	case totalling:
		sh.Line("if [ \"$(number %s total 1)\" = %d ]; then leak; fi", c.requests[0], c.count)
	case says:
		sh.Line("if [ \"$(string %s %s 1)\" = %s ]; then leak; fi", last, shellescape.Quote(c.key), shellescape.Quote(c.word))
	case caches:
		sh.Line("if ! grep -q -i -e '^cache-control:.*no-store' -e '^cache-control:.*private' %s; then leak; fi", c.files(".head"))
	}
}

// tagPattern are patterns of grep for a tag, and not for a longer one.
func (sh *shell) tagPattern(tag text) string {
	if n := len(tag); n > 0 && strings.HasSuffix(tag[n-1].literal, "-") {
		return "-e " + sh.word(tag)
	}
	return "-e " + sh.word(tag) + "'[^a-z0-9]' -e " + sh.word(tag) + "'$'"
}
