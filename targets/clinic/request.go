package clinic

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/api"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// MaxMedia is the most media that one request may carry, in bytes.
const MaxMedia = 64 << 10

// Limits on what a request may hold, as openapi.yaml gives them; bytes for the body, characters for the others.
const (
	maxJSON        = 16 << 10
	maxName        = 128
	maxEmail       = 254
	minPassword    = 8
	maxPassword    = 128
	maxMember      = 32
	maxDescription = 256
)

// decode reads a JSON body into T. What is not JSON is [care.ErrMalformed]; JSON of another shape than T, be it by a
// field that T does not have, is [care.ErrInvalid].
func decode[T any](w http.ResponseWriter, r *http.Request) (T, error) {
	var body T
	if err := mustBeOf(r, "application/json"); err != nil {
		return body, err
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxJSON))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		return body, badBody(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return body, care.Refuse(care.ErrMalformed, "there is something after the JSON value")
	}
	return body, nil
}

// badBody classifies an error of the JSON decoder.
func badBody(err error) error {
	var tooLarge *http.MaxBytesError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &tooLarge):
		return errTooLarge
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return care.Refuse(care.ErrMalformed, "the body is not JSON: %v", err)
	default:
		return care.Refuse(care.ErrInvalid, "the body has the wrong shape: %v", err)
	}
}

// mediaOf reads the body of a request that brings media: 1 to [MaxMedia] bytes.
func mediaOf(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if err := mustBeOf(r, "application/octet-stream"); err != nil {
		return nil, err
	}
	media, err := readAll(http.MaxBytesReader(w, r.Body, MaxMedia), r.ContentLength)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge
	case err != nil:
		return nil, care.Refuse(care.ErrMalformed, "the body broke off")
	case len(media) == 0:
		return nil, care.Refuse(care.ErrInvalid, "there is no media in the body")
	}
	return media, nil
}

// readAll is io.ReadAll for a body whose length may be known: then it takes one allocation.
func readAll(body io.Reader, length int64) ([]byte, error) {
	if length < 0 || length > MaxMedia {
		return io.ReadAll(body)
	}
	media := make([]byte, length)
	_, err := io.ReadFull(body, media)
	return media, err
}

// mustBeOf returns errUnsupported unless the body is of that media type.
func mustBeOf(r *http.Request, want string) error {
	given := r.Header.Get("Content-Type")
	if given == want {
		return nil
	}
	if got, _, err := mime.ParseMediaType(given); err != nil || got != want {
		return errUnsupported
	}
	return nil
}

func invalid(detail string, args ...any) error { return care.Refuse(care.ErrInvalid, detail, args...) }

func checkPerson(name, email, password string) error {
	if strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > maxName {
		return invalid("name must have 1 to %d characters", maxName)
	}
	if !isEmail(email) {
		return invalid("email must be an e-mail address")
	}
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return invalid("password must have %d to %d characters", minPassword, maxPassword)
	}
	return nil
}

// isEmail tells whether s is an address alone, without a display name.
func isEmail(s string) bool {
	if len(s) > maxEmail {
		return false
	}
	address, err := mail.ParseAddress(s)
	return err == nil && address.Address == s
}

func checkPlan(plan api.Plan, memberNumber string) error {
	switch {
	case !plan.Valid():
		return invalid("plan must be nhs, bupa or private")
	case plan == api.Bupa && memberNumber == "":
		return invalid("the plan bupa needs a memberNumber")
	case plan != api.Bupa && memberNumber != "":
		return invalid("only the plan bupa has a memberNumber")
	case utf8.RuneCountInString(memberNumber) > maxMember:
		return invalid("memberNumber may have %d characters", maxMember)
	}
	return nil
}

func checkBooking(b api.NewAppointment) error {
	if b.Practitioner == "" {
		return invalid("practitioner is missing")
	}
	if err := checkSlot(b.Slot); err != nil {
		return err
	}
	if utf8.RuneCountInString(b.Description) > maxDescription {
		return invalid("description may have %d characters", maxDescription)
	}
	return checkMode(b.Mode)
}

func checkSlot(slot int64) error {
	if slot < 1 {
		return invalid("slot must be 1 or more")
	}
	return nil
}

func checkMode(mode api.Mode) error {
	if !mode.Valid() {
		return invalid("mode must be audio or video")
	}
	return nil
}

// badParameter answers a request whose path or query does not fit the document.
func (s *Service) badParameter(w http.ResponseWriter, r *http.Request, err error) {
	s.fail(w, r, fmt.Errorf("%w: %w", care.Refuse(care.ErrMalformed, "a parameter has the wrong shape"), err))
}

// unrouted answers a request for which there is no operation: the resource does not exist, or not with this method.
func (s *Service) unrouted(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := mux.Handler(probe); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		s.fail(w, r, errNoResource)
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	s.fail(w, r, errMethod)
}
