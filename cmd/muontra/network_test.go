package main

import (
	"fmt"
	"net"
	"slices"
	"testing"

	"muontra/web/certs"
)

// brought is a certificate that somebody gave, for some names.
type brought struct {
	certs.Source
	own   bool
	names []string
}

func (b brought) Own() bool       { return b.own }
func (b brought) Names() []string { return b.names }

// A certificate that is not the school's own may speak for no address: its names
// come first. The own one speaks for the addresses, which need no name server.
func TestOutsideBeginsWithTheNames(t *testing.T) {
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	p := &program{listeners: []endpoint{{l, true}}, cert: brought{names: []string{"thuvien.mau.example", "*.mau.example", "may-tinh"}}}
	named := fmt.Sprintf("https://thuvien.mau.example:%d", port)
	all := p.Outside()
	if len(all) == 0 || all[0] != named || slices.ContainsFunc(all[1:], func(u string) bool { return u == named }) {
		t.Errorf("%v, want %s first and once", all, named)
	}
	p.cert = brought{own: true, names: []string{"thuvien.mau.example"}}
	if slices.Contains(p.Outside(), named) {
		t.Errorf("the own certificate: %v", p.Outside())
	}
}
