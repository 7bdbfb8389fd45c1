// Package usbtest proves that scanners are read on a real USB bus, without a
// scanner: its one test, TestUSB, starts a small virtual machine under QEMU whose
// kernel plays both sides of the cable. In it the USB gadget drivers are the
// scanners (HID-POS, keyboards, serial ports, with the ids of common makers), and
// the kernel's host drivers, libusb and the serial library read them, through
// package devices and through the program itself, down to a loan in the database.
//
// The test is both outside and inside: outside it builds the program and itself
// as static binaries, packs them with busybox and the kernel's modules, and boots;
// inside it makes gadgets, plugs them in and pulls them out. Nothing of it touches
// the machine it runs on, and it needs no rights there.
//
// It needs QEMU, busybox, cpio, a C compiler, and Debian's kernel package unpacked
// (not installed) where MUONTRA_USB_KERNEL says:
//
//	apt-get install qemu-system-x86 busybox-static cpio gcc libc6-dev
//	.ci/usb-kernel DIR
//	MUONTRA_USB_KERNEL=DIR go test ./devices/usbtest
//
// Without that it is skipped and says what is missing. What it cannot show is what
// only real scanners have: their makers' quirks, their timing, and Windows.
package usbtest
