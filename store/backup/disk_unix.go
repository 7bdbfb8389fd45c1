//go:build !windows

package backup

import (
	"errors"
	"syscall"
)

// isFull reports whether err says that a disk, or somebody's part of it, is full.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }
