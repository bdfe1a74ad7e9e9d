package clinic

import (
	"net/http"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// The operations below are in the document and not in the service yet: there is nothing at those paths.

func (s endpoints) absent(w http.ResponseWriter, r *http.Request) { s.fail(w, r, care.ErrNotFound) }

func (s endpoints) CloseAccount(w http.ResponseWriter, r *http.Request) { s.absent(w, r) }
func (s endpoints) RescheduleAppointment(w http.ResponseWriter, r *http.Request, _ api.Id) {
	s.absent(w, r)
}
func (s endpoints) ListAuditEvents(w http.ResponseWriter, r *http.Request)  { s.absent(w, r) }
func (s endpoints) ExportRecordings(w http.ResponseWriter, r *http.Request) { s.absent(w, r) }
func (s endpoints) OpenLink(w http.ResponseWriter, r *http.Request, _ string, _ api.OpenLinkParams) {
	s.absent(w, r)
}
func (s endpoints) HeadLink(w http.ResponseWriter, r *http.Request, _ string)        { s.absent(w, r) }
func (s endpoints) ListNotifications(w http.ResponseWriter, r *http.Request)         { s.absent(w, r) }
func (s endpoints) SetReplays(w http.ResponseWriter, r *http.Request)                { s.absent(w, r) }
func (s endpoints) DismissProxy(w http.ResponseWriter, r *http.Request, _ api.User)  { s.absent(w, r) }
func (s endpoints) AppointProxy(w http.ResponseWriter, r *http.Request, _ api.User)  { s.absent(w, r) }
func (s endpoints) DeleteRecording(w http.ResponseWriter, r *http.Request, _ api.Id) { s.absent(w, r) }
func (s endpoints) CreateRecordingLink(w http.ResponseWriter, r *http.Request, _ api.Id) {
	s.absent(w, r)
}
func (s endpoints) GetRecordingThumbnail(w http.ResponseWriter, r *http.Request, _ api.Id) {
	s.absent(w, r)
}
func (s endpoints) GetRecordingTranscript(w http.ResponseWriter, r *http.Request, _ api.Id) {
	s.absent(w, r)
}
func (s endpoints) ShareRecording(w http.ResponseWriter, r *http.Request, _ api.Id, _ api.User) {
	s.absent(w, r)
}
func (s endpoints) UnshareRecording(w http.ResponseWriter, r *http.Request, _ api.Id, _ api.User) {
	s.absent(w, r)
}
