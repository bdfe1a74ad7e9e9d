package models

import (
	"fmt"
	"strconv"
	"strings"
)

// token is a word of a line and the column where it stands.
type token struct {
	text   string
	column int
}

func (t token) fail(message string) *SyntaxError {
	return &SyntaxError{Column: t.column, Message: message}
}

// call is a line's general form: [defines =] [actor.]verb(args, key=value).
type call struct {
	defines, actor, verb token
	args                 []argument
	close                token
}

type argument struct {
	key, value token // key.text is empty for a positional argument
}

// scanner reads the general form of a line. After the first error it reads
// nothing more.
type scanner struct {
	text string
	at   int
	err  *SyntaxError
}

func (s *scanner) end() bool { return s.at >= len(s.text) }

func (s *scanner) space() {
	for !s.end() && (s.text[s.at] == ' ' || s.text[s.at] == '\t') {
		s.at++
	}
}

func (s *scanner) fail(expected string) {
	if s.err != nil {
		return
	}
	found := "end of line"
	if !s.end() {
		found = strconv.QuoteRune([]rune(s.text[s.at:])[0])
	}
	s.err = &SyntaxError{Column: s.at + 1, Message: fmt.Sprintf("expected %s, found %s", expected, found)}
}

// accept passes over a character, and space around it, if it is next.
func (s *scanner) accept(c byte) bool {
	s.space()
	if s.err != nil || s.end() || s.text[s.at] != c {
		return false
	}
	s.at++
	s.space()
	return true
}

func (s *scanner) expect(c byte, expected string) {
	if !s.accept(c) {
		s.fail(expected)
	}
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// word reads letters, digits and, if more allows them, other characters.
func (s *scanner) word(more, expected string) token {
	s.space()
	start := s.at
	for s.err == nil && !s.end() && (isNameByte(s.text[s.at]) || strings.IndexByte(more, s.text[s.at]) >= 0) {
		s.at++
	}
	if s.at == start {
		s.fail(expected)
	}
	return token{s.text[start:s.at], start + 1}
}

func (s *scanner) call() call {
	var c call
	first := s.word("", "an operation, as in alice.list()")
	if s.accept('=') {
		c.defines = first
		first = s.word("", "an operation behind =, as in b1 = alice.book(dr1, audio)")
	}
	if s.accept('.') {
		c.actor = first
		first = s.word("", "an operation after "+first.text+".")
	}
	c.verb = first
	s.expect('(', "'(' after "+first.text)
	c.args = s.arguments()
	c.close = token{")", s.at + 1}
	s.expect(')', "',' or ')'")
	if s.err == nil && !s.end() {
		s.fail("end of line or a comment, as in // ok")
	}
	return c
}

func (s *scanner) arguments() []argument {
	var out []argument
	s.space()
	if s.end() || s.text[s.at] == ')' {
		return nil
	}
	for s.err == nil {
		var a argument
		a.value = s.word(".-?", "an argument")
		if s.accept('=') {
			a.key = a.value
			a.value = s.word(".-?", "a value after "+a.key.text+"=")
		}
		out = append(out, a)
		if !s.accept(',') {
			break
		}
	}
	return out
}
