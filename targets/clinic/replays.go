package clinic

import (
	"net/http"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// The operations that show recordings. What is about to be shown is noted in the audit trail first, here, where it is known
// what that is, whichever part it came from.

// show notes that recordings are about to be shown to the caller, unless it failed to find them, and tells whether they may
// be. If not, the request is answered.
func (s endpoints) show(w http.ResponseWriter, r *http.Request, err error, action care.Action, shown ...care.Recording) bool {
	if err == nil {
		err = s.trail.Note(r.Context(), exchangeOf(r).caller, action, shown...)
	}
	if err != nil {
		s.fail(w, r, err)
	}
	return err == nil
}

func (s endpoints) ListRecordings(w http.ResponseWriter, r *http.Request, params api.ListRecordingsParams) {
	who := exchangeOf(r).caller
	q, err := queryOf(who, params)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	found, err := s.consults.Replays(r.Context(), who, q)
	if !s.show(w, r, err, care.Presented, found.Recordings...) {
		return
	}
	page := s.pageOf(who, q, found)
	if s.rules.Totals == care.NoTotal {
		writeJSON(w, http.StatusOK, untold{RecordingPage: page})
		return
	}
	writeJSON(w, http.StatusOK, page)
}

func (s endpoints) GetRecording(w http.ResponseWriter, r *http.Request, id api.Id) {
	found, err := s.consults.Replay(r.Context(), exchangeOf(r).caller, id)
	if s.show(w, r, err, care.Previewed, found) {
		writeJSON(w, http.StatusOK, s.recordingOf(found))
	}
}

func (s endpoints) DeleteRecording(w http.ResponseWriter, r *http.Request, id api.Id) {
	s.answerNothing(w, r, s.consults.Delete(r.Context(), exchangeOf(r).caller, id))
}

func (s endpoints) GetRecordingContent(w http.ResponseWriter, r *http.Request, id api.Id, _ api.GetRecordingContentParams) {
	s.play(w, r, id, care.Played)
}

// HeadRecordingContent answers like GET without a range: RFC 9110, section 14.2, defines Range for GET alone and has it
// ignored with every other method.
func (s endpoints) HeadRecordingContent(w http.ResponseWriter, r *http.Request, id api.Id) {
	r.Header.Del("Range")
	s.play(w, r, id, care.Previewed)
}

func (s endpoints) play(w http.ResponseWriter, r *http.Request, id string, action care.Action) {
	recording, media, err := s.consults.Play(r.Context(), exchangeOf(r).caller, id)
	if s.show(w, r, err, action, recording) {
		s.serveMedia(w, r, recording, media)
	}
}

func (s endpoints) GetRecordingThumbnail(w http.ResponseWriter, r *http.Request, id api.Id) {
	recording, thumbnail, err := s.consults.Thumbnail(r.Context(), exchangeOf(r).caller, id)
	if s.show(w, r, err, care.Previewed, recording) {
		writeBytes(w, "application/octet-stream", thumbnail)
	}
}

func (s endpoints) GetRecordingTranscript(w http.ResponseWriter, r *http.Request, id api.Id) {
	recording, said, err := s.consults.Transcript(r.Context(), exchangeOf(r).caller, id)
	if s.show(w, r, err, care.Previewed, recording) {
		writeBytes(w, "text/plain; charset=utf-8", []byte(said))
	}
}

// CreateRecordingLink shows nothing of the recording that the caller did not know.
func (s endpoints) CreateRecordingLink(w http.ResponseWriter, r *http.Request, id api.Id) {
	link, err := s.links.Make(r.Context(), exchangeOf(r).caller, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, api.Link{Id: link.ID, Path: linkPath + link.Secret, Recording: link.Recording})
}

func (s endpoints) OpenLink(w http.ResponseWriter, r *http.Request, secret string, _ api.OpenLinkParams) {
	s.open(w, r, secret, care.Played)
}

// HeadLink answers like GET without a range, as HeadRecordingContent does.
func (s endpoints) HeadLink(w http.ResponseWriter, r *http.Request, secret string) {
	r.Header.Del("Range")
	s.open(w, r, secret, care.Previewed)
}

func (s endpoints) open(w http.ResponseWriter, r *http.Request, secret string, action care.Action) {
	recording, media, err := s.links.Open(r.Context(), exchangeOf(r).caller, secret)
	if s.show(w, r, err, action, recording) {
		s.serveMedia(w, r, recording, media)
	}
}

func (s endpoints) ExportRecordings(w http.ResponseWriter, r *http.Request) {
	all, err := s.consults.Export(r.Context(), exchangeOf(r).caller)
	shown := make([]care.Recording, len(all))
	for i := range all {
		shown[i] = all[i].Recording
	}
	if !s.show(w, r, err, care.Presented, shown...) {
		return
	}
	if s.rules.Export != care.ExportRows && !s.show(w, r, nil, care.Played, shown...) {
		return
	}
	export, err := s.exportOf(all)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, export)
}

func (s endpoints) ListNotifications(w http.ResponseWriter, r *http.Request) {
	notices, err := s.notifier.Inbox(r.Context(), exchangeOf(r).caller)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, inboxOf(notices))
}

func (s endpoints) ListAuditEvents(w http.ResponseWriter, r *http.Request) {
	events, err := s.trail.Events(r.Context(), exchangeOf(r).caller)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, auditTrailOf(events))
}
