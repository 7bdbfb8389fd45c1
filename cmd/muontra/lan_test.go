//go:build linux

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/web/webtest"
)

// startHub serves a school on the loopback address and, over TLS, on the
// address of the test's own network.
func startHub(t testing.TB, data, secure string) (p *program, stop func()) {
	t.Helper()
	p, err := newProgram(context.Background(), programConfig{
		data: data, listen: []string{"127.0.0.1:0", secure}, now: time.Now, lang: "vi", logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return p, stop
}

func trusting(p *program) *http.Client {
	pool := x509.NewCertPool()
	pool.AddCert(p.cert.Anchor())
	return &http.Client{
		Timeout: patience, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func fetch(t testing.TB, c *http.Client, url string) (*http.Response, string) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// Beyond this machine: HTTPS, strangers outside, who trusts the certificate gets
// in, and plain HTTP shows how to.
func TestOverTheNetwork(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	p, _ := startHub(t, t.TempDir(), schoolIP+":0")
	secure := p.URLs()[1]
	if !strings.HasPrefix(secure, "https://"+schoolIP+":") || len(p.Outside()) != 1 || p.Outside()[0] != secure {
		t.Fatal(p.URLs(), p.Outside())
	}
	c := trusting(p)
	if res, body := fetch(t, c, secure+"/healthz"); res.StatusCode != 200 || !strings.HasPrefix(body, "ok\n") {
		t.Error(res.Status, body)
	}
	var unknown x509.UnknownAuthorityError
	if _, err := http.Get(secure + "/healthz"); !errors.As(err, &unknown) {
		t.Error("a client that does not trust the authority:", err)
	}
	if res, _ := fetch(t, c, secure+"/kiosk/desk"); !strings.HasPrefix(res.Header.Get("Location"), "/desk/sign-in") {
		t.Error("a stranger at the kiosk:", res.Status)
	}
	res, _ := fetch(t, c, secure+"/?lang=en")
	if len(res.Cookies()) == 0 || !res.Cookies()[0].Secure {
		t.Error("cookies over TLS:", res.Cookies())
	}

	// Plain HTTP on the same address: the way to the encrypted page, and nothing
	// else but the trust page.
	plain := strings.Replace(secure, "https", "http", 1)
	if res, _ := fetch(t, c, plain+"/desk?x=1"); res.StatusCode != 307 || res.Header.Get("Location") != secure+"/desk?x=1" {
		t.Error("plain HTTP:", res.Status, res.Header.Get("Location"))
	}
	if res, err := http.Post(plain+"/desk/sign-in", "application/x-www-form-urlencoded", strings.NewReader("name=a&password=b")); err != nil || res.StatusCode != http.StatusUpgradeRequired {
		t.Error("a password over plain HTTP:", res.StatusCode, err)
	}
	_, trust := fetch(t, c, plain+"/trust")
	if !strings.Contains(trust, p.Trust().Short) || !strings.Contains(trust, p.Trust().Fingerprint) {
		t.Error("the trust page shows no fingerprint")
	}
	key, err := os.ReadFile(filepath.Join(p.cfg.data, "tls", "ca.key"))
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.Split(string(key), "\n")[1]
	for path, kind := range map[string]string{
		"/trust/muontra.crt": "application/x-x509-ca-cert", "/trust/muontra.pem": "application/x-pem-file",
		"/trust/muontra.mobileconfig": "application/x-apple-aspen-config", "/trust/qr.png": "image/png",
	} {
		res, body := fetch(t, c, plain+path)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != kind || strings.Contains(body, "PRIVATE") || strings.Contains(body, secret) {
			t.Errorf("%s: %s %s", path, res.Status, res.Header.Get("Content-Type"))
		}
	}
	if res, _ := fetch(t, c, plain+"/trust/../tls/ca.key"); res.StatusCode == 200 {
		t.Error("the key is served")
	}
	r, _ := http.NewRequest("GET", secure+"/healthz", nil)
	r.Host = "evil.example"
	if res, err := c.Do(r); err != nil || res.StatusCode != http.StatusMisdirectedRequest {
		t.Error("a foreign host:", err)
	}

	if curl, err := exec.LookPath("curl"); err != nil {
		t.Log("no curl on this machine: not tried")
	} else {
		ca := filepath.Join(p.cfg.data, "tls", "ca.pem")
		if out, err := exec.Command(curl, "-sS", "--cacert", ca, secure+"/healthz").CombinedOutput(); err != nil {
			t.Errorf("curl: %v: %s", err, out)
		}
		if out, err := exec.Command(curl, "-sS", secure+"/healthz").CombinedOutput(); err == nil {
			t.Errorf("curl without the authority: %s", out)
		}
	}
}

// Who opens a connection and says little is gone in five seconds, and nobody
// holds more than his share of them.
func TestSlowAndManyConnections(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	p, _ := startHub(t, t.TempDir(), schoolIP+":0")
	addr := strings.TrimPrefix(p.URLs()[1], "https://")
	dial := func() net.Conn {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	silent, hello, plain := dial(), dial(), dial()
	hello.Write([]byte{0x16, 0x03, 0x01, 0x02}) // the beginning of a handshake
	plain.Write([]byte("GET / HTTP/1.1\r\nHost: "))
	begun := tls.Client(dial(), &tls.Config{InsecureSkipVerify: true})
	fmt.Fprintf(begun, "GET / HTTP/1.1\r\nHost: %s\r\nX-Slow: ", addr)
	start := time.Now()
	for name, c := range map[string]net.Conn{"silent": silent, "half a handshake": hello, "half a plain request": plain, "half a request over TLS": begun} {
		c.SetReadDeadline(start.Add(patience))
		_, err := io.Copy(io.Discard, c)
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			t.Errorf("%s: still open after %v", name, time.Since(start))
		}
	}

	var held []net.Conn
	for range mostFromOne {
		held = append(held, dial())
	}
	one := dial()
	one.SetReadDeadline(time.Now().Add(patience))
	if _, err := one.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("connection %d from one address: %v", mostFromOne+1, err)
	}
	// The loopback address is another matter, and there is room again when one goes.
	if res, err := http.Get(p.URLs()[0] + "/healthz"); err != nil || res.StatusCode != 200 {
		t.Error("the kiosk on this machine:", err)
	}
	for _, c := range held {
		c.Close()
	}
	until(t, "room again", func() bool {
		res, err := trusting(p).Get(p.URLs()[1] + "/healthz")
		return err == nil && res.StatusCode == 200
	})
}

// A second kiosk is a browser on the network: it trusts the authority as a
// librarian would have it (the browser's own store), is paired by a code, and
// is turned away at once when it is removed.
func TestSecondKioskInABrowser(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	trust := trustStore(t)
	p, _ := startHub(t, t.TempDir(), schoolIP+":0")
	furnishForTest(t, p)
	secure := p.URLs()[1]
	t.Run("untrusted", func(t *testing.T) {
		if why := webtest.OpenWhole(t).Refused(secure + "/pair"); !strings.Contains(why, "ERR_CERT_AUTHORITY_INVALID") {
			t.Error(why)
		}
	})
	trust(p)
	l := newLibrarian(t, p)
	code := l.code("cua-so")[:6]
	page := webtest.OpenWhole(t)
	page.Resize(webtest.Sizes[0])
	page.Go(secure + "/pair")
	page.Type("#code", "000000")
	page.Click("main button[type=submit]")
	page.WaitText("Mã ghép không đúng")
	page.Axe("pairing")
	page.Type("#code", code[:3]+" "+code[3:])
	page.Click("main button[type=submit]")
	page.Wait(`location.pathname === "/kiosk/cua-so" && document.body.dataset.ready === "yes"`)
	if !webtest.Eval[bool](page, "isSecureContext") {
		t.Error("no secure context: the camera would not work")
	}
	page.Keys(typed("HS001"))
	page.WaitText("An")
	page.Keys(typed("S001"))
	page.WaitText("Truyện mẫu một")
	page.Picture("lan-kiosk")
	if desk := l.get("/desk/machines"); !strings.Contains(desk, "Đang nối") {
		t.Error("the desk does not show that the machine is there")
	}
	l.removeAll()
	page.Wait(`!document.getElementById("lost").hidden`)
	page.Go(secure + "/kiosk/cua-so")
	page.Wait(`location.pathname === "/desk/sign-in"`)
}

// trustStore is a browser's own store of authorities, empty as on a new phone;
// what it returns puts a program's authority into it.
func trustStore(t testing.TB) (trust func(*program)) {
	t.Helper()
	certutil, err := exec.LookPath("certutil")
	if err != nil {
		t.Skip("no certutil (package libnss3-tools) to make Chromium trust the authority")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	return func(p *program) {
		t.Helper()
		nss := filepath.Join(home, ".pki", "nssdb")
		if err := os.MkdirAll(nss, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"-N", "--empty-password"}, {"-A", "-t", "C,,", "-n", "muontra", "-i", filepath.Join(p.cfg.data, "tls", "ca.pem")}} {
			if out, err := exec.Command(certutil, append([]string{"-d", "sql:" + nss}, args...)...).CombinedOutput(); err != nil {
				t.Fatalf("certutil: %v: %s", err, out)
			}
		}
	}
}

// typed is a code as a scanner types it into a page.
func typed(code string) []map[string]any {
	var keys []map[string]any
	for i, r := range code {
		k := map[string]any{"key": string(r), "at": i * 5}
		switch {
		case r >= '0' && r <= '9':
			k["code"] = "Digit" + string(r)
		default:
			k["code"], k["shiftKey"] = "Key"+string(r), true
		}
		keys = append(keys, k)
	}
	return append(keys, map[string]any{"key": "Enter", "code": "Enter", "at": len(code) * 5})
}

// loans is how often a copy was lent and returned.
func loans(t testing.TB, p *program, w *kiosktest.World, barcode string) (out, back int) {
	t.Helper()
	err := p.store.View(t.Context(), func(v kiosk.View) error {
		it, err := v.ItemByBarcode(barcode)
		if err != nil {
			return err
		}
		events, err := v.Events(0, 10000)
		for _, e := range events {
			switch {
			case e.CopyID != it.ID:
			case e.Type == kiosk.EventCheckedOut:
				out++
			case e.Type == kiosk.EventReturned:
				back++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, back
}
