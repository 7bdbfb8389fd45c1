package store

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	"modernc.org/sqlite"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// SQL cannot sort Vietnamese by itself: text_order and name_order make the keys
// of fold.Order and fold.NameOrder, which sort as bytes do.
func init() {
	for name, key := range map[string]func(string) string{"text_order": fold.Order, "name_order": fold.NameOrder} {
		sqlite.MustRegisterDeterministicScalarFunction(name, 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			s, err := text(args[0])
			return []byte(key(s)), err
		})
	}
}

// sortName is what patrons are sorted by: name_order in a form that is text.
func sortName(p kiosk.Patron) string { return fmt.Sprintf("%X", fold.NameOrder(p.Name)) }

// sortBy is a column of a long list: the terms that SQL sorts by, with "; "
// between, then what holds a code, which stands as the page's Codes do. none is
// the condition that is true of a row with nothing there.
type sortBy struct{ key, codes, none string }

// params numbers the arguments of a query while it is written.
type params []any

func (p *params) put(arg any) string {
	*p = append(*p, arg)
	return "$" + strconv.Itoa(len(*p))
}

// terms are the terms of a column, each with a comma behind it.
func (p *params) terms(c sortBy, codes []string, dir string) string {
	var b strings.Builder
	if c.key != "" {
		for _, term := range strings.Split(c.key, "; ") {
			b.WriteString(term + dir + `, `)
		}
	}
	if c.codes != "" && len(codes) > 0 {
		b.WriteString(`CASE ` + c.codes)
		for i, code := range codes {
			fmt.Fprintf(&b, ` WHEN %s THEN %d`, p.put(code), i)
		}
		fmt.Fprintf(&b, ` ELSE %d END%s, `, len(codes), dir)
	}
	return b.String()
}

// order is the ORDER BY, LIMIT and OFFSET of a page. own are the terms of the
// list's own order.
func (p *params) order(cols map[string]sortBy, page kiosk.Page, own string) string {
	q := ` ORDER BY `
	if c, ok := cols[page.By]; ok {
		if c.none != "" {
			q += `(` + c.none + `), `
		}
		dir := ``
		if page.Down {
			dir = ` DESC`
		}
		q += p.terms(c, page.Codes, dir)
	}
	most := -1 // SQLite's word for all
	if page.Most > 0 {
		most = page.Most
	}
	return q + own + ` LIMIT ` + p.put(most) + ` OFFSET ` + p.put(max(page.From, 0))
}

// inOrder reads the rows of ids a few hundred at a time and gives them to fn in
// the order of ids. A list is sorted by its ids alone: sorting whole rows would
// read the authors and subjects of every one that is not shown.
func inOrder[T any](v *view, what string, ids []kiosk.ID, q string, args []any, scan func(scanner) (T, error), id func(T) kiosk.ID, fn func(T) error) error {
	const some = 256
	for len(ids) > 0 {
		n := min(some, len(ids))
		list, err := jsonIDs(ids[:n])
		if err != nil {
			return fault(what, err)
		}
		all, err := rows(v, what, q, append([]any{list}, args...), scan)
		if err != nil {
			return err
		}
		at := make(map[kiosk.ID]T, n)
		for _, x := range all {
			at[id(x)] = x
		}
		for _, want := range ids[:n] {
			x, ok := at[want]
			if !ok {
				return fault(what, fmt.Errorf("%s: %w", want, kiosk.ErrNotFound))
			}
			if err := fn(x); err != nil {
				return err
			}
		}
		ids = ids[n:]
	}
	return nil
}

func scanID(row scanner) (id kiosk.ID, err error) {
	err = row.Scan(&id)
	return id, err
}
