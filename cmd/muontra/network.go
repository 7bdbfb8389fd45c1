package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/web"
	"muontra/web/certs"
)

// endpoint is an address that is listened on.
type endpoint struct {
	net.Listener
	secure bool
}

func (e endpoint) url() string {
	if e.secure {
		return "https://" + e.Addr().String()
	}
	return "http://" + e.Addr().String()
}

// secureAddress reads what --listen was given: HOST:PORT is plain HTTP on the
// loopback address and HTTPS beyond it; https:// before it asks for HTTPS there
// too. With --insecure-lan all else is plain.
func secureAddress(text string, insecure bool) (addr string, secure bool, err error) {
	if rest, ok := strings.CutPrefix(text, "https://"); ok {
		return rest, true, nil
	}
	addr, plain := strings.CutPrefix(text, "http://")
	switch {
	case loopback(addr) || insecure:
		return addr, false, nil
	case plain:
		return "", false, errAddress{addr}
	}
	return addr, true, nil
}

// errCertificate says that there is no certificate to serve with.
type errCertificate struct {
	files bool // those that were given, and not the own ones
	dir   string
	err   error
}

func (e errCertificate) Error() string { return "certificate: " + e.err.Error() }
func (e errCertificate) Unwrap() error { return e.err }

// openListeners takes the addresses, and a certificate where one is needed.
func (p *program) openListeners() error {
	for _, text := range p.cfg.listen {
		addr, secure, err := secureAddress(text, p.cfg.insecure)
		if err != nil {
			return err
		}
		if secure && p.cert == nil {
			if err := p.openCertificate(); err != nil {
				return err
			}
		}
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return errListen{addr, err}
		}
		p.listeners = append(p.listeners, endpoint{newGate(l), secure})
		if !loopback(l.Addr().String()) {
			p.machine, _ = certs.Machine()
		}
	}
	return nil
}

// openLAN listens for other machines too where the librarian lets them in. When
// that cannot be done the library goes on by itself: the page of other machines
// shows that none can connect.
func (p *program) openLAN(ctx context.Context) error {
	if p.cfg.lan == "" {
		return nil
	}
	on := false
	err := p.store.View(ctx, func(v kiosk.View) (err error) {
		on, err = kiosk.LanOf(v)
		return err
	})
	if err != nil || !on {
		return err
	}
	addr, secure, err := secureAddress(p.cfg.lan, false)
	if err != nil {
		return err
	}
	if p.cert == nil {
		if err := p.openCertificate(); err != nil {
			p.cfg.logger.Error("other machines cannot connect", "err", err)
			return nil
		}
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		p.cfg.logger.Error("other machines cannot connect", "err", err)
		return nil
	}
	p.listeners = append(p.listeners, endpoint{newGate(l), secure})
	p.machine, _ = certs.Machine()
	return nil
}

func (p *program) openCertificate() error {
	if p.cfg.tlsCert != "" {
		f, err := certs.OpenFiles(p.cfg.tlsCert, p.cfg.tlsKey, p.cfg.now, p.cfg.logger)
		if err != nil {
			return errCertificate{files: true, err: err}
		}
		p.cert = f
		return nil
	}
	dir := filepath.Join(p.cfg.data, "tls")
	o, err := certs.OpenOwn(dir, p.cfg.now, certs.Machine, p.cfg.logger)
	if err != nil {
		return errCertificate{dir: dir, err: err}
	}
	p.cert = o
	return nil
}

// servers are what serves the addresses: a plain address has one, one with TLS
// has two, since plain HTTP is answered there too.
func (p *program) servers() []served {
	var all []served
	for _, l := range p.listeners {
		if !l.secure {
			all = append(all, served{p.web.HTTPServer(), func(s *http.Server) error { return s.Serve(l) }, l.url()})
			continue
		}
		secure, plain := split(l)
		srv := p.web.HTTPServer()
		srv.TLSConfig = certs.Config(p.cert)
		srv.Protocols = new(http.Protocols)
		srv.Protocols.SetHTTP1(true)
		help := p.web.HTTPServer()
		help.Handler = p.web.PlainHandler()
		all = append(all,
			served{srv, func(s *http.Server) error { return s.ServeTLS(secure, "", "") }, l.url()},
			served{help, func(s *http.Server) error { return s.Serve(plain) }, l.url()})
	}
	return all
}

type served struct {
	*http.Server
	serve func(*http.Server) error
	url   string
}

// URLs are the addresses that are listened on.
func (p *program) URLs() []string {
	urls := make([]string, 0, len(p.listeners))
	for _, l := range p.listeners {
		urls = append(urls, l.url())
	}
	return urls
}

// Outside are the addresses by which other machines reach this one over TLS:
// of each listener its own, or where it takes all the machine's; the most
// likely first. A certificate that somebody brought may speak for its names and
// for none of the addresses: then the names stand before them.
func (p *program) Outside() []string {
	var urls []string
	if p.cert != nil && !p.cert.Own() {
		for _, l := range p.listeners {
			a, ok := l.Addr().(*net.TCPAddr)
			if !l.secure || !ok || a.IP.IsLoopback() {
				continue
			}
			for _, name := range p.cert.Names() {
				if strings.Contains(name, ".") && !strings.Contains(name, "*") && net.ParseIP(name) == nil {
					urls = append(urls, "https://"+net.JoinHostPort(name, fmt.Sprint(a.Port)))
				}
			}
		}
	}
	for _, l := range p.listeners {
		a, ok := l.Addr().(*net.TCPAddr)
		if !l.secure || !ok {
			continue
		}
		ips := []net.IP{a.IP}
		if a.IP.IsUnspecified() {
			_, all := certs.Machine()
			ips = slices.DeleteFunc(all, func(ip net.IP) bool { return ip.To4() == nil || ip.IsLinkLocalUnicast() })
			slices.SortStableFunc(ips, func(a, b net.IP) int { return likely(a) - likely(b) })
		}
		for _, ip := range ips {
			urls = append(urls, "https://"+net.JoinHostPort(ip.String(), fmt.Sprint(a.Port)))
		}
	}
	return urls
}

// likely puts a school's network before those of containers.
func likely(ip net.IP) int {
	ip4 := ip.To4()
	switch {
	case ip4[0] == 192 && ip4[1] == 168:
		return 0
	case ip4[0] == 10:
		return 1
	}
	return 2
}

// Trust is what other machines have to trust.
func (p *program) Trust() web.Trust {
	if p.cert == nil {
		return web.Trust{}
	}
	a := p.cert.Anchor()
	return web.Trust{Own: p.cert.Own(), Certificate: a, Fingerprint: certs.Fingerprint(a), Short: certs.Short(a)}
}

// HostNames are the names by which a browser may call the daemon beside
// localhost and the address that it came in on.
func (p *program) HostNames() []string {
	if p.cert == nil {
		return p.machine
	}
	return slices.Concat(p.machine, p.cert.Names())
}

// tellNetwork logs the certificate that was made or read.
func (p *program) tellNetwork(log *slog.Logger) {
	if p.cert == nil {
		return
	}
	a := p.cert.Anchor()
	log.Info("serving TLS", "own_authority", p.cert.Own(), "fingerprint", certs.Fingerprint(a), "until", a.NotAfter)
}
