package web

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"image"
	_ "image/png"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"muontra/kiosk/station"
	"muontra/web/webtest"
)

// A machine that is removed sees nothing more, not even on a socket that is
// open.
func TestRemovedMachineLosesItsSocket(t *testing.T) {
	s, tokens, hub := twoStations(t)
	srv := httptest.NewServer(s.Handler())
	defer srv.Close()
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http")+"/ws/stations/cua-so", http.Header{"Authorization": {"Bearer " + tokens["cua-so"]}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(2 * time.Minute))
	if _, _, err := conn.ReadMessage(); err != nil {
		t.Fatal(err)
	}
	list, err := s.pairings.list(t.Context())
	if err != nil || list[0].Station != "cua-so" || !s.pairings.here(list[0]) || list[0].sockets != 1 {
		t.Fatal(list, err)
	}
	if _, err := s.pairings.remove(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	sc := webtest.Idle()
	sc.Station, sc.Seq = "cua-so", 99
	hub.Show(sc)
	for {
		if _, _, err = conn.ReadMessage(); err != nil {
			break
		}
	}
	var closed *websocket.CloseError
	if !errors.As(err, &closed) || closed.Code != websocket.ClosePolicyViolation {
		t.Error(err)
	}
}

// A browser's token is a cookie that scripts cannot read, and pairing anew ends
// the former one.
func TestPairingABrowser(t *testing.T) {
	s, _, _ := twoStations(t)
	pair := func(secure bool, code string, old *http.Cookie) *http.Response {
		target := "http://localhost/pair"
		if secure {
			target = "https://localhost/pair"
		}
		r := httptest.NewRequest("POST", target, strings.NewReader(url.Values{"code": {code}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = "192.0.2.50:1"
		if old != nil {
			r.AddCookie(old)
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w.Result()
	}
	offer := func() string {
		code, err := s.pairings.offer("cua-so", "account-0")
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	res := pair(true, offer(), nil)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/kiosk/cua-so" {
		t.Fatal(res.Status)
	}
	c := res.Cookies()[0]
	if c.Name != "__Host-muontra-station" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.MaxAge < 300*24*3600 {
		t.Error(c)
	}
	page := func(c *http.Cookie) int {
		r := httptest.NewRequest("GET", "https://localhost/kiosk/cua-so", nil)
		r.RemoteAddr = "192.0.2.50:1"
		r.AddCookie(c)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code == 200 && (len(w.Result().Cookies()) == 0 || w.Result().Cookies()[0].Value != c.Value) {
			t.Error("the kiosk page does not give the cookie anew: browsers forget it after 400 days")
		}
		return w.Code
	}
	if got := page(c); got != 200 {
		t.Error(got)
	}
	again := pair(true, offer(), c).Cookies()[0]
	if got := page(c); got == 200 {
		t.Error("the former token still opens the page")
	}
	if got := page(again); got != 200 {
		t.Error(got)
	}
	if c := pair(false, offer(), nil).Cookies()[0]; c.Name != "muontra-station" || c.Secure || !c.HttpOnly {
		t.Error("over http:", c)
	}
}

// lanNetwork is a network as tests need one.
type lanNetwork struct{ trust Trust }

func (n lanNetwork) Trust() Trust                                   { return n.trust }
func (n lanNetwork) Outside() []string                              { return []string{"https://192.168.100.200:7443"} }
func (n lanNetwork) HostNames() []string                            { return []string{"thu-vien.local"} }
func (n lanNetwork) AddStation(string) error                        { return nil }
func (n lanNetwork) RemoteDevices(string, string, []station.Device) {}
func (n lanNetwork) RemoteLost(string)                              {}

func TestTrustFiles(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "muontra <mẫu> & con"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	n := lanNetwork{Trust{Own: true, Certificate: cert, Fingerprint: "AB", Short: "abcd-efgh-jkmn-pqrs"}}
	s := New(Config{Ledger: webtest.NewLedger(), Station: func(string) (Station, bool) { return nil, false }, Network: n})
	get := func(h http.Handler, path, agent string) (int, []byte) {
		r := httptest.NewRequest("GET", "http://thu-vien.local:7443"+path, nil)
		r.RemoteAddr = "192.0.2.7:1"
		r.Header.Set("User-Agent", agent)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code, w.Body.Bytes()
	}
	_, b := get(s.PlainHandler(), "/trust/muontra.mobileconfig", "")
	// Well-formed, and the certificate is in it as it is.
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = true
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Contains(b, []byte(base64.StdEncoding.EncodeToString(der))) || !bytes.Contains(b, []byte("com.apple.security.root")) {
		t.Errorf("profile: %s", b)
	}
	if _, b := get(s.PlainHandler(), "/trust/muontra.crt", ""); !bytes.Equal(b, der) {
		t.Error("the certificate is another one")
	}
	// The picture reads as the address.
	_, b = get(s.PlainHandler(), "/trust/qr.png", "")
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := qrcode.NewQRCodeReader().Decode(bmp, nil); err != nil || r.GetText() != "http://192.168.100.200:7443/trust" {
		t.Error(r, err)
	}
	// The reader's own system comes first.
	for agent, first := range map[string]string{"Mozilla/5.0 (Linux; Android 14)": "Android", "Mozilla/5.0 (iPhone; CPU)": "iPhone", "Mozilla/5.0 (Windows NT 10.0)": "Windows"} {
		_, b := get(s.PlainHandler(), "/trust", agent)
		if i := strings.Index(string(b), "<summary>"+map[string]string{"Android": "Điện thoại Android", "iPhone": "iPhone, iPad", "Windows": "Máy tính Windows"}[first]); i < 0 || strings.Count(string(b[:i]), `class="system"`) != 1 {
			t.Errorf("%s does not come first", first)
		}
	}
	// From there one goes on to the encrypted page, and from this machine's own
	// address to where one was.
	if _, b := get(s.PlainHandler(), "/trust", ""); !strings.Contains(string(b), `href="https://thu-vien.local:7443/"`) {
		t.Error("the way on is not the encrypted page")
	}
	r := httptest.NewRequest("GET", "http://127.0.0.1:7373/trust", nil)
	r.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), `href="https://127.0.0.1:7373/"`) {
		t.Error("the way on is an address that has no TLS")
	}
	// Without TLS nothing else is shown, and nothing is taken.
	for _, path := range []string{"/", "/kiosk/desk", "/desk/sign-in", "/api/v1/stations/desk", "/metrics", "/healthz"} {
		if code, _ := get(s.PlainHandler(), path, ""); code != http.StatusTemporaryRedirect && code != http.StatusUpgradeRequired {
			t.Errorf("%s without TLS: %d", path, code)
		}
	}
	// With an IT person's certificate there is nothing to install.
	n.trust.Own = false
	s.Network = n
	if code, _ := get(s.PlainHandler(), "/trust/muontra.crt", ""); code != http.StatusNotFound {
		t.Error(code)
	}
}

// That a machine was seen is written down now and then, not at each request.
func TestSeenIsWrittenNowAndThen(t *testing.T) {
	now := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	l := webtest.NewLedger()
	s := New(Config{Ledger: l, Now: func() time.Time { return now }, Station: func(n string) (Station, bool) { return webtest.NewStation(n, nil), true }})
	token := pairFor(t, s, "cua-so")
	before := l.Writes()
	ask := func() {
		r := httptest.NewRequest("GET", "http://localhost/api/v1/stations/cua-so", nil)
		r.RemoteAddr = "192.0.2.7:1"
		r.Header.Set("Authorization", "Bearer "+token)
		s.Handler().ServeHTTP(httptest.NewRecorder(), r)
	}
	for range 100 {
		now = now.Add(time.Second)
		ask()
	}
	if n := l.Writes() - before; n != 0 {
		t.Errorf("%d writes in 100 s", n)
	}
	now = now.Add(savedEach)
	ask()
	if n := l.Writes() - before; n != 1 {
		t.Errorf("%d writes after more than %v", n, savedEach)
	}
}
