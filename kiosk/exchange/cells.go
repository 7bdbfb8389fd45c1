package exchange

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// lines is the text of a cell with its line breaks.
func (r *Row) lines(c Column) string {
	all := strings.Split(strings.ReplaceAll(r.cell(c).text, "\r\n", "\n"), "\n")
	for i, l := range all {
		all[i] = fold.NFC(l)
	}
	return strings.TrimSpace(strings.Join(all, "\n"))
}

// text is a column's words, in NFC with single blanks; "" when the file has no
// such column or the cell is empty.
func (r *Row) text(c Column) string {
	x := r.cell(c)
	if x.raw != "" && strings.Contains(x.text, "E+") {
		return wholeNumber(x.raw)
	}
	if x.text == "" {
		return fold.NFC(x.raw)
	}
	return fold.NFC(x.text)
}

func (r *Row) cell(c Column) cell {
	if i, ok := r.Sheet.at[c]; ok {
		return r.cells[i]
	}
	return cell{}
}

func (r *Row) has(c Column) bool { _, ok := r.Sheet.at[c]; return ok }

// header is the file's own spelling of a column.
func (r *Row) header(c Column) string {
	if i, ok := r.Sheet.at[c]; ok {
		return r.Sheet.columns[i].header
	}
	if c == ColName && r.has(colGiven) {
		return r.header(colGiven)
	}
	if (c == ColBarcode || c == ColCopyCode || c == ColAccession) && r.has(colCode) {
		return r.header(colCode)
	}
	return ""
}

// code is a column's code: as shown where the format adds zeros ("00123"), all
// its digits where the sheet shows 1.23E+17.
func (r *Row) code(c Column) string {
	x := r.cell(c)
	s := fold.NFC(x.text)
	if x.raw == "" {
		return tidyFloat(s)
	}
	if x.text == "" || !isNumber(x.raw) {
		return fold.NFC(x.raw)
	}
	if onlyDigits(s) && strings.TrimLeft(s, "0") == strings.TrimLeft(wholeNumber(x.raw), "0") {
		return s
	}
	return wholeNumber(x.raw)
}

// tidyFloat takes away the ".0" that programs leave behind a number.
func tidyFloat(s string) string {
	if head, ok := strings.CutSuffix(s, ".0"); ok && onlyDigits(head) && len(head) > 2 {
		return head
	}
	return s
}

func isNumber(s string) bool {
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) && s[len(s)-1] <= '9' && len(s) < 40
}

// wholeNumber writes a number without exponent: "2.0000001E7" is "20000001".
func wholeNumber(s string) string {
	if !strings.ContainsAny(s, "eE.") || !isNumber(s) {
		return s
	}
	f, _, err := big.ParseFloat(s, 10, 256, big.ToNearestEven)
	if err != nil || f.MantExp(nil) > 200 {
		return s
	}
	if !f.IsInt() {
		return s
	}
	return f.Text('f', 0)
}

// ParseDay reads a day as people and spreadsheets write it: 05/09/2017,
// 5-9-17, 5.9.2017, 2017-09-05, with or without a time behind it. The day
// comes before the month, as in Vietnam; nothing is guessed.
func ParseDay(s string) (kiosk.Day, bool) {
	s = strings.TrimSpace(s)
	if head, _, found := strings.Cut(s, "T"); found && len(head) == 10 {
		s = head
	}
	if f := strings.Fields(s); len(f) > 1 && strings.Contains(f[1], ":") {
		s = f[0]
	}
	s = strings.Join(strings.Fields(s), "")
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(parts) != 3 || len(s) > 10 {
		return kiosk.Day{}, false
	}
	var n [3]int
	for i, p := range parts {
		if !onlyDigits(p) {
			return kiosk.Day{}, false
		}
		n[i], _ = strconv.Atoi(p)
	}
	d, m, y := n[0], n[1], n[2]
	switch {
	case len(parts[0]) == 4:
		y, d = n[0], n[2]
	case len(parts[2]) == 2:
		// Two digits: of this century up to 2050, as spreadsheet programs read them less.
		if y += 2000; y > 2050 {
			y -= 100
		}
	case len(parts[2]) != 4:
		return kiosk.Day{}, false
	}
	return validDay(y, m, d)
}

func validDay(y, m, d int) (kiosk.Day, bool) {
	if y < 1900 || y > 2200 || m < 1 || m > 12 || d < 1 || d > 31 {
		return kiosk.Day{}, false
	}
	day := kiosk.Day{Year: y, Month: time.Month(m), Day: d}
	if day.Add(0) != day { // 31 June
		return kiosk.Day{}, false
	}
	return day, true
}

// serials that are taken for days: 1922 to 2119. A bare year is none.
const minSerial, maxSerial = 8000, 80000

// serialTime is the wall clock that a spreadsheet's number of days means.
func serialTime(s string, date1904 bool) (time.Time, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) {
		return time.Time{}, false
	}
	if date1904 {
		f += 1462
	}
	if f < minSerial || f > maxSerial {
		return time.Time{}, false
	}
	days := math.Floor(f)
	t := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days))
	return t.Add(time.Duration(math.Round((f-days)*86400)) * time.Second), true
}

// day reads a column's day; the zero Day when the cell is empty.
func (r *Row) day(t *Table, c Column) (kiosk.Day, *Problem) {
	x := r.cell(c)
	if x.blank() {
		return kiosk.Day{}, nil
	}
	for _, s := range []string{x.raw, x.text} {
		if at, ok := serialTime(s, t.date1904); ok {
			return kiosk.DayOf(at, time.UTC), nil
		}
	}
	for _, s := range []string{x.text, x.raw} {
		if d, ok := ParseDay(s); ok {
			return d, nil
		}
	}
	return kiosk.Day{}, wrong(c, BadDate, "value", r.text(c))
}

// instant reads a column's moment in the school's zone. exact is false when
// the file names the day only; the moment is then noon.
func (r *Row) instant(t *Table, c Column, loc *time.Location) (at time.Time, exact bool, p *Problem) {
	x := r.cell(c)
	if x.blank() {
		return time.Time{}, false, nil
	}
	for _, s := range []string{x.raw, x.text} {
		if w, ok := serialTime(s, t.date1904); ok {
			d := kiosk.DayOf(w, time.UTC)
			if w.Hour() == 0 && w.Minute() == 0 && w.Second() == 0 {
				return d.At(12, 0, loc), false, nil
			}
			return time.Date(d.Year, d.Month, d.Day, w.Hour(), w.Minute(), w.Second(), 0, loc), true, nil
		}
	}
	s := x.text
	if s == "" {
		s = x.raw
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil && at.Year() >= 1900 && at.Year() <= 2200 {
		return at, true, nil
	}
	d, ok := ParseDay(s)
	if !ok {
		return time.Time{}, false, wrong(c, BadDate, "value", r.text(c))
	}
	if i := strings.IndexAny(s, " T"); i > 0 {
		for _, layout := range []string{"15:04:05", "15:04"} {
			if w, err := time.Parse(layout, strings.TrimSpace(s[i+1:])); err == nil {
				return time.Date(d.Year, d.Month, d.Day, w.Hour(), w.Minute(), w.Second(), 0, loc), true, nil
			}
		}
	}
	return d.At(12, 0, loc), false, nil
}

// ParsePrice reads an amount in đồng: "25.000", "25,000đ", "25 000 VNĐ",
// "25000". A sign before three digits groups them, in either habit.
func ParsePrice(s string) (int64, bool) {
	s = strings.ToLower(fold.NFC(s))
	for _, unit := range []string{"vnđ", "vnd", "đồng", "dong", "đ", "₫", "d"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	}
	s = strings.TrimSuffix(s, ",-")
	s = strings.ReplaceAll(s, " ", "")
	s = strings.ReplaceAll(s, "\u00a0", "")
	// A fraction of nothing at the end is dropped: 25000.00
	for _, zero := range []string{".00", ",00", ".0", ",0"} {
		if head, ok := strings.CutSuffix(s, zero); ok && head != "" {
			s = head
			break
		}
	}
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' })
	if len(groups) == 0 || len(groups) > 4 || strings.Contains(s, "..") || strings.Contains(s, ",,") || strings.HasPrefix(s, ".") || strings.HasPrefix(s, ",") {
		return 0, false
	}
	for i, g := range groups {
		if !onlyDigits(g) || len(g) > 12 || i > 0 && len(g) != 3 {
			return 0, false
		}
	}
	if last := s[len(s)-1]; last == '.' || last == ',' {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.Join(groups, ""), 10, 64)
	return n, err == nil && n <= 1_000_000_000
}

// price reads a column's amount; 0 when the cell is empty.
func (r *Row) price(c Column) (int64, *Problem) {
	x := r.cell(c)
	if x.blank() {
		return 0, nil
	}
	if isNumber(x.raw) {
		if n, err := strconv.ParseInt(wholeNumber(x.raw), 10, 64); err == nil && n >= 0 && n <= 1_000_000_000 {
			return n, nil
		}
	}
	if n, ok := ParsePrice(x.text); ok {
		return n, nil
	}
	return 0, wrong(c, BadNumber, "value", r.text(c))
}

// number reads a column's whole number between lo and hi; set is false when
// the cell is empty.
func (r *Row) number(c Column, lo, hi int) (n int, set bool, p *Problem) {
	x := r.cell(c)
	if x.blank() {
		return 0, false, nil
	}
	s := x.text
	if isNumber(x.raw) {
		s = x.raw
	}
	s = strings.TrimSuffix(wholeNumber(s), ".0")
	if n, err := strconv.Atoi(s); err == nil && n >= lo && n <= hi {
		return n, true, nil
	}
	return 0, true, wrong(c, BadNumber, "value", r.text(c))
}

// firstNumber is the number that a text begins with after its words ("Khối 3",
// "Lớp 5A", "127tr."), and false when there is none or more than one.
func firstNumber(s string) (int, bool) {
	digits := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
	if len(digits) != 1 || len(digits[0]) > 6 {
		return 0, false
	}
	n, err := strconv.Atoi(digits[0])
	return n, err == nil
}

// className makes a class's name of what a file says: "Lớp 3a" is "3A", "5 A1"
// is "5A1", "12.6" stays.
func className(s string) (string, bool) {
	f := strings.Fields(fold.NFC(s))
	if len(f) > 1 && fold.Text(f[0]) == "lop" {
		f = f[1:]
	}
	name := strings.ToUpper(strings.Join(f, ""))
	if strings.HasPrefix(fold.Text(name), "lop") {
		if r := []rune(name); len(r) > 3 && unicode.IsDigit(r[3]) {
			name = string(r[3:])
		}
	}
	if name == "" || utf8.RuneCountInString(name) > 16 || strings.ContainsAny(name, "<>=@\"") || !printable(name) {
		return "", false
	}
	return name, true
}

// gradeOf is the grade that a class's name begins with, 0 when it does not.
func gradeOf(class string) int {
	n := 0
	for i, r := range class {
		if r < '0' || r > '9' || i > 1 {
			break
		}
		n = n*10 + int(r-'0')
	}
	if n > 12 {
		return 0
	}
	return n
}

func printable(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return false
		}
	}
	return true
}
