package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"muontra/web/certs"
)

// pairing is what a station's machine keeps: whose it is, and whom it trusts.
type pairing struct {
	Hub     string `json:"hub"`
	Station string `json:"station"`
	Token   string `json:"token"`
	Anchor  string `json:"anchor"` // PEM; "" trusts what the system trusts
}

// readPairing reads it; a file that is not there is an empty pairing.
func readPairing(file string) (p pairing, err error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(b, &p)
}

func (p pairing) write(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	return certs.WriteFile(file, append(b, '\n'))
}

// client speaks to the hub and to nobody else.
func (p pairing) client() (*http.Client, error) {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if p.Anchor != "" {
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM([]byte(p.Anchor)) {
			return nil, errors.New("no certificate in it")
		}
	}
	return &http.Client{
		Transport: &http.Transport{
			TLSClientConfig: cfg, TLSHandshakeTimeout: 4 * time.Second, IdleConnTimeout: 30 * time.Second, MaxIdleConnsPerHost: 4,
			DialContext: (&net.Dialer{Timeout: 3 * time.Second}).DialContext,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// pair takes a code for a token. The code as the desk shows it for this command
// has the beginning of the fingerprint behind it: by that the hub is recognised
// before anything is sent to it. It also gives the code for this machine's
// browser.
func (e *env) pair(ctx context.Context, hub, name, code, caFile string) (p pairing, pageCode string, problem *said) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	p = pairing{Hub: hub, Station: name}
	digits, letters, _ := strings.Cut(strings.TrimSpace(code), "-")
	switch {
	case !strings.HasPrefix(hub, "https://") && (letters != "" || caFile != ""):
		// Who gives them wants the hub to be recognised, which only TLS can.
		return p, "", wrong("station_needs_https", hub)
	case !strings.HasPrefix(hub, "https://"):
	case caFile != "":
		b, err := os.ReadFile(caFile)
		if err != nil {
			return p, "", wrong("read_failed", caFile, err)
		}
		if block, _ := pem.Decode(b); block == nil {
			return p, "", wrong("read_failed", caFile, "PEM?")
		}
		p.Anchor = string(b)
	case letters != "":
		anchor, err := recognise(ctx, hub, letters)
		if err != nil {
			return p, "", e.pairFailure(hub, err)
		}
		p.Anchor = anchor
	}
	client, err := p.client()
	if err != nil {
		return p, "", wrong("read_failed", caFile, err)
	}
	defer client.CloseIdleConnections()
	body, err := json.Marshal(map[string]string{"code": digits, "station": name})
	if err != nil {
		return p, "", wrong("failed", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hub+"/api/v1/pair", bytes.NewReader(body))
	if err != nil {
		return p, "", wrong("bad_url", hub)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", e.lang)
	res, err := client.Do(req)
	if err != nil {
		return p, "", e.pairFailure(hub, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return p, "", e.pairFailure(hub, err)
	}
	if res.StatusCode != http.StatusOK {
		return p, "", wrong("station_refused", hub, answerText(res, raw))
	}
	var answer struct {
		Station  string `json:"station"`
		Token    string `json:"token"`
		PageCode string `json:"page_code"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil || answer.Token == "" || answer.Station != name {
		return p, "", wrong("station_refused", hub, "?")
	}
	p.Token = answer.Token
	return p, answer.PageCode, nil
}

// errNotRecognised says that the hub shows another certificate than the code
// says: a mistyped code, or somebody in between.
var errNotRecognised = errors.New("the certificate is another one than the code's")

// recognise looks at the certificates that the hub shows, sends nothing, and
// gives the last as PEM when it has the fingerprint and the others hold by it.
func recognise(ctx context.Context, hub, letters string) (string, error) {
	u, err := url.Parse(hub)
	if err != nil {
		return "", err
	}
	addr := u.Host
	if u.Port() == "" {
		addr = net.JoinHostPort(u.Hostname(), "443")
	}
	// Nothing is believed here but the fingerprint, compared below.
	d := tls.Dialer{NetDialer: &net.Dialer{Timeout: 5 * time.Second}, Config: &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true, ServerName: u.Hostname()}}
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	shown := conn.(*tls.Conn).ConnectionState().PeerCertificates
	last := shown[len(shown)-1]
	if !certs.IsShort(last, letters) {
		return "", errNotRecognised
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(last)
	for _, c := range shown[1:] {
		between.AddCert(c)
	}
	if _, err := shown[0].Verify(x509.VerifyOptions{DNSName: u.Hostname(), Roots: roots, Intermediates: between}); err != nil {
		return "", err
	}
	return string(certs.PEM(last)), nil
}

// pairFailure says in words why the hub could not be spoken to.
func (e *env) pairFailure(hub string, err error) *said {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case errors.Is(err, errNotRecognised):
		return wrong("station_not_recognised", hub)
	case errors.As(err, &unknown):
		return wrong("station_untrusted", hub)
	case errors.As(err, &name):
		return wrong("station_wrong_host", hub, err)
	}
	return wrong("station_no_hub", hub, err)
}

// answerText is what the hub said against a request, in words.
func answerText(res *http.Response, raw []byte) string {
	var problem struct {
		Error struct{ Code, Message string } `json:"error"`
	}
	if json.Unmarshal(raw, &problem) == nil && problem.Error.Message != "" {
		return problem.Error.Message
	}
	return fmt.Sprint(res.Status)
}
