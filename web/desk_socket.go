package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"

	"muontra/kiosk"
	"muontra/web/words"
)

// deskBack is how many events before now a desk page that connects reads, to
// show the help calls of the last minutes.
const deskBack = 200

// news is one help call or refusal as the desk reads it. Staff may see who and
// what; the kiosk never shows it to another child.
type news struct {
	Seq         int64        `json:"seq"`
	At          time.Time    `json:"at"`
	Clock       string       `json:"clock"`
	Kind        string       `json:"kind"` // help or refused
	Station     string       `json:"station"`
	Patron      string       `json:"patron"`
	Class       string       `json:"class"`
	Copy        string       `json:"copy"` // the barcode, for an override
	Accession   string       `json:"accession"`
	Title       string       `json:"title"`
	Reason      kiosk.Reason `json:"reason"`
	Text        string       `json:"text"`
	Code        string       `json:"code"`
	MayOverride bool         `json:"may_override"`
}

// deskSocket pushes help calls and refusals, from the event after the number
// that the page has, so that a page that was away misses none.
func (s *Server) deskSocket(w http.ResponseWriter, r *http.Request) error {
	if s.Events == nil {
		return errNotFound
	}
	after, err := s.deskAfter(r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	sock, err := upgrade(w, r)
	if err != nil || sock == nil {
		return err
	}
	events, stop := s.Events(after)
	defer stop()
	closing := *s.closing.Load()
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	code := websocket.CloseGoingAway
	for err == nil {
		select {
		case e, ok := <-events:
			if !ok { // the page asks again from its last number
				sock.close(code)
				return nil
			}
			var b []byte
			if b, err = s.newsOf(r.Context(), lang, e); err == nil && b != nil {
				err = sock.send(b)
			}
		case <-pings.C:
			if !s.sessions.alive(callerOf(r).account) {
				sock.close(websocket.ClosePolicyViolation)
				return nil
			}
			err = sock.ping()
		case <-sock.gone:
			sock.close(websocket.CloseNormalClosure)
			return nil
		case <-closing:
			sock.close(websocket.CloseServiceRestart)
			return nil
		case <-r.Context().Done():
			sock.close(code)
			return nil
		}
	}
	s.log.Debug("desk socket", "error", err)
	sock.close(code)
	return nil
}

func (s *Server) deskAfter(r *http.Request) (int64, error) {
	if n, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64); err == nil && n > 0 {
		return n, nil
	}
	var last int64
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		last, err = v.LastSeq()
		return err
	})
	return max(last-deskBack, 0), err
}

// newsOf makes the news of an event, nil when it is none for the desk.
func (s *Server) newsOf(ctx context.Context, lang words.Lang, e kiosk.Event) ([]byte, error) {
	n := news{Seq: e.Seq, At: e.OccurredAt.UTC(), Station: e.Station, Code: e.Payload.Code}
	switch e.Type {
	case kiosk.EventHelp:
		n.Kind = "help"
	case kiosk.EventRefused:
		n.Kind, n.Reason = "refused", e.Payload.Reason
	default:
		return nil, nil
	}
	res := kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.Refused, Reason: e.Payload.Reason, Refusals: e.Payload.Refusals}
	err := s.Ledger.View(ctx, func(v kiosk.View) error {
		site, err := v.Site()
		if err != nil {
			return err
		}
		loc, err := site.Location()
		if err != nil {
			return err
		}
		n.Clock = e.OccurredAt.In(loc).Format("15:04")
		if e.PatronRef != "" {
			// A name that was forgotten since is simply not shown.
			if m, err := v.MemberByRef(e.PatronRef, kiosk.DayOf(e.OccurredAt, loc)); err == nil {
				n.Patron, n.Class = m.Name, m.Class
			}
		}
		if e.CopyID != "" {
			if it, err := v.Item(e.CopyID); err == nil {
				n.Copy, n.Accession, n.Title = it.Barcode, it.Accession, it.Title.Title
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if n.Kind == "refused" {
		c := words.ForResult(lang, res)
		n.Text = c.Head
		if c.Text != "" {
			n.Text += " " + c.Text
		}
		n.MayOverride = n.Copy != "" && askable(e.Payload.Refusals)
	}
	return json.Marshal(n)
}

func askable(all []kiosk.Refusal) bool {
	for _, r := range all {
		if !r.Reason.Askable() {
			return false
		}
	}
	return len(all) > 0
}
