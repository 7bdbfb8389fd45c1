package printer

import (
	"net"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// openFlags: a serial line must not become this program's terminal, and neither
// the open nor a write may wait where no deadline can reach it.
const openFlags = unix.O_NONBLOCK | unix.O_NOCTTY

// unacknowledged is how many bytes of a connection the other end has not
// acknowledged, the end of the stream counting as one (tcp(7), SIOCOUTQ).
func unacknowledged(conn *net.TCPConn) int64 {
	n := 0
	if raw, err := conn.SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) {
			if v, err := unix.IoctlGetInt(int(fd), unix.SIOCOUTQ); err == nil {
				n = v
			}
		})
	}
	return int64(n)
}

// socketError takes the error that a connection met since it was last asked.
func socketError(conn *net.TCPConn) error {
	var pending error
	if raw, err := conn.SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) {
			if v, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR); err == nil && v != 0 {
				pending = unix.Errno(v)
			}
		})
	}
	return pending
}

// drained waits until the device takes bytes again, which is when it has taken
// those before, or until the file's write deadline.
func drained(f *os.File) (bool, error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return false, err
	}
	known := true
	err = raw.Write(func(fd uintptr) bool {
		// Asked by poll, because the runtime only hears of changes.
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
		n, err := unix.Poll(fds, 0)
		if err == unix.EINTR {
			n, err = unix.Poll(fds, 0)
		}
		if err != nil {
			known = false
		}
		return err != nil || n > 0
	})
	return known && err == nil, err
}

// lpGetStatus is LPGETSTATUS of linux/lp.h, which x/sys does not name.
const lpGetStatus = 0x060b

// deviceReasons asks a parallel or USB printer for its status byte; asked is
// false for every other device.
func deviceReasons(f *os.File) (reasons []Reason, asked bool) {
	raw, err := f.SyscallConn()
	if err != nil {
		return nil, false
	}
	raw.Control(func(fd uintptr) {
		var status int32
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, lpGetStatus, uintptr(unsafe.Pointer(&status)))
		if errno == 0 {
			reasons, asked = lpReasons(int(status)), true
		}
	})
	return reasons, asked
}

// makeRaw keeps a serial line from turning line feeds within a picture into
// carriage returns and line feeds. Its speed is left alone.
func makeRaw(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		tty, err := unix.IoctlGetTermios(int(fd), unix.TCGETS)
		if err != nil {
			return // no terminal: nothing to do
		}
		tty.Oflag &^= unix.OPOST
		tty.Lflag &^= unix.ECHO // nor print what the printer answers
		failed = unix.IoctlSetTermios(int(fd), unix.TCSETS, tty)
	})
	if err != nil {
		return err
	}
	return failed
}
