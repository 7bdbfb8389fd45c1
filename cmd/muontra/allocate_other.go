//go:build !linux

package main

import "os"

// allocate is left to writing: a longer file is not on every file system one that
// has its place on the disk.
func allocate(*os.File, int64) (done bool, err error) { return false, nil }
