package exchange

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"muontra/kiosk/fold"
)

// tones are the marks that Vietnamese moves between the vowels of a syllable:
// hòa and hoà are one word.
var tones = map[rune]bool{0x300: true, 0x301: true, 0x303: true, 0x309: true, 0x323: true}

// nameKey is a name as two spellings of it agree: case, blanks, and where the
// tone mark sits (Hoà, Hòa) do not count; the marks themselves do.
func nameKey(s string) string {
	var b strings.Builder
	for i, word := range strings.Fields(norm.NFD.String(strings.ToLower(s))) {
		if i > 0 {
			b.WriteByte(' ')
		}
		tone := rune(0)
		for _, r := range word {
			if tones[r] {
				tone = r
				continue
			}
			b.WriteRune(r)
		}
		if tone != 0 {
			b.WriteRune(tone)
		}
	}
	return b.String()
}

// spelling is a name with its forms for comparing: a school has many of one
// name, and making the forms is dear.
type spelling struct {
	key, folded string
	plain       bool
}

func spell(name string) spelling { return spelling{nameKey(name), fold.Text(name), plain(name)} }

// same reports whether two names are one, also when one of them was typed
// without any marks.
func (a spelling) same(b spelling) bool {
	return a.key == b.key || (a.plain || b.plain) && a.folded == b.folded
}

func sameName(a, b string) bool { return a == b || spell(a).same(spell(b)) }

func plain(s string) bool {
	for _, r := range s {
		if r > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// better reports whether the file's spelling should replace the stored one: it
// says something else, or the same with more marks. Capital letters and lost
// marks are no reason.
func better(stored, file string) bool {
	if file == "" || fold.NFC(stored) == fold.NFC(file) {
		return false
	}
	if fold.Text(stored) != fold.Text(file) {
		return true
	}
	if plain(file) || nameKey(stored) == nameKey(file) {
		return false
	}
	return true
}
