package devices

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// fakeUSB is a bus of scanners that are plugged in and out by the test. Only the
// bus is false: the reader goroutine and the decoders are the real ones.
type fakeUSB struct {
	mu          sync.Mutex
	plugged     map[string]*fakeScanner // by path
	opened      map[string]int          // by path
	closed      int
	stuck       chan struct{} // closing waits for this
	unsupported bool
	noKeyboards bool
	noisy       bool
	asked       int
}

type fakeScanner struct {
	usbInterface
	openErr error
	reports chan []byte
	gone    chan struct{}
	sent    [][]byte // feature reports
}

func (f *fakeUSB) supported() bool { return !f.unsupported }
func (f *fakeUSB) keyboards() bool { return !f.noKeyboards }
func (f *fakeUSB) quiet() bool     { return !f.noisy }

func (f *fakeUSB) interfaces() ([]usbInterface, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	var all []usbInterface
	for _, s := range f.plugged {
		all = append(all, s.usbInterface)
	}
	return all, nil
}

func (f *fakeUSB) open(u usbInterface) (hidHandle, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.plugged[u.path]
	if s == nil {
		return nil, usbOpenError(u, errors.New("hidapi: failed to open device"))
	}
	if s.openErr != nil {
		return nil, s.openErr
	}
	if f.opened == nil {
		f.opened = map[string]int{}
	}
	f.opened[u.path]++
	return &fakeHandle{bus: f, scanner: s}, nil
}

func (f *fakeUSB) plug(u usbInterface) *fakeScanner {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &fakeScanner{usbInterface: u, reports: make(chan []byte, 1000), gone: make(chan struct{})}
	if f.plugged == nil {
		f.plugged = map[string]*fakeScanner{}
	}
	f.plugged[u.path] = s
	return s
}

func (f *fakeUSB) unplug(s *fakeScanner) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.plugged, s.path)
	close(s.gone)
}

func (f *fakeUSB) openings(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.opened[path]
}

type fakeHandle struct {
	bus     *fakeUSB
	scanner *fakeScanner
	closed  bool
}

func (h *fakeHandle) ReadTimeout(b []byte, ms int) (int, error) {
	if h.closed {
		panic("read after close")
	}
	timer := time.NewTimer(time.Duration(ms) * time.Millisecond)
	defer timer.Stop()
	select {
	case r := <-h.scanner.reports: // what was sent before the plug was pulled still comes
		return copy(b, r), nil
	default:
	}
	select {
	case r := <-h.scanner.reports:
		return copy(b, r), nil
	case <-h.scanner.gone:
		return -1, errors.New("hidapi: hid_error is not implemented yet")
	case <-timer.C:
		return 0, nil
	}
}

func (h *fakeHandle) SendFeatureReport(b []byte) (int, error) {
	h.bus.mu.Lock()
	defer h.bus.mu.Unlock()
	h.scanner.sent = append(h.scanner.sent, slices.Clone(b))
	return -1, errors.New("stalled")
}

func (h *fakeHandle) Close() error {
	h.bus.mu.Lock()
	stuck := h.bus.stuck
	h.bus.mu.Unlock()
	if stuck != nil {
		<-stuck
	}
	h.bus.mu.Lock()
	defer h.bus.mu.Unlock()
	h.closed = true
	h.bus.closed++
	return nil
}

// send gives the scanner reports, with an empty one after each as real devices do.
func (s *fakeScanner) send(reports ...[]byte) {
	for _, r := range reports {
		s.reports <- r
		s.reports <- nil
	}
}
