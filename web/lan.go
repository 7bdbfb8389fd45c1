package web

import (
	"context"
	"net/http"
	"net/url"

	"muontra/kiosk"
)

// lanRoutes let the librarian connect another machine without a command line.
func (s *Server) lanRoutes() []route {
	return []route{
		{"POST", "/desk/machines/lan", librarian, s.settled(s.setLan)},
		{"GET", "/desk/machines/qr.png", librarian, s.pairQR},
	}
}

// setLan says whether other machines may connect from the next start on.
func (s *Server) setLan(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	const page = "/desk/machines"
	on := f.Is("on", "yes")
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err := s.Settings.SetPageSetting(r.Context(), a, kiosk.LanSetting, on); err != nil {
			return "", err
		}
		key := "machines.lan_off"
		if on {
			key = "machines.lan_on"
		}
		s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Settings.SetPageSetting(ctx, a, kiosk.LanSetting, !on)
		}, key)
		return page, nil
	}, s.refused(w, r, f, page))
}

// pairQR leads to the pairing page with a waiting code in it: whoever scans it
// has only to press the button.
func (s *Server) pairQR(w http.ResponseWriter, r *http.Request) error {
	code := digitsOf(r.URL.Query().Get("code"))
	for _, c := range s.pairings.waiting() {
		if c.Phone != "" || c.Code != code {
			continue
		}
		b, err := qrPicture(s.phoneBase(r) + "/pair?code=" + url.QueryEscape(code))
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Cache-Control", "no-store")
		w.Write(b)
		return nil
	}
	return errNotFound
}
