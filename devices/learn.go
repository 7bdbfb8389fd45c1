package devices

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TestCode is the barcode that a scanner is chosen with. Its letters lie
// elsewhere on a French and a German keyboard, its digits need the shift key on
// the French one, it has letters of both cases, and its "Qa6" is spoilt by Telex
// (aa) and by VNI (a6) where an input method is on. It is no code of a school:
// those have no lower-case letters inside a number.
const TestCode = "Qa6z-294Wym"

// Learned is what a test code has told of a scanner. The zero value is a scanner
// of which nothing is known; it is read as well as it can be.
type Learned struct {
	Prefix   string // printable text that it sends before each code, after an AIM prefix
	Suffix   string // printable text that it sends after each code, before the terminator
	End      string // "cr", "lf", "tab", "etx" or "none"; "" is not known, or a device that needs none
	AIM      bool   // it sends an AIM prefix
	Layout   Layout // of a keyboard scanner
	SwapCase bool   // letters arrive in the other case: its caps lock is on
}

// maxAffix is the longest prefix or suffix, in bytes.
const maxAffix = 16

var ends = map[byte]string{'\r': "cr", '\n': "lf", '\t': "tab", etx: "etx"}

// EndNone is the End of a scanner that sends nothing after a code.
const EndNone = "none"

func (l Learned) terminated() bool { return l.End != "" && l.End != EndNone }

// options writes what was learned, and the name, as part of a Spec's text; ""
// where there is nothing.
func (s Spec) options() string {
	q := url.Values{}
	set := func(key, value string) {
		if value != "" {
			q.Set(key, value)
		}
	}
	set("name", s.Name)
	set("prefix", s.Prefix)
	set("suffix", s.Suffix)
	set("end", s.End)
	set("layout", string(s.Layout))
	if s.AIM {
		q.Set("aim", "yes")
	}
	if s.SwapCase {
		q.Set("case", "swap")
	}
	return q.Encode()
}

// cutOptions takes the options off a Spec's text. What follows a question mark
// and is no list of options belongs to the device's name.
func cutOptions(text string) (rest, name string, l Learned, err error) {
	i := strings.LastIndexByte(text, '?')
	if i < 0 {
		return text, "", l, nil
	}
	q, err := url.ParseQuery(text[i+1:])
	if err != nil || len(q) == 0 {
		return text, "", l, nil
	}
	for key, values := range q {
		v := values[0]
		switch key {
		case "name":
			name = v
		case "prefix":
			l.Prefix = v
		case "suffix":
			l.Suffix = v
		case "end":
			l.End = v
		case "layout":
			l.Layout = Layout(v)
		case "aim":
			l.AIM = v == "yes"
		case "case":
			l.SwapCase = v == "swap"
		default:
			return text, "", Learned{}, nil
		}
	}
	return text[:i], name, l, l.valid()
}

// maxName is the longest name of a scanner, in bytes.
const maxName = 120

func fitName(s string) bool {
	return len(s) <= maxName && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

func (l Learned) valid() error {
	for _, s := range []string{l.Prefix, l.Suffix} {
		if len(s) > maxAffix || s != "" && !ascii(s) {
			return fmt.Errorf("%q cannot be a prefix or suffix: at most %d characters of ASCII", s, maxAffix)
		}
	}
	switch l.End {
	case "", EndNone, "cr", "lf", "tab", "etx":
	default:
		return fmt.Errorf("no such end of a code as %q: use cr, lf, tab, etx or none", l.End)
	}
	if !l.Layout.known() {
		return fmt.Errorf("no such keyboard layout as %q: use fr or de, or leave it out", string(l.Layout))
	}
	return nil
}

// strip takes from a reading what the scanner adds to each code. A reading
// without it stays whole: somebody may have set the scanner anew.
func (l Learned) strip(r reading) reading {
	text := r.text
	if rest, ok := strings.CutPrefix(text, l.Prefix); ok && l.Prefix != "" && rest != "" {
		text = rest
		if inner, ok := interpret([]byte(rest)); ok && inner.aim != "" && r.aim == "" {
			r.aim, text = inner.aim, inner.text // an AIM prefix stood behind it
		}
	}
	if rest, ok := strings.CutSuffix(text, l.Suffix); ok && rest != "" {
		text = rest
	}
	if l.SwapCase {
		text = swapCase(text)
	}
	r.text = text
	return r
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

// Lesson is what the test code tells.
type Lesson struct {
	Learned
	// Case is "upper" or "lower" where the scanner turns all letters into
	// capitals or small ones, which nothing here can take back.
	Case string
}

// Learn looks for the test code in what a scanner that was not known sent, and
// says what stands around it; false where the test code is not in it. keyboard
// says that the bytes were typed, so that they may have gone through another
// country's keyboard; framed that the device says itself where a code ends, as
// HID-POS does.
func Learn(raw []byte, keyboard, framed bool) (Lesson, bool) {
	for _, layout := range layouts {
		if layout != US && !keyboard {
			break
		}
		code, ok := layout.asUS(TestCode)
		if !ok {
			continue
		}
		if l, ok := around(raw, code, layout); ok {
			if framed && l.End == EndNone {
				l.End = ""
			}
			return l, true
		}
	}
	return Lesson{}, false
}

// around looks for a code as a scanner of this layout sends it, in any case.
func around(raw []byte, code string, layout Layout) (l Lesson, ok bool) {
	at := -1
	for _, v := range []struct {
		text, conversion string
		swapped          bool
	}{
		{code, "", false},
		{inCase(code, layout, swapCase), "", true},
		{inCase(code, layout, strings.ToUpper), "upper", false},
		{inCase(code, layout, strings.ToLower), "lower", false},
	} {
		if at = bytes.Index(raw, []byte(v.text)); at >= 0 {
			l.Case, l.SwapCase = v.conversion, v.swapped
			break
		}
	}
	if at < 0 {
		return l, false
	}
	l.Layout = layout
	before, after := raw[:at], raw[at+len(code):]
	l.End = EndNone
	for i, c := range after {
		if name, ends := ends[c]; ends {
			l.End, after = name, after[:i]
			break
		}
	}
	before, after = trimControl(before), trimControl(after)
	if layout != US {
		b, ok1 := layout.meant(string(before))
		a, ok2 := layout.meant(string(after))
		if !ok1 || !ok2 {
			b, a = "", ""
		}
		before, after = []byte(b), []byte(a)
	}
	if n := len(before); n >= 3 && before[n-3] == ']' && isLetter(before[n-2]) && '0' <= before[n-1] && before[n-1] <= '9' {
		l.AIM, before = true, before[:n-3]
	} else if n >= 3 && before[0] == ']' && isLetter(before[1]) && '0' <= before[2] && before[2] <= '9' {
		l.AIM, before = true, before[3:]
	}
	l.Prefix, l.Suffix = string(before), string(after) // compared before the case is put right
	if l.Learned.valid() != nil {
		l.Prefix, l.Suffix = "", "" // noise around the code, not a setting
	}
	return l, true
}

// inCase changes the case of what the scanner meant, and types it again.
func inCase(code string, layout Layout, change func(string) string) string {
	meant, ok := layout.meant(code)
	if !ok {
		return change(code)
	}
	typed, ok := layout.asUS(change(meant))
	if !ok {
		return change(code)
	}
	return typed
}
