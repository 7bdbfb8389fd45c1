package store

import (
	"encoding/json"
	"fmt"
	"strings"

	"muontra/kiosk"
)

// recordTable is a table whose rows are the last after-images that events left
// of a kind of record: how it is written, read and compared with the events.
type recordTable[T any] struct {
	name string // of the table, and of a row in errors
	code string // of the check's fault
	cols string // separated by commas, the id first; site_id is not one of them
	args func(T) []any
	to   func(*T) []any
}

func (r recordTable[T]) query(rest string) string {
	return `SELECT ` + r.cols + ` FROM ` + r.name + ` ` + rest
}

func (r recordTable[T]) scan(row scanner) (x T, err error) {
	err = row.Scan(r.to(&x)...)
	return x, err
}

func (r recordTable[T]) get(v *view, id kiosk.ID) (T, error) {
	x, err := first(rows(v, r.name, r.query(`WHERE id = $1`), []any{id}, r.scan))
	return x, found(r.name+" "+string(id), err)
}

// list reads rows of the site; rest goes on after the site's condition.
func (r recordTable[T]) list(v *view, rest string, args ...any) ([]T, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, r.name, r.query(`WHERE site_id = $1 `+rest), append([]any{site}, args...), r.scan)
}

func (r recordTable[T]) put(t *tx, x T) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	cols := strings.Split(r.cols, ", ")
	values, sets := make([]string, len(cols)), make([]string, 0, len(cols)-1)
	for i, c := range cols {
		values[i] = fmt.Sprintf("$%d", i+1)
		if i > 0 {
			sets = append(sets, c+" = excluded."+c)
		}
	}
	q := fmt.Sprintf(`INSERT INTO %s (%s, site_id) VALUES (%s, $%d) ON CONFLICT (id) DO UPDATE SET %s`, r.name, r.cols, strings.Join(values, ", "), len(cols)+1, strings.Join(sets, ", "))
	args := r.args(x)
	return t.exec(fmt.Sprintf("%s %v", r.name, args[0]), q, append(args, site)...)
}

// compare reports rows that are not as the events left them.
func (r recordTable[T]) compare(c *checker, last map[kiosk.ID]T) error {
	cols := strings.Split(r.cols, ", ")
	want := map[string][]string{}
	for id, x := range last {
		var texts []string
		for _, a := range r.args(x)[1:] {
			if a == nil {
				a = ""
			}
			texts = append(texts, fmt.Sprint(a))
		}
		want[string(id)] = texts
	}
	as := make([]string, len(cols))
	for i, col := range cols {
		as[i] = `coalesce(CAST(` + col + ` AS TEXT), '')`
	}
	return c.compare(r.code, want, cols[1:], `SELECT `+strings.Join(as, ", ")+` FROM `+r.name+` ORDER BY id`)
}

// jsonText is a list as it is kept; none is an empty list.
func jsonText[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	b, err := json.Marshal(list)
	if err != nil {
		panic("a list of plain values has no JSON: " + err.Error())
	}
	return string(b)
}

// jsonCol reads a list that jsonText has written; an empty one is nil.
type jsonCol[T any] struct{ to *[]T }

func (c jsonCol[T]) Scan(v any) error {
	s, err := text(v)
	*c.to = nil
	if err != nil || s == "[]" {
		return err
	}
	return json.Unmarshal([]byte(s), c.to)
}

// stock compares the records of serials and of what is handed out.
func (c *checker) stock(want kiosk.StockRows) error {
	if err := subscriptions.compare(c, want.Subscriptions); err != nil {
		return err
	}
	if err := issues.compare(c, want.Issues); err != nil {
		return err
	}
	if err := handouts.compare(c, want.Handouts); err != nil {
		return err
	}
	return lessons.compare(c, want.Lessons)
}
