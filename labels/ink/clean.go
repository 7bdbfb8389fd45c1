package ink

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// Substitute stands for what the font cannot draw. It is in every font and
// cannot be taken for a letter or for the box that printers show.
const Substitute = '?'

// maxText is where a text is cut before anything else is done with it, in
// bytes; no label holds a tenth of it.
const maxText = 4 << 10

// Clean makes a text that every canvas can draw: NFC (or the accents would
// stand beside their letters), one line, single blanks, nothing that the
// faces lack. A run of runes that cannot be drawn becomes one [Substitute];
// marks that belong to no letter, joiners and direction marks are dropped.
// Both are returned in lost, each once, in the order of the text.
//
// Right-to-left letters count as not drawable: they would stand in the wrong
// order, which is worse than a visible "?".
func Clean(text string) (clean string, lost []rune) {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	if plain(text) {
		return text, nil
	}
	var b strings.Builder
	blank, sub := false, false
	seen := map[rune]bool{}
	lose := func(r rune) {
		if !seen[r] {
			seen[r] = true
			lost = append(lost, r)
		}
	}
	put := func(r rune) {
		if blank && b.Len() > 0 {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteRune(r)
	}
	// Bytes that are no letters are one replacement each before composing: beside
	// them the normal form leaves things as they are.
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, string(unicode.ReplacementChar))) {
		switch {
		case unicode.IsSpace(r):
			blank, sub = true, false
		case r == '\u00AD': // a soft hyphen is invisible where no line breaks
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc, unicode.Variation_Selector):
			lose(r)
		case drawable(r):
			put(r)
			sub = false
		default:
			lose(r)
			if !sub {
				put(Substitute)
			}
			sub = true
		}
	}
	return b.String(), lost
}

// plain is the quick way for the usual text, which is its own clean form:
// composed letters and single blanks inside.
func plain(s string) bool {
	last := ' '
	for _, r := range s {
		if r == ' ' && last == ' ' || !usual(r) {
			return false
		}
		last = r
	}
	return s == "" || last != ' '
}

// usual says of printable ASCII and of the composed letters of Latin and
// Vietnamese, which are drawable and which nothing follows that would change
// them.
func usual(r rune) bool {
	switch {
	case r >= ' ' && r <= '~':
		return true
	case r >= 0xC0 && r <= 0x17F, r >= 0x1A0 && r <= 0x1B0, r >= 0x1EA0 && r <= 0x1EF9:
		return Regular.Has(r) && Bold.Has(r)
	}
	return false
}

func drawable(r rune) bool {
	if r == unicode.ReplacementChar { // what bad bytes were read as; its glyph looks like a box
		return false
	}
	if !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common) || !unicode.IsGraphic(r) {
		return false
	}
	if !Regular.Has(r) || !Bold.Has(r) {
		return false
	}
	p, _ := bidi.LookupRune(r)
	switch p.Class() {
	case bidi.R, bidi.AL, bidi.AN:
		return false
	}
	return true
}
