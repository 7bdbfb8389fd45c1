package exchange

import (
	"fmt"
	"io"
)

// WriteRejects writes the rejected rows of a plan into name, an .xlsx or a
// .csv by its ending: the file's own headers of the columns that are read, and
// one more column with the reason. Mended, it can be imported as it is. It
// writes nothing and returns false when no row was rejected.
func WriteRejects(name string, p *Plan, l Lang) (bool, error) {
	names, rows := rejects(p, l)
	if len(rows) == 0 {
		return false, nil
	}
	if err := writeTable(name, say(l, "sheet.rejects", nil), names, rows); err != nil {
		return false, fmt.Errorf("rejected rows: %w", err)
	}
	return true, nil
}

// SendRejects is WriteRejects into w, as an .xlsx.
func SendRejects(w io.Writer, p *Plan, l Lang) error {
	names, rows := rejects(p, l)
	if err := writeWorkbook(w, "", say(l, "sheet.rejects", nil), names, rows); err != nil {
		return fmt.Errorf("rejected rows: %w", err)
	}
	return nil
}

// rejects are the header and the rejected rows.
func rejects(p *Plan, l Lang) (names []string, rows [][]value) {
	var heads []fileColumn
	at := map[Column]int{}
	lead := p.table.Sheets[0]
	for _, s := range p.table.Sheets {
		for _, c := range s.columns {
			if _, have := at[c.column]; !have {
				at[c.column] = len(heads)
				heads = append(heads, c)
			}
		}
		// A class that only the sheet's name says would be lost.
		if _, have := at[ColClass]; s.Class != "" && !have && p.Subject == Patrons {
			at[ColClass] = len(heads)
			heads = append(heads, fileColumn{column: ColClass, header: ColClass.Title(Patrons, Vietnamese)})
		}
		if _, have := at[ColCategory]; s.staff && !have && p.Subject == Patrons {
			at[ColCategory] = len(heads)
			heads = append(heads, fileColumn{column: ColCategory, header: ColCategory.Title(Patrons, Vietnamese)})
		}
		if len(s.columns) > len(lead.columns) {
			lead = s
		}
	}
	names = make([]string, 0, len(heads)+1)
	for _, h := range heads {
		names = append(names, h.header)
	}
	names = append(names, colReason.Title(p.Subject, l))
	for i, it := range p.Items {
		if it.Action != Wrong {
			continue
		}
		r := p.table.Rows[i]
		row := make([]value, len(names))
		for c, h := range heads {
			row[c] = rejectCell(p, r, h.column)
		}
		row[len(row)-1] = text(it.Problem.Text(l))
		rows = append(rows, row)
	}
	return names, rows
}

// rejectCell is a cell as the file had it; a date behind a number is shown as
// one, so that it can be mended by eye.
func rejectCell(p *Plan, r *Row, c Column) value {
	switch c {
	case ColBirth, ColReceived, ColDueOn:
		if d, bad := r.day(p.table, c); bad == nil && !d.IsZero() {
			return day(d)
		}
	case ColOutAt, ColReturned:
		if w, ok := serialTime(r.cell(c).raw, p.table.date1904); ok {
			return text(w.Format("02/01/2006 15:04:05"))
		}
	case ColClass:
		if s := r.text(c); s != "" || r.Sheet.Class == "" {
			return text(s)
		}
		if cat := r.text(ColCategory) + r.text(colPosition); cat == "" && !r.Sheet.staff {
			return text(r.Sheet.Class)
		}
	case ColCategory:
		if s := r.text(c); s != "" || !r.Sheet.staff {
			return text(s)
		}
		return text(valueWord(Vietnamese, "category", "teacher"))
	}
	return text(r.code(c))
}
