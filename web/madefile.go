package web

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

// The files that wait to be fetched, and what a workbook puts beside it while it is
// written; see the library's name for that in [exchange.WriteTabs].
var madePatterns = []string{"muontra-made-*.tmp", "excelize-*"}

// madeFile is a file that was made for a reader. It lies on the disk: a register of ten
// thousand pages is 25 MB, and those of the newest few tasks stay.
type madeFile struct {
	path string
	size int64
}

// errScratch is a made file that could not be written.
var errScratch = errors.New("a made file could not be written")

// makeFile has write make a file. The caller removes it.
func (s *Server) makeFile(write func(w io.Writer) error) (*madeFile, error) {
	f, err := os.CreateTemp(s.Scratch, madePatterns[0]) // 0600
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errScratch, err)
	}
	m := &madeFile{path: f.Name()}
	whole := false
	defer func() { // after a panic too
		f.Close()
		if !whole {
			m.remove()
		}
	}()
	err = write(f)
	if err == nil {
		m.size, err = f.Seek(0, io.SeekEnd)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		if errors.As(err, new(*fs.PathError)) { // the ledger's errors are others
			err = fmt.Errorf("%w: %w", errScratch, err)
		}
		return nil, err
	}
	whole = true
	return m, nil
}

// send answers with the file.
func (m *madeFile) send(w http.ResponseWriter, kind, name string) error {
	f, err := os.Open(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	defer f.Close()
	attach(w, kind, name)
	w.Header().Set("Content-Length", strconv.FormatInt(m.size, 10))
	_, err = io.Copy(w, f)
	return err
}

// remove takes the file off the disk. One that stays, because somebody on Windows is
// just reading it, is swept at the next start.
func (m *madeFile) remove() { os.Remove(m.path) }

// sweepMade removes what a program that died left behind: there are names in registers.
func (s *Server) sweepMade() {
	if s.Scratch == "" { // the system's folder, where another program's files lie too
		return
	}
	for _, pattern := range madePatterns {
		left, _ := filepath.Glob(filepath.Join(s.Scratch, pattern)) // the patterns are right
		for _, name := range left {
			if err := os.Remove(name); err != nil {
				s.log.Warn("a made file stays", "error", err)
			}
		}
	}
}
