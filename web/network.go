package web

import (
	"crypto/x509"

	"muontra/kiosk/station"
)

// Network is how the daemon is reached from other machines.
type Network interface {
	Trust() Trust
	// Outside are its addresses for other machines over TLS, the most likely
	// first; none when it serves this machine alone.
	Outside() []string
	// HostNames are the names, without port, that it is called by beyond
	// localhost and the addresses it listens on.
	HostNames() []string
	// AddStation makes a station, or finds it.
	AddStation(name string) error
	// RemoteDevices puts the scanners of another machine on a station's screen.
	RemoteDevices(station, machine string, d []station.Device)
	// RemoteLost tells a station's screen that a scan on another machine was
	// given up.
	RemoteLost(station string)
}

// Trust is the certificate that another machine has to trust before it reaches
// the daemon without a warning.
type Trust struct {
	Own         bool              // the school's own authority, which nobody trusts by himself
	Certificate *x509.Certificate // nil without TLS
	Fingerprint string            // "3F:0A:...", as browsers and phones show it
	Short       string            // its beginning, for typing
}

func (s *Server) trust() Trust {
	if s.Network == nil {
		return Trust{}
	}
	return s.Network.Trust()
}

func (s *Server) outside() []string {
	if s.Network == nil {
		return nil
	}
	return s.Network.Outside()
}

func (s *Server) hostNames() []string {
	if s.Network == nil {
		return nil
	}
	return s.Network.HostNames()
}
