package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// maxCopies is the most copies that one row may bring, maxCounted the most that
// all rows without codes may: a slip of the pen must not fill the database.
const (
	maxCopies  = 2000
	maxCounted = 50_000
)

// book is what a row says of a title and of the copy, or copies, it stands for.
type book struct {
	titleID kiosk.ID
	title   kiosk.Title // zero fields are not said

	barcode, accession string // of one copy
	bare               string // an accession number without its prefix
	derived            string // the accession number that the barcode looks like
	count              int    // copies in all, where none has a code
	counted            bool   // the row says how many

	kind      kiosk.Kind
	kindSaid  bool
	sub       string
	status    kiosk.CopyStatus
	condition kiosk.Condition
	price     int64
	source    string
	received  kiosk.Day
	home      string
	present   string
	note      string
	pieces    int
}

// coded reports whether the row is one copy with a code of its own.
func (b *book) coded() bool { return b.barcode != "" || b.accession != "" }

// readBook reads a row by itself, without asking what is stored.
func readBook(t *Table, r *Row, thisYear int) (b book, bad *Problem) {
	b.title.Title, b.title.Authors = splitTitle(r.text(ColTitle))
	b.titleID = kiosk.ID(r.text(ColTitleID))
	for _, step := range []func(*Table, *Row) *Problem{b.readCodes, b.readTitle, b.readCopy} {
		if bad = step(t, r); bad != nil {
			return b, bad
		}
	}
	if y := b.title.Year; y > thisYear+2 {
		return b, wrong(ColYear, BadNumber, "value", strconv.Itoa(y))
	}
	switch {
	case b.title.Title == "" && !(t.Subject == Copies && b.coded()):
		return b, wrong(ColTitle, Missing)
	case utf8.RuneCountInString(b.title.Title) > maxName || utf8.RuneCountInString(b.title.Remainder) > maxName:
		return b, wrong(ColTitle, TooLong, "limit", limitFact(maxName))
	case !printable(b.title.Title) || !printable(b.title.Remainder):
		return b, wrong(ColTitle, BadName, "value", b.title.Title)
	}
	return b, nil
}

// splitTitle takes "Nhan đề / Tác giả", the catalogue card's way, apart.
func splitTitle(s string) (title string, authors []string) {
	head, tail, ok := strings.Cut(s, " / ")
	if !ok || head == "" || tail == "" {
		return s, nil
	}
	return strings.TrimSpace(head), splitList(tail)
}

// splitList cuts a list of names. A comma cuts only where every part could be
// a whole Vietnamese name, so that "Andersen, H. C." stays one.
func splitList(s string) []string {
	sep := ";"
	if !strings.Contains(s, ";") && strings.Contains(s, ",") {
		sep = ","
		for p := range strings.SplitSeq(s, ",") {
			if len(strings.Fields(p)) < 2 || strings.Contains(p, ".") {
				sep = ";"
			}
		}
	}
	var out []string
	for p := range strings.SplitSeq(s, sep) {
		if p = fold.NFC(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// splitRelators takes what people did off their names: "Người Vẽ Mẫu [minh hoạ]".
// Words that are not understood stay with the name.
func splitRelators(names []string) ([]string, []kiosk.Relator) {
	t := kiosk.Title{}
	for _, n := range names {
		r := kiosk.Author
		if head, tail, ok := strings.Cut(strings.TrimSuffix(n, "]"), " ["); ok && strings.HasSuffix(n, "]") {
			if found, known := relators.find(tail); known {
				n, r = head, found
			}
		}
		t.Authors, t.Relators = append(t.Authors, n), append(t.Relators, r)
	}
	return t.Authors, t.TidyRelators()
}

func (b *book) readCodes(_ *Table, r *Row) (bad *Problem) {
	b.barcode, b.accession = r.code(ColBarcode), r.code(ColAccession)
	if s := r.code(colCode); s != "" {
		if _, ok := kiosk.AccessionOf(s); ok && b.accession == "" {
			b.accession = s
		} else if b.barcode == "" {
			b.barcode = s
		}
	}
	if b.barcode != "" {
		if b.barcode, bad = checkBarcode(ColBarcode, b.barcode); bad != nil {
			return bad
		}
	}
	if b.accession == "" {
		// Many schools print the accession number as the barcode.
		if a, ok := kiosk.AccessionOf(b.barcode); ok {
			prefix, _, _ := kiosk.SplitAccession(a)
			if _, ok := kiosk.KindOfPrefix(prefix); ok {
				b.derived = a
			}
		}
		return nil
	}
	if a, ok := kiosk.AccessionOf(b.accession); ok {
		b.accession = a
		return nil
	}
	if onlyDigits(b.accession) && len(b.accession) <= 6 {
		b.bare = b.accession
		return nil
	}
	b.accession = strings.ToUpper(b.accession)
	_, bad = checkBarcode(ColAccession, b.accession)
	if bad == nil && utf8.RuneCountInString(b.accession) > 30 {
		bad = wrong(ColAccession, BadCode, "value", b.accession)
	}
	return bad
}

var yearIn = regexp.MustCompile(`\b(1[89]|20)\d\d\b`)

func (b *book) readTitle(t *Table, r *Row) *Problem {
	x := &b.title
	x.Remainder, x.Publisher, x.PubPlace = r.text(ColRemainder), r.text(ColPublisher), r.text(ColPubPlace)
	if a := r.text(ColAuthors); a != "" {
		x.Authors = splitList(a)
	}
	x.Authors, x.Relators = splitRelators(x.Authors)
	x.Edition, x.Series, x.Size, x.Link, x.Summary = r.text(ColEdition), r.text(ColSeries), r.text(ColSize), r.text(ColLink), r.lines(ColSummary)
	for c, n := range map[Column]int{ColEdition: kiosk.MaxText, ColSeries: kiosk.MaxText, ColSize: kiosk.MaxText, ColLink: kiosk.MaxNoteText, ColSummary: kiosk.MaxNoteText} {
		if utf8.RuneCountInString(r.text(c)) > n {
			return wrong(c, TooLong, "limit", limitFact(n))
		}
	}
	if x.Link != "" && !strings.HasPrefix(x.Link, "http://") && !strings.HasPrefix(x.Link, "https://") {
		return wrong(ColLink, BadCode, "value", x.Link)
	}
	if s := r.text(ColScheme); s != "" {
		x.ClassScheme, _ = schemes.find(s) // another scheme is not said
	}
	if s := r.text(ColYear); s != "" {
		y, err := strconv.Atoi(yearIn.FindString(s))
		if err != nil {
			return wrong(ColYear, BadNumber, "value", s)
		}
		x.Year = y
	}
	if s := r.text(colImprint); s != "" {
		readImprint(x, s)
	}
	if s := r.code(ColISBN); s != "" {
		isbn, ok := kiosk.ISBNOf(s)
		if !ok {
			return wrong(ColISBN, BadISBN, "value", s)
		}
		x.ISBN = isbn
	}
	x.ClassNumber, x.Level, x.CallNumber = r.code(ColClassNo), r.text(ColLevel), r.text(ColCallNo)
	if s := r.text(ColSubjects); s != "" {
		for p := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == ',' }) {
			if p = fold.NFC(p); p != "" {
				x.Subjects = append(x.Subjects, p)
			}
		}
	}
	if s := r.text(ColGrade); s != "" {
		// "1-5" is for any grade; so is "mọi lớp".
		if n, ok := firstNumber(s); ok && n <= 12 {
			x.Grade = n
		}
	}
	if s := r.text(ColLanguage); s != "" {
		if x.Language = languages[fold.Text(s)]; x.Language == "" {
			x.Language = strings.ToLower(s)
		}
	}
	if s := r.text(ColPages); s != "" {
		n, ok := firstNumber(s)
		if !ok || n > 20000 {
			return wrong(ColPages, BadNumber, "value", s)
		}
		x.Pages = n
	}
	price, bad := r.price(ColPrice)
	x.Price, b.price = price, price
	return bad
}

// readImprint takes "H. : Kim Đồng, 2019" apart.
func readImprint(x *kiosk.Title, s string) {
	if x.Year == 0 {
		x.Year, _ = strconv.Atoi(yearIn.FindString(s))
	}
	s = strings.Trim(yearIn.ReplaceAllString(s, ""), " ,.;:-")
	place, publisher, both := strings.Cut(s, ":")
	if !both {
		place, publisher, both = strings.Cut(s, ",")
	}
	switch {
	case !both && x.PubPlace == "":
		x.PubPlace = fold.NFC(place)
	case both:
		if x.PubPlace == "" {
			x.PubPlace = fold.NFC(place)
		}
		if x.Publisher == "" {
			x.Publisher = strings.Trim(fold.NFC(publisher), " ,")
		}
	}
}

func (b *book) readCopy(t *Table, r *Row) (bad *Problem) {
	if b.received, bad = r.day(t, ColReceived); bad != nil {
		return bad
	}
	b.home, b.present, b.note = r.text(ColHome), r.text(ColPresent), r.lines(ColNote)
	if utf8.RuneCountInString(b.note) > kiosk.MaxNoteText {
		return wrong(ColNote, TooLong, "limit", limitFact(kiosk.MaxNoteText))
	}
	if b.pieces, _, bad = r.number(ColPieces, 0, kiosk.MaxPieces); bad != nil {
		return bad
	}
	for _, c := range []Column{ColHome, ColPresent} {
		if s := r.text(c); utf8.RuneCountInString(s) > 60 || !printable(s) {
			return wrong(c, TooLong, "limit", "60")
		}
	}
	if s := r.text(ColSource); s != "" {
		if b.source, _ = sources.find(s); b.source == "" {
			b.source = s
		}
	}
	number := b.accession
	if number == "" {
		number = b.derived
	}
	b.kind, b.sub, b.kindSaid = kindOf(r.text(ColKind), number)
	if s := r.text(ColSubKind); s != "" {
		b.sub = subKindOf(s)
	}
	if b.bare != "" {
		n, _ := strconv.Atoi(b.bare)
		if n == 0 {
			return wrong(ColAccession, BadCode, "value", b.bare)
		}
		b.accession = kiosk.Accession(b.kind.Prefix(), n)
	}
	if bad = b.readState(r); bad != nil {
		return bad
	}
	b.count, b.counted, bad = r.number(ColCopies, 0, maxCopies)
	if !b.counted {
		b.count = 1 // what stands in a list of books stands in the library
	}
	return bad
}

// readState reads status and condition. Registers have one column for both
// ("Tình trạng": tốt, rách nát, mất, thanh lý).
func (b *book) readState(r *Row) *Problem {
	if s := r.text(ColCondition); s != "" {
		var ok bool
		if b.condition, ok = conditions.find(s); !ok {
			b.status, _ = copyStatuses.find(s)
		}
	}
	if s := r.text(ColStatus); s != "" {
		status, ok := copyStatuses.find(s)
		if c, is := conditions.find(s); !ok && is {
			if b.condition == "" {
				b.condition = c
			}
			return nil
		}
		if !ok {
			return wrong(ColStatus, UnknownWord, "value", s)
		}
		b.status = status
	}
	return nil
}

// authorKey is an author list as it is compared.
func authorKey(list []string) string { return fold.Text(strings.Join(list, " ")) }
