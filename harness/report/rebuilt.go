package report

import (
	"fmt"
	"io"

	"github.com/telehealth-conformance/crosstalk/harness/exposure"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Rebuilt says what judging a saved run again has shown, and which reports were
// written of it into which directory.
func Rebuilt(w io.Writer, s *Saved, dir string, names []string) error {
	p := &page{w: w}
	p.table("", [][]string{
		{"run", fmt.Sprintf("%s, seed %d, in %s", s.Target, s.Seed, s.Dir)},
		{"judged", judged(s)},
		{"verdict", verdictNow(s)},
		{"exposed", exposedSubjects(s.Pack())},
	})
	for _, c := range s.Changes {
		p.wrapped("changed  ", c)
	}
	for _, c := range s.Warnings {
		p.wrapped("warning  ", c)
	}
	for _, l := range s.Limits() {
		p.wrapped("note     ", l)
	}
	p.wrapped("written  ", listed(names)+" in "+dir)
	return p.err
}

func judged(s *Saved) string {
	text := fmt.Sprintf("%s of %s", operations(s.Events), histories(s.Histories))
	if s.Unfinished > 0 {
		text += fmt.Sprintf(", of which %d did not come to their end", s.Unfinished)
	}
	return text + ", with the rules of today"
}

func operations(n int) string { return count(n, "operation") }

func histories(n int) string {
	if n == 1 {
		return "1 history"
	}
	return grouped(n) + " histories"
}

func verdictNow(s *Saved) string {
	text := string(s.Run.verdict())
	if s.Run.verdict() == s.Was.Verdict {
		text += ", as saved"
	}
	if s.End != Finished {
		text += "; the run did not come to its end (" + string(s.End) + ")"
	}
	return text
}

// exposedSubjects counts those exposed by their highest level.
func exposedSubjects(p *exposure.Pack) string {
	if len(p.Exposures) == 0 {
		return "nobody"
	}
	var parts []string
	for level := models.Controlled; level >= models.Inferred; level-- {
		c := p.Levels[level-models.Inferred].SubjectsHighest
		if c.Proven > 0 || c.WithPossible > 0 {
			parts = append(parts, level.String()+" "+c.Range())
		}
	}
	all := p.Levels[0]
	return fmt.Sprintf("data subjects: %s, to recipients: %s; by highest level: %s", all.Subjects.Range(), all.Recipients.Range(), listed(parts))
}
