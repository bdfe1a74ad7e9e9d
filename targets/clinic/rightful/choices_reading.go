package rightful

import "github.com/telehealth-conformance/crosstalk/targets/clinic/care"

func ofReading() []Choice {
	return []Choice{
		{24, "totals", Shown, "total-of-page", "The total is that of the page.",
			func(c *care.Choices) { c.Totals = care.TotalOfPage }},
		{24, "totals", Shown, "no-total", "A page tells no total.",
			func(c *care.Choices) { c.Totals = care.NoTotal }},
		{24, "order", Shown, "newest-first", "Listings begin with the latest recording.",
			func(c *care.Choices) { c.NewestFirst = true }},
		{24, "limits", Shown, "fixed-pages", "A page has twenty rows, whatever limit is asked for.",
			func(c *care.Choices) { c.FixedPages = true }},
		{25, "a range behind the end", Follows, "range-ignored", "A range behind the end is answered with the whole.",
			func(c *care.Choices) { c.RangeIgnored = true }},
		{27, "exports", Shown, "export-with-shared", "An export holds what is shared with the patient, too.",
			func(c *care.Choices) { c.Export = care.ExportShared }},
		{27, "exports", Shown, "export-of-rows", "An export holds no media.",
			func(c *care.Choices) { c.Export = care.ExportRows }},
		{28, "inboxes", Shown, "several-notices", "Each recording has two notices.",
			func(c *care.Choices) { c.Inbox = care.SeveralNotices }},
		{28, "inboxes", Shown, "notices-stay", "A notice stays when its recording is deleted.",
			func(c *care.Choices) { c.Inbox = care.NoticesStay }},
		{28, "inboxes", Shown, "reminders", "An inbox has reminders of what is planned, too.",
			func(c *care.Choices) { c.Inbox = care.Reminders }},
	}
}

func ofPeople() []Choice {
	return []Choice{
		{31, "whom one may name", Follows, "clinicians-named", "Patients share with practitioners and appoint them, too.",
			func(c *care.Choices) { c.Named = care.PractitionersNamed }},
		{31, "whom one may name", Follows, "oneself-named", "Patients may name themselves, which changes nothing.",
			func(c *care.Choices) { c.Named = care.OneselfNamed }},
		{32, "when a grant counts", Hidden, "grants-from-login", "A share or a proxy counts when the other has logged in next.",
			func(c *care.Choices) { c.GrantsFromLogin = true }},
		{37, "closing during a visit", Follows, "closing-ends", "Closing an account completes the encounter that its patient is in.",
			func(c *care.Choices) { c.Closing = care.ClosingEnds }},
		{37, "closing during a visit", Follows, "planned-keeps-open", "An account is not closed while an appointment is planned.",
			func(c *care.Choices) { c.Closing = care.NotWhilePlanned }},
		{38, "what practitioners have", Follows, "clinicians-have-empty", "Practitioners have an export and an audit trail, both empty.",
			func(c *care.Choices) { c.ForPractitioners = care.EmptyOnes }},
		{38, "what practitioners have", Follows, "clinicians-have-own", "Practitioners export what they may replay, and read in a trail what they were shown.",
			func(c *care.Choices) { c.ForPractitioners = care.OwnOnes }},
		{38, "whether practitioners close", Follows, "clinicians-close", "Practitioners close their accounts, too; the recordings stay with their patients.",
			func(c *care.Choices) { c.PractitionersQuit = true }},
		{40, "sessions over a restart", Hidden, "sessions-end", "Everybody is logged out when the service is stopped.",
			func(c *care.Choices) { c.SessionsEnd = true }},
		{42, "encounters over a restart", Hidden, "restart-sends-out", "Nobody is there after a restart, and encounters go on.",
			func(c *care.Choices) { c.Restart = care.EverybodyOut }},
		{42, "encounters over a restart", Hidden, "restart-completes", "Encounters are over after a restart, with what was recorded.",
			func(c *care.Choices) { c.Restart = care.VisitsEnd }},
		{42, "encounters over a restart", Hidden, "restart-loses", "Encounters are over after a restart, and what was being recorded is lost.",
			func(c *care.Choices) { c.Restart = care.VisitsLost }},
		{45, "asking for what is so", Repeated, "repeats-done", "Leaving, dropping, ending, cancelling, deleting and logging out again are answered as done.",
			func(c *care.Choices) { c.RepeatsDone = true }},
	}
}
