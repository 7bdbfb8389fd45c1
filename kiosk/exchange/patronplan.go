package exchange

import (
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// known is a patron that is stored, or that an earlier row adds.
type known struct {
	patron kiosk.Patron // as it will be after the rows decided so far
	name   spelling
	class  string
	card   string
	isNew  bool
	row    int // the first row that is about this patron, -1 for none
	sheets map[*Sheet]bool
	draft  *patronDraft
}

func (k *known) claim(i int, s *Sheet) {
	if k.row < 0 {
		k.row = i
	}
	if k.sheets == nil {
		k.sheets = map[*Sheet]bool{}
	}
	k.sheets[s] = true
}

// patronMatcher finds who a row is about: by card, by sector code, by name with
// birth date and class, by name and class in the order of equals.
type patronMatcher struct {
	d        *decider
	on       kiosk.Day
	byID     map[kiosk.ID]*known
	byCard   map[string]*known
	bySector map[string]*known
	byName   map[string][]*known // folded; stored ones first, in the ledger's order
	rows     []*known            // by row, once it is found
}

func (d *decider) newPatronMatcher(on kiosk.Day) (*patronMatcher, error) {
	m := &patronMatcher{d: d, on: on, byID: map[kiosk.ID]*known{}, byCard: map[string]*known{}, bySector: map[string]*known{},
		byName: map[string][]*known{}, rows: make([]*known, len(d.table.Rows))}
	err := d.view.EachMember(on, func(x kiosk.Member) error {
		m.learn(&known{patron: x.Patron, class: x.Class, card: x.Card.Barcode, row: -1})
		return nil
	})
	return m, err
}

func (m *patronMatcher) learn(k *known) {
	if k.patron.ID != "" {
		m.byID[k.patron.ID] = k
	}
	if k.card != "" {
		m.byCard[k.card] = k
	}
	if k.patron.SectorCode != "" && m.bySector[k.patron.SectorCode] == nil {
		m.bySector[k.patron.SectorCode] = k
	}
	k.name = spell(k.patron.Name)
	m.byName[k.name.folded] = append(m.byName[k.name.folded], k)
}

// holder finds who has a card, also an old or lost one.
func (m *patronMatcher) holder(card string) (*known, error) {
	if k := m.byCard[card]; k != nil {
		return k, nil
	}
	x, err := m.d.view.MemberByCard(card, m.on)
	if notFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	k := m.byID[x.ID]
	if k != nil {
		m.byCard[card] = k
	}
	return k, nil
}

// byCodes finds the row's patron by card and sector code, or says why not.
func (m *patronMatcher) byCodes(i int, p person) (*known, *Problem, error) {
	var k *known
	if p.card != "" {
		var err error
		if k, err = m.holder(p.card); err != nil {
			return nil, nil, err
		}
		if k == nil {
			used, err := m.d.barcodeInUse(p.card)
			if err != nil {
				return nil, nil, err
			}
			if used {
				return nil, wrong(ColCard, CodeInUse, "value", p.card), nil
			}
		}
		if k != nil && m.clash(k, p) {
			return nil, wrong(ColCard, Duplicate, "value", p.card, "row", m.d.rowText(k.row)), nil
		}
		// A card that was handed on to another child must not carry the first
		// one's loans along.
		if k != nil && !sameName(k.patron.Name, p.name) && !p.agrees(k.patron) {
			return nil, wrong(ColCard, OtherPatron, "value", p.card), nil
		}
	}
	if s := m.bySector[p.sector]; p.sector != "" && s != nil {
		if k != nil && k != s {
			return nil, wrong(ColSector, OtherPatron, "value", p.sector), nil
		}
		k = s
	}
	if k != nil && m.clash(k, p) {
		return nil, wrong(ColSector, Duplicate, "value", p.sector, "row", m.d.rowText(k.row)), nil
	}
	return k, nil, nil
}

// clash reports whether an earlier row is about that patron and says something
// else; the same child on two sheets is no clash.
func (m *patronMatcher) clash(k *known, p person) bool {
	return k.row >= 0 && (!sameName(m.d.table.nameOf(k.row), p.name) || !p.agrees(k.patron))
}

// exact finds a patron with the row's name, birth date and class.
func (m *patronMatcher) exact(p person, s *Sheet) *known {
	if p.birth.IsZero() {
		return nil
	}
	for _, k := range m.named(p) {
		if k.patron.BirthDate == p.birth && sameClass(k.class, p.class) && !m.another(k, p, s) {
			return k
		}
	}
	return nil
}

// another reports whether k, whom an earlier row of this sheet is about, must
// be another child: of the same name and birthday, but with a card of her own.
// The same line twice is one child.
func (m *patronMatcher) another(k *known, p person, s *Sheet) bool {
	return k.sheets[s] && p.card != "" && k.card != "" && k.card != p.card
}

// ordinal finds the next of the patrons of that name in that class that no
// row of this sheet is about yet.
func (m *patronMatcher) ordinal(p person, s *Sheet) *known {
	var spare *known
	for _, k := range m.named(p) {
		if !sameClass(k.class, p.class) || k.sheets[s] {
			continue
		}
		if k.name.key == p.spelled.key {
			return k
		}
		if spare == nil {
			spare = k
		}
	}
	return spare
}

// moved finds a stored patron of that name and birth date in any class: a
// child that changed class, or came up from last year's. Only when there is
// one, and no other row is about her.
func (m *patronMatcher) moved(p person) (k *known, several bool) {
	if p.birth.IsZero() && p.class != "" {
		return nil, false // a name alone is too little to move somebody by
	}
	for _, x := range m.named(p) {
		if x.isNew || x.row >= 0 || x.patron.BirthDate != p.birth && !p.birth.IsZero() {
			continue
		}
		if k != nil {
			return nil, true
		}
		k = x
	}
	return k, false
}

// named are the patrons of that name who can be the row's.
func (m *patronMatcher) named(p person) []*known {
	var out []*known
	for _, k := range m.byName[p.spelled.folded] {
		if k.name.same(p.spelled) && p.agrees(k.patron) {
			out = append(out, k)
		}
	}
	return out
}

func sameClass(a, b string) bool { return strings.EqualFold(fold.NFC(a), fold.NFC(b)) }

func (t *Table) nameOf(i int) string {
	r := t.Rows[i]
	if s := r.text(ColName); s != "" {
		return s
	}
	return fold.NFC(r.text(colFamily) + " " + r.text(colGiven))
}

// patrons decides the rows of a list of people.
func (d *decider) patrons() error {
	year, stored, err := d.schoolYear()
	if err != nil {
		return err
	}
	d.plan.Year = year.Name
	on := d.today
	if !year.Contains(on) {
		on = year.Start
	}
	m, err := d.newPatronMatcher(on)
	if err != nil {
		return err
	}
	people := make([]*person, len(d.table.Rows))
	reserved := map[string]bool{}
	for i, r := range d.table.Rows {
		p, bad := readPerson(d.table, r)
		p.spelled = spell(p.name)
		d.plan.Items[i].What = shorten(p.name)
		if bad != nil {
			d.reject(i, bad)
			continue
		}
		people[i] = &p
		if p.card != "" {
			reserved[p.card] = true
		}
	}
	m.decided(people)
	// Who is known by a code is found first, so that no child of the same name
	// is taken for her.
	for i, p := range people {
		if p == nil || m.rows[i] != nil || p.card == "" && p.sector == "" {
			continue
		}
		k, bad, err := m.byCodes(i, *p)
		if err != nil {
			return err
		}
		if bad != nil {
			d.reject(i, bad)
			people[i] = nil
			continue
		}
		if k != nil {
			m.rows[i] = k
			k.claim(i, d.table.Rows[i].Sheet)
		}
	}
	for i, p := range people {
		if p != nil && m.rows[i] == nil {
			if k := m.exact(*p, d.table.Rows[i].Sheet); k != nil {
				m.rows[i] = k
				k.claim(i, d.table.Rows[i].Sheet)
			}
		}
	}
	classes, err := d.newClassBook(year, stored, on)
	if err != nil {
		return err
	}
	for i, p := range people {
		if p == nil {
			continue
		}
		if bad, err := m.settle(i, p); err != nil {
			return err
		} else if bad != nil {
			d.reject(i, bad)
			continue
		}
		d.acceptPatron(i, *p, m.rows[i], classes, reserved)
	}
	m.doubts(people)
	return nil
}

// settle finds the row's patron now that the sure ones are found, and makes a
// new one of a row that is about nobody known.
func (m *patronMatcher) settle(i int, p *person) (*Problem, error) {
	sheet := m.d.table.Rows[i].Sheet
	k := m.rows[i]
	if k == nil && (p.card != "" || p.sector != "") {
		// An earlier row of this file may have brought the same code.
		var bad *Problem
		var err error
		if k, bad, err = m.byCodes(i, *p); bad != nil || err != nil {
			return bad, err
		}
	}
	if k == nil {
		if k = m.exact(*p, sheet); k == nil {
			k = m.ordinal(*p, sheet)
		}
	}
	if k == nil {
		var several bool
		k, several = m.moved(*p)
		if k == nil && p.pupil() && p.class == "" {
			if several {
				return wrong(ColName, CodeTooCommon, "value", p.name), nil
			}
			return wrong(ColClass, Missing), nil
		}
	}
	if k == nil {
		k = &known{isNew: true, row: -1, draft: &patronDraft{}, class: p.class, card: p.card,
			patron: p.merge(kiosk.Patron{Name: p.name, Category: kiosk.Pupil, Status: kiosk.PatronActive})}
		m.learn(k)
	}
	m.rows[i] = k
	k.claim(i, sheet)
	return nil, nil
}

// acceptPatron says what the row changes about its patron.
func (d *decider) acceptPatron(i int, p person, k *known, classes *classBook, reserved map[string]bool) {
	if k.draft == nil {
		k.draft = &patronDraft{patron: k.patron}
	}
	s := &patronStep{draft: k.draft, reserved: reserved}
	action := Same
	first := k.isNew && k.row == i
	if after := p.merge(k.patron); after != k.patron || first {
		k.patron, s.put, action = after, true, Change
	}
	s.after = k.patron
	if p.card != "" && (first || k.card != p.card && !k.draft.cards[p.card] && !d.holds(k, p.card)) {
		s.card, action = p.card, Change
		k.draft.addCard(p.card)
	}
	if p.class != "" && (first || !sameClass(k.class, p.class)) {
		s.class, action = classes.find(p.class, p.grade), Change
		k.class = p.class
	}
	if first {
		action = Add
		s.first = true
	}
	d.accept(i, action, s)
}

// holds reports whether a stored patron has that card, whatever its status.
func (d *decider) holds(k *known, card string) bool {
	if k.patron.ID == "" {
		return false
	}
	x, err := d.view.MemberByCard(card, d.today)
	return err == nil && x.ID == k.patron.ID
}

// classBook knows the year's classes, and drafts those that are missing.
type classBook struct {
	year  *yearDraft
	since kiosk.Day
	all   map[string]*classDraft
}

func (d *decider) newClassBook(year kiosk.SchoolYear, stored bool, since kiosk.Day) (*classBook, error) {
	b := &classBook{year: &yearDraft{year: year, stored: stored}, since: since, all: map[string]*classDraft{}}
	if !stored {
		return b, nil
	}
	list, err := d.view.Classes(year.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		b.all[strings.ToUpper(fold.NFC(c.Name))] = &classDraft{class: c, stored: true, book: b}
	}
	return b, nil
}

func (b *classBook) find(name string, grade int) *classDraft {
	key := strings.ToUpper(fold.NFC(name))
	c := b.all[key]
	if c == nil {
		c = &classDraft{class: kiosk.Class{Name: name, Grade: grade}, book: b}
		b.all[key] = c
	}
	return c
}
