// Package fold makes the text that is compared and searched: without case,
// marks and the stroke of đ, in one normal form, so that "de men" finds
// "Dế Mèn" and "duong" finds "đường", whichever way they were typed.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Text folds s: NFD, marks dropped, đ to d, lower case, every run of anything
// but letters and digits to one blank.
func Text(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ' || r == 'Đ':
			gap = put(&b, 'd', gap)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			gap = put(&b, unicode.ToLower(r), gap)
		default:
			gap = true
		}
	}
	return b.String()
}

func put(b *strings.Builder, r rune, gap bool) bool {
	if gap && b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteRune(r)
	return false
}

// NFC is the normal form in which text is stored, with runs of blanks made one.
func NFC(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }
