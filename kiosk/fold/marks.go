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

// tones are the five marks of tone, decomposed.
const tones = "\u0300\u0301\u0303\u0309\u0323"

// Spellings are the ways to write a Vietnamese word's tone: hòa and hoà, thúy
// and thuý. The first is the word itself, NFC.
func Spellings(word string) []string {
	word = norm.NFC.String(word)
	all := []string{word}
	for _, pair := range []string{"oa", "oe", "uy"} {
		for _, from := range []int{0, 1} {
			to := 1 - from
			for _, t := range tones {
				old := norm.NFC.String(pair[:from] + string(pair[from]) + string(t) + pair[from+1:])
				if i := strings.Index(word, old); i >= 0 {
					fresh := norm.NFC.String(pair[:to] + string(pair[to]) + string(t) + pair[to+1:])
					if w := word[:i] + fresh + word[i+len(old):]; w != word {
						all = append(all, w)
					}
				}
			}
		}
	}
	return all
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
