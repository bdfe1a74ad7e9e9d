package secret

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// formsOf are the ways in which a value may be written, without doubles.
func formsOf(value string) []string {
	once := escaped(value)
	out := slices.Clone(once)
	if !simple(value) {
		for _, form := range once[1:] { // a quoted text within JSON or markup, as a command line in a report
			out = append(append(append(out, inJSON(form)...), inMarkup(form)...), inMarkdown(form)...)
		}
	}
	for _, form := range inBase64(value) {
		out = append(out, form, url.QueryEscape(form), strings.ReplaceAll(form, "/", `\/`))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// escaped is a value as it is and, where that is another text, escaped.
func escaped(value string) []string {
	out := []string{value}
	add := func(forms ...string) {
		for _, form := range forms {
			if !slices.Contains(out, form) {
				out = append(out, form)
			}
		}
	}
	if strings.ContainsAny(value, marks) {
		add(inMarkdown(value)...)
	}
	if simple(value) {
		return out
	}
	add(inURL(value)...)
	add(inJSON(value)...)
	add(inMarkup(value)...)
	add(inner(strconv.Quote(value)), inner(strconv.QuoteToASCII(value)))
	add(strings.ReplaceAll(value, "'", `'"'"'`), strings.ReplaceAll(value, "'", `'\''`), strings.ReplaceAll(value, "'", "''"))
	return out
}

// simple reports whether a value is written in the same way everywhere.
func simple(value string) bool {
	for i := range len(value) {
		c := value[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// inURL are the forms in a query, in a path and before a host, with capital and small digits.
func inURL(value string) []string {
	query := url.QueryEscape(value)
	all := []string{query, strings.ReplaceAll(query, "+", "%20"), url.PathEscape(value),
		url.UserPassword("", value).String()[len(":"):]}
	for _, form := range all {
		all = append(all, lowerEscapes(form))
	}
	return all
}

// lowerEscapes is a text whose percent-encodings have small digits.
func lowerEscapes(text string) string {
	b := []byte(text)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(string(b[i+1:i+3])))
			i += 2
		}
	}
	return string(b)
}

// inJSON are the forms in a text of JSON: with and without <, > and & escaped,
// and with slashes escaped.
func inJSON(value string) []string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(value) != nil {
		return nil
	}
	plain := inner(strings.TrimSuffix(b.String(), "\n"))
	safe := strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(plain)
	script := strings.NewReplacer("'", `\u0027`, "+", `\u002b`, "/", `\/`).Replace(safe)
	return []string{plain, safe, script, strings.ReplaceAll(plain, "/", `\/`), strings.ReplaceAll(safe, "/", `\/`)}
}

// inMarkup are the forms in HTML and XML.
func inMarkup(value string) []string {
	markup := html.EscapeString(value)
	out := []string{markup, strings.ReplaceAll(markup, "+", "&#43;"), strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;").Replace(markup)}
	var b strings.Builder
	if xml.EscapeText(&b, []byte(value)) == nil {
		out = append(out, b.String())
	}
	return out
}

// marks are what reports in Markdown escape.
const marks = "\\`*_{}[]<>#|~&!@$:"

// inMarkdown are the forms in reports in Markdown: with a backslash before each
// mark, with entities for those of HTML, and in a cell of a table.
func inMarkdown(value string) []string {
	var slashed, mixed strings.Builder
	for _, c := range value {
		if strings.ContainsRune("\\`*_{}[]<>#|~&!", c) {
			slashed.WriteByte('\\')
		}
		slashed.WriteRune(c)
		if strings.ContainsRune("\\`*_[]#!|~$", c) {
			mixed.WriteByte('\\')
		}
		mixed.WriteRune(c)
	}
	entities := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "://", ":&#47;&#47;")
	return []string{slashed.String(), entities.Replace(mixed.String()), strings.ReplaceAll(value, "|", `\|`)}
}

// inner is a text without the quotes around it.
func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

// inBase64 are what a value adds to a longer text in base64, by what is before
// it, in both alphabets, and its own encoding.
func inBase64(value string) []string {
	var out []string
	padded := "\x00\x00" + value
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		out = append(out, encoding.EncodeToString([]byte(value)))
		for before := range 3 {
			text := encoding.EncodeToString([]byte(padded[2-before:]))
			from := (before*8 + 5) / 6 // the first character without a bit of what is before
			to := (before + len(value)) * 8 / 6
			if to-from >= shortest {
				out = append(out, text[from:to])
			}
		}
	}
	return out
}
