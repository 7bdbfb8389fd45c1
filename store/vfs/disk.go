// Package vfs stands between SQLite and the disk. A [Disk] is a VFS of SQLite's
// (https://www.sqlite.org/vfs.html) that hands everything on to the system's own
// and can do two things on the way: write down what was written, cut off, flushed
// and deleted, from which [Log.Cuts] builds the files that a power cut at each
// moment may leave; and make each flush take longer, as on an old disk.
//
// A database is opened on a Disk by its name: the vfs parameter of the data
// source, or the VFS option of package store.
package vfs

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Disk is a registered VFS. It stays registered until the program ends.
type Disk struct {
	name string
	slow atomic.Int64 // nanoseconds added to each flush

	mu   sync.Mutex
	on   bool
	dead bool
	log  Log
	base uintptr // the system's own VFS
}

// disks are all of them by the number that their VFS carries, and files the open
// files of all disks by SQLite's pointer: what SQLite calls back with.
var (
	disks sync.Map // uintptr -> *Disk
	files sync.Map // uintptr -> *file
	count atomic.Uintptr
)

type file struct {
	disk    *Disk
	name    string // base name; "" for what a power cut takes anyway
	methods *lib.Tsqlite3_io_methods
	own     uintptr // the table that stands in the methods' place
}

// New registers a disk. Its name is new each time.
func New() (*Disk, error) {
	tls := libc.NewTLS()
	defer tls.Close()
	n := count.Add(1)
	d := &Disk{name: fmt.Sprint("muontra-disk-", n), base: lib.Xsqlite3_vfs_find(tls, 0)}
	if d.base == 0 {
		return nil, fmt.Errorf("vfs: SQLite has no disk of its own")
	}
	name, err := libc.CString(d.name)
	if err != nil {
		return nil, fmt.Errorf("vfs: %w", err)
	}
	p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(lib.Tsqlite3_vfs{})))
	if p == 0 {
		return nil, fmt.Errorf("vfs: no memory")
	}
	// Everything but opening and deleting is the system's as it is; those two are
	// handed its own VFS, since ours carries a number where it has its own data.
	v := at[lib.Tsqlite3_vfs](p)
	*v = *at[lib.Tsqlite3_vfs](d.base)
	v.FpNext, v.FzName, v.FpAppData = 0, name, n
	v.FxOpen, v.FxDelete = pointer(open), pointer(remove)
	disks.Store(n, d)
	if rc := lib.Xsqlite3_vfs_register(tls, p, 0); rc != lib.SQLITE_OK {
		return nil, fmt.Errorf("vfs: register: code %d", rc)
	}
	return d, nil
}

// Name is what a data source calls the disk.
func (d *Disk) Name() string { return d.name }

// Slow makes each flush take so much longer; 0 makes it as fast as it is.
func (d *Disk) Slow(by time.Duration) { d.slow.Store(int64(by)) }

// Record begins to write down; what was written down before is forgotten.
func (d *Disk) Record() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on, d.log = true, nil
}

// Mark notes that something had been promised to a person by now: n only grows.
func (d *Disk) Mark(n int64) { d.note(Op{Kind: Mark, Size: n}) }

// Peek is what has been written down so far.
func (d *Disk) Peek() Log {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log
}

// Cut is the power cut: it ends the recording and gives it out, and whoever writes
// to the disk or flushes it afterwards waits for ever, so that nothing is believed
// to be on it that is not in the log.
func (d *Disk) Cut() Log {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on, d.dead = false, true
	return d.log
}

// Stop ends the recording and gives it out.
func (d *Disk) Stop() Log {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on = false
	return d.log
}

func (d *Disk) note(op Op) {
	d.mu.Lock()
	if d.dead {
		d.mu.Unlock()
		select {}
	}
	defer d.mu.Unlock()
	if d.on {
		d.log = append(d.log, op)
	}
}

// The callbacks. Each does the system's part first and notes what succeeded.

func open(tls *libc.TLS, vfs, name, f uintptr, flags int32, out uintptr) int32 {
	n := at[lib.Tsqlite3_vfs](vfs).FpAppData
	v, _ := disks.Load(n)
	d := v.(*Disk)
	system := at[lib.Tsqlite3_vfs](d.base)
	rc := call[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](system.FxOpen)(tls, d.base, name, f, flags, out)
	table := &at[lib.Tsqlite3_file](f).FpMethods
	if rc != lib.SQLITE_OK || *table == 0 {
		return rc
	}
	of := &file{disk: d, methods: at[lib.Tsqlite3_io_methods](*table)}
	if name != 0 && flags&(lib.SQLITE_OPEN_MAIN_DB|lib.SQLITE_OPEN_WAL|lib.SQLITE_OPEN_MAIN_JOURNAL) != 0 {
		of.name = filepath.Base(libc.GoString(name))
	}
	of.own = libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(lib.Tsqlite3_io_methods{})))
	if of.own == 0 {
		call[func(*libc.TLS, uintptr) int32](of.methods.FxClose)(tls, f)
		*table = 0
		return lib.SQLITE_NOMEM
	}
	m := at[lib.Tsqlite3_io_methods](of.own)
	*m = *of.methods
	m.FxClose, m.FxWrite, m.FxTruncate, m.FxSync = pointer(closed), pointer(write), pointer(truncate), pointer(flush)
	*table = of.own
	files.Store(f, of)
	return rc
}

func closed(tls *libc.TLS, f uintptr) int32 {
	of := opened(f)
	files.Delete(f)
	rc := call[func(*libc.TLS, uintptr) int32](of.methods.FxClose)(tls, f)
	libc.Xfree(tls, of.own)
	return rc
}

func write(tls *libc.TLS, f, buf uintptr, amount int32, offset int64) int32 {
	of := opened(f)
	rc := call[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](of.methods.FxWrite)(tls, f, buf, amount, offset)
	if rc == lib.SQLITE_OK && of.name != "" {
		data := append([]byte(nil), unsafe.Slice(at[byte](buf), int(amount))...)
		of.disk.note(Op{File: of.name, Kind: Write, Size: offset, Data: data})
	}
	return rc
}

func truncate(tls *libc.TLS, f uintptr, size int64) int32 {
	of := opened(f)
	rc := call[func(*libc.TLS, uintptr, int64) int32](of.methods.FxTruncate)(tls, f, size)
	if rc == lib.SQLITE_OK && of.name != "" {
		of.disk.note(Op{File: of.name, Kind: Truncate, Size: size})
	}
	return rc
}

func flush(tls *libc.TLS, f uintptr, flags int32) int32 {
	of := opened(f)
	rc := call[func(*libc.TLS, uintptr, int32) int32](of.methods.FxSync)(tls, f, flags)
	if by := of.disk.slow.Load(); by > 0 {
		time.Sleep(time.Duration(by))
	}
	if rc == lib.SQLITE_OK && of.name != "" {
		of.disk.note(Op{File: of.name, Kind: Flush})
	}
	return rc
}

func remove(tls *libc.TLS, vfs, name uintptr, dir int32) int32 {
	v, _ := disks.Load(at[lib.Tsqlite3_vfs](vfs).FpAppData)
	d := v.(*Disk)
	rc := call[func(*libc.TLS, uintptr, uintptr, int32) int32](at[lib.Tsqlite3_vfs](d.base).FxDelete)(tls, d.base, name, dir)
	if rc == lib.SQLITE_OK {
		d.note(Op{File: filepath.Base(libc.GoString(name)), Kind: Delete})
	}
	return rc
}

func opened(f uintptr) *file {
	v, _ := files.Load(f)
	return v.(*file)
}

// at reads memory of SQLite's, which is none of Go's.
func at[T any](p uintptr) *T { return (*T)(*(*unsafe.Pointer)(unsafe.Pointer(&p))) }

// pointer is a top-level function as SQLite, translated to Go, keeps it.
func pointer(fn any) uintptr { return (*[2]uintptr)(unsafe.Pointer(&fn))[1] }

// call is the function behind such a pointer.
func call[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&p)) }
