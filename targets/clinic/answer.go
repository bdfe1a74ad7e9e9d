package clinic

import (
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
		Practitioner: c.Practitioner,
		Slot:         c.Slot,
		Mode:         api.Mode(c.Booked),
		Description:  c.Description,
		Encounter:    c.Encounter,
	}
}

func encounterOf(e Encounter) api.Encounter {
	return api.Encounter{
		Id:           e.Encounter,
		Appointment:  e.Appointment,
		Status:       api.EncounterStatus(e.Status),
		Mode:         api.Mode(e.Mode),
		Segment:      e.SegmentNow(),
		Participants: participantsOf(e.Consultation),
		Recordings:   recordingsOf(e.Recordings),
	}
}

func participantsOf(c care.Consultation) []api.Participant {
	present := make([]api.Participant, 0, 2)
	if c.PatientPresence != care.Away {
		present = append(present, api.Participant{Role: api.AsPatient, Status: api.ParticipantStatus(c.PatientPresence)})
	}
	if c.PractitionerPresence != care.Away {
		present = append(present, api.Participant{
			Role: api.AsPractitioner, Status: api.ParticipantStatus(c.PractitionerPresence)})
	}
	return present
}

func recordingsOf(all []care.Recording) []api.Recording {
	answered := make([]api.Recording, len(all))
	for i, r := range all {
		answered[i] = recordingOf(r)
	}
	return answered
}

func recordingOf(r care.Recording) api.Recording {
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

// A page is which recordings of a listing are wanted.
type page struct {
	after int64 // those that come after the one with this number
	limit int
}

// Limits on the rows of a page, as openapi.yaml gives them.
const (
	defaultRows = 20
	maxRows     = 100
)

// pageOf reads the parameters of a listing.
func pageOf(who care.Caller, params api.ListRecordingsParams) (page, error) {
	p := page{limit: defaultRows}
	if params.Limit != nil {
		p.limit = *params.Limit
	}
	if p.limit < 1 || p.limit > maxRows {
		return page{}, care.Refuse(care.ErrMalformed, "limit must be 1 to %d", maxRows)
	}
	if params.Cursor == nil {
		return p, nil
	}
	var err error
	p.after, err = parseCursor(who, *params.Cursor)
	return p, err
}

// of returns the page, given one recording more than it takes if there are more.
func (p page) of(who care.Caller, found []care.Recording) api.RecordingPage {
	if len(found) <= p.limit {
		return api.RecordingPage{Items: recordingsOf(found)}
	}
	found = found[:p.limit]
	return api.RecordingPage{Items: recordingsOf(found), Next: newCursor(who, found[p.limit-1].Seq)}
}

// serveMedia answers with a recording's content as RFC 9110 has it: whole, by range, or not at all when the client's
// conditions say so.
func serveMedia(w http.ResponseWriter, r *http.Request, recording care.Recording, media care.Media) {
	w.Header().Set("Content-Type", string(api.OctetStream))
	w.Header().Set("ETag", `"`+recording.ID+"-"+strconv.FormatInt(recording.Size, 10)+`"`)
	if !strings.HasPrefix(r.Header.Get("Range"), "bytes=") {
		r.Header.Del("Range") // an unknown unit is to be ignored (RFC 9110, section 14.2); net/http would refuse it
	}
	http.ServeContent(&problemWriter{ResponseWriter: w}, r, "", time.Time{}, media)
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
