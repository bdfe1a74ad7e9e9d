package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"go.yaml.in/yaml/v3"
)

// Pos is a place in the file: line and column, both from 1. The zero Pos is
// nowhere.
type Pos struct {
	Line, Column int
}

// Known reports whether the position is one in the file.
func (p Pos) Known() bool { return p.Line > 0 }

// String is "line:column".
func (p Pos) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

func posOf(n *yaml.Node) Pos { return Pos{n.Line, n.Column} }

// Problem is something wrong in a file: where, under which key (dotted, as in
// "operations.list.rows"), and what was found and what expected.
type Problem struct {
	Pos  Pos
	Key  string
	Text string
}

// Error is "line:column: text".
func (p Problem) Error() string { return p.Pos.String() + ": " + p.Text }

// sortProblems puts problems in the order of the file.
func sortProblems(all []Problem) {
	slices.SortStableFunc(all, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
}

// nearest is the one of some names that is most like a wrong one, or empty where
// none is alike.
func nearest(wrong string, names []string) string {
	most := max(1, len(wrong)/3)
	if len(wrong) == 4 || len(wrong) == 5 {
		most = 2 // two letters that changed places
	}
	best, least := "", most+1
	for _, name := range names {
		if d := levenshtein.Distance(strings.ToLower(wrong), strings.ToLower(name), nil); d < least {
			best, least = name, d
		}
	}
	return best
}

// perhaps is "; did you mean X?", or nothing where no name is alike.
func perhaps(wrong string, names []string) string {
	if best := nearest(wrong, names); best != "" {
		return "; did you mean " + best + "?"
	}
	return ""
}

// either lists names as in "a, b or c".
func either(names ...string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
