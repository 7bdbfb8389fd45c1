package password

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"muontra/kiosk/fold"
)

// The bounds of a PIN. A short secret is safe only where few may try: it opens
// nothing but at an enrolled browser.
const (
	MinPIN = 6
	maxPIN = 12
)

//go:embed common.txt
var commonText string

// common are what everybody tries first, without case, marks and separators.
var common = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(commonText) {
		all[w] = true
	}
	return all
})

// plain is a password as the list has it.
func plain(pw string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, fold.Text(pw))
}

// isCommon reports a password of the list, one of a single letter, and one of
// neighbours in a row.
func isCommon(pw string) bool {
	p := plain(pw)
	return common()[p] || inARow(p)
}

// inARow reports whether each letter is the one before, the next, or the one
// behind.
func inARow(p string) bool {
	rs := []rune(p)
	if len(rs) < 2 {
		return true
	}
	step := rs[1] - rs[0]
	if step < -1 || step > 1 {
		return false
	}
	for i := 1; i < len(rs); i++ {
		// After 9 comes 0, as on a keyboard.
		if d := rs[i] - rs[i-1]; d != step && !(step == 1 && rs[i] == '0' && rs[i-1] == '9') {
			return false
		}
	}
	return true
}

// CheckPIN reports why a PIN cannot be taken.
func CheckPIN(pin string) error {
	if len(pin) < MinPIN || len(pin) > maxPIN || strings.Trim(pin, "0123456789") != "" || isCommon(pin) {
		return ErrPIN
	}
	return nil
}
