package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// serveInstead makes the test binary the service: the same main, not built
// twice.
const serveInstead = "POCKETBASE_TEST_SERVES"

// The superuser of the services under test.
const (
	operatorEmail    = "operator@crosstalk.example"
	operatorPassword = "only-for-conformance-tests"
)

func TestMain(m *testing.M) {
	if os.Getenv(serveInstead) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// service is a running service and who has registered there.
type service struct {
	t        *testing.T
	url      string
	operator *user
	bookings int
}

// start starts a service in which nobody exists yet, with a set of rules; the
// right ones if wrong is empty. It answers when start returns.
func start(t *testing.T, wrong string) *service {
	t.Helper()
	address := freeAddress(t)
	cmd := serveCommand(t, address, wrong)
	read, write, err := os.Pipe()
	require.NoError(t, err)
	cmd.Stdout, cmd.Stderr = write, write
	require.NoError(t, cmd.Start())
	write.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		read.Close()
	})
	s := &service{t: t, url: "http://" + address + "/api"}
	s.awaitBanner(read)
	s.operator = &user{service: s, collection: "_superusers", email: operatorEmail, password: operatorPassword}
	s.operator.login()
	return s
}

// serveCommand is the service with its migrations in a directory of its own.
func serveCommand(t *testing.T, address, wrong string) *exec.Cmd {
	t.Helper()
	home := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(home, "pb_migrations"), os.DirFS("pb_migrations")))
	cmd := exec.Command(os.Args[0], "serve", "--http="+address, "--dir="+filepath.Join(home, "pb_data"))
	cmd.Env = append(os.Environ(), serveInstead+"=1", "PB_WRONG="+wrong, "PB_PASSWORD_COST=4",
		"PB_SUPERUSER="+operatorEmail, "PB_PASSWORD="+operatorPassword)
	return cmd
}

// awaitBanner reads the service's log until it says that it listens.
func (s *service) awaitBanner(log io.Reader) {
	var seen bytes.Buffer
	chunk := make([]byte, 4096)
	for !strings.Contains(seen.String(), "Dashboard") {
		n, err := log.Read(chunk)
		seen.Write(chunk[:n])
		require.NoError(s.t, err, "the service ended: %s", &seen)
	}
	go io.Copy(io.Discard, log)
}

// freeAddress is a loopback address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

// answer is a status and a body, read as JSON where it is JSON.
type answer struct {
	status int
	header http.Header
	raw    []byte
	body   map[string]any
}

// id is the id of the record that was answered.
func (a answer) id() string {
	id, _ := a.body["id"].(string)
	return id
}

// rows are the records of a page.
func (a answer) rows() []any {
	rows, _ := a.body["items"].([]any)
	return rows
}

// send performs a request as somebody, or without a token where who is nil.
func (s *service) send(who *user, method, path, contentType string, body io.Reader, header http.Header) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, body)
	require.NoError(s.t, err)
	for name := range header {
		r.Header.Set(name, header.Get(name))
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if who != nil {
		r.Header.Set("Authorization", "Bearer "+who.token)
	}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	a.raw, err = io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	_ = json.Unmarshal(a.raw, &a.body)
	return a
}

// ask is a request whose body, if any, is JSON.
func (s *service) ask(who *user, method, path string, body any) answer {
	s.t.Helper()
	if body == nil {
		return s.send(who, method, path, "", nil, nil)
	}
	text, err := json.Marshal(body)
	require.NoError(s.t, err)
	return s.send(who, method, path, "application/json", bytes.NewReader(text), nil)
}

// record is the path of a record, or of a collection's records without an id.
func record(collection, id string) string {
	path := "/collections/" + collection + "/records"
	if id == "" {
		return path
	}
	return path + "/" + id
}

// fields are the fields of a record.
type fields map[string]any

// user is somebody who can log in.
type user struct {
	*service
	collection, id, email, password, token string
}

// register registers and logs in a patient, or as the operator a clinician.
func (s *service) register(collection, name string) *user {
	s.t.Helper()
	u := &user{service: s, collection: collection, email: name + "@crosstalk.example", password: "only-for-" + name}
	as := s.operator
	if collection == "patients" {
		as = nil
	}
	a := s.ask(as, "POST", record(collection, ""), fields{"name": name, "email": u.email, "password": u.password,
		"passwordConfirm": u.password, "birthDate": "1986-01-01", "plan": "nhs"})
	require.Equal(s.t, 200, a.status, "%s", a.raw)
	u.id = a.id()
	u.login()
	return u
}

func (u *user) login() {
	u.t.Helper()
	a := u.ask(nil, "POST", "/collections/"+u.collection+"/auth-with-password", fields{"identity": u.email, "password": u.password})
	require.Equal(u.t, 200, a.status, "%s", a.raw)
	u.token, _ = a.body["token"].(string)
}

// logout changes the password to what it is, which voids every token.
func (u *user) logout() int {
	u.t.Helper()
	return u.ask(u, "PATCH", record(u.collection, u.id),
		fields{"oldPassword": u.password, "password": u.password, "passwordConfirm": u.password}).status
}

// appointment is a booking and what was said in it.
type appointment struct {
	id, title, mode string
	patient         *user
	segment         int
	said            []byte
}

// book makes an appointment.
func (u *user) book(clinician *user, mode string, slot int) *appointment {
	u.t.Helper()
	u.bookings++
	b := &appointment{title: fmt.Sprintf("xk-test-b%d", u.bookings), mode: mode, patient: u, segment: 1}
	a := u.ask(u, "POST", record("appointments", ""), fields{"patient": u.id, "clinician": clinician.id, "slot": slot,
		"mode": mode, "reason": b.title, "status": "booked", "patientIs": "absent", "clinicianIs": "absent"})
	require.Equal(u.t, 200, a.status, "%s", a.raw)
	b.id = a.id()
	return b
}

// turn changes an appointment and says with what status that was answered.
func (u *user) turn(b *appointment, change fields) answer {
	u.t.Helper()
	return u.ask(u, "PATCH", record("appointments", b.id)+"?expand=recordings_via_appointment", change)
}

// presence is the field in which the user says if they are there.
func (u *user) presence() string {
	if u.collection == "clinicians" {
		return "clinicianIs"
	}
	return "patientIs"
}

func (u *user) join(b *appointment) int {
	return u.turn(b, fields{u.presence(): "present", "status": "live"}).status
}

// switchTo changes the mode; what is said from then on is another segment.
func (u *user) switchTo(b *appointment, mode string) int {
	a := u.turn(b, fields{"mode": mode})
	if a.status == 200 && mode != b.mode {
		b.mode, b.said = mode, nil
		b.segment++
	}
	return a.status
}

// leave leaves the consultation, and completes it where nobody is left.
func (u *user) leave(b *appointment) answer {
	a := u.turn(b, fields{u.presence(): "absent"})
	if a.status != 200 {
		return a
	}
	status := "live"
	if a.body["patientIs"] == "absent" && a.body["clinicianIs"] == "absent" {
		status = "completed"
	}
	return u.turn(b, fields{"status": status})
}

// speak uploads all that was said in the segment so far.
func (u *user) speak(b *appointment, media string) int {
	u.t.Helper()
	said := append(append([]byte(nil), b.said...), media...)
	owner := b.patient.id
	if b.segment > 1 {
		owner = "" // who records after a switch knows the appointment only
	}
	payload, err := json.Marshal(fields{"requests": []fields{{"method": "PUT", "url": "/api/collections/recordings/records",
		"body": fields{"id": fmt.Sprintf("%ss%d", b.id, b.segment), "appointment": b.id, "subject": b.patient.id, "owner": owner,
			"title": b.title, "mode": b.mode, "segment": b.segment}}}})
	require.NoError(u.t, err)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(u.t, form.WriteField("@jsonPayload", string(payload)))
	file, err := form.CreateFormFile("requests.0.media", "media.bin")
	require.NoError(u.t, err)
	_, err = file.Write(said)
	require.NoError(u.t, err)
	require.NoError(u.t, form.Close())
	a := u.send(u, "POST", "/batch", form.FormDataContentType(), &body, nil)
	if a.status == 200 {
		b.said = said
	}
	return a.status
}

// replay is a recording as its listing shows it.
type replay struct{ id, file string }

// replays are the recordings in the order of their segments.
func replays(a answer) []replay {
	var out []replay
	expand, _ := a.body["expand"].(map[string]any)
	rows, _ := expand["recordings_via_appointment"].([]any)
	for _, row := range append(rows, a.rows()...) {
		r := row.(map[string]any)
		out = append(out, replay{r["id"].(string), r["media"].(string)})
	}
	return out
}

// list is the listing of who, who may be nobody.
func (s *service) list(who *user) []replay {
	s.t.Helper()
	a := s.ask(who, "GET", record("recordings", "")+"?sort=@rowid&perPage=200", nil)
	require.Equal(s.t, 200, a.status, "%s", a.raw)
	return replays(a)
}

// fetch asks for a recording's media with a file token of who, or with none.
func (s *service) fetch(who *user, method string, r replay, byteRange string) answer {
	s.t.Helper()
	path := "/files/recordings/" + r.id + "/" + r.file
	if who != nil {
		a := s.ask(who, "POST", "/files/token", nil)
		token, _ := a.body["token"].(string)
		path += "?token=" + url.QueryEscape(token)
	}
	header := http.Header{}
	if byteRange != "" {
		header.Set("Range", "bytes="+byteRange)
	}
	return s.send(nil, method, path, "", nil, header)
}

// export are the ids of the recordings below the clinicians of a patient.
func (u *user) export() []string {
	u.t.Helper()
	filter := url.QueryEscape(`appointments_via_clinician.patient ?= "` + u.id + `"`)
	a := u.ask(u, "GET", record("clinicians", "")+"?perPage=200&expand=appointments_via_clinician.recordings_via_appointment&filter="+filter, nil)
	require.Equal(u.t, 200, a.status, "%s", a.raw)
	var out []string
	for _, clinician := range a.rows() {
		for _, made := range expanded(clinician, "appointments_via_clinician") {
			for _, r := range expanded(made, "recordings_via_appointment") {
				out = append(out, r.(map[string]any)["id"].(string))
			}
		}
	}
	return out
}

// expanded are the records to which a record was expanded.
func expanded(row any, name string) []any {
	expand, _ := row.(map[string]any)["expand"].(map[string]any)
	rows, _ := expand[name].([]any)
	return rows
}
