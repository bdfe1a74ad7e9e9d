package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fatih/color"
)

// The colors of what people look for first.
var (
	alarming  = color.New(color.FgRed, color.Bold)
	reassured = color.New(color.FgGreen, color.Bold)
	doubtful  = color.New(color.FgYellow, color.Bold)
)

// pageWidth is the width in characters that text keeps within where it can.
const pageWidth = 110

// page writes lines of text and remembers the first error.
type page struct {
	w   io.Writer
	err error
	// colors says that lines may be painted, and paint how the next ones are.
	colors bool
	paint  *color.Color
}

// painted has lines written in a color, where the page has colors.
func (p *page) painted(c *color.Color, write func()) {
	if p.colors {
		before := p.paint
		p.paint = c
		p.paint.EnableColor()
		defer func() { p.paint = before }()
	}
	write()
}

func (p *page) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// line writes a formatted line, or an empty one.
func (p *page) line(format string, args ...any) {
	if p.paint == nil {
		p.printf(format+"\n", args...)
		return
	}
	p.printf("%s\n", p.paint.Sprintf(format, args...))
}

func (p *page) blank() { p.printf("\n") }

// indented writes each line of a text behind two spaces.
func (p *page) indented(text string) {
	for line := range strings.Lines(text) {
		p.line("  %s", strings.TrimRight(line, "\n"))
	}
}

// wrapped writes words behind a first prefix, and what does not fit on further
// lines behind as many spaces.
func (p *page) wrapped(prefix, text string) { p.wrappedTo(prefix, text, pageWidth) }

func (p *page) wrappedTo(prefix, text string, width int) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(prefix))
	line := prefix
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			line += word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			p.line("%s", line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	p.line("%s", strings.TrimRight(line, " "))
}

// table writes rows in columns as wide as needed. The last column is wrapped.
func (p *page) table(indent string, rows [][]string) {
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
		p.wrapped(prefix, row[len(row)-1])
	}
}

// count is a number with its noun: "1 trace", "12,345 traces".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}

// grouped is a number with commas: 12,345.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// elapsed is a duration in tenths of a second, or in milliseconds below one.
func elapsed(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}

// listed joins words: "a", "a and b", "a, b and c".
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
