package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Marked is s as Text makes it, but with its marks: NFC, lower case, every run
// of anything but letters and digits to one blank.
func Marked(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) {
			gap = put(&b, unicode.ToLower(r), gap)
		} else {
			gap = true
		}
	}
	return b.String()
}

// tonePlaces are the ways to write the tone of oa, oe and uy: each with the
// other one.
var tonePlaces = func() (pairs [][2]string) {
	for _, p := range []string{"oa", "oe", "uy"} {
		for _, tone := range "\u0300\u0301\u0303\u0309\u0323" {
			first, second := norm.NFC.String(p[:1]+string(tone)+p[1:]), norm.NFC.String(p+string(tone))
			pairs = append(pairs, [2]string{first, second}, [2]string{second, first})
		}
	}
	return pairs
}()

// Spellings are the ways to write a Vietnamese word's tone: hòa and hoà, thúy
// and thuý. The first is the word itself, NFC.
func Spellings(word string) []string {
	word = norm.NFC.String(word)
	all := []string{word}
	if plainASCII(word) {
		return all
	}
	for _, p := range tonePlaces {
		if i := strings.Index(word, p[0]); i >= 0 {
			all = append(all, word[:i]+p[1]+word[i+len(p[0]):])
		}
	}
	return all
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Plain is a marked text in the one spelling by which two are compared, wherever
// they have the tone of oa, oe and uy.
func Plain(marked string) string {
	words := strings.Fields(marked)
	for i, w := range words {
		for _, s := range Spellings(w) {
			words[i] = min(words[i], s)
		}
	}
	return strings.Join(words, " ")
}
