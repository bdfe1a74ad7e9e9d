package propose

import (
	"slices"
)

// hasCredentials speaks for a registration: a person is described. Who only has
// a password to send logs in.
func hasCredentials(_ *document, e *endpoint, _ outline) int {
	_, s := e.asks()
	if len(s.properties) == 0 {
		return 0
	}
	person := false
	for _, name := range s.names() {
		person = person || slices.Contains([]string{classEmail, classPassword, className, classBirth, classUsername}, classOf(name, s.property(name), "patient"))
	}
	if person {
		return 1
	}
	return -2
}

// asksPassword speaks for a login: a password, and nothing of a person.
func asksPassword(_ *document, e *endpoint, _ outline) int {
	_, s := e.asks()
	score := 0
	for _, name := range s.names() {
		switch classOf(name, s.property(name), "login") {
		case classPassword:
			score += 2
		case className, classBirth:
			score -= 3
		}
	}
	return score
}

// asksBooking speaks for a booking: with whom, when, how.
func asksBooking(_ *document, e *endpoint, _ outline) int {
	_, s := e.asks()
	score := 0
	for _, name := range s.names() {
		if slices.Contains([]string{classClinician, classSlot, classMode}, classOf(name, s.property(name), "book")) {
			score = min(score+1, 2)
		}
	}
	return score
}

// asksMedia speaks for media that is sent: bytes, or a part that is a file.
func asksMedia(_ *document, e *endpoint, _ outline) int {
	for mediaType, body := range e.body {
		if isMedia(mediaType) {
			return 2
		}
		s := shapeOf(body.Schema)
		for _, name := range s.names() {
			if classOf(name, s.property(name), "speak") == classMedia {
				return 2
			}
		}
	}
	return -3
}

// asksMode speaks for a switch: a property that is audio or video.
func asksMode(_ *document, e *endpoint, _ outline) int {
	_, s := e.asks()
	for _, name := range s.names() {
		if classOf(name, s.property(name), "switch") == classMode {
			return 2
		}
	}
	return 0
}

// answersRows speaks for a listing: a list is answered.
func answersRows(_ *document, e *endpoint, _ outline) int {
	_, s := e.answers()
	if rowsOf(s).path != "" {
		return 2
	}
	return 0
}

// answersMedia speaks for what is played.
func answersMedia(_ *document, e *endpoint, o outline) int {
	if e.answersBytes() {
		return 2
	}
	if o.item {
		return refused
	}
	return 0
}

// answersNoBytes speaks against metadata that is bytes.
func answersNoBytes(_ *document, e *endpoint, _ outline) int {
	if e.answersBytes() {
		return refused
	}
	return 0
}

// givesLink speaks for a link: nobody is named, and an address is answered.
func givesLink(d *document, e *endpoint, o outline) int {
	if namesPeer(d, e, o) > 0 || e.answersBytes() {
		return refused
	}
	_, s := e.answers()
	if path, _ := s.find(linkNames); path != "" {
		return 1
	}
	if e.method == "GET" {
		return refused
	}
	return 0
}

// namesPeer speaks for what is done for another user: the path or the body names
// one.
func namesPeer(_ *document, e *endpoint, o outline) int {
	if o.peer != "" {
		return 2
	}
	_, s := e.asks()
	for _, name := range s.names() {
		if class := classOf(name, s.property(name), "share"); class == classPeer || class == classEmail {
			return 2
		}
	}
	return -3
}

// asksSwitch speaks for the switch of the operator: true or false.
func asksSwitch(_ *document, e *endpoint, _ outline) int {
	_, s := e.asks()
	for _, name := range s.names() {
		if s.property(name).kind == "boolean" {
			return 1
		}
	}
	return -3
}

// leavesWhatIsEntered speaks for DELETE of a visit where POST enters it. Where
// nothing says so, it may as well be cancelled.
func leavesWhatIsEntered(d *document, e *endpoint, o outline) int {
	if e.method != "DELETE" || has("join participant attendee participation", o.tail...) {
		return 0
	}
	entered := slices.ContainsFunc(d.endpoints, func(other *endpoint) bool {
		return other.path == e.path && (other.method == "POST" || other.method == "PUT")
	})
	said := has("leave exit hangup depart", slices.Concat(e.idWords, e.saysWords)...)
	switch {
	case entered && said:
		return 1
	case entered && !has("cancel delete end terminate", slices.Concat(e.idWords, e.saysWords)...), said:
		return 0
	}
	return refused
}
