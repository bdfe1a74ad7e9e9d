package rightful

import "github.com/telehealth-conformance/crosstalk/targets/clinic/care"

func ofAppointments() []Choice {
	return []Choice{
		{1, "slots", Follows, "slot-for-several", "A practitioner's slot takes any number of appointments.",
			func(c *care.Choices) { c.Slots = care.SeveralInASlot }},
		{1, "slots", Follows, "no-slots", "There are no slots: the practitioner has a waiting room, and moving an appointment changes nothing.",
			func(c *care.Choices) { c.Slots = care.NoSlots }},
		{2, "who may register", Follows, "shared-addresses", "A family may register with one e-mail address; the password tells who logs in.",
			func(c *care.Choices) { c.SharedAddresses = true }},
		{3, "who books", Follows, "clinicians-book", "Practitioners book, too, as patients of another practitioner.",
			func(c *care.Choices) { c.CliniciansBook = true }},
		{4, "cancelling", Follows, "cancelling-ends", "Cancelling during the encounter completes it.",
			func(c *care.Choices) { c.Cancelling = care.CancelEnds }},
		{4, "cancelling", Follows, "clinician-cancels", "Only the practitioner may cancel.",
			func(c *care.Choices) { c.Cancelling = care.PractitionerCancels }},
		{5, "moving", Follows, "moved-during", "An appointment may be moved during its encounter, which goes on.",
			func(c *care.Choices) { c.Moving = care.MovedInProgress }},
		{5, "moving", Follows, "moved-after-cancelling", "An appointment that was cancelled may be moved, and is planned again.",
			func(c *care.Choices) { c.Moving = care.MovedCancelled }},
	}
}

func ofPresence() []Choice {
	return []Choice{
		{6, "who starts an encounter", Hidden, "clinician-starts", "Whoever joins before the practitioner waits, and nothing begins.",
			func(c *care.Choices) { c.PractitionerStarts = true }},
		{7, "a lost connection", Hidden, "drop-leaves", "Whoever loses the connection has left.",
			func(c *care.Choices) { c.DropLeaves = true }},
		{8, "whose leaving completes", Hidden, "anybody-completes", "The encounter is over when anybody leaves.",
			func(c *care.Choices) { c.CompletedBy = care.AnyDeparture }},
		{8, "whose leaving completes", Hidden, "clinician-completes", "The encounter is over when its practitioner leaves, and goes on without anybody else.",
			func(c *care.Choices) { c.CompletedBy = care.PractitionerDeparture }},
		{9, "when it is completed", Hidden, "end-completes", "The encounter is over when it is ended, and not when all have left.",
			func(c *care.Choices) { c.CompletedBy = care.NoDeparture }},
		{10, "joining after the end", Follows, "rejoin-goes-on", "Joining an encounter that was completed has it go on.",
			func(c *care.Choices) { c.Rejoining = care.GoesOn }},
		{10, "joining after the end", Follows, "rejoin-begins-anew", "Joining an encounter that was completed begins another in the same room, as it was booked.",
			func(c *care.Choices) { c.Rejoining = care.NewVisit }},
		{11, "ending from outside", Follows, "ended-from-outside", "The practitioner ends an encounter without being there.",
			func(c *care.Choices) { c.EndsFromOutside = true }},
		{12, "media from outside", Follows, "media-from-outside", "What a participant sends is recorded, there or not.",
			func(c *care.Choices) { c.MediaFromOutside = true }},
	}
}

func ofSwitches() []Choice {
	return []Choice{
		{13, "switching before", Follows, "switched-before", "A switch before the encounter changes what is booked.",
			func(c *care.Choices) { c.SwitchBefore = true }},
		{14, "switching from outside", Follows, "switched-from-outside", "Participants switch without being there.",
			func(c *care.Choices) { c.SwitchFromOutside = true }},
		{15, "when a switch takes effect", Hidden, "switch-accepted", "A switch takes effect when another who is there asks for the same.",
			func(c *care.Choices) { c.SwitchTakes = care.WhenAccepted }},
		{15, "when a switch takes effect", Hidden, "switch-for-caller", "A switch is for the caller alone; the recording goes on in the mode it had.",
			func(c *care.Choices) { c.SwitchTakes = care.ForCaller }},
	}
}

func ofRecordings() []Choice {
	return []Choice{
		{16, "cuts", Shown, "cut-never", "A recording holds a whole encounter.",
			func(c *care.Choices) { c.Cut = care.NotCut }},
		{16, "cuts", Shown, "cut-at-connections", "A recording ends when somebody joins.",
			func(c *care.Choices) { c.Cut = care.CutAtConnection }},
		{16, "cuts", Shown, "cut-by-speaker", "Everybody has a recording of their own in each stretch.",
			func(c *care.Choices) { c.Cut = care.CutBySpeaker }},
		{16, "cuts", Shown, "cut-by-length", "A recording ends when it is long enough.",
			func(c *care.Choices) { c.Cut = care.CutByLength }},
		{16, "cuts", Shown, "cut-at-any-switch", "A switch to the mode there is ends a recording, too.",
			func(c *care.Choices) { c.Cut = care.CutAtAnySwitch }},
		{17, "numbers", Shown, "numbers-of-stretches", "Stretches without media count in the numbers of recordings.",
			func(c *care.Choices) { c.Numbers = care.AllStretches }},
		{17, "numbers", Shown, "numbers-from-zero", "Recordings are numbered from 0.",
			func(c *care.Choices) { c.Numbers = care.FromZero }},
		{17, "numbers", Shown, "no-numbers", "Recordings have no numbers.",
			func(c *care.Choices) { c.Numbers = care.NoNumbers }},
		{18, "labels", Shown, "label-as-booked", "A recording has the mode that was booked, and is found by it.",
			func(c *care.Choices) { c.Label = care.LabelBooked }},
		{18, "labels", Shown, "label-as-ended", "A recording has the mode in which the encounter was when it was made, and is found by it.",
			func(c *care.Choices) { c.Label = care.LabelLast }},
		{18, "labels", Shown, "no-label", "A recording does not say its mode.",
			func(c *care.Choices) { c.Label = care.LabelFile }},
		{19, "what is recorded", Hidden, "recorded-from-clinician", "Nothing is recorded before the practitioner has joined.",
			func(c *care.Choices) { c.Recorded = care.FromPractitioner }},
		{19, "what is recorded", Hidden, "recorded-while-both", "What is said is recorded while practitioner and patient are there.",
			func(c *care.Choices) { c.Recorded = care.WhileBoth }},
		{19, "what is recorded", Hidden, "audio-not-recorded", "Nothing is recorded in audio mode.",
			func(c *care.Choices) { c.Recorded = care.NeverAudio }},
		{20, "when it is listed", Hidden, "listed-by-stretch", "A recording is there when its stretch is over, while the encounter goes on.",
			func(c *care.Choices) { c.Listed = care.ListedByStretch }},
		{20, "when it is listed", Hidden, "listed-while-going-on", "A recording is there from its first media, and grows.",
			func(c *care.Choices) { c.Listed = care.ListedWhileGoingOn }},
		{21, "a stretch without media", Shown, "empty-rows", "A stretch without media leaves an empty recording.",
			func(c *care.Choices) { c.EmptyRows = true }},
	}
}
