//go:build unix

package rehearse

import (
	"errors"
	"os"

	"github.com/creack/pty"
)

// wire is a serial scanner's cable: a pseudo-terminal under a name that stays.
type wire struct {
	port          string
	master, slave *os.File
}

func newWire(port string) (*wire, error) {
	w := &wire{port: port}
	return w, w.plug()
}

func (w *wire) plug() (err error) {
	if w.master, w.slave, err = pty.Open(); err != nil {
		return err
	}
	if err := os.Remove(w.port); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Symlink(w.slave.Name(), w.port)
}

// again pulls the cable out and puts it in.
func (w *wire) again() error {
	w.close()
	return w.plug()
}

func (w *wire) send(text string) error {
	_, err := w.master.WriteString(text)
	return err
}

func (w *wire) close() {
	os.Remove(w.port)
	w.slave.Close()
	w.master.Close()
}
