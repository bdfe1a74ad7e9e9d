package clinic

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// authenticate finds out who the caller is before anything is done for them. Whatever is not named here needs a valid
// token, so a new operation is closed until somebody opens it.
func (s *Service) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var err error
		switch {
		case isPublic(r):
		case isForOperator(r):
			err = s.mustBeOperator(r)
		case isLink(r) && r.Header.Get("Authorization") == "":
		case s.rules.RepeatsDone && isLogout(r) && errors.Is(s.identify(r), care.ErrUnauthorized):
			w.WriteHeader(http.StatusNoContent)
			return
		default:
			err = s.identify(r)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isPublic tells whether the request needs no token: the operations with `security: []` in openapi.yaml.
func isPublic(r *http.Request) bool {
	switch r.URL.Path {
	case "/healthz":
		return r.Method == http.MethodGet
	case "/patients", "/sessions":
		return r.Method == http.MethodPost
	default:
		return false
	}
}

// isForOperator tells whether the request is one for the operator of the service alone.
func isForOperator(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == "/practitioners" || strings.HasPrefix(r.URL.Path, "/operator/")
}

// isLogout tells whether the request ends a session.
func isLogout(r *http.Request) bool {
	return r.Method == http.MethodDelete && r.URL.Path == "/sessions/current"
}

// linkPath begins the path of every playback link.
const linkPath = "/links/"

// isLink tells whether the request opens a link: the holder may be anybody, but a token that is presented must be valid.
func isLink(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.HasPrefix(r.URL.Path, linkPath)
}

// identify notes the caller in the exchange, or returns [care.ErrUnauthorized].
func (s *Service) identify(r *http.Request) error {
	token := bearer(r)
	if token == "" {
		return care.ErrUnauthorized
	}
	who, err := s.accounts.Caller(r.Context(), token)
	if err != nil {
		return err
	}
	e := exchangeOf(r)
	e.caller, e.token = who, token
	return nil
}

// mustBeOperator returns nil for the operator, [care.ErrForbidden] for a user and [care.ErrUnauthorized] for anybody else.
// A service without an operator token has no operator.
func (s *Service) mustBeOperator(r *http.Request) error {
	presented, expected := sha256.Sum256([]byte(bearer(r))), sha256.Sum256([]byte(s.operator))
	if s.operator != "" && subtle.ConstantTimeCompare(presented[:], expected[:]) == 1 {
		return nil
	}
	if err := s.identify(r); err != nil {
		return err
	}
	return care.Refuse(care.ErrForbidden, "only the operator of the service may do this")
}

// bearer returns the token in the Authorization header (RFC 6750, section 2.1); empty if there is none.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
