package doctor

import (
	"fmt"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
)

// listed is alice's first listing that should have rows, or nil.
func (w *walked) listed() *step {
	for _, s := range w.of(models.KindList) {
		if s.op.Actor() == "alice" && s.expected.Listing != nil && len(s.expected.Listing.Rows) > 0 && s.got.Outcome == models.OK && s.got.Listing != nil {
			return s
		}
	}
	return nil
}

// judgeTitle tells whether the title given to an appointment comes back with its
// recordings: whose they are is read from it.
func (e *examination) judgeTitle(w *walked) {
	const check = "title round trip"
	s := w.listed()
	if s == nil || len(s.got.Listing.Rows) == 0 {
		e.add(Finding{Check: check, Status: Untried, Detail: "no recording was listed"})
		return
	}
	tagged, foreign := 0, 0
	for _, row := range s.got.Listing.Rows {
		switch row.Tag.World {
		case w.world:
			tagged++
		case "":
		default:
			foreign++
		}
	}
	switch {
	case foreign > 0:
		e.wrong(check, fmt.Sprintf("%s: %s of other tests", s.op, recordings(foreign)), e.place("auth.user", "requests are made with another's credentials, or the service leaks"))
	case tagged == 0:
		title := models.Tag{World: w.world, Booking: "b1"}.Title()
		e.wrong(check, fmt.Sprintf("%s: no recording shows the title %q that was given when the appointment was booked", s.op, title),
			append(e.blameFor(s), e.place("operations.book", "or the title is not sent where the service shows it"))...)
	case tagged < len(s.got.Listing.Rows):
		e.wrong(check, fmt.Sprintf("%s: only %d of %s show a title", s.op, tagged, recordings(len(s.got.Listing.Rows))), e.place("recording.title", ""))
	default:
		e.works(check, fmt.Sprintf("%s with the title given at booking", recordings(tagged)))
	}
}

// judgeRecordings tells whether what is read of recordings is what they are.
func (e *examination) judgeRecordings(w *walked) {
	const check = "metadata"
	s := w.listed()
	if s == nil || len(s.got.Listing.Rows) == 0 || s.got.Listing.Rows[0].Tag.World != w.world || e.report.failed("recordings") || e.report.failed("media round trip") {
		return
	}
	if where := e.readingsOf(s.trouble); len(where) > 0 {
		e.wrong(check, fmt.Sprintf("%s: what the configuration reads of a recording is not there", s.op), where...)
		return
	}
	for _, row := range s.got.Listing.Rows {
		for _, want := range s.expected.Listing.Rows {
			if row.Recording != want.Recording {
				continue
			}
			if e.Launcher.Capabilities().Policy.Recordings == models.AnyCut {
				want.Mode, want.Size = "", row.Size
			}
			if field, text := differs(&row, &want); field != "" {
				e.wrong(check, fmt.Sprintf("%s: %s: %s", s.op, row.Recording, text), e.place("recording."+field, "it leads to something else"))
				return
			}
		}
	}
	if g := w.gotten(); g != nil && g.got.Row != nil && g.got.Row.Tag.World != w.world {
		e.wrong(check, fmt.Sprintf("%s: the title given at booking is not there", g.op), e.blameFor(g)...)
		return
	}
	e.works(check, "it is that of the recordings, as far as the service tells it")
}

// readingsOf are the places that trouble names although there was an answer.
func (e *examination) readingsOf(all []targets.Trouble) []Place {
	var out []Place
	for _, t := range all {
		if t.Key != "" {
			out = append(out, e.place(t.Key, t.Text))
		}
	}
	return out
}

// differs is the field of a row that is not what it should be, and what it is.
func differs(got, want *models.Row) (field, text string) {
	switch {
	case got.Subject != "" && got.Subject != models.Nobody && got.Subject != want.Subject:
		return "subject", fmt.Sprintf("expected %s as the patient, got %s", want.Subject, strings.Replace(string(got.Subject), "somebody", "somebody who is not known", 1))
	case got.Mode != "" && want.Mode != "" && got.Mode != want.Mode:
		return "mode", fmt.Sprintf("expected the mode %s, got %s", want.Mode, got.Mode)
	case got.Size != 0 && got.Size != want.Size:
		return "size", fmt.Sprintf("expected %d bytes, got %d", want.Size, got.Size)
	}
	return "", ""
}

// gotten is the first metadata that was read as it should be.
func (w *walked) gotten() *step {
	for _, s := range w.of(models.KindGet) {
		if s.expected.Outcome == models.OK && s.got.Outcome == models.OK {
			return s
		}
	}
	return nil
}

// judgeMedia tells whether what was spoken is what is played.
func (e *examination) judgeMedia(w *walked) {
	const check = "media round trip"
	s := w.played(true)
	if s == nil || s.got.Content == nil || e.report.failed("recordings") {
		e.add(Finding{Check: check, Status: Untried, Detail: "no recording was played of which it is known what it holds"})
		return
	}
	got, want := s.got.Content, s.expected.Content
	switch {
	case len(got.Pieces) == 0:
		e.wrong(check, fmt.Sprintf("%s: none of %d bytes is what was spoken", s.op, got.Length),
			e.place("operations.play", "the body is not the media"), e.place("operations.speak", "or other media is sent than {{.media}}"))
	case want != nil && got.Length != want.Length && e.Launcher.Capabilities().Policy.Recordings != models.AnyCut || got.Stray > 0:
		e.wrong(check, fmt.Sprintf("%s: expected %d bytes as they were spoken, got %d, of which %d are not", s.op, want.Length, got.Length, got.Stray),
			e.place("operations.speak", "it sends too much or too little: {{.media}} is what is spoken now, {{.segment.media}} all since the mode was chosen"),
			e.place("policy.recordings", "or a recording holds more or less than it says"))
	default:
		e.works(check, fmt.Sprintf("%d bytes came back as they were spoken", got.Length))
	}
}

// played is the first whole or ranged play that should succeed and did.
func (w *walked) played(whole bool) *step {
	for _, s := range w.of(models.KindPlay) {
		if op, ok := s.op.(models.Play); ok && op.Range.Whole() == whole && s.expected.Outcome == models.OK && s.got.Outcome == models.OK {
			return s
		}
	}
	return nil
}

// judgeRange tells whether a range of bytes can be asked for (RFC 9110 section
// 14).
func (e *examination) judgeRange(w *walked) {
	const check = "range requests"
	s := w.played(false)
	if s == nil || s.got.Content == nil {
		e.add(Finding{Check: check, Status: Untried, Detail: "no range was asked for and answered"})
		return
	}
	got, want := s.got.Content, s.expected.Content
	switch {
	case got.From == want.From && got.Length == want.Length:
		e.works(check, fmt.Sprintf("%s: %d bytes from %d", s.op, got.Length, got.From))
	case got.From == 0 && got.Length == got.Total:
		e.wrong(check, fmt.Sprintf("%s: the whole recording was answered", s.op), e.place("operations.play.range", "the service does not answer ranges: say range: none"))
	default:
		e.wrong(check, fmt.Sprintf("%s: expected %d bytes from %d, got %d from %d", s.op, want.Length, want.From, got.Length, got.From), e.place("operations.play.range", ""))
	}
}

// judgePages tells whether a listing that is asked for in pages of one recording
// shows as many as one that is not.
func (e *examination) judgePages(w *walked) {
	const check = "pages"
	whole, paged := w.listed(), w.paged()
	if whole == nil || paged == nil || len(whole.got.Listing.Rows) < 2 {
		return
	}
	l, all := paged.got.Listing, len(whole.got.Listing.Rows)
	switch {
	case len(l.Rows) < all:
		e.wrong(check, fmt.Sprintf("%s: expected all %d recordings, page by page, got %d", paged.op, all, len(l.Rows)),
			e.place("operations.list.next", "it does not lead to the next page"))
	case l.Pages == 1 && e.Launcher.Capabilities().Supports(models.KindPage):
		e.wrong(check, fmt.Sprintf("%s: %s on one page", paged.op, recordings(len(l.Rows))),
			e.place("operations.list.query", "the service does not heed the limit that is sent"))
	default:
		e.works(check, fmt.Sprintf("%s: %s on %d pages", paged.op, recordings(len(l.Rows)), max(1, l.Pages)))
	}
}

// paged is alice's listing in pages of one recording, or nil.
func (w *walked) paged() *step {
	for _, s := range w.of(models.KindList) {
		if op, ok := s.op.(models.List); ok && op.Limit == 1 && s.got.Outcome == models.OK && s.got.Listing != nil {
			return s
		}
	}
	return nil
}

// judgeLag tells how long a recording takes to appear.
func (e *examination) judgeLag(w *walked) {
	const check = "lag"
	s, lag := w.listed(), e.Launcher.Capabilities().Policy.Lag
	waited := w.waited.Round(time.Millisecond)
	switch {
	case s == nil:
		e.add(Finding{Check: check, Status: Untried, Detail: "no recording was listed"})
	case len(s.got.Listing.Rows) == 0:
		e.wrong(check, fmt.Sprintf("%s: no recording appeared within %v", s.op, waited),
			e.place("operations.list.rows", "it finds no recording in the answer"), e.place("policy.lag", "or recordings take longer"),
			e.place("operations.leave", "or the consultation is not completed"))
	case !e.complete(s.got.Listing.Rows, s.expected.Listing.Rows):
		e.add(Finding{Check: check, Status: Untried, Detail: "not as many recordings appeared as the policy says"})
	case w.absent > lag:
		e.wrong(check, fmt.Sprintf("%s: recordings appeared after %v, and not after %v", s.op, waited, w.absent.Round(time.Millisecond)), e.place("policy.lag", fmt.Sprintf("it says that they are there within %v", lag)))
	default:
		e.works(check, fmt.Sprintf("recordings appeared after %v; the policy says %v", waited, lag))
	}
}
