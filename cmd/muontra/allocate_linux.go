package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// allocate makes f so long that each byte has its place on the disk; false where
// the file system cannot promise that.
func allocate(f *os.File, size int64) (done bool, err error) {
	switch err := unix.Fallocate(int(f.Fd()), 0, 0, size); {
	case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOSYS):
		return false, nil
	case err != nil:
		return false, &os.PathError{Op: "fallocate", Path: f.Name(), Err: err}
	}
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return false, err
	}
	const block = 512 // what st_blocks counts in, whatever the file system's own are
	return st.Blocks*block >= size, nil
}
