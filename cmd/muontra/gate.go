package main

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// The connections that are open at once. A kiosk page has three, a browser at
// most six; a room of phones behind one router shares its address.
const (
	mostFromOne = 128  // from one address, the loopback apart
	mostInAll   = 2048 // below what Linux lets a process open at most by default on servers
	firstByte   = 5 * time.Second
)

// gate is a listener that turns away whoever holds too many connections.
type gate struct {
	net.Listener
	mu   sync.Mutex
	held map[netip.Addr]int
	all  int
}

func newGate(l net.Listener) *gate { return &gate{Listener: l, held: map[netip.Addr]int{}} }

// Accept waits for a connection that may come in.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if leave, ok := g.enter(c.RemoteAddr()); ok {
			return &guest{Conn: c, leave: sync.OnceFunc(leave)}, nil
		}
		c.Close()
	}
}

func (g *gate) enter(remote net.Addr) (leave func(), ok bool) {
	var addr netip.Addr
	if t, is := remote.(*net.TCPAddr); is {
		addr = t.AddrPort().Addr().Unmap()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all >= mostInAll || g.held[addr] >= mostFromOne && !addr.IsLoopback() {
		return nil, false
	}
	g.all++
	g.held[addr]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.all--
		if g.held[addr]--; g.held[addr] == 0 {
			delete(g.held, addr)
		}
	}, true
}

// guest is a connection that is counted until it is closed.
type guest struct {
	net.Conn
	leave func()
}

func (c *guest) Close() error {
	c.leave()
	return c.Conn.Close()
}

// half is one side of a split listener.
type half struct {
	whole net.Listener
	shut  func() error // closes the whole, for both halves once
	conns chan net.Conn
	done  chan struct{}
	err   *error // valid when done is closed
}

func (h *half) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.done:
		return nil, *h.err
	}
}

func (h *half) Close() error   { return h.shut() }
func (h *half) Addr() net.Addr { return h.whole.Addr() }

// split tells TLS from plain HTTP by a connection's first byte, so that
// somebody who types the address without https is answered, and a phone
// reaches the page that helps it to trust us.
func split(l net.Listener) (secure, plain net.Listener) {
	done, end := make(chan struct{}), new(error)
	shut := sync.OnceValue(l.Close)
	s := &half{l, shut, make(chan net.Conn), done, end}
	p := &half{l, shut, make(chan net.Conn), done, end}
	go func() {
		defer close(done)
		for pause := time.Duration(0); ; {
			c, err := l.Accept()
			var passing interface{ Temporary() bool }
			switch {
			case err == nil:
				pause = 0
				go sort(c, s, p)
			case errors.As(err, &passing) && passing.Temporary(): // too many open files
				pause = min(max(2*pause, 5*time.Millisecond), time.Second)
				time.Sleep(pause)
			default:
				*end = err
				return
			}
		}
	}()
	return s, p
}

// sort hands a connection to its side. Who says nothing for a while is gone.
func sort(c net.Conn, secure, plain *half) {
	first := make([]byte, 1)
	if c.SetReadDeadline(time.Now().Add(firstByte)) != nil {
		c.Close()
		return
	}
	if _, err := c.Read(first); err != nil || c.SetReadDeadline(time.Time{}) != nil {
		c.Close()
		return
	}
	to := plain
	if first[0] == 0x16 { // a TLS record of the handshake
		to = secure
	}
	select {
	case to.conns <- &begun{Conn: c, first: first}:
	case <-to.done:
		c.Close()
	}
}

// begun is a connection whose first byte has been read.
type begun struct {
	net.Conn
	first []byte
}

func (c *begun) Read(b []byte) (int, error) {
	if len(c.first) > 0 && len(b) > 0 {
		n := copy(b, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.Conn.Read(b)
}
