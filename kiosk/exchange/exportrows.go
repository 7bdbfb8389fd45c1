package exchange

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
)

// exporter makes the rows of one subject.
type exporter struct {
	view    kiosk.View
	subject Subject
	lang    Lang
	zone    *time.Location
	today   kiosk.Day
}

func newExporter(v kiosk.View, s Subject, o ExportOptions) (*exporter, error) {
	loc, err := kiosk.LocationOf(v)
	if err != nil {
		return nil, err
	}
	x := &exporter{view: v, subject: s, lang: Vietnamese, zone: loc, today: kiosk.DayOf(o.Now, loc)}
	if o.Keys {
		x.lang = English
	}
	return x, nil
}

func (x *exporter) rows() ([][]value, error) {
	switch x.subject {
	case Patrons:
		return x.patrons()
	case Titles:
		return x.titles()
	case Copies:
		return x.copies()
	case Loans:
		return x.loans()
	}
	return nil, fmt.Errorf("unknown subject %q", x.subject)
}

func (x *exporter) word(what, code string) value { return text(valueWord(x.lang, what, code)) }

func (x *exporter) patrons() (rows [][]value, err error) {
	err = x.view.EachMember(x.today, func(m kiosk.Member) error {
		rows = append(rows, []value{
			text(m.Card.Barcode), text(m.Name), day(m.BirthDate), x.word("sex", m.Sex), text(m.Class), number(int64(m.Grade)),
			x.word("category", string(m.Category)), text(m.SectorCode), x.word("patron_status", string(m.Status)),
		})
		return nil
	})
	return rows, err
}

func (x *exporter) titles() (rows [][]value, err error) {
	copies := map[kiosk.ID]int64{}
	err = x.view.EachItem(func(it kiosk.Item) error {
		copies[it.TitleID]++
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = x.view.EachTitle(func(t kiosk.Title) error {
		rows = append(rows, []value{
			text(string(t.ID)), text(t.Title), text(t.Remainder), text(x.people(t)), text(t.Publisher), text(t.PubPlace),
			number(int64(t.Year)), text(t.ISBN), text(t.ClassNumber), text(joinList(t.Subjects)), number(int64(t.Grade)), text(t.Level),
			text(t.Language), number(int64(t.Pages)), number(t.Price), count(copies[t.ID]),
			text(t.CallNumber), text(t.Edition), text(t.Series), x.word("scheme", string(t.ClassScheme)), text(t.Size), text(t.Link), text(t.Summary),
		})
		return nil
	})
	return rows, err
}

func joinList(list []string) string { return strings.Join(list, "; ") }

// people are a title's authors, each with what else than writing he did:
// "Tô Hoài; Người Vẽ Mẫu [minh hoạ]".
func (x *exporter) people(t kiosk.Title) string {
	names := slices.Clone(t.Authors)
	for i := range names {
		if r := t.RelatorOf(i); r != kiosk.Author {
			names[i] += " [" + valueWord(x.lang, "relator", string(r)) + "]"
		}
	}
	if len(names) == 1 && strings.Contains(names[0], ",") {
		return names[0] + ";" // one name, whatever commas it has
	}
	return joinList(names)
}

func (x *exporter) copies() (rows [][]value, err error) {
	places, err := x.view.Places()
	if err != nil {
		return nil, err
	}
	code := map[kiosk.ID]string{}
	for _, p := range places {
		code[p.ID] = p.Code
	}
	err = x.view.EachItem(func(it kiosk.Item) error {
		t := it.Title
		rows = append(rows, []value{
			text(it.Barcode), text(it.Accession), text(t.Title), x.word("kind", string(it.Kind)), x.word("sub_kind", it.SubKind),
			x.word("copy_status", string(it.State.Status)), x.word("condition", string(it.State.Condition)), number(it.Price),
			x.word("source", it.Source), day(it.Received), text(code[it.HomePlace]), text(code[it.State.Place]), text(t.CallNumber),
			text(string(t.ID)), text(t.Remainder), text(x.people(t)), text(t.Publisher), number(int64(t.Year)), text(t.ISBN), text(it.Note), number(int64(it.Pieces)),
		})
		return nil
	})
	return rows, err
}

// borrower is what a loan's row says of its patron. Who was forgotten is not
// named; the loan stays.
type borrower struct{ card, class string }

func (x *exporter) loans() (rows [][]value, err error) {
	who, newest := map[kiosk.ID]borrower{}, map[kiosk.ID]kiosk.ID{}
	err = x.view.EachMember(x.today, func(m kiosk.Member) error {
		who[m.Ref] = borrower{m.Card.Barcode, m.Class}
		newest[m.ID] = m.Ref
		return nil
	})
	if err != nil {
		return nil, err
	}
	old, err := x.view.OldRefs()
	if err != nil {
		return nil, err
	}
	for _, o := range old {
		who[o.Ref] = who[newest[o.PatronID]]
	}
	items := map[kiosk.ID]kiosk.Item{}
	err = x.view.EachItem(func(it kiosk.Item) error {
		items[it.ID] = it
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = x.view.EachLoan(false, func(l kiosk.Loan) error {
		if l.End == kiosk.LoanUndone {
			return nil // it never counted as a loan
		}
		it, b := items[l.CopyID], who[l.PatronRef]
		rows = append(rows, []value{
			text(string(l.ID)), text(it.Barcode), text(it.Accession), text(it.Title.Title), text(b.card), text(b.class),
			moment(l.CheckedOutAt, x.zone), day(l.DueOn), moment(l.ReturnedAt, x.zone), count(int64(l.Renewals)),
			x.word("loan_type", string(l.Type)), text(l.Station),
		})
		return nil
	})
	return rows, err
}
