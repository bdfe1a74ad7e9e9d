package doctor

import (
	"fmt"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// listed is alice's first listing that should have rows, or nil.
func (w *walked) listed() *step {
	for _, s := range w.of(models.KindList) {
		if s.op.Actor() == "alice" && s.expected.Listing != nil && len(s.expected.Listing.Rows) > 0 && s.got.Outcome == models.OK {
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
	if s == nil || s.got.Listing == nil || len(s.got.Listing.Rows) == 0 {
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
		e.wrong(check, fmt.Sprintf("%s: %s are of other tests: the service leaks, or alice's requests are not made as alice", s.op, rows(foreign)), e.place("auth.user", ""))
	case tagged == 0:
		e.wrong(check, fmt.Sprintf("%s: no row shows the title that was given when the appointment was booked", s.op),
			e.place("recording.title", "it finds no title like "+models.Tag{World: w.world, Booking: "b1"}.Title()), e.place("operations.book", "or the title is not sent"))
	case tagged < len(s.got.Listing.Rows):
		e.wrong(check, fmt.Sprintf("%s: only %d of %s show a title", s.op, tagged, rows(len(s.got.Listing.Rows))), e.place("recording.title", ""))
	default:
		e.works(check, fmt.Sprintf("%s show the title given at booking", rows(tagged)))
	}
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// judgeMedia tells whether what was spoken is what is played.
func (e *examination) judgeMedia(w *walked) {
	const check = "media round trip"
	s := w.played(true)
	if s == nil || s.got.Content == nil {
		e.add(Finding{Check: check, Status: Untried, Detail: "no recording was played"})
		return
	}
	got, want := s.got.Content, s.expected.Content
	switch {
	case len(got.Pieces) == 0:
		e.wrong(check, fmt.Sprintf("%s: none of %d bytes is what was spoken", s.op, got.Length),
			e.place("operations.play", "the body is not the media"), e.place("operations.speak", "or other media is sent than {{.media}}"))
	case want != nil && got.Length != want.Length || got.Stray > 0:
		e.wrong(check, fmt.Sprintf("%s: %d bytes, %d of them not what was spoken; expected %d", s.op, got.Length, got.Stray, want.Length),
			e.place("operations.speak", "not all that is spoken is sent"), e.place("policy.recordings", "or a recording holds more or less than it says"))
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
		e.add(Finding{Check: check, Status: Untried, Detail: "no range was answered"})
		return
	}
	got, want := s.got.Content, s.expected.Content
	switch {
	case got.From == want.From && got.Length == want.Length:
		e.works(check, fmt.Sprintf("%s: %d bytes from %d", s.op, got.Length, got.From))
	case got.From == 0 && got.Length == want.Total:
		e.wrong(check, fmt.Sprintf("%s: the whole recording was answered", s.op), e.place("operations.play.range", "the service answers the whole: say range: none"))
	default:
		e.wrong(check, fmt.Sprintf("%s: %d bytes from %d; expected %d from %d", s.op, got.Length, got.From, want.Length, want.From), e.place("operations.play.range", ""))
	}
}

// judgeLag tells how long a recording takes to appear.
func (e *examination) judgeLag(w *walked) {
	const check = "lag"
	s, lag := w.listed(), e.Launcher.Capabilities().Policy.Lag
	switch {
	case s == nil:
		e.add(Finding{Check: check, Status: Untried, Detail: "no recording was listed"})
	case s.got.Listing == nil || len(s.got.Listing.Rows) == 0:
		e.wrong(check, fmt.Sprintf("%s: no recording appeared within %v", s.op, w.waited.Round(time.Millisecond)),
			e.place("operations.list.rows", "it finds no row"), e.place("operations.leave", "or the consultation is not completed"),
			e.place("policy.lag", "or recordings take longer"))
	case len(s.got.Listing.Rows) < len(s.expected.Listing.Rows):
		e.add(Finding{Check: check, Status: Untried, Detail: "not as many recordings appeared as the policy says"})
	case w.waited > lag+100*time.Millisecond:
		e.wrong(check, fmt.Sprintf("recordings appeared after %v; the policy says within %v", w.waited.Round(time.Millisecond), lag), e.place("policy.lag", ""))
	default:
		e.works(check, fmt.Sprintf("recordings appeared after %v, within the %v of the policy", w.waited.Round(time.Millisecond), lag))
	}
}
