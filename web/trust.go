package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"muontra/web/certs"
	"muontra/web/words"
)

// trustRoutes help a phone or a second PC to trust the school's certificate.
// They are for everybody, and are served on the TLS address without TLS too: a
// page behind a browser's warning would teach people to click warnings away.
// Who stands between could show another certificate either way; so the page has
// the reader compare the fingerprint with the desk's.
func (s *Server) trustRoutes() []route {
	return []route{
		{"GET", "/trust", everyone, s.trustPage},
		{"GET", "/trust/muontra.crt", everyone, s.trustFile(trustDER)},
		{"GET", "/trust/muontra.pem", everyone, s.trustFile(trustPEM)},
		{"GET", "/trust/muontra.mobileconfig", everyone, s.trustFile(trustProfile)},
		{"GET", "/trust/qr.png", everyone, s.trustQR},
	}
}

// trustPage has the steps for each system, the reader's own first.
func (s *Server) trustPage(w http.ResponseWriter, r *http.Request) error {
	t := s.trust()
	out := s.outside()
	s.page(w, r, http.StatusOK, "trust.html", map[string]any{
		"Trust": t, "Outside": out, "Systems": systemsFor(r.UserAgent()), "Next": s.next(r),
		"Secure": r.TLS != nil, "Host": hostName(r.Host),
	})
	return nil
}

// next is the front page over TLS, for a reader who came to the address that
// has it without; who came to another address stays there.
func (s *Server) next(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host)
	for _, out := range s.outside() {
		if u, err := url.Parse(out); err == nil && port != "" && u.Port() == port {
			return secureURL(r, "/")
		}
	}
	return "/"
}

// systemsFor orders the systems by what a browser says it runs on.
func systemsFor(agent string) []string {
	all := []string{"android", "iphone", "windows", "linux"}
	first := ""
	switch a := strings.ToLower(agent); {
	case strings.Contains(a, "android"):
		first = "android"
	case strings.Contains(a, "iphone"), strings.Contains(a, "ipad"), strings.Contains(a, "macintosh"):
		first = "iphone"
	case strings.Contains(a, "windows"):
		first = "windows"
	case strings.Contains(a, "linux"):
		first = "linux"
	}
	ordered := make([]string, 0, len(all))
	if first != "" {
		ordered = append(ordered, first)
	}
	for _, n := range all {
		if n != first {
			ordered = append(ordered, n)
		}
	}
	return ordered
}

// trustFile serves the authority's certificate in one of its forms; where there
// is none of the school's own, nothing needs to be trusted.
func (s *Server) trustFile(form func(words.Lang, Trust) (mime, name string, body []byte)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		t := s.trust()
		if !t.Own {
			return errNotFound
		}
		mime, name, body := form(s.lang(r), t)
		w.Header().Set("Content-Type", mime)
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		w.Write(body)
		return nil
	}
}

// trustDER is what Android and Windows open.
func trustDER(_ words.Lang, t Trust) (string, string, []byte) {
	return "application/x-x509-ca-cert", "muontra.crt", t.Certificate.Raw
}

func trustPEM(_ words.Lang, t Trust) (string, string, []byte) {
	return "application/x-pem-file", "muontra.pem", certs.PEM(t.Certificate)
}

// trustProfile is what an iPhone installs: a configuration profile with the
// certificate as its only payload. Its ids follow from the certificate, so that
// a second download replaces the first.
func trustProfile(l words.Lang, t Trust) (string, string, []byte) {
	sum := sha256.Sum256(t.Certificate.Raw)
	id := func(b []byte) string { return fmt.Sprintf("%X-%X-%X-%X-%X", b[:4], b[4:6], b[6:8], b[8:10], b[10:16]) }
	text := func(s string) string {
		var b bytes.Buffer
		xml.EscapeText(&b, []byte(s))
		return b.String()
	}
	name := text(words.T(l, "trust.profile"))
	body := `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
<key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>muontra.` + id(sum[:16]) + `.root</string>
<key>PayloadUUID</key><string>` + id(sum[:16]) + `</string>
<key>PayloadDisplayName</key><string>` + text(t.Certificate.Subject.CommonName) + `</string>
<key>PayloadCertificateFileName</key><string>muontra.crt</string>
<key>PayloadContent</key><data>` + base64.StdEncoding.EncodeToString(t.Certificate.Raw) + `</data>
</dict></array>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>muontra.` + id(sum[16:]) + `</string>
<key>PayloadUUID</key><string>` + id(sum[16:]) + `</string>
<key>PayloadDisplayName</key><string>` + name + `</string>
<key>PayloadDescription</key><string>` + text(words.T(l, "trust.profile_text")) + `</string>
</dict></plist>
`
	return "application/x-apple-aspen-config", "muontra.mobileconfig", []byte(body)
}

// trustQR is the address of the trust page, for a phone's camera.
func (s *Server) trustQR(w http.ResponseWriter, r *http.Request) error {
	out := s.outside()
	if len(out) == 0 {
		return errNotFound
	}
	b, err := qrPicture(trustURL(out[0]))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	w.Write(b)
	return nil
}

// trustURL is the trust page for a machine that does not trust us yet: without
// TLS, and so without a warning.
func trustURL(secure string) string {
	return strings.Replace(secure, "https://", "http://", 1) + "/trust"
}

// qrPicture draws a QR code with four modules of white around it, 8 dots a
// module.
func qrPicture(text string) ([]byte, error) {
	m, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 0, 0, map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_MARGIN: 4})
	if err != nil {
		return nil, err
	}
	const dots = 8
	img := image.NewGray(image.Rect(0, 0, m.GetWidth()*dots, m.GetHeight()*dots))
	for y := range img.Rect.Max.Y {
		for x := range img.Rect.Max.X {
			if !m.Get(x/dots, y/dots) {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var b bytes.Buffer
	err = png.Encode(&b, img)
	return b.Bytes(), err
}

// PlainHandler answers plain HTTP on the address that serves TLS: the pages
// that help to trust us, and for all else the way to the encrypted page.
// Nothing that a person types or that is about a person goes this way.
func (s *Server) PlainHandler() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range s.trustRoutes() {
		mux.Handle(rt.pattern, s.choose([]route{rt}))
	}
	mux.Handle("/static/", s.choose([]route{{"GET", "/static/", everyone, s.static.serve}}))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != "GET" && r.Method != "HEAD":
			// What was sent has gone over the network readably already; sending it
			// again by itself would hide that.
			s.fail(w, r, errPlain)
		case wantsJSON(r):
			s.fail(w, r, errPlain)
		default:
			http.Redirect(w, r, secureURL(r, r.URL.RequestURI()), http.StatusTemporaryRedirect)
		}
	})
	return s.guard(mux)
}

var errPlain = problem{http.StatusUpgradeRequired, "plain"}

// secureURL is a path of ours on the same address over TLS. The guard has
// looked at the host.
func secureURL(r *http.Request, path string) string {
	u := url.URL{Scheme: "https", Host: r.Host}
	return u.String() + path
}
