package exposure

import (
	"github.com/telehealth-conformance/crosstalk/models"
)

// levelWords say what happened at a level.
func levelWords(l models.Level) string {
	switch l {
	case models.Inferred:
		return "existence or number could be inferred"
	case models.Presented:
		return "presented with (id, title, time or clinician)"
	case models.Previewed:
		return "previewed (thumbnail, transcript, length, metadata)"
	case models.Viewed:
		return "viewed (at least one byte of the recording)"
	case models.Obtained:
		return "obtained (the whole recording, or a reusable link to it)"
	case models.Controlled:
		return "controlled (deleted, shared, switched or joined)"
	}
	return l.String()
}

// consequence says what a level lets the recipient know or do: nothing that the
// level alone does not tell.
func consequence(l models.Level) string {
	switch l {
	case models.Inferred:
		return "The recipient could tell that another patient has recorded consultations, or how many there are."
	case models.Presented:
		return "The recipient could learn that another patient had a consultation, and when, with whom or under which title, without hearing or seeing it."
	case models.Previewed:
		return "The recipient could learn something of what a consultation was about from a picture, a transcript or its length."
	case models.Viewed:
		return "The recipient could see or hear a part of another patient's consultation with a clinician."
	case models.Obtained:
		return "The recipient could see or hear a whole consultation of another patient's, keep it and pass it on."
	case models.Controlled:
		return "The recipient could change, delete or share what is another patient's, or take part in that patient's consultation: integrity and availability are concerned, too."
	}
	return ""
}
