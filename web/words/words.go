// Package words holds every sentence that a person reads in muontra's pages, in
// Vietnamese and English, by key: templates, scripts and handlers hold keys
// only. A child reads Vietnamese that speaks to a child (em, cô); a teacher at
// the same screen is addressed as one. Sentences never shame, and a no always
// says what to do next.
package words

import (
	"fmt"
	"maps"
	"strings"

	"muontra/kiosk"
)

// Lang is a language of the pages.
type Lang string

// The languages. Vietnamese is the default everywhere.
const (
	VI Lang = "vi"
	EN Lang = "en"
)

// Langs lists the languages.
var Langs = []Lang{VI, EN}

// Parse reads a language tag such as "en" or "vi-VN".
func Parse(s string) (Lang, bool) {
	tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "-")
	switch Lang(tag) {
	case VI:
		return VI, true
	case EN:
		return EN, true
	}
	return VI, false
}

// parts are the words by language, as the files have them. A key stands once: a
// test holds it, since of two sentences the pages would show the later.
var parts = map[Lang][]map[string]string{
	VI: {viResults, viPages, viKiosk, viIntake, viPrinting, viLists, viTitles, viStock, viSerials, viCorners, viLessons, viHandouts, viPeople, viLoans, viHolds, viSettings, viNetwork, viPhones, viCamera, viAccounts, viScanners, viDesk, viFind, viBackup, viPosters, viTrouble, viPhone, viPapers, viRegisters, viStocktake, viWithdrawal, viYearly, viRoom, viSurveys, viTrolley, viPieces, viLan, viTargets, viInterloans, viGifts, viRota, viReshelve},
	EN: {enResults, enPages, enKiosk, enIntake, enPrinting, enLists, enTitles, enStock, enSerials, enCorners, enLessons, enHandouts, enPeople, enLoans, enHolds, enSettings, enNetwork, enPhones, enCamera, enAccounts, enScanners, enDesk, enFind, enBackup, enPosters, enTrouble, enPhone, enPapers, enRegisters, enStocktake, enWithdrawal, enYearly, enRoom, enSurveys, enTrolley, enPieces, enLan, enTargets, enInterloans, enGifts, enRota, enReshelve},
}

var tables = map[Lang]map[string]string{VI: join(parts[VI]...), EN: join(parts[EN]...)}

func join(parts ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}

// Has reports whether a key has words.
func Has(l Lang, key string) bool { _, ok := tables[l][key]; return ok }

// T is the sentence of a key; pairs are names and values for its {braces}. A
// key without words shows itself, so that a slip is seen and not blank.
func T(l Lang, key string, pairs ...any) string {
	s, ok := tables[l][key]
	if !ok {
		return key
	}
	vars := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		vars[fmt.Sprint(pairs[i])] = fmt.Sprint(pairs[i+1])
	}
	out, _ := fill(s, vars)
	return out
}

// Page is the words that a page's script needs: all keys with the prefix,
// without it.
func Page(l Lang, prefix string) map[string]string {
	m := map[string]string{}
	for k, v := range tables[l] {
		if rest, ok := strings.CutPrefix(k, prefix); ok {
			m[rest] = v
		}
	}
	return m
}

// fill puts values into the braces of s. It reports false when one is missing:
// a sentence with a hole is not said at all.
func fill(s string, vars map[string]string) (string, bool) {
	var b strings.Builder
	whole := true
	for {
		before, rest, found := strings.Cut(s, "{")
		b.WriteString(before)
		if !found {
			return b.String(), whole
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String(), whole
		}
		v, ok := vars[name]
		if !ok {
			whole = false
		}
		b.WriteString(v)
		s = after
	}
}

// Day is a civil day as a child reads it: "thứ Năm 28/11".
func Day(l Lang, d kiosk.Day) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s %02d/%02d", T(l, fmt.Sprintf("weekday.%d", int(d.Weekday()))), d.Day, int(d.Month))
}

// Date is a civil day with its year, as it stands on papers: 24/11/2026.
func Date(d kiosk.Day) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, int(d.Month), d.Year)
}

// Money is a sum in đồng with points between the thousands: 25.000 đ.
func Money(n int64) string { return Number(n) + " đ" }

// Number is a number with points between the thousands: 25.000.
func Number(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// Amount takes from a sum of money what people write around its digits.
func Amount(s string) string {
	return strings.NewReplacer(".", "", ",", "", " ", "", "đ", "", "Đ", "", "₫", "").Replace(s)
}

// Fact is the sentence of a key with the facts of a verdict or a refused field.
func Fact(l Lang, key string, f kiosk.Facts) string {
	pairs := make([]any, 0, 2*len(f))
	for k, v := range f {
		if d, ok := v.(kiosk.Day); ok {
			v = Date(d)
		}
		switch n := v.(type) { // a year is not written with a point
		case int:
			if n >= 10000 {
				v = Number(int64(n))
			}
		case int64:
			if n >= 10000 {
				v = Number(n)
			}
		}
		pairs = append(pairs, k, v)
	}
	return T(l, key, pairs...)
}

// address are the words for the one who stands there, by category: a pupil is
// called em and the librarian cô; a teacher is not spoken to like a child.
func address(l Lang, p *kiosk.PatronView) map[string]string {
	who := "pupil"
	if p != nil && p.Category != "" && p.Category != kiosk.Pupil && p.Category != kiosk.ClassGroup {
		who = "adult"
	}
	m := map[string]string{}
	for _, w := range []string{"em", "Em", "co", "Co", "nhe"} {
		m[w] = tables[l]["address."+who+"."+w]
	}
	if p != nil {
		m["name"] = p.Name
	}
	return m
}
