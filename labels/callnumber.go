package labels

import (
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// callNumber is the shelf mark of a copy as the parts that stand below each
// other on a spine. What the cataloguer wrote is taken as it is, a part a
// word; otherwise it is the class number and the marking letters.
func callNumber(s Settings, it kiosk.Item) []string {
	if own := strings.Fields(it.CallNumber()); len(own) > 0 {
		return own
	}
	var parts []string
	if n := strings.Join(strings.Fields(it.Title.ClassNumber), ""); n != "" {
		parts = append(parts, n)
	}
	if m := mark(s.Mark, it.Title); m != "" {
		parts = append(parts, m)
	}
	return parts
}

// mark is the author's or the title's letters. They are without marks, as
// shelves are sorted by hand in the order of the plain alphabet.
func mark(m Mark, t kiosk.Title) string {
	title := letters(t.Title, 3)
	switch m {
	case NoMark:
		return ""
	case ByTitle:
		return title
	}
	if len(t.Authors) > 0 {
		if a := letters(t.Authors[0], 3); a != "" {
			if title == "" {
				return a
			}
			return a + " " + title[:1]
		}
	}
	return title
}

// letters is the first n letters or digits of a text, folded to A-Z. Letters
// of other alphabets are passed over.
func letters(text string, n int) string {
	var b strings.Builder
	for _, r := range fold.Text(text) {
		if r >= 'a' && r <= 'z' {
			b.WriteByte(byte(r) - 'a' + 'A')
		} else if r >= '0' && r <= '9' {
			b.WriteByte(byte(r))
		}
		if b.Len() == n {
			break
		}
	}
	return b.String()
}

// breakNumber breaks a part of a call number that is too long for a line
// where its scheme breaks it, and elsewhere only when that does not help.
func breakNumber(s Scheme, part string, fits func(string) bool) []string {
	if fits(part) {
		return []string{part}
	}
	at := strings.IndexByte(part, '.')
	if s == Nineteen {
		at = strings.IndexByte(part, '(')
	}
	if at <= 0 {
		at = strings.IndexAny(part[min(1, len(part)):], ".(/-") + 1
	}
	if at > 0 && at < len(part) {
		head, tail := part[:at], part[at:]
		return append(breakNumber(s, head, fits), breakTail(tail, fits)...)
	}
	return breakTail(part, fits)
}

// breakTail cuts a text into the longest pieces that fit.
func breakTail(part string, fits func(string) bool) []string {
	var lines []string
	for part != "" {
		runes := []rune(part)
		n := len(runes)
		for n > 1 && !fits(string(runes[:n])) {
			n--
		}
		lines = append(lines, string(runes[:n]))
		part = string(runes[n:])
	}
	return lines
}
