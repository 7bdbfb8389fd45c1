package ink

import (
	"strings"
	"unicode/utf8"
)

const ellipsis = "…"

// Cut shortens a clean text to a width in mm: at a word, with an ellipsis, or
// inside the word when the first one alone is too long. The second value says
// whether it was cut. A width that holds not even the ellipsis gives "".
func (f Font) Cut(text string, width float64) (string, bool) {
	if f.Width(text) <= width {
		return text, false
	}
	n := f.prefix(text, width-f.Width(ellipsis))
	if n <= 0 {
		if f.Width(ellipsis) <= width && text != "" {
			return ellipsis, true
		}
		return "", true
	}
	head := text[:n]
	if text[n] != ' ' {
		// Inside a word: back to the blank before it, if there is one and it
		// does not throw most of the line away.
		if i := strings.LastIndexByte(head, ' '); i > 0 && 3*i >= n {
			head = head[:i]
		}
	}
	return strings.TrimRight(head, " ,;:.-–—(") + ellipsis, true
}

// prefix is how many bytes of a text fit into a width.
func (f Font) prefix(text string, width float64) int {
	limit := width / (f.Size * PointMM) * 1000
	sum := 0.0
	for i, r := range text {
		sum += float64(f.Face.metric(r).advance)
		if sum > limit {
			return i
		}
	}
	return len(text)
}

// Wrap breaks a clean text into at most n lines of a width in mm. What is too
// much is cut with an ellipsis; a word longer than a line is broken inside.
func (f Font) Wrap(text string, width float64, n int) (lines []string, cut bool) {
	for len(lines) < n-1 && text != "" && f.Width(text) > width {
		k := f.prefix(text, width)
		if k == 0 {
			break
		}
		if k < len(text) && text[k] != ' ' {
			if i := strings.LastIndexByte(text[:k], ' '); i > 0 {
				k = i
			}
		}
		lines = append(lines, strings.TrimRight(text[:k], " "))
		text = strings.TrimLeft(text[k:], " ")
	}
	if text == "" {
		return lines, false
	}
	last, cut := f.Cut(text, width)
	if last != "" {
		lines = append(lines, last)
	}
	return lines, cut
}

// Shrink is the face at the largest size from size down to least, in steps of
// a quarter of a point, at which the text is at most width mm wide; least
// when none is. Whole steps keep the number of fonts in a job small.
func Shrink(face *Face, text string, width, size, least float64) Font {
	w := Font{face, 1}.Width(text)
	if w*size > width {
		size = max(least, float64(int(width/w*4))/4)
	}
	return Font{face, size}
}

// Runes is how many characters a text has.
func Runes(s string) int { return utf8.RuneCountInString(s) }
