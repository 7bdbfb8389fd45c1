//go:build !windows

package printer

import "syscall"

var (
	sysRefused     = []error{syscall.ECONNREFUSED}
	sysUnreachable = []error{syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN}
	sysCutOff      = []error{syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED, syscall.ENOTCONN}
)
