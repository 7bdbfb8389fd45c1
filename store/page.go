package store

import (
	"encoding/json"
	"maps"
	"slices"

	"muontra/kiosk"
)

func jsonIDs(ids []kiosk.ID) (string, error) {
	b, err := json.Marshal(ids)
	return string(b), err
}

// copyOrders are the columns of copies. Titles and places are given their keys
// once each (orderKeys), not once for every copy.
var copyOrders = map[string]sortBy{
	kiosk.ByAccession: {key: `n.prefix; n.n; c.accession`, none: `c.accession IS NULL`},
	kiosk.ByBarcode:   {key: `length(c.barcode); c.barcode`},
	kiosk.ByTitle:     {key: `o.key`},
	kiosk.ByKind:      {codes: `c.kind`},
	kiosk.ByPlace:     {key: `o.key`, none: `coalesce(o.key, x'') = x''`},
	kiosk.ByStatus:    {codes: `coalesce(s.status, 'in_processing')`},
	kiosk.ByCondition: {codes: `coalesce(s.condition, 'good')`},
	kiosk.ByPrice:     {key: `c.price`, none: `c.price = 0`},
	kiosk.ByLoans:     {key: `coalesce(s.loans, 0)`},
	kiosk.ByNote:      {key: `text_order(c.note)`, none: `c.note = ''`},
}

// orderKeys are what a column's order reads beside the copy: before the query,
// and in its FROM.
var orderKeys = map[string][2]string{
	kiosk.ByTitle: {`WITH o AS MATERIALIZED (SELECT id, text_order(title) AS key FROM title) `, ` JOIN o ON o.id = c.title_id`},
	kiosk.ByPlace: {`WITH o AS MATERIALIZED (SELECT id, text_order(name) AS key FROM place) `, ` LEFT JOIN o ON o.id = coalesce(s.place_id, c.home_place)`},
}

// copiesOf is the FROM and the WHERE of a query for copies; not ok when nothing
// can lack what is asked for.
func (p *params) copiesOf(site string, q kiosk.CopyQuery) (from, where string, ok bool) {
	from = ` FROM copy c LEFT JOIN copy_state s ON s.copy_id = c.id`
	where = ` WHERE c.site_id = ` + p.put(site)
	if q.Status != "" {
		where += ` AND coalesce(s.status, 'in_processing') = ` + p.put(string(q.Status))
	} else {
		where += ` AND coalesce(s.status, '') <> 'withdrawn'`
	}
	if q.Condition != "" {
		where += ` AND coalesce(s.condition, 'good') = ` + p.put(string(q.Condition))
	}
	if q.Lack != "" {
		cond, known := lacking[q.Lack]
		if !known {
			return "", "", false
		}
		if ofTitle(q.Lack) {
			from += ` JOIN title t ON t.id = c.title_id`
		}
		where += ` AND ` + cond
	}
	return from, where, true
}

func (v *view) CountCopies(q kiosk.CopyQuery) (n int, err error) {
	site, err := v.siteID()
	if err != nil {
		return 0, err
	}
	var p params
	from, where, ok := p.copiesOf(site, q)
	if !ok {
		return 0, nil
	}
	err = v.one("copies", `SELECT count(*)`+from+where, p, &n)
	return n, err
}

func (v *view) EachCopy(q kiosk.CopyQuery, page kiosk.Page, fn func(kiosk.Item) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	var p params
	from, where, ok := p.copiesOf(site, q)
	if !ok {
		return nil
	}
	keys := orderKeys[page.By]
	order := p.order(copyOrders, page, `coalesce(n.prefix, ''), coalesce(n.n, 0), c.accession, c.id`)
	ids, err := rows(v, "copies", keys[0]+`SELECT c.id`+from+keys[1]+byAccession+where+order, p, scanID)
	if err != nil {
		return err
	}
	return inOrder(v, "copies", ids, `SELECT `+itemCols+itemFrom+`WHERE c.id IN (SELECT value FROM json_each($1))`, nil, scanItem,
		func(i kiosk.Item) kiosk.ID { return i.ID }, fn)
}

// itsCopies are the copies of title t that the library has.
const itsCopies = ` FROM copy c LEFT JOIN copy_state s ON s.copy_id = c.id WHERE c.title_id = t.id AND coalesce(s.status, '') <> 'withdrawn'`

// titleOrders are the columns of titles.
var titleOrders = map[string]sortBy{
	kiosk.ByTitle: {key: `text_order(t.title); text_order(t.remainder)`},
	kiosk.ByAuthor: {key: `(SELECT text_order(a.name) FROM title_author a WHERE a.title_id = t.id ORDER BY a.position LIMIT 1)`,
		none: `NOT EXISTS (SELECT 1 FROM title_author a WHERE a.title_id = t.id)`},
	kiosk.ByClassNumber: {key: `t.class_number`, none: `t.class_number = ''`},
	kiosk.ByCopies:      {key: `(SELECT count(*)` + itsCopies + `)`},
	kiosk.ByReceived:    {key: `o.key`, none: `coalesce(o.key, '') = ''`},
}

// newestCopies is what ByReceived reads beside the titles: once each.
var newestCopies = [2]string{`WITH o AS MATERIALIZED (SELECT c.title_id, max(c.received) AS key FROM copy c LEFT JOIN copy_state s ON s.copy_id = c.id
	WHERE coalesce(s.status, '') <> 'withdrawn' GROUP BY c.title_id) `, ` LEFT JOIN o ON o.title_id = t.id`}

func (v *view) EachFound(numbers []int64, page kiosk.Page, fn func(kiosk.Found) error) error {
	list, err := json.Marshal(numbers)
	if err != nil {
		return err
	}
	p := params{string(list)}
	var with [2]string
	if page.By == kiosk.ByReceived {
		with = newestCopies
	}
	nrs, err := rows(v, "titles", with[0]+`SELECT t.nr FROM json_each($1) j CROSS JOIN title t ON t.nr = j.value`+with[1]+p.order(titleOrders, page, `j.key`), p, scanNr)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(nrs, pageMax) {
		found, err := v.foundTitles(some)
		if err != nil {
			return err
		}
		for _, f := range found {
			if err := fn(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// loanOrders are the columns of open loans; $3 is the day.
var loanOrders = map[string]sortBy{
	kiosk.ByGroup:     {key: `k.id IS NULL; text_order(coalesce(k.name, ''))`, codes: `coalesce(p.category, '')`},
	kiosk.ByName:      {key: `p.sort_name`, none: `p.id IS NULL`},
	kiosk.ByTitle:     {key: `text_order(t.title)`},
	kiosk.ByAccession: {key: `coalesce(n.prefix, ''); coalesce(n.n, 0); length(c.barcode); c.barcode`},
	kiosk.ByLent:      {key: `l.checked_out_at`},
	kiosk.ByDue:       {key: `l.due_on`},
	kiosk.ByLate:      {key: `CASE WHEN l.due_on < $3 THEN julianday($3) - julianday(l.due_on) ELSE 0 END`},
	kiosk.ByRenewals:  {key: `l.renewals`},
}

// openLoanFrom reads the open loans by their own index, and the copies after them:
// left to itself SQLite reads the loans of all years, or every copy.
const openLoanFrom = ` FROM loan l INDEXED BY loan_one_open CROSS JOIN copy c ON c.id = l.copy_id JOIN title t ON t.id = c.title_id
	LEFT JOIN patron_ref r ON r.ref = l.patron_ref AND r.until = '' LEFT JOIN patron p ON p.id = r.patron_id ` + itsClass

var countsDue = func() string {
	list, _ := json.Marshal(kiosk.CountsDue)
	return string(list)
}()

// openLoansOf is the WHERE of a query for open loans, and its arguments, of
// which $1 to $3 are memberArgs.
func (v *view) openLoansOf(q kiosk.OpenLoanQuery) (string, params, error) {
	args, err := v.memberArgs(q.On)
	if err != nil {
		return "", nil, err
	}
	p := params(args)
	where := ` WHERE l.site_id = $1 AND l.ended = ''`
	if q.Class != "" {
		where += ` AND k.name = ` + p.put(q.Class)
	}
	if q.Grade != 0 {
		where += ` AND k.grade = ` + p.put(q.Grade)
	}
	if q.Outside {
		where += ` AND k.id IS NULL AND coalesce(p.category, '') <> 'pupil'`
	}
	if q.Kind != "" {
		where += ` AND c.kind = ` + p.put(string(q.Kind))
	}
	if !q.Until.IsZero() {
		where += ` AND l.due_on <= ` + p.put(q.Until.String())
	}
	if q.Late {
		where += ` AND l.due_on < $3 AND l.corner = ''`
	}
	if q.Unsure {
		where += ` AND l.corner = '' AND l.copy_id IN (SELECT copy_id FROM event WHERE site_id = $1 AND clock_ok = 0)
			AND (SELECT e.clock_ok FROM event e WHERE e.copy_id = l.copy_id AND e.type IN (SELECT value FROM json_each(` + p.put(countsDue) + `))
				AND NOT EXISTS (SELECT 1 FROM event u WHERE u.copy_id = e.copy_id AND u.seq > e.seq AND u.type = 'undone' AND u.payload ->> '$.reverses' = e.seq)
				ORDER BY e.seq DESC LIMIT 1) = 0`
	}
	if q.Among != nil {
		list, err := jsonIDs(q.Among)
		if err != nil {
			return "", nil, fault("open loans", err)
		}
		where += ` AND l.id IN (SELECT value FROM json_each(` + p.put(list) + `))`
	}
	return where, p, nil
}

func (v *view) CountOpenLoans(q kiosk.OpenLoanQuery) (loans, people int, err error) {
	where, args, err := v.openLoansOf(q)
	if err != nil {
		return 0, 0, err
	}
	err = v.one("open loans", `SELECT count(*), count(DISTINCT l.patron_ref)`+openLoanFrom+where, args, &loans, &people)
	return loans, people, err
}

func (v *view) EachOpenLoan(q kiosk.OpenLoanQuery, page kiosk.Page, fn func(kiosk.OpenLoan) error) error {
	where, p, err := v.openLoansOf(q)
	if err != nil {
		return err
	}
	own := p.terms(loanOrders[kiosk.ByGroup], page.Codes, "") + `p.sort_name, l.due_on, l.checked_out_at, l.id`
	order := p.order(loanOrders, page, own)
	refs := map[kiosk.ID]bool{}
	ids, err := rows(v, "open loans", `SELECT l.id, l.patron_ref`+openLoanFrom+byAccession+where+order, p, func(row scanner) (id kiosk.ID, err error) {
		var ref kiosk.ID
		err = row.Scan(&id, &ref)
		refs[ref] = true
		return id, err
	})
	if err != nil {
		return err
	}
	members, err := v.membersByRef(q.On, refs)
	if err != nil {
		return err
	}
	return inOrder(v, "open loans", ids, `SELECT `+loanCols+`, `+itemCols+` FROM json_each($1) j JOIN loan l ON l.id = j.value JOIN copy c ON c.id = l.copy_id
		JOIN title t ON t.id = c.title_id LEFT JOIN copy_state s ON s.copy_id = c.id LEFT JOIN place p ON p.id = coalesce(s.place_id, c.home_place)`, nil,
		func(row scanner) (l kiosk.OpenLoan, err error) {
			err = row.Scan(append(loanTo(&l.Loan), itemTo(&l.Item)...)...)
			l.Member = members[l.Loan.PatronRef]
			return l, err
		}, func(l kiosk.OpenLoan) kiosk.ID { return l.Loan.ID }, fn)
}

// membersByRef are those whose references in use are asked for.
func (v *view) membersByRef(on kiosk.Day, refs map[kiosk.ID]bool) (map[kiosk.ID]kiosk.Member, error) {
	args, err := v.memberArgs(on)
	if err != nil {
		return nil, err
	}
	list, err := jsonIDs(slices.Collect(maps.Keys(refs)))
	if err != nil {
		return nil, fault("patrons", err)
	}
	of := map[kiosk.ID]kiosk.Member{}
	err = each(v, "patrons", memberCols+newestCard+itsClass+`WHERE r.site_id = $1 AND r.until = '' AND r.ref IN (SELECT value FROM json_each($4))`, append(args, list), scanMember,
		func(m kiosk.Member) error { of[m.Ref] = m; return nil })
	return of, err
}
