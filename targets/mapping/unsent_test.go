package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
)

// surgery is a file that sends every argument; each case leaves some out.
const surgery = `recording: {id: .id, title: .title}
operations:
  patient: {method: POST, path: /people, json: {name: "{{.name}}", mail: "{{.email}}", born: "{{.birth_date}}", plan: "{{.plan}}"}, capture: {id: .id}}
  clinician: {method: POST, path: /staff, capture: {id: .id}}
  book: {method: POST, path: /visits, json: {who: "{{.clinician.id}}", at: "{{.slot}}", by: "{{.mode}}", note: "{{.title}}", and: "{{if .guest.id}}{{.guest.id}}{{end}}"}, capture: {id: .id}}
  reschedule: {method: POST, path: "/visits/{{.booking.id}}", json: {at: "{{.slot}}"}}
  switch: {method: PUT, path: "/visits/{{.booking.id}}/mode", json: {by: "{{.mode}}"}}
  list: {path: /tapes, query: {top: "{{.limit}}", by: "{{.mode}}", from: "{{.cursor}}"}, rows: ".tapes[]", next: .next}
  play: {path: "/tapes/{{.recording.id}}"}
`

func TestWhatAFileDoesNotSendIsKnown(t *testing.T) {
	for name, c := range map[string]struct {
		from, to string
		want     map[models.Kind][]string
	}{
		"nothing":           {"", "", nil},
		"a slot":            {`at: "{{.slot}}", `, "", map[models.Kind][]string{models.KindBook: {"slot"}}},
		"an e-mail address": {`, mail: "{{.email}}"`, "", map[models.Kind][]string{models.KindPatient: {"email"}}},
		"an age":            {`, born: "{{.birth_date}}"`, "", map[models.Kind][]string{models.KindPatient: {"age"}}},
		"a plan":            {`, plan: "{{.plan}}"`, "", map[models.Kind][]string{models.KindPatient: {"plan"}}},
		"a range":           {`play: {`, `play: {range: none, `, map[models.Kind][]string{models.KindPlay: {"range"}}},
		"a filter":          {`, by: "{{.mode}}", from`, `, from`, map[models.Kind][]string{models.KindList: {"mode"}}},
		"a limit":           {`top: "{{.limit}}", `, ``, map[models.Kind][]string{models.KindList: {"limit"}}},
		"a guest":           {`, and: "{{if .guest.id}}{{.guest.id}}{{end}}"`, "", map[models.Kind][]string{models.KindBook: {"with"}}},
		"a switch to video alone": {`, json: {by: "{{.mode}}"}}
  list`, "}\n  list", map[models.Kind][]string{models.KindSwitch: {"mode=audio"}}},
		"bookings by audio alone": {`by: "{{.mode}}", note: "{{.title}}", and: "{{if .guest.id}}{{.guest.id}}{{end}}"}`,
			`note: "{{.title}}", and: "{{if .guest.id}}{{.guest.id}}{{end}}"}, mode: audio`, map[models.Kind][]string{models.KindBook: {"mode=video"}}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, surgery, c.from)
			m := mappingOf(t, strings.Replace(surgery, c.from, c.to, 1))
			target, err := New(Config{Mapping: m, URL: "http://h.example"})
			require.NoError(t, err)
			require.Equal(t, c.want, target.Capabilities().Unsent)
			require.Equal(t, name == "a slot", target.Capabilities().Policy.Slotless)
		})
	}
}

func TestWhatCannotBeSentIsNotSentAtAll(t *testing.T) {
	s := &stub{answers: map[string]string{"POST /people": `{"id": 1}`, "POST /staff": `{"id": 2}`, "POST /visits": `{"id": 3}`, "GET /tapes": `{"tapes": []}`}}
	target := targetOf(t, `recording: {id: .id, title: .title}
operations:
  patient: {method: POST, path: /people, capture: {id: .id}}
  clinician: {method: POST, path: /staff, capture: {id: .id}}
  book: {method: POST, path: /visits, json: {note: "{{.title}}"}, capture: {id: .id}, mode: audio}
  switch: {method: PUT, path: "/visits/{{.booking.id}}/video"}
  list: {path: /tapes, rows: ".tapes[]"}
`, s.serve(t))
	_, got, _ := perform(t, target, "w1", `alice = patient(plan=bupa)
carol = patient(email=alice)
dave = patient(age=15)
bob = patient(like=alice)
dr1 = clinician()
b3 = alice.book(dr1, video)
b1 = alice.book(dr1, audio, slot=2)
b2 = bob.book(dr1, audio, slot=2)
alice.switch(b1, audio)
alice.switch(b1, video)
alice.list(limit=1)
alice.list(mode=audio)
alice.list()`)
	sent := make([]bool, len(got))
	for i, r := range got {
		sent[i] = r.Outcome != models.Unbound
	}
	require.Equal(t, []bool{true, false, false, true, true, false, true, true, false, true, false, false, true}, sent)
	require.Len(t, s.asked, 7, "and nothing else was sent")
}

func TestAModeThatIsSentIsNotDeclaredAsWell(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"beside its template":   {`{{.mode}}", note: "{{.title}}", and: "{{if .guest.id}}{{.guest.id}}{{end}}"}`, `{{.mode}}", note: "{{.title}}"}, mode: audio`, "expected one of the two"},
		"of what is in no mode": {`list: {`, `list: {mode: audio, `, "list is in no mode"},
		"of a mode that is not known": {`, json: {by: "{{.mode}}"}}
  list`, ", mode: film}\n  list", `unknown mode "film"; expected audio or video`},
	} {
		spec, err := parseFile(strings.Replace(surgery, c.from, c.to, 1))
		require.NoError(t, err, name)
		_, problems := Compile(spec)
		require.Len(t, problems, 1, name)
		require.Contains(t, problems[0].Text, c.want, name)
	}
}
