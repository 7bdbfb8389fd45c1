package exchange

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// maxName is the longest name or title, in runes.
const maxName = 500

// person is what a row says of a patron.
type person struct {
	name     string
	spelled  spelling
	birth    kiosk.Day
	sex      string
	class    string // "" where the row names none
	grade    int
	category kiosk.Category // "" where the row does not say
	sector   string
	card     string
	status   kiosk.PatronStatus
}

func notFound(err error) bool { return errors.Is(err, kiosk.ErrNotFound) }

// readPerson reads a row by itself, without asking what is stored.
func readPerson(t *Table, r *Row) (p person, bad *Problem) {
	p.name = r.text(ColName)
	if p.name == "" {
		p.name = fold.NFC(r.text(colFamily) + " " + r.text(colGiven))
	}
	if bad = checkName(p.name); bad != nil {
		return p, bad
	}
	if s := r.code(ColCard); s != "" {
		if p.card, bad = checkBarcode(ColCard, s); bad != nil {
			return p, bad
		}
	}
	if p.birth, bad = r.day(t, ColBirth); bad != nil {
		return p, bad
	}
	if !p.birth.IsZero() && p.birth.Year < 1920 {
		return p, wrong(ColBirth, BadDate, "value", r.text(ColBirth))
	}
	if s := r.text(ColSex); s != "" {
		x, ok := sexes.find(s)
		if !ok {
			return p, wrong(ColSex, UnknownWord, "value", s)
		}
		p.sex = x
	} else if r.has(colFemale) {
		p.sex = "m"
		if s := fold.Text(r.text(colFemale)); s != "" && s != "nam" && s != "0" {
			p.sex = "f"
		}
	}
	if bad = p.readCategory(r); bad != nil {
		return p, bad
	}
	if bad = p.readClass(r); bad != nil {
		return p, bad
	}
	p.sector = sectorCode(r.code(ColSector))
	if utf8.RuneCountInString(p.sector) > kiosk.MaxCode || !printable(p.sector) {
		return p, wrong(ColSector, BadCode, "value", p.sector)
	}
	if s := r.text(ColStatus); s != "" {
		// The sector's lists have many words here; all but those that say the
		// child has gone mean that it is there.
		if p.status, _ = patronStatuses.find(s); p.status == "" {
			p.status = kiosk.PatronActive
		}
	}
	return p, nil
}

func checkName(name string) *Problem {
	switch {
	case name == "":
		return wrong(ColName, Missing)
	case utf8.RuneCountInString(name) > maxName/2:
		return wrong(ColName, TooLong, "limit", limitFact(maxName/2))
	case !printable(name) || !strings.ContainsFunc(name, unicode.IsLetter):
		return wrong(ColName, BadName, "value", name)
	}
	return nil
}

// sectorCode drops what is a citizen's number and not the education sector's:
// 12 digits of which the first is 0 (11, where a spreadsheet has eaten it). A
// library has no business with it, whatever the column is called.
func sectorCode(s string) string {
	s = strings.ReplaceAll(s, " ", "")
	if onlyDigits(s) && (len(s) == 12 && s[0] == '0' || len(s) == 11) {
		return ""
	}
	return s
}

func (p *person) readCategory(r *Row) *Problem {
	if s := r.text(ColCategory); s != "" {
		c, ok := categories.find(s)
		if !ok {
			return wrong(ColCategory, UnknownWord, "value", s)
		}
		p.category = c
		return nil
	}
	if s := r.text(colPosition); s != "" {
		// Positions have too many names to know them all.
		c, ok := categories.find(s)
		if !ok {
			c = kiosk.Staff
			if r.Sheet.class || r.Sheet.Class != "" {
				c = kiosk.Pupil
			}
		}
		p.category = c
		return nil
	}
	if r.Sheet.staff || r.Sheet.staffColumns && r.text(ColClass) == "" && r.Sheet.Class == "" {
		p.category = kiosk.Teacher
	}
	return nil
}

func (p *person) readClass(r *Row) *Problem {
	x := r.cell(ColClass)
	s := r.text(ColClass)
	if isNumber(x.raw) && x.text != x.raw {
		if _, isDate := serialTime(x.raw, false); isDate {
			return wrong(ColClass, ClassIsDate)
		}
		if len(x.raw) <= 6 {
			s = x.raw
		}
	}
	if s == "" {
		s = r.Sheet.Class
	}
	if p.category != "" && p.category != kiosk.Pupil {
		s = "" // a teacher's class is the one she leads
	}
	if s != "" {
		name, ok := className(s)
		if !ok {
			return wrong(ColClass, BadClass, "value", s)
		}
		p.class, p.grade = name, gradeOf(name)
	}
	if g := r.text(ColGrade); g != "" && p.class != "" {
		n, ok := firstNumber(g)
		if !ok || n > 12 {
			return wrong(ColGrade, BadNumber, "value", g)
		}
		p.grade = n
	}
	return nil
}

// pupil reports whether the row is about a pupil, which it is unless it says
// otherwise.
func (p person) pupil() bool { return p.category == "" || p.category == kiosk.Pupil }

// agrees reports whether a known patron can be the person of the row, names
// aside.
func (p person) agrees(m kiosk.Patron) bool {
	if p.sector != "" && m.SectorCode != "" && p.sector != m.SectorCode {
		return false
	}
	if !p.birth.IsZero() && !m.BirthDate.IsZero() && p.birth != m.BirthDate {
		return false
	}
	if p.category != "" && p.category != m.Category {
		// A deputy head was a teacher last year; a pupil never was.
		return p.pupil() == (m.Category == kiosk.Pupil) && p.category != kiosk.ClassGroup && m.Category != kiosk.ClassGroup
	}
	return p.category != "" || m.Category == kiosk.Pupil
}

// merge puts what the row says over what is known. An empty cell says nothing.
func (p person) merge(m kiosk.Patron) kiosk.Patron {
	if better(m.Name, p.name) {
		m.Name = p.name
	}
	if !p.birth.IsZero() {
		m.BirthDate = p.birth
	}
	if p.sex != "" {
		m.Sex = p.sex
	}
	if p.sector != "" {
		m.SectorCode = p.sector
	}
	if p.category != "" {
		m.Category = p.category
	}
	if p.status != "" {
		m.Status = p.status
	}
	return m
}
