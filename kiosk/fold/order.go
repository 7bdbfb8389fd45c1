package fold

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// A collator has a buffer of its own, so that each is one caller's at a time.
var collators = sync.Pool{New: func() any { return &collator{c: collate.New(language.Vietnamese, collate.Numeric)} }}

type collator struct {
	c   *collate.Collator
	buf collate.Buffer
}

// Order makes a key that sorts text as a Vietnamese dictionary does, by
// comparing keys as strings: syllable by syllable, a ă â, d đ, e ê, o ô ơ,
// u ư as letters of their own, then the tones ngang, huyền, hỏi, ngã, sắc,
// nặng; K2 before K10. Case, signs between words and where a tone is written
// (hòa, hoà) do not count.
func Order(s string) string { return order(words(s)) }

// NameOrder is Order for a person's name: the given name, which is the last
// word, then the family name and what stands between.
func NameOrder(name string) string {
	w := words(name)
	if len(w) > 1 {
		w = append([]string{w[len(w)-1]}, w[:len(w)-1]...)
	}
	return order(w)
}

func order(words []string) string {
	k := collators.Get().(*collator)
	defer collators.Put(k)
	var b strings.Builder
	for _, w := range words {
		b.Write(k.c.KeyFromString(&k.buf, w))
		b.WriteString("\x00\x00")
		k.buf.Reset()
	}
	return b.String()
}

// words are the syllables of s, small, each with its tone at its end.
func words(s string) []string {
	var out []string
	var word strings.Builder
	tone := rune(0)
	end := func() {
		if tone != 0 {
			word.WriteRune(tone)
		}
		if word.Len() > 0 {
			out = append(out, norm.NFC.String(word.String()))
		}
		word.Reset()
		tone = 0
	}
	for _, r := range norm.NFD.String(s) {
		switch {
		case isTone(r):
			tone = r
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r):
			word.WriteRune(unicode.ToLower(r))
		default:
			end()
		}
	}
	end()
	return out
}

// isTone reports whether r is one of the five tone marks.
func isTone(r rune) bool {
	switch r {
	case 0x300, 0x301, 0x303, 0x309, 0x323:
		return true
	}
	return false
}
