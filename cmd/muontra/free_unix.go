//go:build unix

package main

import "golang.org/x/sys/unix"

// freeSpace is what may still be written to the disk of a folder, in bytes.
func freeSpace(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}
