package printer

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/OpenPrinting/goipp"
)

// newIPP prepares a client of its own: no proxy, because printers are near; no
// redirection, because a document goes where the librarian said; no connection
// kept, because small printers serve one at a time.
func newIPP(t Target, o Options) (*ippPrinter, error) {
	u := url.URL{Scheme: t.Scheme, Host: t.Host, Path: t.Path}
	p := &ippPrinter{target: t, opt: o, uri: u.String()}
	u.Scheme = map[string]string{"ipp": "http", "ipps": "https"}[t.Scheme]
	p.url = u.String()
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			ctx, cancel := context.WithTimeoutCause(ctx, o.Dial, errStalled)
			defer cancel()
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			if err != nil && context.Cause(ctx) == errStalled {
				err = &Error{Code: Unreachable, Err: fmt.Errorf("no answer in %v", o.Dial)}
			}
			return conn, err
		},
		TLSClientConfig:        trust(t.Fingerprint),
		TLSHandshakeTimeout:    o.Dial,
		ExpectContinueTimeout:  min(time.Second, o.Stall/2),
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: 64 << 10,
	}
	p.client = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p, nil
}

// trust is the system's authorities and the host's name, or exactly one
// certificate if its fingerprint is given. Printers sign their own certificates
// and bear names like "BRN3C2AF4": there is nothing else to know them by.
func trust(fingerprint string) *tls.Config {
	if fingerprint == "" {
		return nil
	}
	return &tls.Config{
		InsecureSkipVerify: true, // and verified here:
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 || fingerprintOf(s.PeerCertificates[0]) != fingerprint {
				return &tls.CertificateVerificationError{UnverifiedCertificates: s.PeerCertificates,
					Err: errors.New("the certificate is not the one whose fingerprint was given")}
			}
			return nil
		},
	}
}

func fingerprintOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// shownFingerprint is that of the certificate that err refused.
func shownFingerprint(err error) string {
	var e *tls.CertificateVerificationError
	if !errors.As(err, &e) || len(e.UnverifiedCertificates) == 0 {
		return ""
	}
	return "sha256:" + fingerprintOf(e.UnverifiedCertificates[0])
}

// httpError says what an answer means that is no IPP.
func httpError(resp *http.Response) error {
	var e *Error
	switch c := resp.StatusCode; {
	case c == http.StatusOK:
		kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
		if kind != goipp.ContentType {
			return &Error{Code: Garbage, Err: fmt.Errorf("the answer is %q, not %s", clean(kind, 80), goipp.ContentType)}
		}
		return nil
	case c == http.StatusUpgradeRequired:
		e = &Error{Code: NotSupported, Advice: "the printer wants an encrypted connection: write ipps:// instead of ipp://"}
	case c == http.StatusUnauthorized || c == http.StatusForbidden || c == http.StatusProxyAuthRequired:
		e = &Error{Code: NoPermission, Advice: "the printer wants a name and password, which is not supported: allow printing without one"}
	case c == http.StatusNotFound || c == http.StatusGone:
		e = &Error{Code: NotFound}
	case c >= 300 && c < 400:
		e = &Error{Code: NotFound, Advice: "the printer has moved to " + clean(resp.Header.Get("Location"), 200)}
	case c == http.StatusServiceUnavailable || c == http.StatusTooManyRequests:
		e = &Error{Code: Busy}
	case c == http.StatusMethodNotAllowed || c == http.StatusNotImplemented || c == http.StatusUnsupportedMediaType ||
		c == http.StatusHTTPVersionNotSupported:
		e = &Error{Code: NotSupported, Advice: "this is no printer's address"}
	default:
		e = &Error{Code: Failed}
	}
	e.Err, e.refused = fmt.Errorf("HTTP %s", clean(resp.Status, 80)), true
	return e
}

// dog ends a context when nothing has been read for too long. What it watches is
// the body going out and the answer coming in.
type dog struct {
	timer *time.Timer
	limit time.Duration
	end   context.CancelCauseFunc
}

// watchdog begins with the time to connect, in which nothing is read, on top.
func watchdog(ctx context.Context, connect, limit time.Duration) (context.Context, *dog) {
	ctx, end := context.WithCancelCause(ctx)
	return ctx, &dog{timer: time.AfterFunc(connect+limit, func() { end(errStalled) }), limit: limit, end: end}
}

func (d *dog) stop() {
	d.timer.Stop()
	d.end(nil)
}

func (d *dog) reader(r io.Reader) io.Reader { return watched{r, d} }

type watched struct {
	r io.Reader
	d *dog
}

func (w watched) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if n > 0 {
		w.d.timer.Reset(w.d.limit)
	}
	return n, err
}
