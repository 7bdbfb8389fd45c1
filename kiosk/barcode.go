package kiosk

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxCode is the longest code that can be a barcode, in runes.
const MaxCode = 64

// ErrMalformed says that what was scanned cannot be a barcode.
var ErrMalformed = errors.New("not a barcode")

// NormalizeCode makes the code that is looked up from what a scanner or a hand
// sent: surrounding blanks and an AIM prefix ("]C0") go, the rest stays as it
// is. It returns ErrMalformed for an empty or overlong text, control
// characters, invalid UTF-8 and anything but letters, digits, marks,
// punctuation, symbols and inner blanks.
func NormalizeCode(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("invalid UTF-8: %w", ErrMalformed)
	}
	s = strings.TrimFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' })
	if len(s) > 3 && s[0] == ']' && isLetter(s[1]) && isDigit(s[2]) {
		s = s[3:]
	}
	if s == "" || utf8.RuneCountInString(s) > MaxCode {
		return "", ErrMalformed
	}
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return "", ErrMalformed
		}
	}
	return s, nil
}

func isLetter(b byte) bool { return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' }
func isDigit(b byte) bool  { return b >= '0' && b <= '9' }

// Luhn is the check digit of a string of digits (ISO/IEC 7812-1 annex B).
func Luhn(digits string) byte {
	sum, double := 0, true
	for i := len(digits) - 1; i >= 0; i-- {
		d := int(digits[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return byte('0' + (10-sum%10)%10)
}

// Series is the first digit of the barcodes that muontra makes.
type Series byte

// The series: 2NNNNNNC for patrons, 3NNNNNNC for copies, 9NNNNNNC for
// commands, C the Luhn digit. Digits survive every input method and make the
// narrowest Code 128.
const (
	PatronSeries  Series = '2'
	CopySeries    Series = '3'
	CommandSeries Series = '9'
)

// MaxSerial is the greatest serial of a series.
const MaxSerial = 999999

// Make is the barcode of the serial n, from 1 to MaxSerial.
func (s Series) Make(n int) string {
	p := fmt.Sprintf("%c%06d", s, n)
	return p + string(Luhn(p))
}

// Serial is the serial of a barcode of the series; false when it is not one.
func (s Series) Serial(code string) (int, bool) {
	if len(code) != 8 || code[0] != byte(s) {
		return 0, false
	}
	n := 0
	for i := range 8 {
		if !isDigit(code[i]) {
			return 0, false
		}
		if i > 0 && i < 7 {
			n = n*10 + int(code[i]-'0')
		}
	}
	return n, Luhn(code[:7]) == code[7]
}

// Command is what a command barcode or a button asks for. The names are the
// actions of the HTTP interface.
type Command string

// The commands.
const (
	Finish   Command = "finish"
	Undo     Command = "undo"
	RenewAll Command = "renew_all"
	OnSite   Command = "on_site"
	Help     Command = "help"
	Renew    Command = "renew" // an action only: it takes a copy
	Touch    Command = "touch" // an action only: somebody is at the screen
	CountOn  Command = "count" // the staff's: the station counts the stock, or no more
)

// CommandCode is a command with its barcodes: the printed one of digits, and
// the alias that HTTP, HID and serial input understand too (an input method
// would spoil its letters on the way through a page).
type CommandCode struct {
	Command Command
	Barcode string
	Alias   string
}

// CommandCodes lists the command barcodes in the order of the printed sheet.
var CommandCodes = []CommandCode{
	{Finish, CommandSeries.Make(1), "%FINISH"},
	{Undo, CommandSeries.Make(2), "%UNDO"},
	{RenewAll, CommandSeries.Make(3), "%RENEW"},
	{OnSite, CommandSeries.Make(4), "%ONSITE"},
	{Help, CommandSeries.Make(5), "%HELP"},
}

// CountCode makes a station count the stock, and lend again. It is not on the
// children's sheet: the page of stocktaking shows it.
var CountCode = CommandCode{CountOn, CommandSeries.Make(6), "%COUNT"}

// CommandOf returns the command of a normalized code.
func CommandOf(code string) (Command, bool) {
	for _, c := range append(CommandCodes, CountCode) {
		if code == c.Barcode || strings.EqualFold(code, c.Alias) {
			return c.Command, true
		}
	}
	return "", false
}

// ISBNOf returns the ISBN in a code: 13 digits from 978 or 979, or 10
// characters, with a right check digit (ISO 2108). Hyphens are dropped, and a
// five-digit add-on after an EAN-13 is not part of it.
func ISBNOf(code string) (string, bool) {
	s := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
	if len(s) == 18 || len(s) == 15 {
		s = s[:13]
	}
	switch len(s) {
	case 13:
		sum := 0
		for i := range 13 {
			if !isDigit(s[i]) {
				return "", false
			}
			sum += int(s[i]-'0') * (1 + 2*(i%2))
		}
		return s, sum%10 == 0 && (s[:3] == "978" || s[:3] == "979")
	case 10:
		sum := 0
		for i := range 10 {
			d := int(s[i]) - '0'
			if s[i] == 'X' && i == 9 {
				d = 10
			} else if !isDigit(s[i]) {
				return "", false
			}
			sum += d * (10 - i)
		}
		return s, sum%11 == 0
	}
	return "", false
}

// AccessionOf reads an accession number as people write it: "TK.00123",
// "tk00123", "TK 123". The result is the canonical form with a dot and at
// least five digits.
func AccessionOf(code string) (string, bool) {
	s := strings.ToUpper(strings.NewReplacer(".", "", " ", "", "-", "").Replace(code))
	i := 0
	for i < len(s) && s[i] >= 'A' && s[i] <= 'Z' {
		i++
	}
	if i == 0 || i > 5 || i == len(s) || len(s)-i > 9 {
		return "", false
	}
	n := 0
	for _, c := range []byte(s[i:]) {
		if !isDigit(c) {
			return "", false
		}
		n = n*10 + int(c-'0')
	}
	return Accession(s[:i], n), n > 0
}

// Accession is the accession number n of a prefix: "TK.00123".
func Accession(prefix string, n int) string { return fmt.Sprintf("%s.%05d", prefix, n) }

// SplitAccession takes a canonical accession number apart.
func SplitAccession(a string) (prefix string, n int, ok bool) {
	prefix, digits, found := strings.Cut(a, ".")
	if !found || prefix == "" || digits == "" || len(digits) > 9 {
		return "", 0, false
	}
	for _, c := range []byte(digits) {
		if !isDigit(c) {
			return "", 0, false
		}
		n = n*10 + int(c-'0')
	}
	return prefix, n, true
}
