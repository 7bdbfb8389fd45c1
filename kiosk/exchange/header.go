package exchange

import (
	"slices"
	"strings"
	"unicode"

	"muontra/kiosk/fold"
)

// headerRows is how far down the header is looked for.
const headerRows = 30

// foldHeader is a header as it is compared: without case, marks and signs.
func foldHeader(s string) string { return fold.Text(s) }

// lookUp finds the column of a header text; what stands in brackets is tried
// last ("Ngày sinh (dd/mm/yyyy)", "Họ tên (*)").
func lookUp(s Subject, text string) (headerRank, bool) {
	if text == "" || len(text) > 200 {
		return headerRank{}, false
	}
	if h, ok := headerOf[s][foldHeader(text)]; ok {
		return h, true
	}
	h, ok := headerOf[s][foldHeader(withoutBrackets(text))]
	return h, ok
}

func withoutBrackets(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// findHeader chooses among the first rows the one that names most columns and
// all that the subject needs. It returns nil when none does, and else the rows
// that follow it.
func findHeader(s Subject, g grid, top []numbered) (*Sheet, []numbered) {
	var best *Sheet
	bestAt, bestScore, end := 0, 0, 0
	for i, row := range top {
		sheet, depth := headerAt(s, g, top, i)
		if sheet == nil {
			continue
		}
		if score := len(sheet.at); score > bestScore {
			best, bestAt, bestScore, end = sheet, i, score, i+depth
			best.HeaderRow = row.n
		}
	}
	if best == nil {
		return nil, nil
	}
	best.Name = g.name
	best.context(top[:bestAt])
	return best, top[min(end, len(top)):]
}

// headerAt reads the row at i as a header; depth is how many rows it takes.
func headerAt(s Subject, g grid, top []numbered, i int) (*Sheet, int) {
	texts, unsure, depth := headerTexts(g, top, i)
	sheet := &Sheet{at: map[Column]int{}}
	rank := map[Column]int{}
	taken := make([]bool, len(texts))
	for c, text := range texts {
		h, ok := lookUp(s, text)
		if !ok && unsure[c] != "" {
			h, ok = lookUp(s, unsure[c])
		}
		if !ok {
			continue
		}
		switch h.column {
		case colReason:
			taken[c] = true
			continue
		case colTeachers:
			sheet.staffColumns = true
			continue
		}
		at, have := sheet.at[h.column]
		switch {
		case !have:
			sheet.at[h.column] = len(sheet.columns)
			sheet.columns = append(sheet.columns, fileColumn{h.column, oneLine(text), []int{c}})
			rank[h.column] = h.rank
		case nextTo(sheet.columns[at].from, c) && foldHeader(sheet.columns[at].header) == foldHeader(text):
			// One header over two columns: family name and given name.
			sheet.columns[at].from = append(sheet.columns[at].from, c)
		case h.rank < rank[h.column]:
			for _, old := range sheet.columns[at].from {
				taken[old] = false
			}
			sheet.columns[at] = fileColumn{h.column, oneLine(text), []int{c}}
			rank[h.column] = h.rank
		default:
			continue
		}
		taken[c] = true
	}
	if !sheet.enough(s) {
		return nil, 0
	}
	for _, c := range sheet.columns {
		sheet.Read = append(sheet.Read, c.header)
	}
	for c, text := range texts {
		if text = oneLine(text); !taken[c] && text != "" && !slices.Contains(sheet.Unread, text) {
			sheet.Unread = append(sheet.Unread, shorten(text))
		}
	}
	_, sheet.class = sheet.at[ColClass]
	return sheet, depth
}

func nextTo(from []int, c int) bool { return from[len(from)-1] == c-1 }

func oneLine(s string) string { return fold.NFC(s) }

// enough reports whether the columns say what the subject cannot do without.
func (s *Sheet) enough(subject Subject) bool {
	has := func(c Column) bool { _, ok := s.at[c]; return ok }
	switch subject {
	case Patrons:
		if has(ColName) || has(colFamily) && has(colGiven) {
			return true
		}
		// "Tên" alone is a name only beside what else a person has.
		return has(colGiven) && (has(ColClass) || has(ColBirth) || has(ColSex) || has(ColSector) || has(ColCard))
	case Titles:
		return has(ColTitle)
	case Copies:
		return has(ColBarcode) || has(ColAccession) || has(colCode)
	default:
		book := has(ColCopyCode) || has(ColAccession) || has(colCode)
		return book && (has(ColCard) || has(ColName) || has(ColLoanID)) && (has(ColOutAt) || has(ColDueOn))
	}
}

// headerTexts are the texts over each column of the row at i. A merged cell
// stands over its whole range, and where the header takes two rows the lower
// text is added to the upper ("Xuất bản", "Năm"). unsure holds the lower text
// alone, for columns that have no upper one.
func headerTexts(g grid, top []numbered, i int) (texts, unsure []string, depth int) {
	row := top[i]
	depth = 1
	wide := len(row.cells)
	for _, m := range g.merges {
		if m.top == row.n && m.right-m.left < 60 {
			depth = max(depth, min(m.bottom-m.top+1, 3, len(top)-i))
			wide = max(wide, m.right+1)
		}
	}
	for _, r := range top[i+1 : min(i+depth, len(top))] {
		wide = max(wide, len(r.cells))
	}
	texts, unsure = make([]string, wide), make([]string, wide)
	for c := range texts {
		upper := g.over(top, i, c)
		texts[c] = upper
		for k := 1; k < depth; k++ {
			lower := g.over(top, i+k, c)
			switch {
			case lower == "" || lower == upper:
			case upper == "":
				texts[c], unsure[c] = lower, lower
			default:
				texts[c] = upper + " " + lower
			}
		}
	}
	return texts, unsure, depth
}

// over is the text of a cell, or of the merged range it lies in.
func (g grid) over(top []numbered, i, c int) string {
	n := top[i].n
	for _, m := range g.merges {
		if n >= m.top && n <= m.bottom && c >= m.left && c <= m.right {
			for j := range top {
				if top[j].n == m.top && m.left < len(top[j].cells) {
					return top[j].cells[m.left].text
				}
			}
		}
	}
	if c < len(top[i].cells) {
		return top[i].cells[c].text
	}
	return ""
}

// context takes what the lines above the header, and the sheet's own name, say
// of all rows: the class, and whether it is a list of the staff.
func (s *Sheet) context(above []numbered) {
	for _, r := range above {
		for _, c := range r.cells {
			if c.text == "" {
				continue
			}
			if s.Class == "" {
				s.Class = classIn(c.text)
			}
			s.staff = s.staff || staffList(c.text)
		}
	}
	if s.Class == "" {
		s.Class = classOfSheet(s.Name)
	}
	s.staff = s.staff || staffList(s.Name)
}

func staffList(text string) bool {
	f := " " + fold.Text(text) + " "
	if strings.Contains(f, " hoc sinh ") {
		return false
	}
	if strings.TrimSpace(f) == "giao vien" || strings.TrimSpace(f) == "gv" {
		return true
	}
	return strings.Contains(f, " danh sach ") && (strings.Contains(f, " giao vien ") || strings.Contains(f, " can bo ") ||
		strings.Contains(f, " nhan vien ") || strings.Contains(f, " cb gv ")) && !strings.Contains(f, " giao vien chu nhiem ")
}

// classIn finds the class that a heading names: "DANH SÁCH HỌC SINH LỚP 3A".
func classIn(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || r == ':' || r == ',' || r == ';' || r == '(' || r == ')'
	})
	for i, w := range words {
		if fold.Text(w) != "lop" || i+1 >= len(words) {
			continue
		}
		name := strings.Trim(words[i+1], `."'-–`)
		if name == "" || name[0] < '0' || name[0] > '9' {
			continue
		}
		if onlyDigits(name) && i+2 < len(words) && shortLetter(words[i+2]) {
			name += words[i+2]
		}
		if c, ok := className(name); ok {
			return c
		}
	}
	return ""
}

// classOfSheet is the class that a sheet's name is: "3A", "Lớp 5A1". A bare
// number is one only with the word before it.
func classOfSheet(name string) string {
	if c := classIn(name); c != "" {
		return c
	}
	w := strings.Fields(name)
	if len(w) == 0 || onlyDigits(w[0]) && (len(w) == 1 || !shortLetter(w[1])) {
		return ""
	}
	s := w[0]
	if onlyDigits(s) {
		s += w[1]
	}
	if s[0] < '0' || s[0] > '9' || len(s) > 6 {
		return ""
	}
	c, ok := className(s)
	if !ok {
		return ""
	}
	return c
}

func shortLetter(s string) bool {
	r := []rune(s)
	if len(r) == 0 || len(r) > 2 || !unicode.IsLetter(r[0]) {
		return false
	}
	return len(r) == 1 || unicode.IsDigit(r[1])
}

func onlyDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
