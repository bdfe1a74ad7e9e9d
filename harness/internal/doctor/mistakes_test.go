package doctor_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/telehealth-conformance/crosstalk/harness/internal/config"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
)

// mistake is one line of visits.yaml that somebody got wrong.
type mistake struct {
	name string
	// key leads to the line, and line is put in its place, with its indentation;
	// nothing for a line that is left out.
	key, line string
	// at leads to the line that has to be named where it is another.
	at string
}

// mistakes are what people get wrong when they map a service.
var mistakes = []mistake{
	{name: "another port", key: "target.url", line: "url: http://127.0.0.1:9"},
	{name: "another base", key: "target.base", line: "base: /api"},
	{name: "no base", key: "target.base", line: "", at: "target"},
	{name: "a variable that is not set", key: "target.url", line: "url: http://${VISITS_ADRESS}"},
	{name: "an unknown key", key: "operations.book.method", line: "metod: POST"},
	{name: "a name that nothing has", key: "operations.book.form.note", line: `note: "{{.titel}}"`},
	{name: "no jq", key: "operations.list.rows", line: "rows: '.visits[ | .recordings'"},
	{name: "another readiness path", key: "target.ready", line: "ready: {path: /v3/health}"},
	{name: "a reset that resets nothing", key: "target.reset.http", line: "http: {method: GET, path: /status}", at: "target.reset"},
	{name: "a reset at another path", key: "target.reset.http", line: "http: {method: POST, path: /admin/clear}"},

	{name: "recordings for each consultation", key: "policy.recordings", line: "recordings: consultation"},
	{name: "audio that is not recorded", key: "policy.record_audio", line: "record_audio: false"},
	{name: "an age that is too low", key: "policy.min_age", line: "min_age: 16"},
	{name: "an age that is too high", key: "policy.min_age", line: "min_age: 21"},
	{name: "strangers who find nothing", key: "policy.refusal", line: "refusal: missing"},
	{name: "less lag", key: "policy.lag", line: "lag: 50ms"},
	{name: "patients who may end", key: "policy.patient_may_end", line: "patient_may_end: true"},

	{name: "another cookie", key: "auth.user.cookies", line: `cookies: {session: "{{.actor.session}}"}`},
	{name: "another password of the operator", key: "auth.operator.login.form", line: "form: {user: admin, password: admin}"},
	{name: "another field of the operator's login", key: "auth.operator.login.form", line: `form: {username: admin, password: "${VISITS_PASSWORD}"}`},
	{name: "another path of the operator's login", key: "auth.operator.login.path", line: "path: /admin/login"},
	{name: "another cookie of the operator's login", key: "auth.operator.login.capture", line: "capture: {session: {cookie: visit_session}}"},
	{name: "another cookie of the operator", key: "auth.operator.cookies", line: `cookies: {admin: "{{.operator.session}}"}`},

	{name: "an id that is nowhere", key: "recording.id", line: "id: .id"},
	{name: "an id that is a number of its own", key: "recording.id", line: "id: .part"},
	{name: "an id that is a path", key: "recording.id", line: "id: .media"},
	{name: "a title that is nowhere", key: "recording.title", line: "title: .title"},
	{name: "another's number as subject", key: "recording.subject", line: "subject: .no"},
	{name: "words for modes that are not translated", key: "recording.mode", line: "mode: .medium"},
	{name: "words for modes that are swapped", key: "recording.mode", line: `mode: '{call: "video", video: "audio"}[.medium]'`},
	{name: "a segment that is nowhere", key: "recording.segment", line: "segment: .segment"},
	{name: "another size", key: "recording.size", line: "size: .part"},
	{name: "words for states that are not translated", key: "encounter.status", line: "status: .appointment.phase"},
	{name: "a state that is another", key: "encounter.status", line: `status: '{booked: "planned", running: "in-progress", done: "cancelled", "called off": "cancelled"}[.appointment.phase]'`},
	{name: "modes of consultations that are swapped", key: "encounter.mode", line: `mode: '{call: "video", video: "audio"}[.appointment.medium]'`},

	{name: "another path of a registration", key: "operations.patient.path", line: "path: /register"},
	{name: "another name of a field", key: "operations.patient.form.mail", line: `email: "{{.email}}"`},
	{name: "a date in another form", key: "operations.patient.form.born", line: `born: "{{.birth_date}}"`},
	{name: "a cookie that is not set", key: "operations.patient.capture.session", line: "session: {cookie: sid}"},
	{name: "a clinician whom anyone makes", key: "operations.clinician.steps.0.as", line: "- as: anyone"},
	{name: "a clinician with a patient's number", key: "operations.clinician.steps.0.capture.id", line: "id: .doctor.full_name"},
	{name: "a clinician without an id", key: "operations.clinician.steps.0.capture.id", line: "id: .id"},
	{name: "another method", key: "operations.book.method", line: "method: PUT"},
	{name: "JSON in place of a form", key: "operations.book.form", line: "json:"},
	{name: "a field with a letter left out", key: "operations.book.form.doctor", line: `doctr: "{{.clinician.id}}"`},
	{name: "a field of another user", key: "operations.book.form.doctor", line: `doctor: "{{.actor.id}}"`},
	{name: "a field that is left out", key: "operations.book.form.slot", line: "", at: "operations.book.form"},
	{name: "a word that is not translated", key: "operations.book.form.medium", line: `medium: "{{.mode}}"`},
	{name: "a title that is not sent where it is shown", key: "operations.book.form.note", line: `note: "{{.clinician.name}}" # {{.title}}`, at: "operations.book"},
	{name: "a capture of nothing", key: "operations.book.capture.id", line: "id: .appointment.number"},
	{name: "a capture of another number", key: "operations.book.capture.id", line: "id: .appointment.doctor"},
	{name: "a capture of an object", key: "operations.book.capture.id", line: "id: .appointment"},
	{name: "another path", key: "operations.join.path", line: "path: /appointment/{{.booking.id}}/visit"},
	{name: "the number of somebody else in a path", key: "operations.join.path", line: "path: /appointments/{{.clinician.id}}/visit"},
	{name: "another part of a multipart body", key: "operations.speak.multipart.clip", line: `file: {content: "{{.media}}", filename: clip.webm, type: video/webm}`},
	{name: "more media than is spoken", key: "operations.speak.multipart.clip", line: `clip: {content: "{{.segment.media}}", filename: clip.webm, type: video/webm}`, at: "operations.speak"},
	{name: "a switch that is not translated", key: "operations.switch.form.medium", line: `medium: "{{.mode}}"`},
	{name: "a switch that switches back", key: "operations.switch.form.medium", line: `medium: '{{if eq .mode "audio"}}video{{else}}video{{end}}'`, at: "operations.switch"},
	{name: "leaving that is joining", key: "operations.leave.method", line: "method: POST", at: "operations.leave"},
	{name: "rows that are nowhere", key: "operations.list.rows", line: "rows: .items[]"},
	{name: "rows that are visits", key: "operations.list.rows", line: "rows: .visits[]"},
	{name: "rows without the visit", key: "operations.list.rows", line: "rows: .visits[].recordings[]"},
	{name: "another name of the limit", key: "operations.list.query.per_page", line: `limit: "{{.limit}}"`, at: "operations.list.query"},
	{name: "no next page", key: "operations.list.next", line: "next: .next"},
	{name: "another path of metadata", key: "operations.get.path", line: "path: /recording/{{.recording.id}}"},
	{name: "metadata without its inside", key: "operations.get.row", line: "row: ."},
	{name: "metadata without the visit", key: "operations.get.row", line: "row: .recording"},
	{name: "ranges that are not answered", key: "operations.play.range", line: "range: header"},
	{name: "metadata for media", key: "operations.play.path", line: "path: /recordings/{{.recording.id}}", at: "operations.play"},
	{name: "a logout that is a login", key: "operations.logout.path", line: "path: /signin"},
}

// seed returns the right file with a mistake in it, and the line that has to be
// named.
func (m *mistake) seed(right *config.File, text string) (wrong, change string, line int) {
	lines := strings.SplitAfter(text, "\n")
	at := right.Where(m.key).Line - 1
	old := lines[at]
	indentation := old[:len(old)-len(strings.TrimLeft(old, " "))]
	change = "- " + strings.TrimSpace(old) + "\n"
	lines[at] = ""
	if m.line != "" {
		lines[at] = indentation + m.line + "\n"
		change += "+ " + m.line + "\n"
	}
	line = at + 1
	if m.at != "" {
		line = right.Where(m.at).Line
	}
	return strings.Join(lines, ""), change, line
}

// TestMistakesAreNamedAtTheirLine seeds one mistake at a time into a file that is
// right and compares all that is said with a golden file.
func TestMistakesAreNamedAtTheirLine(t *testing.T) {
	path := filepath.Join("testdata", "visits.yaml")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	vars := env("127.0.0.1:1")
	right, err := config.Load(path, func(name string) (string, bool) { return vars[name], vars[name] != "" })
	require.NoError(t, err)
	for _, m := range mistakes {
		require.True(t, right.Says(m.key), m.key)
	}
	dir := t.TempDir()
	said, missed := make([]string, len(mistakes)), make([]string, len(mistakes))
	err = atOnce(func(i int, address string) error {
		m := &mistakes[i]
		wrong, change, line := m.seed(right, string(text))
		file := filepath.Join(dir, fmt.Sprint(i), "crosstalk.yaml")
		if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
			return err
		}
		d := diagnose(t.Context(), file, env(address), nil)
		told := withoutChance(strings.ReplaceAll(d.text, address, "127.0.0.1:8090"), filepath.Dir(file))
		if d.first.Line != line {
			missed[i] = fmt.Sprintf("%s: expected line %d, got %d\n%s%s", m.name, line, d.first.Line, change, trouble(told))
		}
		said[i] = fmt.Sprintf("== %s\n%s\n%s", m.name, change, trouble(told))
		return nil
	})
	require.NoError(t, err)
	missed = slices.DeleteFunc(missed, func(s string) bool { return s == "" })
	require.Empty(t, missed, "%d of %d\n\n%s", len(missed), len(mistakes), strings.Join(missed, "\n"))
	golden.File(t, filepath.Join("testdata", "mistakes.golden"), strings.Join(said, "\n"))
}

// trouble is a report without what works and what was not tried.
func trouble(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		status, _, _ := strings.Cut(line, "  ")
		if status != "works" && status != "missing" && status != "not tried" && !strings.HasPrefix(line, "visits: ") && strings.TrimSpace(line) != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// lanes is how many mistakes are tried at once. Most of the time is spent waiting
// for recordings.
const lanes = 12

// atOnce tries every mistake, each on a service of its own.
func atOnce(try func(i int, address string) error) error {
	var tries errgroup.Group
	tries.SetLimit(lanes)
	for i := range mistakes {
		tries.Go(func() error {
			address, end, err := startVisits()
			if err != nil {
				return err
			}
			defer end()
			return try(i, address)
		})
	}
	return tries.Wait()
}
