package certs

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

// Files is a certificate that an IT person gives as two PEM files. They are
// read again when they change, so that a renewal needs no restart.
type Files struct {
	cert, key string
	now       func() time.Time
	log       *slog.Logger

	mu      sync.Mutex
	pair    *tls.Certificate
	anchor  *x509.Certificate
	stamps  [2]stamp
	looked  time.Time
	refused string // told once
}

type stamp struct {
	size int64
	at   time.Time
}

// OpenFiles reads a certificate with its chain, and its key.
func OpenFiles(cert, key string, now func() time.Time, log *slog.Logger) (*Files, error) {
	f := &Files{cert: cert, key: key, now: now, log: log, stamps: stampsOf(cert, key)}
	pair, err := readPair(cert, key)
	if err != nil {
		return nil, err
	}
	if err := usable(pair.Leaf, now()); err != nil {
		return nil, fmt.Errorf("%s: %w", cert, err)
	}
	return f, f.take(pair)
}

// The reasons why a certificate is of no use.
var (
	ErrExpired = errors.New("the certificate has ended")
	ErrNoNames = errors.New("the certificate names no host (no subject alternative name), and no browser takes it")
)

func usable(c *x509.Certificate, now time.Time) error {
	switch {
	case now.After(c.NotAfter):
		return fmt.Errorf("%w on %s", ErrExpired, c.NotAfter.Format(time.DateOnly))
	case len(c.DNSNames)+len(c.IPAddresses) == 0:
		return ErrNoNames
	}
	return nil
}

func (f *Files) take(pair *tls.Certificate) error {
	last, err := x509.ParseCertificate(pair.Certificate[len(pair.Certificate)-1])
	if err != nil {
		return err
	}
	f.pair, f.anchor = pair, last
	return nil
}

// GetCertificate is the certificate, read again when a file has changed. A file
// that cannot be used is told, and the old certificate stays.
func (f *Files) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.look()
	return f.pair, nil
}

// look needs mu.
func (f *Files) look() {
	now := f.now()
	if since := now.Sub(f.looked); since >= 0 && since < time.Second {
		return
	}
	f.looked = now
	stamps := stampsOf(f.cert, f.key)
	if stamps == f.stamps {
		return
	}
	pair, err := readPair(f.cert, f.key)
	if err == nil {
		err = usable(pair.Leaf, now)
	}
	if err == nil {
		err = f.take(pair)
	}
	if err != nil {
		// Perhaps only one of the two files is written yet: look again.
		if told := err.Error(); told != f.refused {
			f.refused = told
			f.log.Error("the new certificate is of no use, the old one stays", "err", err)
		}
		return
	}
	f.stamps, f.refused = stamps, ""
	f.log.Info("the certificate was read again", "until", pair.Leaf.NotAfter)
}

// Anchor is the last certificate of the chain.
func (f *Files) Anchor() *x509.Certificate {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.anchor
}

// Own is false.
func (f *Files) Own() bool { return false }

// Names are the host names of the certificate.
func (f *Files) Names() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pair.Leaf.DNSNames
}

// readPair reads a certificate and its key, and checks that they belong
// together.
func readPair(cert, key string) (*tls.Certificate, error) {
	c, err := os.ReadFile(cert)
	if err != nil {
		return nil, err
	}
	k, err := os.ReadFile(key)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(c, k)
	if err != nil {
		return nil, fmt.Errorf("%s and %s: %w", cert, key, err)
	}
	return &pair, nil
}

func stampsOf(paths ...string) (s [2]stamp) {
	for i, p := range paths {
		if fi, err := os.Stat(p); err == nil {
			s[i] = stamp{fi.Size(), fi.ModTime()}
		}
	}
	return s
}

// Machine gives the names and addresses of this machine: its host name alone
// and under local, and every address of its network cards.
func Machine() (names []string, ips []net.IP) {
	if h, err := os.Hostname(); err == nil && h != "" {
		names = hostNames(h)
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return names, nil
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() {
			ips = append(ips, n.IP)
		}
	}
	return names, ips
}
