package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Position is a place in a file. Line and Column count from 1; both are 0
// where there is none.
type Position struct {
	File         string
	Line, Column int
}

// String is for example "crosstalk.yaml:12:5".
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// A Problem is something wrong at a place of a file.
type Problem struct {
	// File is the file as it was named to [Load].
	File string
	// Line and Column count from 1.
	Line, Column int
	// Path leads to the value, as in "operations.list.rows"; empty for the file.
	Path string
	// Text is what was found, what was expected and what to do, on one line.
	Text string
}

// Error is the problem's line.
func (p Problem) Error() string {
	return Position{p.File, p.Line, p.Column}.String() + ": " + p.Text
}

// Problems are all that is wrong with a file, in the order of the file.
type Problems []Problem

// Error has a line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// sorted puts the problems in the order of the file and says each once.
func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(p)
}
