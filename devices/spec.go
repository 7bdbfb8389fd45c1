package devices

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// DefaultBaud is the factory speed of most serial scanners. USB-COM scanners
// ignore the speed.
const DefaultBaud = 9600

// Spec is one chosen scanner. Make it with ParseSerial or ParseHID, or fill it
// in from what was stored.
type Spec struct {
	Kind    Kind
	Station string // "" is the default station

	Port string // Serial: /dev/ttyACM0, /dev/serial/by-id/..., COM3
	Baud int    // Serial: bits a second; 0 is DefaultBaud

	VendorID  uint16 // HID
	ProductID uint16 // HID
	SerialNo  string // HID: "" takes every device of this vendor and product

	Name    string // what people call it, where it was known when it was chosen
	Learned        // what a test code told of it; zero for a scanner that was only named
}

// Key is the name under which this scanner's scans and status appear.
func (s Spec) Key() Key {
	if s.Kind == HID {
		return usbKey(s.VendorID, s.ProductID, s.SerialNo)
	}
	return Key("serial:" + s.Port)
}

func usbKey(vendor, product uint16, serial string) Key {
	k := fmt.Sprintf("usb:%04x:%04x", vendor, product)
	if serial != "" {
		k += ":" + serial
	}
	return Key(k)
}

// String is the form that ParseSerial or ParseHID reads back.
func (s Spec) String() string {
	var b strings.Builder
	if s.Kind == HID {
		b.WriteString(strings.TrimPrefix(string(s.Key()), "usb:"))
	} else {
		fmt.Fprintf(&b, "%s@%d", s.Port, s.baud())
	}
	if s.Station != "" {
		b.WriteString("=" + s.Station)
	}
	if o := s.options(); o != "" {
		b.WriteString("?" + o)
	}
	return b.String()
}

func (s Spec) baud() int {
	if s.Baud == 0 {
		return DefaultBaud
	}
	return s.Baud
}

// valid repeats the parsers' rules for a Spec that came from elsewhere.
func (s Spec) valid() error {
	if s.Station != "" && !stationName.MatchString(s.Station) {
		return fmt.Errorf("station %q: want 1 to 32 of a-z, 0-9 and -", s.Station)
	}
	if err := s.Learned.valid(); err != nil {
		return err
	}
	if !fitName(s.Name) {
		return fmt.Errorf("%q cannot be a scanner's name", s.Name)
	}
	switch s.Kind {
	case Serial:
		if s.Port == "" {
			return fmt.Errorf("a serial scanner without a port")
		}
		if !slices.Contains(bauds, s.baud()) {
			return fmt.Errorf("port %s: no such speed as %d baud: use one of %s", s.Port, s.Baud, baudList())
		}
	case HID:
		if s.VendorID == 0 && s.ProductID == 0 {
			return fmt.Errorf("a USB scanner without vendor and product id")
		}
	default:
		return fmt.Errorf("a scanner of kind %q cannot be supervised", s.Kind)
	}
	return nil
}

var stationName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// bauds are the speeds scanners have; the serial library knows them on every
// system.
var bauds = []int{300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600}

func baudList() string {
	words := make([]string, len(bauds))
	for i, b := range bauds {
		words[i] = strconv.Itoa(b)
	}
	return strings.Join(words, ", ")
}

// ParseSerial reads DEVICE[@BAUD][=STATION][?OPTIONS], such as
// "/dev/serial/by-id/usb-Newland_FM430@115200=desk" or "COM3". The options are
// what a test code told ([Learned]): "COM3?end=cr&prefix=S".
//
// The last @ and the last = count, because names under /dev/serial/by-id may
// have either in them; such a name must be given with its speed and station.
func ParseSerial(text string) (Spec, error) {
	fail := func(format string, a ...any) (Spec, error) {
		return Spec{}, fmt.Errorf("serial scanner %q: %s (want DEVICE[@BAUD][=STATION])", text, fmt.Sprintf(format, a...))
	}
	text, name, learned, err := cutOptions(text)
	if err != nil {
		return fail("%v", err)
	}
	port, station, err := cutStation(text)
	if err != nil {
		return fail("%v", err)
	}
	spec := Spec{Kind: Serial, Station: station, Baud: DefaultBaud, Name: name, Learned: learned}
	if i := strings.LastIndexByte(port, '@'); i > strings.LastIndexByte(port, '/') {
		baud, err := strconv.Atoi(port[i+1:])
		if err != nil {
			return fail("%q is no speed", port[i+1:])
		}
		if !slices.Contains(bauds, baud) {
			return fail("no such speed as %d baud: use one of %s", baud, baudList())
		}
		spec.Baud, port = baud, port[:i]
	}
	if port == "" {
		return fail("the device is missing")
	}
	if strings.ContainsAny(port, "\x00\r\n") {
		return fail("the device has control characters")
	}
	if runtime.GOOS == "windows" {
		port = strings.ToUpper(port) // com3 and COM3 are one port, and must be one Key
	}
	spec.Port = port
	return spec, nil
}

// ParseHID reads VID:PID[:SERIAL][=STATION][?OPTIONS], ids in hexadecimal, such
// as "0c2e:0b61", "1eab:0010:AB12=desk", "0x05e0:0x1300" or
// "05e0:1200?end=cr&layout=fr".
func ParseHID(text string) (Spec, error) {
	fail := func(format string, a ...any) (Spec, error) {
		return Spec{}, fmt.Errorf("USB scanner %q: %s (want VID:PID[:SERIAL][=STATION])", text, fmt.Sprintf(format, a...))
	}
	text, name, learned, err := cutOptions(text)
	if err != nil {
		return fail("%v", err)
	}
	id, station, err := cutStation(text)
	if err != nil {
		return fail("%v", err)
	}
	parts := strings.SplitN(id, ":", 3)
	if len(parts) < 2 {
		return fail("the product id is missing")
	}
	vendor, err := parseID(parts[0])
	if err != nil {
		return fail("vendor id: %v", err)
	}
	product, err := parseID(parts[1])
	if err != nil {
		return fail("product id: %v", err)
	}
	spec := Spec{Kind: HID, Station: station, VendorID: vendor, ProductID: product, Name: name, Learned: learned}
	if vendor == 0 && product == 0 {
		return fail("0000:0000 is no device")
	}
	if len(parts) == 3 {
		if parts[2] == "" {
			return fail("the serial number is empty")
		}
		spec.SerialNo = parts[2]
	}
	return spec, nil
}

func parseID(text string) (uint16, error) {
	digits := strings.TrimPrefix(strings.ToLower(text), "0x")
	if len(digits) != 4 {
		return 0, fmt.Errorf("%q is not four hexadecimal digits", text)
	}
	n, err := strconv.ParseUint(digits, 16, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is not four hexadecimal digits", text)
	}
	return uint16(n), nil
}

func cutStation(text string) (device, station string, err error) {
	i := strings.LastIndexByte(text, '=')
	if i < 0 || i < strings.LastIndexByte(text, '/') {
		return text, "", nil
	}
	station = text[i+1:]
	if !stationName.MatchString(station) {
		return "", "", fmt.Errorf("station %q: want 1 to 32 of a-z, 0-9 and -", station)
	}
	return text[:i], station, nil
}
