package web

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/web/words"
)

// The readers of a form's fields. Each gives the value, or marks the field with
// what is wrong and gives the zero value; the form's act is not done then, and
// the form comes back with everything that was typed.

// fault marks a field as wrong; facts fill the sentence "field.PROBLEM".
func (f *form) fault(field string, problem kiosk.FieldProblem, facts kiosk.Facts) {
	f.Wrong[field] = string(problem)
	if f.facts == nil {
		f.facts = map[string]kiosk.Facts{}
	}
	f.facts[field] = facts
}

// text reads a text of at most most letters; least 1 makes it compulsory.
// Control characters are refused. A line break is one of them unless lines is
// asked for by [form.lines].
func (f *form) text(field string, least, most int) string { return f.textOf(field, least, most, false) }

// lines is text that may have line breaks.
func (f *form) lines(field string, least, most int) string { return f.textOf(field, least, most, true) }

func (f *form) textOf(field string, least, most int, breaks bool) string {
	v := f.Get(field)
	n := utf8.RuneCountInString(v)
	switch {
	case v == "" && least > 0:
		f.fault(field, kiosk.FieldMissing, nil)
	case n > most:
		f.fault(field, kiosk.FieldTooLong, kiosk.Facts{"max": most})
	case n < least:
		f.fault(field, kiosk.FieldMissing, nil)
	case strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) && !(breaks && r == '\n') }):
		f.fault(field, kiosk.FieldMalformed, nil)
	default:
		return v
	}
	return ""
}

// oneOf reads a choice.
func oneOf[T ~string](f *form, field string, all []T) T {
	for _, x := range all {
		if f.Is(field, string(x)) {
			return x
		}
	}
	f.fault(field, kiosk.FieldUnknown, nil)
	return ""
}

// code reads a barcode as a scanner or a hand gives it; an empty field is "".
func (f *form) code(field string) string {
	v := f.Get(field)
	if v == "" {
		return ""
	}
	n, err := kiosk.NormalizeCode(v)
	if err != nil || strings.ContainsAny(n, "<>") {
		f.fault(field, kiosk.FieldMalformed, nil)
		return ""
	}
	return n
}

// isbn reads an ISBN, with or without hyphens; an empty field is "".
func (f *form) isbn(field string) string {
	v := f.Get(field)
	if v == "" {
		return ""
	}
	n, ok := kiosk.ISBNOf(v)
	if !ok {
		f.Wrong[field] = "isbn"
		return ""
	}
	return n
}

// count reads a whole number from least to most; an empty field is missing's
// value, or wrong when missing lies outside.
func (f *form) count(field string, missing, least, most int) int {
	if f.Get(field) == "" && (missing < least || missing > most) {
		f.fault(field, kiosk.FieldMissing, nil)
		return 0
	}
	before := f.Wrong[field]
	n := f.whole(field, int64(missing), false)
	if f.Wrong[field] != before {
		return 0
	}
	if n < int64(least) || n > int64(most) {
		f.fault(field, kiosk.FieldOutOfRange, kiosk.Facts{"min": least, "max": most})
		return 0
	}
	return int(n)
}

// maxMoney is the greatest sum, in dong: a billion buys no book.
const maxMoney = 1_000_000_000

// money reads a sum in whole dong, however its thousands are set apart; an
// empty field is 0, which is not known.
func (f *form) money(field string) int64 {
	before := f.Wrong[field]
	n := f.whole(field, 0, true)
	if f.Wrong[field] != before {
		return 0
	}
	if n < 0 || n > maxMoney {
		f.fault(field, kiosk.FieldOutOfRange, kiosk.Facts{"min": 0, "max": words.Money(maxMoney)})
		return 0
	}
	return n
}

var (
	dayFirst = regexp.MustCompile(`^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})$`)
	yearOnly = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
)

// readDay reads a day as people type it, 24/11/2026, 24.11.2026 or 24-11-2026,
// or as a browser's calendar sends it, 2026-11-24.
func readDay(s string) (kiosk.Day, bool) {
	var y, m, d int
	if p := dayFirst.FindStringSubmatch(s); p != nil {
		y, m, d = atoi(p[3]), atoi(p[2]), atoi(p[1])
	} else if p := yearOnly.FindStringSubmatch(s); p != nil {
		y, m, d = atoi(p[1]), atoi(p[2]), atoi(p[3])
	}
	day := kiosk.Day{Year: y, Month: time.Month(m), Day: d}
	// A day that does not exist, such as 31/2, comes out as another one.
	if y < 1000 || day.Add(0) != day {
		return kiosk.Day{}, false
	}
	return day, true
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// day reads a day; an empty field is no day, and wrong when it must be there.
func (f *form) day(field string, must bool) kiosk.Day {
	v := f.Get(field)
	if v == "" {
		if must {
			f.fault(field, kiosk.FieldMissing, nil)
		}
		return kiosk.Day{}
	}
	d, ok := readDay(v)
	if !ok {
		f.Wrong[field] = "day"
		return kiosk.Day{}
	}
	// A form that comes back shows it in the one way that a browser's calendar
	// takes.
	f.Values.Set(field, d.String())
	return d
}

// clock reads a time of day: 9:20, 09.20, 9h20.
func (f *form) clock(field string) kiosk.Clock {
	p := clockText.FindStringSubmatch(f.Get(field))
	if p == nil || atoi(p[1]) > 23 || atoi(p[2]) > 59 {
		f.Wrong[field] = "clock"
		return 0
	}
	return kiosk.Clock(atoi(p[1])*60 + atoi(p[2]))
}

var clockText = regexp.MustCompile(`^(\d{1,2})\s*[:.hHgG]\s*(\d{2})$`)
