// Package devices reads barcode scanners: bytes in, text out.
//
// It knows nothing of books and pupils. A [Supervisor] is given the scanners
// that were chosen (a [Spec] each) and a channel; it opens each scanner when it
// is plugged in, sends one [Scan] for each code read, and says in a [Status]
// what is wrong when it cannot. [List] looks at everything that is plugged in,
// for a person who has to choose.
//
// # From bytes to a scan
//
// Three kinds of scanner are read, and they share one reader loop (reader.go):
//
//   - a serial port or USB-COM scanner (serial.go): bytes cut into scans at CR,
//     LF, Tab or ETX, or where the line falls silent (framing.go);
//   - a USB keyboard scanner (keyboard.go): key reports turned into the
//     characters a US keyboard would type, then cut in the same way;
//   - a HID-POS scanner (hidpos.go): reports that carry a length, the text and
//     its symbology; their offsets are read from the report descriptor
//     (descriptor.go) and guessed only where there is none.
//
// # Promises
//
//   - Only chosen devices are opened, ever. Opening a USB keyboard takes it away
//     from the desktop, so a school's own keyboard is opened only if somebody
//     wrote down its vendor and product id.
//   - One goroutine owns a device: it opens, reads, decodes, sends and closes, and
//     does nothing else. It never waits for the receiver: a scan that finds the
//     channel full is dropped and counted in [Status.Dropped].
//   - A scan is whole or it is not sent. What was half read when the cable was
//     pulled, or ran past [MaxScan] bytes, is discarded and counted in
//     [Status.Discarded]. One case cannot be told apart: a scanner that has not
//     yet shown a terminator and stalls for longer than the gap; let scanners
//     send CR.
//   - What was scanned while the device was not open is not sent when it is: a
//     device counts as connected once it has been silent for a moment.
//   - A device that sends noise or floods is held back, told in
//     [Status.Discarded], and does not keep the others from being read.
//   - Text is passed on as it was read, even where it is not UTF-8 or has control
//     characters in it: whoever receives it can then say "malformed" instead of
//     leaving a child before a screen that does nothing.
//   - Any error while reading means the device is gone. It is closed and looked
//     for again at each poll, by what it is (vendor, product, serial number, or
//     port name), not by where it was plugged in.
//   - [Supervisor.Run] closes every device before it returns, so that the kernel
//     gives a keyboard scanner back to the desktop.
//
// A build without cgo has no USB HID. That is said in the Status of each HID
// scanner ([WhyNoHIDSupport]); it is never taken for "nothing plugged in".
package devices

import "time"

// Key names a device in a way that survives unplugging:
// "usb:VVVV:PPPP" or "usb:VVVV:PPPP:SERIAL" (lower-case hexadecimal ids) for a
// USB HID device, "serial:PORT" for a serial port. PORT is as it was given, or
// in what [List] returns the /dev/serial/by-id name where there is one.
type Key string

// Kind says how a device is read.
type Kind string

const (
	Serial    Kind = "serial"    // a serial port, or a USB scanner that acts as one
	HID       Kind = "hid"       // USB HID: keyboard scanner or HID-POS
	Simulated Kind = "simulated" // no hardware; for whoever feeds scans in by hand
	Printer   Kind = "printer"   // only in what List returns
)

// Scan is one decoded reading.
type Scan struct {
	Device  Key
	Station string    // as in the Spec; "" is the default station
	Text    string    // without AIM prefix, terminator and surrounding control characters
	AIM     string    // symbology identifier such as "]C0", or "" where the scanner sends none
	At      time.Time // when the last byte was read
	// Raw is what was read before anything was stripped: the bytes of a serial
	// line, the characters typed by a keyboard scanner (Enter is CR), the data
	// of a HID-POS message. A terminator is its last byte if there was one.
	Raw []byte
}

// Reasons why a device is not connected, in Status.Why and Candidate.Why.
const (
	WhyStarting     = "starting"       // not looked for yet
	WhyAbsent       = "absent"         // not plugged in, or just pulled out
	WhyNoPermission = "no_permission"  // Hint has the command or the udev rule
	WhyBusy         = "busy"           // another program, or another Spec, has it
	WhyNoHIDSupport = "no_hid_support" // this build has no USB HID
	WhyKeyboardOnly = "keyboard_only"  // Windows keeps keyboards to itself: switch the scanner to USB-COM or HID-POS
	WhyNoScanner    = "no_scanner"     // the USB device has no interface that could be a scanner
	WhyNotAPort     = "not_a_port"     // the file is no serial port
	WhyBadBaud      = "bad_baud"       // the port does not know the speed
	WhyFailed       = "failed"         // anything else; Detail has the error
	WhyStopped      = "stopped"        // Run has ended
)

// Status is what is known of one chosen device. It is a value; a later one
// replaces it.
type Status struct {
	Key       Key
	Name      string // for people: "Honeywell Voyager 1450g", or the port
	Kind      Kind
	Station   string
	Connected bool
	Why       string    // one of the Why constants; "" while connected
	Hint      string    // what to type or install against Why, as a literal line; may be ""
	Detail    string    // the error behind Why, in English, for the log; may be ""
	Since     time.Time // when Connected last changed
	LastScan  time.Time // zero before the first
	Scans     int       // sent
	Dropped   int       // read whole, but the channel was full
	// Discarded counts what never became a scan: too long, cut off, contradicting
	// itself, one of a flood, or from before the device was opened.
	Discarded int
}
