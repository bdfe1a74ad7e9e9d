package config

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxSyntaxLines bounds the files in which the line of a mistake is looked for.
const maxSyntaxLines = 2000

// yamlLine matches the place that the YAML library gives: often the beginning of
// what surrounds the mistake.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntaxProblem says where text stops being YAML: on the line after the longest
// beginning that still is, at what is written there.
func syntaxProblem(file string, text []byte, err error) Problem {
	place := yamlLine.FindStringSubmatch(err.Error())
	p := Problem{File: file, Line: 1, Column: 1}
	p.Text = "not YAML: " + strings.TrimPrefix(err.Error(), place[0])
	if n, err := strconv.Atoi(place[1]); err == nil {
		p.Line = n
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	if n := len(lines); n <= maxSyntaxLines {
		p.Line = 1 + longestYAML(text, lines)
	}
	if p.Line <= len(lines) {
		p.Column = firstColumn(lines[p.Line-1])
	}
	return p
}

// longestYAML is the number of lines of the longest beginning that is YAML.
func longestYAML(text []byte, lines [][]byte) int {
	end := len(text)
	for n := len(lines); n > 0; n-- {
		if yaml.Unmarshal(text[:end], new(yaml.Node)) == nil && n < len(lines) {
			return n
		}
		end -= len(lines[n-1])
	}
	return 0
}

// firstColumn is the column of what is not a space.
func firstColumn(line []byte) int {
	rest := bytes.TrimLeft(line, " ")
	if len(bytes.TrimSpace(rest)) == 0 && !bytes.HasPrefix(rest, []byte("\t")) {
		return 1
	}
	return len(line) - len(rest) + 1
}
