package certs

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// school is a machine whose clock and addresses a test may change.
type school struct {
	dir   string
	now   time.Time
	names []string
	ips   []net.IP
}

func newSchool(t *testing.T) *school {
	return &school{
		dir: filepath.Join(t.TempDir(), "tls"), now: time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC),
		names: []string{"thu-vien", "thu-vien.local"}, ips: []net.IP{net.IPv4(192, 168, 1, 20)},
	}
}

func (s *school) open(t *testing.T) *OwnAuthority {
	t.Helper()
	o, err := OpenOwn(s.dir, func() time.Time { return s.now }, func() ([]string, []net.IP) { return s.names, s.ips }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// trusts checks as a browser does, at its own time.
func trusts(o Source, host string, at time.Time) error {
	pool := x509.NewCertPool()
	pool.AddCert(o.Anchor())
	c, err := o.GetCertificate(nil)
	if err != nil {
		return err
	}
	_, err = c.Leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: pool, CurrentTime: at})
	return err
}

func TestOwnAuthority(t *testing.T) {
	s := newSchool(t)
	o := s.open(t)
	for _, host := range []string{"thu-vien", "thu-vien.local", "192.168.1.20", "127.0.0.1", "localhost", "::1"} {
		if err := trusts(o, host, s.now); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	for _, host := range []string{"192.168.1.21", "example.com"} {
		if trusts(o, host, s.now) == nil {
			t.Errorf("%s is in the certificate", host)
		}
	}
	again := s.open(t)
	if !again.Anchor().Equal(o.Anchor()) || !bytes.Equal(again.leaf.Leaf.Raw, o.leaf.Leaf.Raw) {
		t.Error("a restart made another authority or certificate")
	}
	if days := o.leaf.Leaf.NotAfter.Sub(o.leaf.Leaf.NotBefore).Hours() / 24; days > 825 {
		t.Errorf("a certificate of %v days: Apple takes at most 825", days)
	}
	if runtime.GOOS != "windows" {
		for _, f := range []string{"ca.pem", "ca.key", "server.pem", "server.key", "."} {
			fi, err := os.Stat(filepath.Join(s.dir, f))
			if err != nil || fi.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s: %v, %v", f, fi.Mode(), err)
			}
		}
	}
}

// Whoever has the authority's key can speak for no bank.
func TestTheAuthorityIsHeldToTheSchool(t *testing.T) {
	s := newSchool(t)
	o := s.open(t)
	leaf, err := o.issue(s.now, []string{"thu-vien", "bank.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(o.Anchor())
	var constrained x509.CertificateInvalidError
	_, err = leaf.Leaf.Verify(x509.VerifyOptions{DNSName: "bank.example", Roots: pool, CurrentTime: s.now})
	if !errors.As(err, &constrained) || constrained.Reason != x509.CANotAuthorizedForThisName {
		t.Errorf("a certificate for bank.example: %v", err)
	}
}

func TestTheCertificateFollowsTheMachine(t *testing.T) {
	s := newSchool(t)
	o := s.open(t)
	first := o.leaf
	s.ips = append(s.ips, net.IPv4(10, 0, 0, 7))
	s.now = s.now.Add(2 * lookAgain)
	if err := trusts(o, "10.0.0.7", s.now); err != nil {
		t.Error("a new address:", err)
	}
	// A public address and name cannot be certified, and the rest still is.
	s.ips, s.names = append(s.ips, net.IPv4(203, 0, 113, 5)), append(s.names, "thu-vien.example.com")
	s.now = s.now.Add(2 * lookAgain)
	if trusts(o, "203.0.113.5", s.now) == nil {
		t.Error("a public address that came later is certified")
	}
	if err := trusts(o, "thu-vien", s.now); err != nil {
		t.Error(err)
	}
	// A month before its end it is made anew.
	s.now = first.Leaf.NotAfter.Add(-renewed + time.Hour)
	if err := trusts(o, "thu-vien", first.Leaf.NotAfter.Add(day)); err != nil {
		t.Error("not renewed:", err)
	}
}

func TestClockOf1970(t *testing.T) {
	for name, wrong := range map[string]time.Time{"1970": time.Unix(100, 0), "2099": time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)} {
		s := newSchool(t)
		right := s.now
		s.now = wrong
		o := s.open(t)
		s.now = right
		if err := trusts(o, "thu-vien", right); err != nil {
			t.Errorf("made in %s, used today: %v", name, err)
		}
		s.now = right.AddDate(3, 0, 0)
		if err := trusts(o, "thu-vien", s.now); err != nil {
			t.Errorf("made in %s, used in three years: %v", name, err)
		}
	}
}

// What is damaged is not silently replaced.
func TestDamagedAuthority(t *testing.T) {
	for name, harm := range map[string]func(dir string) error{
		"no key":  func(dir string) error { return os.Remove(filepath.Join(dir, "ca.key")) },
		"no cert": func(dir string) error { return os.Remove(filepath.Join(dir, "ca.pem")) },
		"garbage": func(dir string) error { return os.WriteFile(filepath.Join(dir, "ca.pem"), []byte("x"), 0o600) },
	} {
		s := newSchool(t)
		s.open(t)
		if err := harm(s.dir); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenOwn(s.dir, time.Now, Machine, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s: opened", name)
		} else if !strings.Contains(err.Error(), "ca.") {
			t.Errorf("%s: the error names no file: %v", name, err)
		}
	}
	// The daemon's own certificate can be made anew at any time.
	s := newSchool(t)
	s.open(t)
	os.WriteFile(filepath.Join(s.dir, "server.pem"), []byte("x"), 0o600)
	if err := trusts(s.open(t), "thu-vien", s.now); err != nil {
		t.Error(err)
	}
}

func TestFiles(t *testing.T) {
	s := newSchool(t)
	s.open(t)
	now := s.now
	clock := func() time.Time { return now }
	cert, key := filepath.Join(s.dir, "server.pem"), filepath.Join(s.dir, "server.key")
	f, err := OpenFiles(cert, key, clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := trusts(f, "thu-vien", now); err != nil {
		t.Error(err)
	}
	before, _ := f.GetCertificate(nil)
	good, _ := os.ReadFile(cert)

	// Half a change is told and the old one stays.
	now = now.Add(time.Minute)
	os.WriteFile(cert, []byte("half"), 0o600)
	if c, _ := f.GetCertificate(nil); c != before {
		t.Error("a damaged file was taken")
	}
	os.WriteFile(cert, good, 0o600)
	s.names = append(s.names, "moi.local")
	s.now = s.now.Add(time.Hour)
	s.open(t)
	now = now.Add(time.Minute)
	if c, _ := f.GetCertificate(nil); c == before {
		t.Error("the changed files were not read again")
	}
	if err := trusts(f, "moi.local", now); err != nil {
		t.Error(err)
	}

	now = now.AddDate(3, 0, 0)
	if _, err := OpenFiles(cert, key, clock, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrExpired) {
		t.Error("a certificate that has ended:", err)
	}
	if _, err := OpenFiles(cert, filepath.Join(s.dir, "ca.key"), clock, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "ca.key") {
		t.Error("a key of another certificate:", err)
	}
	if _, err := OpenFiles(filepath.Join(s.dir, "none.pem"), key, clock, slog.New(slog.DiscardHandler)); !errors.Is(err, os.ErrNotExist) {
		t.Error("no file:", err)
	}
}

func TestShort(t *testing.T) {
	o := newSchool(t).open(t)
	s := Short(o.ca)
	if len(s) != 19 || !IsShort(o.ca, s) || !IsShort(o.ca, strings.ToUpper(strings.ReplaceAll(s, "-", " "))) {
		t.Error(s)
	}
	if IsShort(o.ca, s[:15]) || IsShort(o.ca, "") || IsShort(newSchool(t).open(t).ca, s) {
		t.Error("another fingerprint is taken for it")
	}
	if fp := Fingerprint(o.ca); len(fp) != 95 {
		t.Error(fp)
	}
}

func TestHostNames(t *testing.T) {
	for host, want := range map[string]string{
		"THUVIEN-PC": "thuvien-pc thuvien-pc.local", "a.lan": "a a.local a.lan", "a.local": "a a.local", "máy 1": "", "": "",
	} {
		if got := strings.Join(hostNames(host), " "); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}

func TestOldVersionsOfTLSAreRefused(t *testing.T) {
	if c := Config(newSchool(t).open(t)); c.MinVersion < tls.VersionTLS12 {
		t.Error(c.MinVersion)
	}
}
