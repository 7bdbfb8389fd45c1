package printer

import "golang.org/x/sys/windows"

// The sockets of Windows have numbers of their own, which the names in syscall
// do not equal.
var (
	sysRefused     = []error{windows.WSAECONNREFUSED}
	sysUnreachable = []error{windows.WSAEHOSTUNREACH, windows.WSAENETUNREACH, windows.WSAEHOSTDOWN, windows.WSAENETDOWN}
	sysCutOff      = []error{windows.WSAECONNRESET, windows.WSAECONNABORTED, windows.WSAENOTCONN, windows.ERROR_BROKEN_PIPE}
)
