package exchange

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/exchange/marc"
	"muontra/kiosk/fold"
)

// marcLanguages are the codes of MARC for ours.
var marcLanguages = map[string]string{"vi": "vie", "en": "eng", "fr": "fre", "zh": "chi", "ja": "jpn", "ko": "kor", "ru": "rus", "de": "ger"}

// ourID says in field 003 that 001 is a number of this program.
const ourID = "muontra"

// recordOf is a title as a MARC 21 record, in the fields that Vietnamese
// libraries use. What MARC has no field for, the grade and the reading level,
// is in 521 for others and in 990 for ourselves.
func recordOf(t kiosk.Title, now time.Time) marc.Record {
	r := marc.Record{Leader: "00000nam a2200000 i 4500"}
	control := func(tag, data string) { r.Fields = append(r.Fields, marc.Field{Tag: tag, Data: data}) }
	add := func(tag string, ind1, ind2 byte, pairs ...string) {
		f := marc.Field{Tag: tag, Ind1: ind1, Ind2: ind2}
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i+1] != "" {
				f.Subfields = append(f.Subfields, marc.Subfield{Code: pairs[i][0], Value: pairs[i+1]})
			}
		}
		if len(f.Subfields) > 0 {
			r.Fields = append(r.Fields, f)
		}
	}
	control("001", string(t.ID))
	control("003", ourID)
	year, language := "    ", marcLanguages[t.Language]
	if t.Year > 0 {
		year = fmt.Sprintf("%04d", t.Year)
	}
	if language == "" {
		language = "und"
	}
	control("008", fmt.Sprintf("%ss%s    vm %17s%s  ", now.Format("060102"), year, "", language))
	price := ""
	if t.Price > 0 {
		price = strconv.FormatInt(t.Price, 10) + "đ"
	}
	add("020", ' ', ' ', "a", t.ISBN, "c", price)
	if t.Language != "" && language == "und" {
		add("041", ' ', '7', "a", t.Language, "2", "iso639-1")
	}
	switch t.ClassScheme {
	case kiosk.DDC:
		add("082", '0', '4', "a", t.ClassNumber)
	case kiosk.Classes19:
		add("084", ' ', ' ', "a", t.ClassNumber, "2", "19")
	default:
		add("084", ' ', ' ', "a", t.ClassNumber)
	}
	add("090", ' ', ' ', "a", t.CallNumber)
	for i, a := range t.Authors {
		tag := "700"
		if i == 0 {
			tag = "100"
		}
		add(tag, '1', ' ', "a", a, "4", string(t.RelatorOf(i)))
	}
	add("245", '1', '0', "a", t.Title, "b", t.Remainder)
	add("250", ' ', ' ', "a", t.Edition)
	imprint := ""
	if t.Year > 0 {
		imprint = strconv.Itoa(t.Year)
	}
	add("260", ' ', ' ', "a", t.PubPlace, "b", t.Publisher, "c", imprint)
	extent := ""
	if t.Pages > 0 {
		extent = strconv.Itoa(t.Pages) + " tr."
	}
	add("300", ' ', ' ', "a", extent, "c", t.Size)
	add("490", '0', ' ', "a", t.Series)
	for line := range strings.SplitSeq(t.Summary, "\n") {
		add("520", ' ', ' ', "a", line)
	}
	if t.Grade > 0 {
		add("521", '1', ' ', "a", "Lớp "+strconv.Itoa(t.Grade))
		add("990", ' ', ' ', "g", strconv.Itoa(t.Grade))
	}
	for _, s := range t.Subjects {
		add("653", ' ', ' ', "a", s)
	}
	add("856", '4', ' ', "u", t.Link)
	add("990", ' ', ' ', "l", t.Level)
	return r
}

// marcColumns are what is read of a record, in the columns of a list of titles.
var marcColumns = []Column{ColTitleID, ColTitle, ColRemainder, ColAuthors, ColPublisher, ColPubPlace, ColYear, ColISBN, ColClassNo, ColScheme, ColSubjects, ColGrade,
	ColLevel, ColLanguage, ColPages, ColPrice, ColCallNo, ColEdition, ColSeries, ColSize, ColLink, ColSummary, ColCopies, ColBarcode, ColAccession}

// marcTag is the field that a column is mostly read from: what a row's fault
// names.
var marcTag = map[Column]string{ColTitleID: "001", ColTitle: "245 $a", ColRemainder: "245 $b", ColAuthors: "100, 700", ColPublisher: "260 $b", ColPubPlace: "260 $a", ColYear: "260 $c",
	ColISBN: "020 $a", ColClassNo: "082 $a", ColScheme: "084 $2", ColSubjects: "650, 653", ColGrade: "521", ColLevel: "990 $l", ColLanguage: "041, 008", ColPages: "300 $a", ColPrice: "020 $c",
	ColCallNo: "090 $a", ColEdition: "250 $a", ColSeries: "490 $a", ColSize: "300 $c", ColLink: "856 $u", ColSummary: "520 $a", ColCopies: "852", ColBarcode: "852 $p", ColAccession: "952 $i"}

// readMARC makes a table of records: a row for each, or for each of its copies
// where the record names them (852 or, as Koha exports, 952), so that books keep
// the codes that they bear. A record without copies makes none: it is another
// library's.
func (t *Table) readMARC(data []byte) error {
	records, err := marc.Read(data)
	switch {
	case errors.Is(err, marc.ErrEncoding):
		return fileError(FileMARCText)
	case err != nil:
		return fileError(FileMARC, "error", err.Error())
	}
	sheet := &Sheet{at: map[Column]int{}}
	for i, c := range marcColumns {
		sheet.columns = append(sheet.columns, fileColumn{column: c, header: marcTag[c]})
		sheet.at[c] = i
		sheet.Read = append(sheet.Read, marcTag[c])
	}
	t.Sheets = append(t.Sheets, sheet)
	for n, r := range records {
		values := titleColumns(r)
		copies := r.All("852", "952")
		var rows []map[Column]string
		for _, f := range copies {
			row := map[Column]string{ColBarcode: f.Value("p"), ColAccession: f.Value("i")}
			if f.Tag == "852" {
				row[ColAccession] = "" // there it is a part of the shelf mark
			}
			if row[ColBarcode] != "" || row[ColAccession] != "" {
				rows = append(rows, row)
			}
		}
		if len(rows) == 0 {
			rows = append(rows, map[Column]string{ColCopies: "0"})
		}
		for _, row := range rows {
			cells := make([]cell, len(marcColumns))
			for i, c := range marcColumns {
				v := values[c]
				if own, ok := row[c]; ok {
					v = own
				}
				cells[i] = cell{text: v}
			}
			t.Rows = append(t.Rows, &Row{Sheet: sheet, Number: n + 1, cells: cells})
		}
	}
	return nil
}

// unpunctuated takes off what ISBD puts between the parts of a record; it belongs
// to none of them. The full stop of an initial stays.
func unpunctuated(s string) string {
	s = strings.TrimRight(fold.NFC(s), " /:;,=")
	if head, ok := strings.CutSuffix(s, "."); ok && len([]rune(head[strings.LastIndexAny(head, " .")+1:])) > 1 {
		return head
	}
	return s
}

func titleColumns(r marc.Record) map[Column]string {
	v := map[Column]string{}
	ours := r.First("003").Data == ourID
	value := func(f marc.Field, codes string) string {
		if ours {
			return f.Value(codes)
		}
		return unpunctuated(f.Value(codes))
	}
	if ours {
		v[ColTitleID] = r.First("001").Data
	}
	title := r.First("245")
	v[ColTitle] = value(title, "a")
	var rest []string
	for _, s := range title.Subfields {
		if s.Code == 'b' || s.Code == 'n' || s.Code == 'p' {
			x := s.Value
			if !ours {
				x = unpunctuated(x)
			}
			if x != "" {
				rest = append(rest, x)
			}
		}
	}
	v[ColRemainder] = strings.Join(rest, ". ")
	var people []string
	for _, f := range r.All("100", "110", "700", "710") {
		name := value(f, "a")
		if name == "" {
			continue
		}
		did := f.Value("4")
		if did == "" {
			did = strings.Trim(f.Value("e"), " .,()")
		}
		if x, known := relators.find(did); known {
			name += " [" + string(x) + "]"
		}
		people = append(people, name)
	}
	v[ColAuthors] = strings.Join(people, "; ")
	if len(people) == 1 {
		v[ColAuthors] += ";" // one name, whatever commas it has
	}
	imprint := r.First("260")
	if len(imprint.Subfields) == 0 {
		imprint = r.First("264")
	}
	v[ColPubPlace], v[ColPublisher], v[ColYear] = strings.Trim(value(imprint, "a"), "[] "), value(imprint, "b"), yearIn.FindString(imprint.Value("c"))
	if d := r.First("008").Data; v[ColYear] == "" && len(d) >= 11 {
		v[ColYear] = yearIn.FindString(d[7:11])
	}
	for _, f := range r.All("020") {
		isbn, _, _ := strings.Cut(strings.TrimSpace(f.Value("a")), " ")
		if _, ok := kiosk.ISBNOf(isbn); ok && v[ColISBN] == "" {
			v[ColISBN] = isbn
		}
		if v[ColPrice] == "" {
			v[ColPrice] = marcPrice(f.Value("c"))
		}
	}
	switch {
	case r.First("082").Value("a") != "":
		v[ColClassNo], v[ColScheme] = unslashed(r.First("082").Value("a")), string(kiosk.DDC)
	case r.First("084").Value("a") != "":
		v[ColClassNo], v[ColScheme] = r.First("084").Value("a"), r.First("084").Value("2")
	default:
		v[ColClassNo] = r.First("080").Value("a")
	}
	for _, tag := range []string{"090", "050"} {
		if f := r.First(tag); v[ColCallNo] == "" && f.Value("a") != "" {
			v[ColCallNo] = strings.TrimSpace(f.Value("a") + " " + f.Value("b"))
		}
	}
	var subjects []string
	for _, f := range r.All("650", "651", "653") {
		if s := value(f, "a"); s != "" {
			subjects = append(subjects, s)
		}
	}
	v[ColSubjects] = strings.Join(subjects, "; ")
	v[ColEdition], v[ColSeries] = value(r.First("250"), "a"), value(r.First("490"), "a")
	if v[ColSeries] == "" {
		v[ColSeries] = value(r.First("440"), "a")
	}
	if n, ok := firstNumber(r.First("300").Value("a")); ok && n <= 20000 {
		v[ColPages] = strconv.Itoa(n)
	}
	v[ColSize] = value(r.First("300"), "c")
	var summary []string
	for _, f := range r.All("520") {
		summary = append(summary, f.Value("a"))
	}
	v[ColSummary] = strings.Join(summary, "\n")
	if u := r.First("856").Value("u"); strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://") {
		v[ColLink] = u
	}
	for _, f := range r.All("990") {
		if g := f.Value("g"); g != "" {
			v[ColGrade] = g
		}
		if l := f.Value("l"); l != "" {
			v[ColLevel] = l
		}
	}
	v[ColLanguage] = marcLanguage(r)
	return v
}

// unslashed is a Dewey number without the marks at which it may be cut.
func unslashed(s string) string { return strings.NewReplacer("/", "", "'", "").Replace(s) }

// marcPrice is the price in 020 $c where it is one in đồng: "25000đ", "25.000 đ".
func marcPrice(s string) string {
	f := fold.Text(s)
	if !strings.HasSuffix(f, "d") && !strings.HasSuffix(f, "vnd") && !strings.HasSuffix(f, "dong") {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func marcLanguage(r marc.Record) string {
	code := ""
	if d := r.First("008").Data; len(d) >= 38 {
		code = d[35:38]
	}
	for _, f := range r.All("041") {
		if f.Value("2") == "iso639-1" {
			return f.Value("a")
		}
		if len(f.Value("a")) >= 3 {
			code = f.Value("a")[:3]
		}
	}
	for ours, theirs := range marcLanguages {
		if theirs == code || code == ours {
			return ours
		}
	}
	return ""
}
