package vfs

import (
	"bytes"
	"maps"
	"math/rand/v2"
)

// Kind is what was asked of the disk.
type Kind int

// The kinds. A Mark is not the disk's: it says what had been promised by then.
const (
	Write Kind = iota
	Truncate
	Flush
	Delete
	Mark
)

// Op is one thing that was asked of the disk.
type Op struct {
	Kind Kind
	File string // base name
	Size int64  // of Write the offset, of Truncate the new length, of Mark its number
	Data []byte
}

// Log is what was asked, in order.
type Log []Op

// sector is what a disk writes whole or not at all.
const sector = 512

// Files are the contents by base name.
type Files map[string][]byte

// Cut is what a power cut may leave.
type Cut struct {
	After    int   // operations done before it
	Promised int64 // the newest mark before it
	Kind     string
	Files    Files
}

// disk is how far a simulated disk has come: what is sure, and what was written
// since the file's last flush.
type disk struct {
	sure    Files
	pending map[string][]Op
}

// Cuts calls fn with what a power cut may leave after each operation on a disk
// that held the files of before: with all
// that was not flushed lost, with all of it kept, and torn ways more, in which
// each sector that was written since is kept or lost by chance, a length that
// was changed too. It stops at fn's first error.
//
// The model: names of files are kept in order, as ext4, xfs and NTFS do with
// their journals, and a flush is true: a disk that lies about it is beyond any
// database.
func (l Log) Cuts(before Files, torn int, chance *rand.Rand, fn func(Cut) error) error {
	d := disk{maps.Clone(before), map[string][]Op{}}
	var promised int64
	for i, op := range l {
		if op.Kind == Mark {
			promised = op.Size
			continue // nothing on the disk has changed
		}
		d.do(op)
		// The promises that are made before the disk is asked again.
		for _, next := range l[i+1:] {
			if next.Kind != Mark {
				break
			}
			promised = next.Size
		}
		cut := Cut{After: i + 1, Promised: promised, Kind: "lost", Files: d.left(nothing)}
		if err := fn(cut); err != nil {
			return err
		}
		if len(d.pending) == 0 {
			continue
		}
		cut.Kind, cut.Files = "kept", d.left(everything)
		if err := fn(cut); err != nil {
			return err
		}
		for range torn {
			cut.Kind, cut.Files = "torn", d.left(func() bool { return chance.IntN(2) == 0 })
			if err := fn(cut); err != nil {
				return err
			}
		}
	}
	return nil
}

// Left is what a power cut leaves at the end of the log, when keep decides of
// each sector that was not flushed.
func (l Log) Left(before Files, keep func() bool) Files {
	d := disk{maps.Clone(before), map[string][]Op{}}
	for _, op := range l {
		d.do(op)
	}
	return d.left(keep)
}

// do is one operation on the disk.
func (d disk) do(op Op) {
	switch op.Kind {
	case Mark:
	case Flush:
		d.sure[op.File] = apply(d.sure[op.File], d.pending[op.File], everything)
		delete(d.pending, op.File)
	case Delete:
		delete(d.sure, op.File)
		delete(d.pending, op.File)
	default:
		d.pending[op.File] = append(d.pending[op.File], op)
	}
}

func everything() bool { return true }
func nothing() bool    { return false }

// left is what is on the disk when keep decides of each unflushed sector.
func (d disk) left(keep func() bool) Files {
	out := maps.Clone(d.sure)
	for name, ops := range d.pending {
		out[name] = apply(d.sure[name], ops, keep)
	}
	return out
}

// apply is content with the operations, sector by sector as keep says. content
// itself is left as it is.
func apply(content []byte, ops []Op, keep func() bool) []byte {
	out := bytes.Clone(content)
	grow := func(size int64) {
		if int64(len(out)) < size {
			out = append(out, make([]byte, size-int64(len(out)))...)
		}
	}
	for _, op := range ops {
		if op.Kind == Truncate {
			if keep() {
				grow(op.Size)
				out = out[:op.Size]
			}
			continue
		}
		for from := int64(0); from < int64(len(op.Data)); {
			// To the next border of a sector of the file.
			to := min(int64(len(op.Data)), from+sector-(op.Size+from)%sector)
			if keep() {
				grow(op.Size + to)
				copy(out[op.Size+from:], op.Data[from:to])
			}
			from = to
		}
	}
	return out
}
