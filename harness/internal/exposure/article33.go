package exposure

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// notice is the template of article-33.md.
//
//go:embed article-33.md.tmpl
var notice string

// deadline is how long after the controller became aware of a breach the
// supervisory authority is to be notified: Regulation (EU) 2016/679, Article
// 33(1).
const deadline = 72 * time.Hour

// toBeFilled stands before what no tool can know.
const toBeFilled = "TO BE FILLED BY A PERSON: "

// Article33 writes a draft of the notification of a breach to a supervisory
// authority, in Markdown: the contents that Article 33(3) and (4) of the GDPR ask
// for. What the run tells is filled in; the rest says that a person must fill
// it.
func (p *Pack) Article33(w io.Writer) error {
	t, err := template.New("article-33.md").Funcs(template.FuncMap{
		"person": func(what string) string { return "**" + toBeFilled + what + "**" },
		"utc":    func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
		"text":   escaped, "path": models.Path.Name, "level": levelWords, "consequence": consequence, "join": strings.Join,
	}).Parse(notice)
	if err != nil {
		return fmt.Errorf("article 33: %w", err)
	}
	return t.Execute(w, &filled{Pack: p})
}

// filled is a pack as the template asks it.
type filled struct{ *Pack }

// Aware is when the controller became aware, or zero.
func (f *filled) Aware() time.Time { return f.options.Aware }

// AwareAsGiven is the same in the zone in which it was given.
func (f *filled) AwareAsGiven() string { return f.options.Aware.Format(time.RFC3339) }

// Deadline is when the authority is to be notified.
func (f *filled) Deadline() time.Time { return f.options.Aware.Add(deadline) }

// DeadlineAsGiven is the same in the zone of [filled.AwareAsGiven].
func (f *filled) DeadlineAsGiven() string { return f.Deadline().Format(time.RFC3339) }

// Now is the time of writing, or zero.
func (f *filled) Now() time.Time { return f.options.Now }

// Late reports whether the deadline is over.
func (f *filled) Late() bool { return !f.Now().IsZero() && f.Now().After(f.Deadline()) }

// Left is the time until the deadline, or since, in hours and minutes.
func (f *filled) Left() string {
	minutes := int(f.Deadline().Sub(f.Now()).Abs() / time.Minute)
	return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60)
}

// First and Last are the times of the first and the last exposure.
func (f *filled) First() time.Time { return f.Exposures[0].First }

// Last is the time of the last exposure.
func (f *filled) Last() time.Time {
	last := f.First()
	for i := range f.Exposures {
		if f.Exposures[i].Last.After(last) {
			last = f.Exposures[i].Last
		}
	}
	return last
}

// All counts those at the least level, which are all.
func (f *filled) All() LevelCount { return f.Levels[0] }

// Highest is the highest level of any exposure.
func (f *filled) Highest() models.Level {
	highest := models.NotExposed
	for i := range f.Exposures {
		highest = max(highest, f.Exposures[i].Level)
	}
	return highest
}

// HighestProven is the highest level that is proven.
func (f *filled) HighestProven() models.Level {
	highest := models.NotExposed
	for i := range f.Exposures {
		if f.Exposures[i].Certainty == Proven {
			highest = max(highest, f.Exposures[i].Level)
		}
	}
	return highest
}

// way is a path and a level by which something was shown.
type way struct {
	Level            models.Level
	Path             models.Path
	Proven, Possible int // exposures
	Bytes            int64
}

// Ways are the paths and levels of all exposures, the highest level first.
func (f *filled) Ways() []way {
	var out []way
	for i := range f.Exposures {
		x := &f.Exposures[i]
		at := slices.IndexFunc(out, func(w way) bool { return w.Level == x.Level && w.Path == x.Path })
		if at < 0 {
			at = len(out)
			out = append(out, way{Level: x.Level, Path: x.Path})
		}
		if x.Certainty == Proven {
			out[at].Proven++
		} else {
			out[at].Possible++
		}
		out[at].Bytes += x.BytesTotal
	}
	slices.SortStableFunc(out, func(a, b way) int { return int(b.Level) - int(a.Level) })
	return out
}

// Group is the subjects whose highest level, with what is possible, is the same.
type Group struct {
	Level    models.Level
	Subjects []Subject
}

// Groups are the subjects by level, the most exposed first.
func (f *filled) Groups() []Group {
	var out []Group
	for _, s := range f.Inform {
		if n := len(out); n == 0 || out[n-1].Level != s.Possible {
			out = append(out, Group{Level: s.Possible})
		}
		last := &out[len(out)-1]
		last.Subjects = append(last.Subjects, s)
	}
	return out
}

// Descending are the levels, the highest first.
func (f *filled) Descending() []LevelCount {
	out := slices.Clone(f.Levels)
	slices.Reverse(out)
	return out
}

// Range is "3", or "3 to 5" where the bounds differ.
func (b Bounds) Range() string {
	if b.AtLeast == b.AtMost {
		return fmt.Sprint(b.AtLeast)
	}
	return fmt.Sprintf("%d to %d", b.AtLeast, b.AtMost)
}

// Range is "3", or "3 (5 with what is possible)".
func (h Highest) Range() string {
	if h.Proven == h.WithPossible {
		return fmt.Sprint(h.Proven)
	}
	return fmt.Sprintf("%d (%d with what is possible)", h.Proven, h.WithPossible)
}

// escaped is text that Markdown takes literally, on one line.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if strings.ContainsRune("\\`*_{}[]<>#|~&!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
