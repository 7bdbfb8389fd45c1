package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"

	"muontra/kiosk"
	"muontra/labels"
)

// spoolPattern names the files in which a drawn job lies while it is sent:
// five thousand labels of a label printer are 60 MB.
const spoolPattern = "muontra-print-*.tmp"

// spool is a drawn job on the disk, with where in it each label ends.
type spool struct {
	f     *os.File
	size  int64
	marks []mark
	first int // the number of its first label
	total int // labels in it
	job   labels.Job
	at    atomic.Int64 // the furthest byte that the sender came back for more after
}

// mark says that after end bytes the printer has so many labels of the job.
type mark struct {
	end    int64
	labels int
}

// draw renders a job into a file.
func draw(ctx context.Context, dir string, from int, job labels.Job) (_ *spool, err error) {
	f, err := os.CreateTemp(dir, spoolPattern)
	if err != nil {
		return nil, &Failure{Code: ReasonSpool, Detail: err.Error(), Err: err}
	}
	s := &spool{f: f, first: from, job: job}
	defer func() {
		if err != nil {
			s.remove()
		}
	}()
	w := &counter{w: f}
	// A row of labels for a label printer is in the file when it is told of; a
	// PDF comes at the end, in one piece.
	job.Progress = func(done, _ int) {
		if w.n > 0 {
			s.marks = append(s.marks, mark{w.n, from + done})
		}
	}
	rep, err := labels.Render(ctx, w, job)
	switch {
	case w.err != nil:
		return nil, &Failure{Code: ReasonSpool, Detail: w.err.Error(), Err: w.err}
	case err != nil:
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, &Failure{Code: ReasonSpool, Detail: err.Error(), Err: err}
	}
	s.size, s.total = w.n, rep.Labels
	s.marks = append(s.marks, mark{w.n, from + rep.Labels})
	return s, nil
}

// counter counts what has been written and keeps the disk's error apart from
// the drawing's.
type counter struct {
	w   io.Writer
	n   int64
	err error
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	if err != nil {
		c.err = err
	}
	return n, err
}

// labels is how many labels the printer has whole when it has so many bytes.
func (s *spool) labels(bytes int64) int {
	n := s.first
	for _, m := range s.marks {
		if m.end > bytes {
			break
		}
		n = m.labels
	}
	return n
}

// sheets is how many labels lie on so many sheets or rows.
func (s *spool) sheets(n int) int {
	if !ofSubjects(s.job.Layout) {
		return s.first + min(n, s.total)
	}
	return s.first + min(max(n*s.job.Stock.Per()-s.job.Skip, 0), s.total)
}

// Read and Seek give the sender the document. Whoever reads on has handed on
// what was read before.
func (s *spool) Read(b []byte) (int, error) {
	if at, err := s.f.Seek(0, io.SeekCurrent); err == nil && at > s.at.Load() {
		s.at.Store(at)
	}
	return s.f.Read(b)
}

func (s *spool) Seek(offset int64, whence int) (int64, error) { return s.f.Seek(offset, whence) }

// gone is how many labels the sender has handed on so far.
func (s *spool) gone() int { return s.labels(s.at.Load()) }

func (s *spool) remove() {
	s.f.Close()
	os.Remove(s.f.Name()) // one that stays is swept at the next start
}

// sweepSpool removes what a program that died left behind: drawn cards have
// pupils' names on them.
func sweepSpool(dir string) error {
	if dir == "" { // the system's folder, where another program's jobs lie too
		return nil
	}
	left, err := filepath.Glob(filepath.Join(dir, spoolPattern))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	if err != nil {
		return fmt.Errorf("sweep drawn jobs: %w", err)
	}
	return nil
}

// documentName is what the printer's list shows. The id makes it the job's
// own, so that a printer that counts its jobs anew is not believed.
func documentName(j kiosk.PrintJob) string {
	const most = 80 // printers cut long names off
	title := j.Title
	for i := range title {
		if i > most {
			title = title[:i]
			break
		}
	}
	if title != "" {
		title += " "
	}
	return title + "muontra-" + string(j.ID)
}
