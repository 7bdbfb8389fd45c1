//go:build !linux

package printer

import (
	"net"
	"os"
	"syscall"
)

// Elsewhere less is known, and the callers say less: Sent is what the system
// took, a device's state is unknown.

const openFlags = syscall.O_NONBLOCK

func unacknowledged(*net.TCPConn) int64 { return 0 }

func socketError(*net.TCPConn) error { return nil }

func drained(*os.File) (bool, error) { return false, nil }

func deviceReasons(*os.File) ([]Reason, bool) { return nil, false }

func makeRaw(*os.File) error { return nil }
