package clinic

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func appointmentOf(c care.Consultation) api.Appointment {
	return api.Appointment{
		Id:           c.Appointment,
		Status:       api.AppointmentStatus(c.AppointmentStatus()),
		Patient:      c.Patient,
		Guest:        c.Guest,
		Practitioner: c.Practitioner,
		Slot:         c.Slot,
		Mode:         api.Mode(c.Booked),
		Description:  c.Description,
		Encounter:    c.Encounter,
	}
}

func (s *Service) encounterOf(e Encounter) api.Encounter {
	return api.Encounter{
		Id:           e.Encounter,
		Appointment:  e.Appointment,
		Status:       api.EncounterStatus(e.Status),
		Mode:         api.Mode(e.ModeFor(e.As)),
		Segment:      e.SegmentNow(s.rules, e.As),
		Participants: participantsOf(e.Consultation),
		Recordings:   s.recordingsOf(e.Recordings),
	}
}

func participantsOf(c care.Consultation) []api.Participant {
	there := make([]api.Participant, 0, 3)
	for _, p := range []struct {
		role     api.ParticipantRole
		presence care.Presence
	}{{api.AsPatient, c.PatientPresence}, {api.AsPractitioner, c.PractitionerPresence}, {api.AsGuest, c.GuestPresence}} {
		if p.presence != care.Away {
			there = append(there, api.Participant{Role: p.role, Status: api.ParticipantStatus(p.presence)})
		}
	}
	return there
}

func (s *Service) recordingsOf(all []care.Recording) []api.Recording {
	answered := make([]api.Recording, len(all))
	for i, r := range all {
		answered[i] = s.recordingOf(r)
	}
	return answered
}

func (s *Service) recordingOf(r care.Recording) api.Recording {
	if s.rules.Label == care.LabelFile {
		r.Mode = ""
	}
	return api.Recording{
		Id:           r.ID,
		Appointment:  r.Appointment,
		Encounter:    r.Encounter,
		Subject:      r.Subject,
		Practitioner: r.Practitioner,
		Title:        r.Title,
		Mode:         api.Mode(r.Mode),
		Segment:      r.Segment,
		Size:         r.Size,
		ContentType:  api.OctetStream,
	}
}

// Limits on the rows of a page, as openapi.yaml gives them.
const (
	defaultRows = 20
	maxRows     = 100
)

// queryOf reads the parameters of a listing.
func queryOf(who care.Caller, params api.ListRecordingsParams) (care.Query, error) {
	q := care.Query{Limit: defaultRows}
	if params.Limit != nil {
		q.Limit = *params.Limit
	}
	if q.Limit < 1 || q.Limit > maxRows {
		return q, care.Refuse(care.ErrMalformed, "limit must be 1 to %d", maxRows)
	}
	if params.Mode != nil {
		q.Mode = care.Mode(*params.Mode)
		if !params.Mode.Valid() {
			return q, care.Refuse(care.ErrMalformed, "mode must be audio or video")
		}
	}
	if params.Cursor == nil {
		return q, nil
	}
	var err error
	q.After, err = parseCursor(who, q.Mode, *params.Cursor)
	return q, err
}

func (s *Service) pageOf(who care.Caller, q care.Query, l care.Listing) api.RecordingPage {
	page := api.RecordingPage{Items: s.recordingsOf(l.Recordings), Total: l.Total}
	if l.Next != 0 {
		page.Next = newCursor(who, q.Mode, l.Next)
	}
	return page
}

// untold is a page that does not say how many recordings there are.
type untold struct {
	api.RecordingPage
	Total *int `json:"total,omitempty"`
}

func inboxOf(notices []care.Notice) api.Inbox {
	items := make([]api.Notification, len(notices))
	for i, n := range notices {
		items[i] = api.Notification{Id: n.ID, Kind: kindOf(n), Recording: n.Recording, Appointment: n.Appointment,
			Title: n.Title}
	}
	return api.Inbox{Items: items}
}

// kindOf returns what a notice is about: a recording that is there or, without one, an appointment that will be.
func kindOf(n care.Notice) api.NotificationKind {
	if n.Recording == "" {
		return reminder
	}
	return api.ReplayReady
}

// reminder is the kind of notices that are not in openapi.yaml: the reference clinic sends none.
const reminder api.NotificationKind = "appointment-reminder"

func auditTrailOf(events []care.Event) api.AuditTrail {
	items := make([]api.AuditEvent, len(events))
	for i, e := range events {
		items[i] = api.AuditEvent{Agent: e.Agent.ID, Role: api.Role(e.Agent.Role), Subject: e.Subject,
			Recording: e.Recording, Action: api.AuditAction(e.Action), At: e.At}
	}
	return api.AuditTrail{Items: items}
}

// exportOf reads the content of what is handed out, unless the rows alone are.
func (s *Service) exportOf(all []Content) (api.Export, error) {
	exported := make([]api.ExportedRecording, len(all))
	for i, c := range all {
		exported[i] = api.ExportedRecording{Recording: s.recordingOf(c.Recording), Content: []byte{}}
		if s.rules.Export == care.ExportRows {
			continue
		}
		var err error
		if exported[i].Content, err = io.ReadAll(c.Media); err != nil {
			return api.Export{}, err
		}
	}
	return api.Export{Recordings: exported}, nil
}

// serveMedia answers with a recording's content as RFC 9110 has it: whole, by range, or not at all when the client's
// conditions say so.
func (s *Service) serveMedia(w http.ResponseWriter, r *http.Request, recording care.Recording, media care.Media) {
	w.Header().Set("Content-Type", string(api.OctetStream))
	w.Header().Set("ETag", `"`+recording.ID+"-"+strconv.FormatInt(recording.Size, 10)+`"`)
	asked := r.Header.Get("Range")
	if !strings.HasPrefix(asked, "bytes=") || s.rules.RangeIgnored && isBehind(asked, recording.Size) {
		r.Header.Del("Range") // an unknown unit is to be ignored (RFC 9110, section 14.2); net/http would refuse it
	}
	http.ServeContent(&problemWriter{ResponseWriter: w}, r, "", time.Time{}, media)
}

// isBehind tells whether a range begins behind the end of what has that size in bytes.
func isBehind(asked string, size int64) bool {
	from, _, _ := strings.Cut(strings.TrimPrefix(asked, "bytes="), "-")
	first, err := strconv.ParseInt(strings.TrimSpace(from), 10, 64)
	return err == nil && first >= size
}

// A problemWriter puts a problem in the place of net/http's plain text when a range or a precondition fails.
type problemWriter struct {
	http.ResponseWriter
	failed bool
}

func (p *problemWriter) WriteHeader(status int) {
	switch status {
	case http.StatusRequestedRangeNotSatisfiable:
		p.fail(errRange)
	case http.StatusPreconditionFailed:
		p.fail(errCondition)
	default:
		p.ResponseWriter.WriteHeader(status)
	}
}

func (p *problemWriter) fail(err error) {
	p.failed = true
	p.Header().Del("Content-Length")
	p.Header().Set("Cache-Control", "no-store") // net/http takes it away from its errors
	writeProblem(p.ResponseWriter, problemOf(err))
}

func (p *problemWriter) Write(body []byte) (int, error) {
	if p.failed {
		return len(body), nil
	}
	return p.ResponseWriter.Write(body)
}
