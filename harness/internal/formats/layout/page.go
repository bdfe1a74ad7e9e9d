package layout

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/fatih/color"
)

// The colors of what people look for first.
var (
	Alarming  = color.New(color.FgRed, color.Bold)
	Reassured = color.New(color.FgGreen, color.Bold)
	Doubtful  = color.New(color.FgYellow, color.Bold)
)

// pageWidth is the width in characters that text keeps within where it can.
const pageWidth = 110

// Page writes lines of text and remembers the first error.
type Page struct {
	w   io.Writer
	err error
	// colors says that lines may be painted, and paint how the next ones are.
	colors bool
	paint  *color.Color
}

// NewPage returns a page of plain text.
func NewPage(w io.Writer) *Page { return &Page{w: w} }

// NewColoredPage returns a page for a terminal, which shows colors.
func NewColoredPage(w io.Writer) *Page { return &Page{w: w, colors: true} }

// Err is the first error of writing, if any; nothing was written after it.
func (p *Page) Err() error { return p.err }

// Painted has lines written in a color, where the page has colors.
func (p *Page) Painted(c *color.Color, write func()) {
	if p.colors {
		before := p.paint
		p.paint = c
		p.paint.EnableColor()
		defer func() { p.paint = before }()
	}
	write()
}

// Printf writes a formatted text as it is.
func (p *Page) Printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// Line writes a formatted line, or an empty one.
func (p *Page) Line(format string, args ...any) {
	if p.paint == nil {
		p.Printf(format+"\n", args...)
		return
	}
	p.Printf("%s\n", p.paint.Sprintf(format, args...))
}

// Blank writes an empty line.
func (p *Page) Blank() { p.Printf("\n") }

// Indented writes each line of a text behind two spaces.
func (p *Page) Indented(text string) {
	for line := range strings.Lines(text) {
		p.Line("  %s", strings.TrimRight(line, "\n"))
	}
}

// Wrapped writes words behind a first prefix, and what does not fit on further
// lines behind as many spaces.
func (p *Page) Wrapped(prefix, text string) { p.wrappedTo(prefix, text, pageWidth) }

func (p *Page) wrappedTo(prefix, text string, width int) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(prefix))
	line := prefix
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			line += word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			p.Line("%s", line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	p.Line("%s", strings.TrimRight(line, " "))
}

// Table writes rows in columns as wide as needed. The last column is wrapped.
func (p *Page) Table(indent string, rows [][]string) {
	widths := make([]int, 0)
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		prefix := indent
		for i, cell := range row[:len(row)-1] {
			prefix += cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2)
		}
		p.Wrapped(prefix, row[len(row)-1])
	}
}

// Wrap breaks a text into lines of at most width characters, all but the first
// behind indent spaces; the first begins at that column already.
func Wrap(text string, indent, width int) string {
	var b strings.Builder
	p := NewPage(&b)
	p.wrappedTo(strings.Repeat(" ", indent), text, width)
	return strings.TrimSpace(b.String())
}
