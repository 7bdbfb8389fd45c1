package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/station"
	"muontra/web/words"
)

// problem is an answer that is no success: a status and an English code, whose
// words stand in package words under "error." + code. Handlers return errors;
// only this file turns them into answers.
type problem struct {
	status int
	code   string
}

func (p problem) Error() string { return p.code }

var (
	errBadBody       = problem{http.StatusBadRequest, "bad_request"}
	errNoCode        = problem{http.StatusBadRequest, "no_code"}
	errUnknownAction = problem{http.StatusBadRequest, "unknown_action"}
	errNoComment     = problem{http.StatusBadRequest, "no_comment"}
	errSignIn        = problem{http.StatusUnauthorized, "sign_in"}
	errMustChange    = problem{http.StatusForbidden, "must_change"}
	errForbidden     = problem{http.StatusForbidden, "forbidden"}
	errForeign       = problem{http.StatusForbidden, "foreign_origin"}
	errNotFound      = problem{http.StatusNotFound, "not_found"}
	errNoStation     = problem{http.StatusNotFound, "no_station"}
	errMethod        = problem{http.StatusMethodNotAllowed, "method"}
	errUsedID        = problem{http.StatusConflict, "used_command_id"}
	errOtherSession  = problem{http.StatusConflict, "other_session"}
	errTooLong       = problem{http.StatusRequestEntityTooLarge, "too_long"}
	errMediaType     = problem{http.StatusUnsupportedMediaType, "media_type"}
	errHost          = problem{http.StatusMisdirectedRequest, "foreign_host"}
	errInternal      = problem{http.StatusInternalServerError, "internal"}
	errUnavailable   = problem{http.StatusServiceUnavailable, "unavailable"}
)

// asProblem finds the answer to an error. What it does not know is a fault of
// ours: logged by the caller, shown without details.
func asProblem(err error) (p problem, known bool) {
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p, true
	case errors.As(err, &tooBig):
		return errTooLong, true
	case errors.Is(err, station.ErrUsedID):
		return errUsedID, true
	case errors.Is(err, station.ErrUnknownAction):
		return errUnknownAction, true
	case errors.Is(err, station.ErrNoComment):
		return errNoComment, true
	case errors.Is(err, station.ErrOtherSession):
		return errOtherSession, true
	case errors.Is(err, station.ErrStopped), errors.Is(err, kiosk.ErrBusy), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return errUnavailable, true
	}
	return errInternal, false
}

// handler is an act or a page: it writes an answer or returns why not.
type handler func(w http.ResponseWriter, r *http.Request) error

// named is for pages whose path names a thing: one that does not exist is no
// fault of ours but a page that is not there.
func named(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := h(w, r)
		if errors.Is(err, kiosk.ErrNotFound) {
			return errNotFound
		}
		return err
	}
}

// fail writes the answer to an error: JSON where a program asks, else a page
// with a way out.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p, known := asProblem(err)
	if !known {
		s.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	lang := s.lang(r)
	message := words.T(lang, "error."+p.code)
	if wantsJSON(r) {
		writeJSON(w, p.status, errorBody{errorDetail{p.code, message}})
		return
	}
	s.page(w, r, p.status, "error.html", map[string]any{"Message": message, "Status": p.status})
}

type errorBody struct {
	Error errorDetail `json:"error"`
}

type errorDetail struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// wantsJSON: the JSON paths always, other paths when the client says so.
func wantsJSON(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/ws/") {
		return true
	}
	accept := r.Header.Get("Accept")
	j, h := strings.Index(accept, "application/json"), strings.Index(accept, "text/html")
	return j >= 0 && (h < 0 || j < h)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, `{"error":{"code":"internal","message":""}}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	w.Write(append(b, '\n'))
}
