package printer

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"runtime"
	"strconv"
	"strings"
	"unicode"
)

// Target says where a printer is. Its text form is what [ParseTarget] reads and
// [Target.String] writes.
type Target struct {
	Scheme string // "tcp", "file", "ipp", "ipps"
	Host   string // "name:port" or "[v6]:port"; "" for a file
	Path   string // of the device file, or of the IPP printer; "" for tcp

	// ZPLStatus (tcp, "?status=zpl"): State asks with ~HS. Ask only printers
	// that speak ZPL: another one prints the question on a label.
	ZPLStatus bool
	// NoWaitEOF (tcp, "?waiteof=no"): silence after the last byte is no error.
	// It is for printers that never close a connection; the same option of the
	// socket backend of CUPS bears the same name.
	NoWaitEOF bool
	// Fingerprint (ipps, "?fingerprint=sha256:HEX"): 64 hexadecimal digits, the
	// SHA-256 of the one certificate to trust, whoever signed it and whatever
	// name it bears. "" means the system's authorities and the host's name.
	Fingerprint string
}

// Ports that a target has when it names none.
const (
	PortRaw = "9100" // AppSocket, as printers have it by custom
	PortIPP = "631"  // RFC 8010, 8; the same for ipps, RFC 7472
)

// ParseTarget reads the address of a printer. Spaces around it are ignored.
// Errors are [BadTarget], or [NotSupported] where this system has no such thing.
func ParseTarget(text string) (Target, error) { return parseTarget(text, runtime.GOOS) }

func parseTarget(text, goos string) (Target, error) {
	text = strings.TrimSpace(text)
	t, err := readTarget(text)
	if err == nil && t.Scheme == "file" && goos == "windows" {
		return Target{}, &Error{Code: NotSupported, Op: "open", Target: text,
			Err:    errors.New("there are no device files on Windows"),
			Advice: "give the printer a network address, tcp://HOST or ipp://HOST/ipp/print, or open the PDF and print it from there"}
	}
	if err != nil {
		return Target{}, &Error{Code: BadTarget, Op: "open", Target: text, Err: err, Advice: adviceTarget}
	}
	return t, nil
}

func readTarget(text string) (Target, error) {
	if text == "" {
		return Target{}, errors.New("the address is empty")
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return Target{}, errors.New("the address has a control character in it")
	}
	if strings.HasPrefix(text, "/") {
		return fileTarget(text)
	}
	scheme, _, found := strings.Cut(text, "://")
	if !found {
		return Target{}, fmt.Errorf("%q does not begin with tcp://, ipp://, ipps:// or /dev/", text)
	}
	switch strings.ToLower(scheme) {
	case "tcp", "file", "ipp", "ipps":
	case "http", "https":
		return Target{}, fmt.Errorf("%s:// is for browsers; a printer's own address begins with ipp:// or ipps://", scheme)
	case "socket":
		return Target{}, errors.New("socket:// is called tcp:// here")
	case "usb", "parallel", "serial":
		return Target{}, fmt.Errorf("%s:// is an address of CUPS; name the device file, such as /dev/usb/lp0, or the queue, ipp://localhost/printers/NAME", scheme)
	case "lpd", "smb", "dnssd":
		return Target{}, fmt.Errorf("%s:// is not spoken here; set the printer up in CUPS and name its queue, ipp://localhost/printers/NAME", scheme)
	default:
		return Target{}, fmt.Errorf("unknown kind of address %s://", scheme)
	}
	u, err := url.Parse(text)
	if err != nil {
		return Target{}, errors.Unwrap(err) // without the text, which Error names
	}
	if u.User != nil {
		return Target{}, errors.New("a name or password in the address is not supported")
	}
	if u.Fragment != "" {
		return Target{}, errors.New("an address has no part after #")
	}
	if u.Scheme == "file" {
		if u.Host != "" {
			return Target{}, fmt.Errorf("file://%s names a computer; a device file has three slashes, file:///dev/usb/lp0", u.Host)
		}
		if u.RawQuery != "" {
			return Target{}, errors.New("a device file has no options")
		}
		return fileTarget(u.Path)
	}
	t := Target{Scheme: u.Scheme}
	if t.Host, err = hostPort(u); err != nil {
		return Target{}, err
	}
	switch {
	case u.Scheme == "tcp" && u.Path != "" && u.Path != "/":
		return Target{}, fmt.Errorf("a raw printer has no path, found %q", u.Path)
	case u.Scheme != "tcp" && (u.Path == "" || u.Path == "/"):
		t.Path = "/ipp/print" // PWG 5100.14 has this path for every printer
	case u.Scheme != "tcp":
		t.Path = u.Path
	}
	return t, t.readOptions(u.RawQuery)
}

func fileTarget(p string) (Target, error) {
	if !path.IsAbs(p) || strings.HasSuffix(p, "/") || path.Clean(p) == "/" {
		return Target{}, fmt.Errorf("%q is not the full path of a device file", p)
	}
	return Target{Scheme: "file", Path: path.Clean(p)}, nil
}

func hostPort(u *url.URL) (string, error) {
	host, port := u.Hostname(), u.Port()
	if host == "" {
		return "", errors.New("the address names no computer")
	}
	// The % is for the zone of a link-local address, fe80::1%eth0.
	if strings.ContainsFunc(host, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("-._:%", r)
	}) {
		return "", fmt.Errorf("%q is no name of a computer", host)
	}
	if strings.Contains(host, ":") { // only an IPv6 address has one
		if _, err := netip.ParseAddr(host); err != nil {
			return "", fmt.Errorf("%q is no name of a computer", host)
		}
	}
	if port == "" {
		port = PortIPP
		if u.Scheme == "tcp" {
			port = PortRaw
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", fmt.Errorf("%q is no port", port)
	}
	return net.JoinHostPort(host, port), nil
}

// readOptions refuses what it does not know: an option misspelt is an option
// silently not in force.
func (t *Target) readOptions(query string) error {
	options, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("options: %w", err)
	}
	for name, values := range options {
		value := values[len(values)-1]
		switch {
		case name == "status" && value == "zpl" && t.Scheme == "tcp":
			t.ZPLStatus = true
		case name == "waiteof" && (value == "no" || value == "yes") && t.Scheme == "tcp":
			t.NoWaitEOF = value == "no"
		case name == "fingerprint" && t.Scheme == "ipps":
			if t.Fingerprint, err = readFingerprint(value); err != nil {
				return err
			}
		default:
			return fmt.Errorf("option %s=%s is unknown for %s://", name, value, t.Scheme)
		}
	}
	return nil
}

// readFingerprint takes "sha256:" and 64 hexadecimal digits, with or without the
// colons that openssl prints between them.
func readFingerprint(s string) (string, error) {
	digits, found := strings.CutPrefix(strings.ToLower(s), "sha256:")
	digits = strings.ReplaceAll(digits, ":", "")
	if b, err := hex.DecodeString(digits); !found || err != nil || len(b) != 32 {
		return "", errors.New("a fingerprint is sha256: and 64 hexadecimal digits")
	}
	return digits, nil
}

// String writes the target so that ParseTarget reads the same one back.
func (t Target) String() string {
	if t.Scheme == "file" {
		return (&url.URL{Scheme: "file", Path: t.Path}).String()
	}
	// By hand, because url.Values escapes the colon of a fingerprint.
	var options []string
	if t.ZPLStatus {
		options = append(options, "status=zpl")
	}
	if t.NoWaitEOF {
		options = append(options, "waiteof=no")
	}
	if t.Fingerprint != "" {
		options = append(options, "fingerprint=sha256:"+t.Fingerprint)
	}
	return (&url.URL{Scheme: t.Scheme, Host: t.Host, Path: t.Path, RawQuery: strings.Join(options, "&")}).String()
}
