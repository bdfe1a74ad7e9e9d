package clinic

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// Reasons to refuse that have to do with HTTP alone.
var (
	errTooLarge    = errors.New("the body is too large")
	errUnsupported = errors.New("the body is of another media type than the one documented")
	errMethod      = errors.New("the resource has no such method")
	errRange       = errors.New("the range lies outside the recording")
	errCondition   = errors.New("a precondition of the request failed")
	errNoResource  = errors.New("there is no such resource")
	errPanic       = errors.New("panic")
)

// problems says how each reason to refuse is answered (RFC 9457). The title is that of the reason.
var problems = []struct {
	reason error
	kind   api.ProblemType
	status int
}{
	{care.ErrMalformed, api.ProblemMalformed, http.StatusBadRequest},
	{care.ErrUnauthorized, api.ProblemUnauthorized, http.StatusUnauthorized},
	{care.ErrForbidden, api.ProblemForbidden, http.StatusForbidden},
	{care.ErrNotFound, api.ProblemNotFound, http.StatusNotFound},
	{care.ErrNoUser, api.ProblemNotFound, http.StatusNotFound},
	{care.ErrNoLink, api.ProblemNotFound, http.StatusNotFound},
	{errNoResource, api.ProblemNotFound, http.StatusNotFound},
	{errMethod, api.ProblemMethodNotAllowed, http.StatusMethodNotAllowed},
	{care.ErrConflict, api.ProblemConflict, http.StatusConflict},
	{errCondition, api.ProblemPreconditionFailed, http.StatusPreconditionFailed},
	{errTooLarge, api.ProblemTooLarge, http.StatusRequestEntityTooLarge},
	{errUnsupported, api.ProblemUnsupportedMediaType, http.StatusUnsupportedMediaType},
	{errRange, api.ProblemRangeNotSatisfiable, http.StatusRequestedRangeNotSatisfiable},
	{care.ErrInvalid, api.ProblemInvalid, http.StatusUnprocessableEntity},
	{care.ErrUnavailable, api.ProblemUnavailable, http.StatusServiceUnavailable},
}

// problemOf returns the problem that answers an error. What is not a refusal is the service's own failure, of which the
// caller learns nothing more.
func problemOf(err error) api.Problem {
	for _, p := range problems {
		if errors.Is(err, p.reason) {
			return api.Problem{Type: p.kind, Title: p.reason.Error(), Status: p.status, Detail: care.Detail(err)}
		}
	}
	return api.Problem{
		Type:   api.ProblemInternal,
		Title:  "the service failed",
		Status: http.StatusInternalServerError,
		Detail: "the request can be found in the service's log by its X-Request-Id",
	}
}

// fail answers a request with the problem for an error, and logs the error if it is the service's own.
func (s *Service) fail(w http.ResponseWriter, r *http.Request, err error) {
	if s.refusal == AsDenied && errors.Is(err, care.ErrNotFound) {
		err = care.ErrForbidden
	}
	problem := problemOf(err)
	if problem.Status == http.StatusInternalServerError {
		s.log.LogAttrs(r.Context(), slog.LevelError, "failure",
			slog.String("request", exchangeOf(r).id), slog.String("error", err.Error()))
	}
	writeProblem(w, problem)
}

func writeProblem(w http.ResponseWriter, problem api.Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	if problem.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	writeBody(w, problem.Status, problem)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	writeBody(w, status, body)
}

// writeBody writes a body of the api package. None of those can fail to be encoded, and a client that has hung up is no
// failure of the service's.
func writeBody(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

func writeBytes(w http.ResponseWriter, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body)
}
