package exchange

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"muontra/kiosk/exchange/marc"
	"muontra/kiosk/fold"
)

// Table is what a file says, in the columns that are read.
type Table struct {
	Subject Subject
	File    string
	Sheets  []*Sheet // those with a header
	Rows    []*Row
	Passed  int // rows that are none: empty ones, footers, headers said again

	date1904 bool
}

// Sheet is one sheet of a file, or the whole of a .csv.
type Sheet struct {
	Name      string
	HeaderRow int
	Class     string   // named by the sheet or a line above its header, "" when it is not
	Read      []string // the headers of the columns that are read, as the file spells them
	Unread    []string // the headers of the columns that are not

	columns []fileColumn
	at      map[Column]int // index in columns
	staff   bool           // a list of teachers and staff, by its heading
	// staffColumns is set where only such a list has the columns: "Tổ chuyên môn"
	staffColumns bool
	class        bool // has a column of classes
}

// fileColumn is one column that is read.
type fileColumn struct {
	column Column
	header string
	from   []int // the sheet's columns; more than one where a name has several
}

// Row is one row of a table.
type Row struct {
	Sheet  *Sheet
	Number int // as the sheet shows it
	cells  []cell
}

// ReadFile reads the file with the given name; see [Read].
func ReadFile(subject Subject, name string) (*Table, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return Read(subject, name, data)
}

// Read reads an .xlsx or a .csv (UTF-8, UTF-16 with its mark, Windows-1258;
// comma, semicolon or tab), and for titles MARC 21 in UTF-8, binary or MARCXML.
// What the file is, its content says, not its name.
// The header is looked for in the first 30 rows of each sheet; every sheet
// that has one is read. Any error is a [*FileError], which says what to do.
func Read(subject Subject, name string, data []byte) (*Table, error) {
	t := &Table{Subject: subject, File: name}
	var all []string
	use := func(g grid) error {
		if g.name != "" {
			all = append(all, g.name)
		}
		return t.readGrid(g)
	}
	var err error
	switch sniff(data) {
	case isWorkbook:
		if err = readWorkbook(data, use); err == nil {
			t.date1904 = is1904(data)
		}
	case isText:
		err = readCSV(data, use)
	case isMARC:
		if subject != Titles && subject != Copies {
			return nil, fileError(FileOther)
		}
		err = t.readMARC(data)
	case isNothing:
		err = fileError(FileEmpty)
	case isHuge:
		err = fileError(FileTooBig, "limit", limitFact(maxFile>>20))
	case isOldWorkbook:
		err = fileError(FileOld)
	default:
		err = fileError(FileOther)
	}
	if err != nil {
		return nil, err
	}
	if len(t.Sheets) == 0 {
		if len(all) == 0 {
			all = []string{filepath.Base(name)}
		}
		return nil, fileError(FileNoHeader, "sheets", strings.Join(all, ", "), "sought", string(subject))
	}
	if len(t.Rows) == 0 {
		return nil, fileError(FileNoRows)
	}
	return t, nil
}

type content int

const (
	isOther content = iota
	isNothing
	isHuge
	isWorkbook
	isOldWorkbook
	isText
	isMARC
)

// sniff tells what a file is by its first bytes.
func sniff(data []byte) content {
	head := data[:min(len(data), 512)]
	text := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, bom)))
	switch {
	case len(bytes.TrimSpace(bytes.TrimPrefix(data, bom))) == 0:
		return isNothing
	case len(data) > maxFile:
		return isHuge
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return isWorkbook
	case bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return isOldWorkbook
	case bytes.HasPrefix(data, []byte{0x09, 0x08}), bytes.HasPrefix(data, []byte{0x09, 0x04}):
		return isOldWorkbook
	case marc.Binary(bytes.TrimPrefix(head, bom)) && bytes.IndexByte(data, 0x1E) > 0:
		return isMARC
	case bytes.HasPrefix(text, []byte("<")) && bytes.Contains(text, []byte("marc21/slim")), bytes.HasPrefix(text, []byte("<")) && bytes.Contains(text, []byte("<leader")):
		return isMARC
	case bytes.HasPrefix(text, []byte("<")):
		// Some web programs call a page of HTML .xls.
		if bytes.Contains(text, []byte("<table")) || bytes.Contains(text, []byte("<html")) || bytes.Contains(text, []byte("excel")) {
			return isOldWorkbook
		}
		return isOther
	case bytes.HasPrefix(data, []byte("%PDF")), bytes.HasPrefix(data, []byte("{\\rtf")), bytes.HasPrefix(data, []byte("MZ")),
		bytes.HasPrefix(data, []byte("\x7fELF")), bytes.HasPrefix(data, []byte("\x89PNG")), bytes.HasPrefix(data, []byte("SQLite format")):
		return isOther
	}
	return isText
}

// readGrid finds the header of one sheet and reads the rows under it. A sheet
// without one is left.
func (t *Table) readGrid(g grid) error {
	var top []numbered
	for len(top) < headerRows {
		row, n, ok, err := g.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		top = append(top, numbered{n, row})
	}
	sheet, rest := findHeader(t.Subject, g, top)
	if sheet == nil {
		return nil
	}
	t.Sheets = append(t.Sheets, sheet)
	r := rowReader{table: t, sheet: sheet, down: g.downward(), last: map[int]cell{}}
	for _, row := range rest {
		if err := r.add(row); err != nil {
			return err
		}
	}
	clear(top) // what else stood above and beside is let go
	for {
		row, n, ok, err := g.next()
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
		if err := r.add(numbered{n, row}); err != nil {
			return err
		}
	}
}

type numbered struct {
	n     int
	cells []cell
}

// downward are the merged ranges that reach over rows, by column.
func (g grid) downward() map[int][]span {
	m := map[int][]span{}
	for _, s := range g.merges {
		if s.bottom > s.top {
			m[s.left] = append(m[s.left], s)
		}
	}
	return m
}

// rowReader takes the rows under a header.
type rowReader struct {
	table  *Table
	sheet  *Sheet
	down   map[int][]span
	last   map[int]cell // the value of a merged range, by its column
	footer bool         // a footer was seen: what follows needs more than a name
}

func (r *rowReader) add(in numbered) error {
	cells := make([]cell, len(r.sheet.columns))
	own := 0 // cells with something of their own, not of a range merged from above
	for i, c := range r.sheet.columns {
		for _, at := range c.from {
			var x cell
			if at < len(in.cells) {
				x = in.cells[at]
			}
			if s, inside := spanAt(r.down[at], in.n); inside {
				if in.n == s.top {
					r.last[at] = x
				} else if x.blank() {
					x = r.last[at]
					cells[i] = join(cells[i], x)
					continue
				}
			}
			if !x.blank() {
				own++
			}
			cells[i] = join(cells[i], x)
		}
	}
	row := &Row{Sheet: r.sheet, Number: in.n, cells: cells}
	if r.isFooter(row, in, own) || own == 0 || r.isHeaderAgain(row, in) {
		if !blankRow(in.cells) {
			r.table.Passed++
		}
		return nil
	}
	if len(r.table.Rows) >= maxRows {
		return fileError(FileManyRows, "limit", limitFact(maxRows))
	}
	r.table.Rows = append(r.table.Rows, row)
	return nil
}

func spanAt(spans []span, row int) (span, bool) {
	for _, s := range spans {
		if row >= s.top && row <= s.bottom {
			return s, true
		}
	}
	return span{}, false
}

// join puts the parts of a name together.
func join(a, b cell) cell {
	switch {
	case a.blank():
		return b
	case b.blank():
		return a
	}
	return cell{text: a.text + " " + b.text}
}

// footers are how the lines under a list begin, folded. The weak ones are
// surnames and titles too, and need a number or a colon beside them.
var (
	footers = []string{"tong so", "tong cong", "danh sach nay", "danh sach gom", "danh sach co", "an dinh", "nguoi lap", "hieu truong",
		"pho hieu truong", "giao vien chu nhiem", "gvcn", "xac nhan", "thu thu", "can bo thu vien", "nhan vien thu vien", "ky ten", "ky ghi ro"}
	weakFooters = []string{"tong", "cong", "trong do", "so luong", "ghi chu", "bang chu", "ke toan"}
	signedOn    = regexp.MustCompile(`\bngay\b.*\bthang\b.*\bnam\b`)
)

func footerText(text string) bool {
	f := fold.Text(text)
	firm := strings.ContainsAny(text, "0123456789:…_") || strings.Contains(text, "..")
	return startsWithWord(f, footers) || firm && (startsWithWord(f, weakFooters) || signedOn.MatchString(f))
}

// isFooter recognises the lines under a list: sums, places to sign. Such a line
// has sums beside its words at most, and never the look of a person or a book.
// The words may stand in a column that is not read.
func (r *rowReader) isFooter(row *Row, in numbered, own int) bool {
	words := false
	for _, c := range in.cells {
		words = words || footerText(c.text)
	}
	others, first := 0, true
	for i, c := range row.cells {
		if c.blank() || footerText(c.text) {
			continue
		}
		switch r.sheet.columns[i].column {
		case ColCopies, ColPrice, ColPages: // a sum may stand under these
			continue
		}
		if !first || words {
			others++
		}
		first = false
	}
	if words && others == 0 {
		r.footer = true
		return true
	}
	// The name of who signed stands alone, below, in a list that has more to
	// say of everybody else.
	return r.footer && own == 1 && len(row.cells) > 1
}

func startsWithWord(s string, list []string) bool {
	for _, f := range list {
		if s == f || strings.HasPrefix(s, f+" ") {
			return true
		}
	}
	return false
}

// isHeaderAgain recognises the header printed again on the next page, and the
// line of column numbers under it: (1) (2) (3).
func (r *rowReader) isHeaderAgain(row *Row, in numbered) bool {
	same, n := 0, 0
	for i, c := range row.cells {
		if c.blank() {
			continue
		}
		n++
		if foldHeader(c.text) == foldHeader(r.sheet.columns[i].header) {
			same++
		}
	}
	if n >= 2 && same == n {
		return true
	}
	if in.n > r.sheet.HeaderRow+3 {
		return false
	}
	run, last := 0, 0
	for _, c := range in.cells {
		if c.blank() {
			continue
		}
		k, err := strconv.Atoi(strings.Trim(c.text, "() "))
		if err != nil || run > 0 && k != last+1 {
			return false
		}
		run, last = run+1, k
	}
	return run >= 3
}
