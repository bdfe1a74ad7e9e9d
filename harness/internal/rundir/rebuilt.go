package rundir

import (
	"fmt"
	"io"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/exposure"
	"github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"
	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Rebuilt says what judging a saved run again has shown, and which reports were
// written of it into which directory.
func Rebuilt(w io.Writer, s *Saved, dir string, names []string) error {
	p := &page{layout.NewPage(w)}
	p.Table("", [][]string{
		{"run", fmt.Sprintf("%s, seed %d, in %s", s.Target, s.Seed, s.Dir)},
		{"judged", judged(s)},
		{"verdict", verdictNow(s)},
		{"exposed", exposedSubjects(s.Pack())},
	})
	for _, c := range s.Changes {
		p.Wrapped("changed  ", c)
	}
	for _, c := range s.Warnings {
		p.Wrapped("warning  ", c)
	}
	for _, l := range s.Limits() {
		p.Wrapped("note     ", l)
	}
	p.Wrapped("written  ", wording.Listed(names)+" in "+dir)
	return p.Err()
}

func judged(s *Saved) string {
	text := fmt.Sprintf("%s of %s", operations(s.Events), wording.Count(s.Histories, "history"))
	if s.Unfinished > 0 {
		text += fmt.Sprintf(", of which %d did not come to their end", s.Unfinished)
	}
	return text + ", with the rules of today"
}

func operations(n int) string { return wording.Count(n, "operation") }

func verdictNow(s *Saved) string {
	text := string(s.Run.Concluded())
	if s.Run.Concluded() == s.Was.Verdict {
		text += ", as saved"
	}
	if s.End != evidence.Finished {
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
	return fmt.Sprintf("data subjects: %s, to recipients: %s; by highest level: %s", all.Subjects.Range(), all.Recipients.Range(), wording.Listed(parts))
}
