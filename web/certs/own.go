package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// The times of the authority and of the daemon's certificate. Apple refuses a
// server's certificate of more than 825 days.
var (
	caFrom  = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	caUntil = time.Date(2049, 12, 31, 0, 0, 0, 0, time.UTC)
	written = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) // no right clock is before
)

const (
	day        = 24 * time.Hour
	backdated  = 60 * day // for other machines whose clock is behind
	lasts      = 398 * day
	renewed    = 30 * day // before its end
	lookAgain  = time.Minute
	authority  = "muontra"
	mostNames  = 64
	serialBits = 120
)

// private are the addresses that the authority may speak for.
var private = []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"}

// privateNames are the names that the authority may speak for: those without a
// public owner (RFC 6762, RFC 8375, and the habit of routers).
var privateNames = []string{"local", "localhost", "lan", "internal", "home.arpa"}

// Names gives the names and addresses of this machine.
type Names func() (names []string, ips []net.IP)

// OwnAuthority is the school's own authority and the daemon's certificate of
// it.
type OwnAuthority struct {
	dir   string
	now   func() time.Time
	names Names
	log   *slog.Logger

	ca    *x509.Certificate
	caKey *ecdsa.PrivateKey

	mu     sync.Mutex
	leaf   *tls.Certificate
	looked time.Time
	passed string // the names that were left out, told once
}

// OpenOwn reads the authority in dir or makes it. A damaged or half-lost one is
// an error and is not replaced: every phone that trusts it would have to be
// visited again.
func OpenOwn(dir string, now func() time.Time, names Names, log *slog.Logger) (*OwnAuthority, error) {
	o := &OwnAuthority{dir: dir, now: now, names: names, log: log}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	_, certErr := os.Stat(o.path("ca.pem"))
	_, keyErr := os.Stat(o.path("ca.key"))
	var err error
	if errors.Is(certErr, fs.ErrNotExist) && errors.Is(keyErr, fs.ErrNotExist) {
		err = o.found()
	} else {
		err = o.read()
	}
	if err != nil {
		return nil, err
	}
	if leaf, err := readPair(o.path("server.pem"), o.path("server.key")); err == nil && leaf.Leaf.CheckSignatureFrom(o.ca) == nil {
		o.leaf = leaf
	}
	_, err = o.current()
	return o, err
}

func (o *OwnAuthority) path(name string) string { return filepath.Join(o.dir, name) }

// Anchor is the authority's certificate.
func (o *OwnAuthority) Anchor() *x509.Certificate { return o.ca }

// Own is true.
func (o *OwnAuthority) Own() bool { return true }

// Names are the machine's names in the certificate.
func (o *OwnAuthority) Names() []string {
	leaf, err := o.current()
	if err != nil {
		return nil
	}
	return leaf.Leaf.DNSNames
}

// GetCertificate is the daemon's certificate, made anew when it has to be.
func (o *OwnAuthority) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return o.current()
}

// found makes the authority.
func (o *OwnAuthority) found() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	names, ips := o.names()
	t := &x509.Certificate{
		SerialNumber: serial(), NotBefore: caFrom, NotAfter: caUntil,
		Subject:               pkix.Name{CommonName: "muontra " + machine(names), Organization: []string{authority}},
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: slices.Clone(privateNames),
	}
	for _, n := range names {
		if !permittedName(t, n) {
			t.PermittedDNSDomains = append(t.PermittedDNSDomains, n)
		}
	}
	for _, p := range private {
		_, n, err := net.ParseCIDR(p)
		if err != nil {
			return err
		}
		t.PermittedIPRanges = append(t.PermittedIPRanges, n)
	}
	for _, ip := range ips {
		if ip4 := ip.To4(); ip4 != nil && !permittedIP(t, ip) {
			t.PermittedIPRanges = append(t.PermittedIPRanges, &net.IPNet{IP: ip4, Mask: net.CIDRMask(32, 32)})
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return err
	}
	if o.ca, err = x509.ParseCertificate(der); err != nil {
		return err
	}
	o.caKey = key
	return writePair(o.path("ca.pem"), PEM(o.ca), o.path("ca.key"), key)
}

// read reads the authority back.
func (o *OwnAuthority) read() error {
	pair, err := readPair(o.path("ca.pem"), o.path("ca.key"))
	if err != nil {
		return err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok || !pair.Leaf.IsCA {
		return fmt.Errorf("%s: no authority of muontra's", o.path("ca.pem"))
	}
	o.ca, o.caKey = pair.Leaf, key
	return nil
}

// current is the certificate as it has to be now.
func (o *OwnAuthority) current() (*tls.Certificate, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.now()
	if since := now.Sub(o.looked); o.leaf != nil && since >= 0 && since < lookAgain && o.fresh(now) {
		return o.leaf, nil
	}
	o.looked = now
	names, ips := o.allowed()
	if o.leaf != nil && o.fresh(now) && covers(o.leaf.Leaf, names, ips) {
		return o.leaf, nil
	}
	leaf, err := o.issue(now, names, ips)
	if err != nil {
		// It is made anew long before it ends: until then a full disk closes nothing,
		// and after that its end is the browser's to say.
		if o.leaf != nil {
			o.log.Error("the certificate could not be made anew", "err", err)
			return o.leaf, nil
		}
		return nil, err
	}
	o.leaf = leaf
	return leaf, nil
}

// fresh reports whether the certificate is valid for a while.
func (o *OwnAuthority) fresh(now time.Time) bool {
	now = plausible(now)
	l := o.leaf.Leaf
	return !now.Before(l.NotBefore) && now.Before(l.NotAfter.Add(-renewed))
}

// plausible is a clock within the authority's time: a PC without a battery
// starts in 1970.
func plausible(now time.Time) time.Time {
	if now.Before(written) {
		return written
	}
	if last := caUntil.Add(-lasts); now.After(last) {
		return last
	}
	return now
}

// allowed are the machine's names and addresses that the authority may speak
// for; others are left out and told.
func (o *OwnAuthority) allowed() (names []string, ips []net.IP) {
	all, addrs := o.names()
	var out []string
	for _, n := range append(all, "localhost") {
		n = strings.ToLower(strings.TrimSuffix(n, "."))
		switch {
		case n == "" || slices.Contains(names, n) || len(names) >= mostNames:
		case permittedName(o.ca, n):
			names = append(names, n)
		default:
			out = append(out, n)
		}
	}
	for _, ip := range append(addrs, net.IPv4(127, 0, 0, 1), net.IPv6loopback) {
		switch {
		case slices.ContainsFunc(ips, ip.Equal) || len(ips) >= mostNames:
		case permittedIP(o.ca, ip):
			ips = append(ips, ip)
		case ip.To4() != nil: // public addresses of IPv6 come and go by the day
			out = append(out, ip.String())
		}
	}
	if told := strings.Join(out, " "); told != o.passed {
		o.passed = told
		if told != "" {
			o.log.Warn("not in the certificate, for the authority may not speak for it", "names", told)
		}
	}
	return names, ips
}

// issue makes the daemon's certificate.
func (o *OwnAuthority) issue(now time.Time, names []string, ips []net.IP) (*tls.Certificate, error) {
	now = plausible(now)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: serial(), NotBefore: now.Add(-backdated), NotAfter: now.Add(lasts),
		Subject:  pkix.Name{CommonName: machine(names), Organization: []string{authority}},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, DNSNames: names, IPAddresses: ips,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, o.ca, key.Public(), o.caKey)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	// The authority goes along, so that a station can compare its fingerprint.
	chain := append(PEM(leaf), PEM(o.ca)...)
	if err := writePair(o.path("server.pem"), chain, o.path("server.key"), key); err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{leaf.Raw, o.ca.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// covers reports whether a certificate has exactly these names and addresses,
// or more of them: one that went away for a moment is no reason for a new one.
func covers(c *x509.Certificate, names []string, ips []net.IP) bool {
	for _, n := range names {
		if !slices.Contains(c.DNSNames, n) {
			return false
		}
	}
	for _, ip := range ips {
		if !slices.ContainsFunc(c.IPAddresses, ip.Equal) {
			return false
		}
	}
	return true
}

func permittedName(ca *x509.Certificate, name string) bool {
	return slices.ContainsFunc(ca.PermittedDNSDomains, func(d string) bool { return name == d || strings.HasSuffix(name, "."+d) })
}

func permittedIP(ca *x509.Certificate, ip net.IP) bool {
	return slices.ContainsFunc(ca.PermittedIPRanges, func(n *net.IPNet) bool { return n.Contains(ip) })
}

// machine is the machine's first name, for people.
func machine(names []string) string {
	if len(names) == 0 {
		return "localhost"
	}
	return names[0]
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), serialBits))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return n.Add(n, big.NewInt(1))
}

// writePair writes the key first: a certificate without its key is of no use.
func writePair(certPath string, cert []byte, keyPath string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := WriteFile(keyPath, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})); err != nil {
		return err
	}
	return WriteFile(certPath, cert)
}

// WriteFile writes a file that its owner alone may read (0600). It leaves the old file or the new one, never half of it.
func WriteFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
