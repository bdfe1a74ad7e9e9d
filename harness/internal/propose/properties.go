package propose

import (
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// The classes of properties and parameters: what is to be sent in them.
const (
	classEmail     = "email"
	classPassword  = "password"
	classUsername  = "username"
	className      = "name"
	classBirth     = "birth"
	classAge       = "age"
	classPlan      = "plan"
	classMember    = "membership"
	classClinician = "clinician"
	classPeer      = "peer"
	classPatient   = "patient"
	classGuest     = "guest"
	classBooking   = "booking"
	classEncounter = "encounter"
	classRecording = "recording"
	classSlot      = "slot"
	classSlotEnd   = "slot end"
	classMinutes   = "minutes"
	classMode      = "mode"
	classVideo     = "video" // true for video
	classStatus    = "status"
	classTitle     = "title"
	classMedia     = "media"
	classOn        = "on"
	classSelector  = "selector" // the role of a user who is created
	classConsent   = "consent"
)

// classesByName are the classes that a name alone decides: joined words.
var classesByName = []struct{ class, names string }{
	{classPassword, "password passwd passphrase passwordconfirmation confirmpassword passwordconfirm"},
	{classEmail, "email emailaddress mail"},
	{classBirth, "birthdate dateofbirth dob birthday born"},
	{classAge, "age"},
	{classPlan, "plan tier insurance coverage"},
	{classMember, "membernumber membershipnumber policynumber insurancenumber"},
	{classSlot, "slot slotnumber start starttime startat startsat startdate scheduledat scheduledfor scheduledtime date datetime time when begin"},
	{classSlotEnd, "end endtime endat endsat enddate"},
	{classMinutes, "duration minute durationminute minutesduration minuteduration lengthminute"},
	{classConsent, "consent term acceptterm termsaccepted termaccepted agree accepted"},
}

// importantFor are the classes that are sent even where they are not required.
var importantFor = map[models.Kind]string{
	models.KindPatient:    "email password username name birth selector membership",
	models.KindClinician:  "email password username name selector",
	models.KindLogin:      "email password username",
	models.KindBook:       "clinician slot mode video title guest",
	models.KindReschedule: "slot",
	models.KindSwitch:     "mode video",
	models.KindSpeak:      "media title",
	models.KindShare:      "peer recording",
	models.KindUnshare:    "peer recording",
	models.KindAppoint:    "peer",
	models.KindDismiss:    "peer",
	models.KindReplays:    "on",
}

// classOf is the class of a property in a request of a kind, or empty.
func classOf(name string, s *shape, k models.Kind) string {
	words, whole := wordsOf(name), joined(name)
	for _, c := range classesByName {
		if has(c.names, whole) {
			return c.class
		}
	}
	switch {
	case s.format == "email":
		return classEmail
	case modeWord(s.enum, models.Video) != "" && modeWord(s.enum, models.Audio) != "":
		return classMode
	case s.kind == "boolean":
		return classOfSwitch(words, k)
	case s.binary() || has("file media chunk blob payload byte", words...) && s.kind != "object" && !has("type name id size format", words...):
		return classMedia
	case models.Speaks(k) && has("data content audio video recording body segment", words...) && !has("type name id size format number", words...) && (s.kind == "string" || s.kind == ""):
		return classMedia
	case has("mode modality medium", words...) && s.kind != "object":
		return classMode
	case has("status state", whole):
		return classStatus
	}
	return classOfPerson(words, whole, s, k)
}

func classOfSwitch(words []string, k models.Kind) string {
	switch {
	case has("video camera", words...):
		return classVideo
	case has("consent term accept agree", words...):
		return classConsent
	case models.Takes(k, "on"):
		return classOn
	}
	return ""
}

// registers reports whether operations of a kind describe a person.
func registers(k models.Kind) bool {
	return models.CredentialsFor(k) == models.Uncredentialed
}

// hasPeer reports whether operations of a kind name another user.
func hasPeer(k models.Kind) bool { return models.Takes(k, "peer") }

// peerNames are names of properties that hold another user.
const peerNames = "grantee recipient delegate proxy viewer target with sharedwith sharewith to granteeid"

func classOfPerson(words []string, whole string, s *shape, k models.Kind) string {
	whole = strings.TrimSuffix(whole, "id")
	switch {
	case registers(k) && len(s.enum) > 1 && has("role type kind usertype accounttype", whole):
		return classSelector
	case registers(k) && has("name fullname displayname firstname lastname givenname familyname surname given family", whole):
		return className
	case registers(k) && has("username login user identifier account loginname", whole):
		return classUsername
	case hasPeer(k) && has(peerNames+" "+wordsFor(patient), whole):
		return classPeer
	case models.Takes(k, "with") && s.kind == "string" && has("guest companion attendee secondpatient", whole):
		return classGuest
	}
	return classOfResource(words, whole, s)
}

func classOfResource(words []string, whole string, s *shape) string {
	text := s.kind == "string" || s.kind == ""
	switch {
	case has(wordsFor(clinician), whole):
		return classClinician
	case text && s.format == "" && len(s.enum) == 0 && has(titleNames, whole):
		return classTitle
	case has("appointment booking reservation visit consultation", whole):
		return classBooking
	case has("encounter meeting call conference room", whole):
		return classEncounter
	case has(wordsFor(recording), whole) && s.kind != "array":
		return classRecording
	case has(wordsFor(patient)+" subject", whole):
		return classPatient
	}
	return ""
}

// titleNames are names of the text that people give a booking, the best first.
const titleNames = "title reason description topic complaint summary note comment label purpose symptom reasontext visitreason"

// templateOf is what is sent in a property of a class, or nil where the class
// means nothing to operations of the kind.
func (r *request) templateOf(class string, s *shape) any {
	switch class {
	case classSlot, classSlotEnd:
		return r.slotTemplate(class, s)
	case classMinutes:
		return 15
	case classMode:
		return modeTemplate(s)
	case classVideo:
		return `{{eq .mode "video"}}`
	case classMedia:
		if s.kind == "string" && (s.format == "byte" || s.format == "base64") {
			return "{{base64 .media}}"
		}
		return "{{.media}}"
	case classConsent:
		return true
	case classTitle:
		if books(r.kind) || acts(r.kind) {
			return "{{.title}}"
		}
		return "crosstalk"
	case classBirth, classAge, classPlan, className, classEmail, classPassword, classUsername:
		if class == classBirth {
			return r.dateTemplate(strings.Trim(r.personTemplate(class), "{}"), s)
		}
		return r.personTemplate(class)
	}
	return r.idTemplate(class)
}

// idTemplate is the id of somebody or something, or nil.
func (r *request) idTemplate(class string) any {
	switch class {
	case classPeer:
		return "{{.peer.id}}"
	case classOn:
		return "{{.on}}"
	case classGuest:
		return `{{default "" .guest.id}}` // left out where it is empty
	case classMember:
		return `{{if eq .plan "bupa"}}{{.world}}-{{.handle}}{{end}}`
	}
	if text := r.bind(role(class)); text != "" {
		return text
	}
	return nil
}

// personTemplate is what is told of a person: of the one who is registered, or
// whom the operation names.
func (r *request) personTemplate(class string) string {
	name := map[string]string{classBirth: "birth_date", classAge: "age", classPlan: "plan", className: "name",
		classEmail: "email", classUsername: "email", classPassword: "password"}[class]
	switch {
	case r.operator && class == classPassword:
		return operatorPassword
	case r.operator:
		return operatorName
	case models.DefinedBy(r.kind) == models.APatient || models.DefinedBy(r.kind) == models.AClinician && class != classBirth && class != classAge && class != classPlan:
		return "{{." + name + "}}"
	case hasPeer(r.kind):
		return "{{.peer." + name + "}}"
	}
	return "{{.actor." + name + "}}"
}

// slotTemplate is a slot, or the time at which it begins or ends.
func (r *request) slotTemplate(class string, s *shape) any {
	slot := ".slot"
	if !models.Takes(r.kind, "slot") {
		slot = ".booking.slot"
		if !acts(r.kind) {
			return nil
		}
	}
	minute := "00"
	if class == classSlotEnd {
		minute = "15"
	}
	switch {
	case s.format == "date-time":
		r.note("slots are hours of the day: at most 24 fit")
		return `2030-01-01T{{printf "%02d" ` + slot + `}}:` + minute + `:00Z`
	case s.format == "date":
		r.note("slots are days of the month: at most 31 fit")
		return `2030-01-{{printf "%02d" ` + slot + `}}`
	case s.kind == "integer" || s.kind == "number" || class == classSlot:
		return "{{" + slot + "}}"
	}
	return nil
}

// modeWords are how services call the modes.
var modeWords = map[models.Mode]string{
	models.Audio: "audio voice phone telephone audioonly audiocall voicecall phonecall telephony sound speech call",
	models.Video: "video videocall videoconference camera",
}

// modeWord is the value of an enumeration that stands for a mode, or empty.
func modeWord(values []string, m models.Mode) string {
	for _, word := range strings.Fields(modeWords[m]) {
		for _, v := range values {
			if joined(v) == word || slices.Contains(wordsOf(v), word) && m == models.Video {
				return v
			}
		}
	}
	return ""
}

// modeTemplate is the mode in the words of the service.
func modeTemplate(s *shape) string {
	audio, video := modeWord(s.enum, models.Audio), modeWord(s.enum, models.Video)
	switch {
	case audio == "" || video == "" || audio == "audio" && video == "video":
		return "{{.mode}}"
	case audio == "AUDIO" && video == "VIDEO":
		return "{{upper .mode}}"
	}
	return `{{if eq .mode "video"}}` + plain(video) + "{{else}}" + plain(audio) + "{{end}}"
}

// plain is text that is no template.
func plain(text string) string {
	return strings.NewReplacer("{{", "{ {", "${", "$${").Replace(text)
}

// statusWords are how services call the states of a consultation.
var statusWords = []struct{ status, words string }{
	{"planned", "planned scheduled booked pending waiting created proposed confirmed requested new"},
	{"in-progress", "inprogress active ongoing started live arrived open running joined"},
	{"completed", "completed finished fulfilled ended done closed complete"},
	{"cancelled", "cancelled canceled cancel revoked calledoff calloff aborted withdrawn declined"},
}

// statusWord is the value of an enumeration that stands for a status, or empty.
func statusWord(values []string, status string) string {
	for _, s := range statusWords {
		if s.status != status {
			continue
		}
		for _, word := range strings.Fields(s.words) {
			for _, v := range values {
				if joined(v) == singular(word) || strings.ToLower(v) == word || joined(v) == word {
					return v
				}
			}
		}
	}
	return ""
}

// selectorOf is the property that says what kind of user is created, where a
// role is among its values.
func selectorOf(s *shape, r role) string {
	for _, name := range s.names() {
		p := s.property(name)
		if classOf(name, p, models.KindPatient) == classSelector && selection(p.enum, r) != "" {
			return name
		}
	}
	return ""
}

// selection is the value of an enumeration that stands for a role.
func selection(values []string, r role) string {
	for _, word := range strings.Fields(wordsFor(r)) {
		for _, v := range values {
			if joined(v) == word {
				return v
			}
		}
	}
	return ""
}
