package exchange

import (
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// copyRec is a copy that is stored, or that an earlier row adds.
type copyRec struct {
	copy  kiosk.Copy
	title *titleRec
	row   int  // the row that names it, -1 for none
	again bool // it was taken back with a list that was read in by mistake
}

// shelfMatcher finds copies by their codes.
type shelfMatcher struct {
	d           *decider
	titles      *titleMatcher
	places      *placeBook
	byBarcode   map[string]*copyRec
	byAccession map[string]*copyRec
	reserved    map[string]bool // barcodes that the file brings
}

func (d *decider) newShelfMatcher() (*shelfMatcher, error) {
	titles, err := newTitleMatcher(d.view)
	if err != nil {
		return nil, err
	}
	places, err := newPlaceBook(d.view)
	if err != nil {
		return nil, err
	}
	m := &shelfMatcher{d: d, titles: titles, places: places, byBarcode: map[string]*copyRec{}, byAccession: map[string]*copyRec{}, reserved: map[string]bool{}}
	err = d.view.EachItem(func(it kiosk.Item) error {
		r := titles.byID[it.TitleID]
		if r == nil {
			return nil
		}
		r.stock[it.Kind]++
		m.learn(&copyRec{copy: it.Copy, title: r, row: -1})
		return nil
	})
	return m, err
}

func (m *shelfMatcher) learn(c *copyRec) {
	if c.copy.Barcode != "" {
		m.byBarcode[c.copy.Barcode] = c
	}
	if c.copy.Accession != "" {
		m.byAccession[c.copy.Accession] = c
	}
}

// books decides the rows of a list of books: each is one copy where it has a
// code, else a title with its number of copies.
func (d *decider) books() error {
	m, err := d.newShelfMatcher()
	if err != nil {
		return err
	}
	rows := make([]*book, len(d.table.Rows))
	counted := 0
	for i, r := range d.table.Rows {
		b, bad := readBook(d.table, r, d.today.Year)
		d.plan.Items[i].What = shorten(b.title.Title)
		if level := d.plan.options.Level; level != nil {
			b.title.Level = level(b.title.Level)
		}
		if bad != nil {
			d.reject(i, bad)
			continue
		}
		if !b.coded() {
			if counted += b.count; counted > maxCounted {
				d.reject(i, wrong(ColCopies, BadNumber, "value", limitFact(b.count)))
				continue
			}
		}
		rows[i] = &b
		m.titles.note(&b)
		if b.barcode != "" {
			m.reserved[b.barcode] = true
		}
	}
	found := make([]*copyRec, len(rows))
	for i, b := range rows {
		if b == nil || !b.coded() {
			continue
		}
		c, bad, err := m.stored(i, b)
		if err != nil {
			return err
		}
		if bad != nil {
			d.reject(i, bad)
			rows[i] = nil
			continue
		}
		if found[i] = c; c != nil {
			c.row = i
			c.title.listed[c.copy.Kind]++
		}
	}
	for i, b := range rows {
		switch {
		case b == nil:
		case found[i] != nil:
			err = m.changeCopy(i, b, found[i])
		case b.coded():
			err = m.addCopy(i, b)
		default:
			m.countCopies(i, b)
		}
		if err != nil {
			return err
		}
	}
	// A number that the library hands out goes on from the greatest there is:
	// the file's own numbers are written first.
	slices.SortStableFunc(d.plan.steps, func(a, b step) int { return a.(*bookStep).rank() - b.(*bookStep).rank() })
	return nil
}

// stored finds the stored copy that a row names, and refuses a row that names
// it wrongly.
func (m *shelfMatcher) stored(i int, b *book) (*copyRec, *Problem, error) {
	byCode, byNumber := m.byBarcode[b.barcode], m.byAccession[b.accession]
	if b.barcode == "" {
		byCode = nil
	}
	if b.accession == "" {
		byNumber = nil
	}
	c := byCode
	if c == nil {
		c = byNumber
	}
	if c != nil && !c.again && c.copy.State.Status == kiosk.CopyWithdrawn {
		last, err := m.d.view.EventsOfCopy(c.copy.ID, 1)
		if err != nil {
			return nil, nil, err
		}
		c.again = len(last) == 1 && last[0].Payload.Comment == kiosk.MadeByMistake
	}
	switch {
	case c == nil:
		return nil, nil, nil
	case byCode != nil && byNumber != nil && byCode != byNumber,
		byCode != nil && b.accession != "" && byCode.copy.Accession != "" && byCode.copy.Accession != b.accession:
		return nil, wrong(ColAccession, OtherCopy, "value", b.accession), nil
	case c.row >= 0:
		col, value := ColBarcode, b.barcode
		if byCode == nil {
			col, value = ColAccession, b.accession
		}
		return nil, wrong(col, Duplicate, "value", value, "row", m.d.rowText(c.row)), nil
	case !c.again && b.title.Title != "" && !sameTitle(c.title.draft.title, b.title) && !(b.titleID != "" && b.titleID == c.copy.TitleID):
		value := b.accession
		if value == "" {
			value = b.barcode
		}
		return nil, wrong(ColTitle, OtherTitle, "value", value, "title", c.title.draft.title.Title), nil
	}
	if b.barcode != "" && b.barcode != c.copy.Barcode {
		// The barcode of a label that is on the book already is not taken away.
		if c.copy.Labelled {
			return nil, wrong(ColBarcode, OtherCopy, "value", b.barcode), nil
		}
		if used, err := m.d.barcodeInUse(b.barcode); err != nil {
			return nil, nil, err
		} else if used {
			return nil, wrong(ColBarcode, CodeInUse, "value", b.barcode), nil
		}
	}
	if b.status != "" && b.status != c.copy.State.Status && b.status != kiosk.CopyAvailable {
		if _, err := m.d.view.OpenLoan(c.copy.ID); err == nil {
			return nil, wrong(ColStatus, OnLoan), nil
		} else if !notFound(err) {
			return nil, nil, err
		}
	}
	if bad, err := m.registering(b, c); bad != nil || err != nil {
		return nil, bad, err
	}
	return c, nil, nil
}

// registering: a file neither registers a copy that came with a receipt nor
// takes it back from the register; that is done by ticking the step.
func (m *shelfMatcher) registering(b *book, c *copyRec) (*Problem, error) {
	if b.status == "" || b.status == c.copy.State.Status {
		return nil, nil
	}
	p, err := m.d.view.ProcessingOfCopy(c.copy.ID)
	switch {
	case notFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	case p.Registered.IsZero() || b.status == kiosk.CopyInProcessing:
		return wrong(ColStatus, ByReceipt), nil
	}
	return nil, nil
}

// titleOf finds or adds the row's title and lets the row speak about it.
func (m *shelfMatcher) titleOf(i int, b *book, r *titleRec) (rec *titleRec, added, changed bool) {
	if r == nil {
		r = m.titles.find(b)
	}
	if r == nil {
		t := b.title
		if t.Language == "" {
			t.Language = "vi"
		}
		r = &titleRec{draft: &titleDraft{title: t}, isNew: true, row: i}
		m.titles.learn(r)
		return r, true, false
	}
	t, changed := mergeTitle(r.draft.title, b.title, r.row >= 0, !b.coded())
	if r.row < 0 {
		r.row = i
	}
	if changed {
		r.draft.title, r.draft.dirty = t, true
	}
	return r, false, changed
}

// addCopy decides a row that brings one new copy with a code of its own.
func (m *shelfMatcher) addCopy(i int, b *book) error {
	d := m.d
	if c := m.byBarcode[b.barcode]; c != nil && b.barcode != "" {
		d.reject(i, m.repeated(ColBarcode, b.barcode, c))
		return nil
	}
	if c := m.byAccession[b.accession]; c != nil && b.accession != "" {
		d.reject(i, m.repeated(ColAccession, b.accession, c))
		return nil
	}
	if b.title.Title == "" {
		d.reject(i, wrong(ColTitle, Missing))
		return nil
	}
	if b.barcode != "" {
		used, err := d.barcodeInUse(b.barcode)
		if err != nil {
			return err
		}
		if used {
			d.reject(i, wrong(ColBarcode, CodeInUse, "value", b.barcode))
			return nil
		}
	}
	if b.accession == "" && b.derived != "" && m.byAccession[b.derived] == nil {
		b.accession = b.derived
	}
	r, _, _ := m.titleOf(i, b, nil)
	c := m.newCopy(b)
	c.Barcode, c.Accession = b.barcode, b.accession
	m.learn(&copyRec{copy: c, title: r, row: i})
	s := &bookStep{title: r.draft, fresh: []kiosk.Copy{c}, home: m.places.homeOf(b), present: m.places.find(b.present), reserved: m.reserved}
	d.accept(i, Add, s)
	return nil
}

func (m *shelfMatcher) repeated(col Column, value string, c *copyRec) *Problem {
	if c.row >= 0 {
		return wrong(col, Duplicate, "value", value, "row", m.d.rowText(c.row))
	}
	return wrong(col, CodeInUse, "value", value)
}

func (m *shelfMatcher) newCopy(b *book) kiosk.Copy {
	c := kiosk.Copy{Kind: b.kind, SubKind: b.sub, Price: b.price, Source: b.source, Received: b.received, Note: b.note, Pieces: b.pieces}
	c.State = kiosk.CopyState{Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood}
	if b.status != "" {
		c.State.Status = b.status
	}
	if b.condition != "" {
		c.State.Condition = b.condition
	}
	return c
}

// changeCopy decides a row about a stored copy.
func (m *shelfMatcher) changeCopy(i int, b *book, k *copyRec) error {
	var titleChanged bool
	r, action := k.title, Same
	switch {
	case b.title.Title == "" && k.again: // nothing says what book it is
		m.d.reject(i, wrong(ColTitle, Missing))
		return nil
	case k.again:
		r, _, _ = m.titleOf(i, b, nil)
	case b.title.Title != "":
		r, _, titleChanged = m.titleOf(i, b, k.title)
	}
	s := &bookStep{title: r.draft, old: &k.copy, again: k.again}
	c := k.copy
	if k.again {
		c.State.Status = kiosk.CopyAvailable
	}
	if b.barcode != "" {
		c.Barcode = b.barcode
	}
	if b.accession != "" {
		c.Accession = b.accession
	}
	if b.kindSaid {
		c.Kind = b.kind
	}
	row := m.d.table.Rows[i]
	if word := row.text(ColSubKind); word != "" && fold.Text(word) != fold.Text(valueWord(Vietnamese, "sub_kind", c.SubKind)) && fold.Text(word) != fold.Text(c.SubKind) {
		c.SubKind = b.sub
	}
	if b.price != 0 {
		c.Price = b.price
	}
	if b.note != "" && b.note != c.Note {
		c.Note = b.note
	}
	if b.pieces != 0 {
		c.Pieces = b.pieces
	}
	if src := row.text(ColSource); src != "" && fold.Text(src) != fold.Text(c.Source) && fold.Text(src) != fold.Text(valueWord(Vietnamese, "source", c.Source)) {
		c.Source = b.source
	}
	if !b.received.IsZero() {
		c.Received = b.received
	}
	if b.status != "" {
		c.State.Status = b.status
	}
	if b.condition != "" {
		c.State.Condition = b.condition
	}
	s.home, s.present = m.places.find(b.home), m.places.find(b.present)
	if s.home.is(c.HomePlace) {
		s.home = nil
	}
	if s.present.is(c.State.Place) {
		s.present = nil
	}
	s.putCopy = c != k.copy || s.home != nil || k.again
	s.putState = c.State != k.copy.State || s.present != nil || s.home != nil && b.present == "" && c.State.Place == c.HomePlace
	s.after = c
	if s.putCopy || s.putState || titleChanged {
		action = Change
	}
	k.copy = c
	m.d.accept(i, action, s)
	return nil
}

// countCopies decides a row that says how many copies of a title there are:
// those that are missing are added. Copies that other rows of the file name by
// their codes are not counted again.
func (m *shelfMatcher) countCopies(i int, b *book) {
	r, added, changed := m.titleOf(i, b, nil)
	need := b.count
	if b.titleID != "" {
		// Our own export: the file of copies brings them with their barcodes,
		// before this one or after. Copies made here would take their places.
		need = 0
	}
	for _, kind := range kiosk.Kinds {
		if b.kindSaid && kind != b.kind {
			continue
		}
		there := min(need, r.stock[kind]-r.listed[kind])
		r.listed[kind] += there
		need -= there
	}
	s := &bookStep{title: r.draft, reserved: m.reserved, home: m.places.homeOf(b), present: m.places.find(b.present)}
	for range need {
		s.fresh = append(s.fresh, m.newCopy(b))
	}
	switch {
	case added, r.isNew && need > 0:
		m.d.accept(i, Add, s)
	case need > 0, changed:
		m.d.accept(i, Change, s)
	default:
		m.d.accept(i, Same, nil)
	}
}

// placeBook knows the places, and drafts those that are missing.
type placeBook struct {
	byText map[string]*placeDraft
	codes  map[string]bool
	home   *placeDraft // where a copy is when nothing is said
}

func newPlaceBook(v kiosk.View) (*placeBook, error) {
	list, err := v.Places()
	if err != nil {
		return nil, err
	}
	b := &placeBook{byText: map[string]*placeDraft{}, codes: map[string]bool{}}
	drafts := make([]*placeDraft, len(list))
	for i, p := range list {
		drafts[i] = &placeDraft{place: p, stored: true}
		b.codes[strings.ToUpper(p.Code)] = true
		if b.home == nil && p.Kind == kiosk.Library && !p.Closed {
			b.home = drafts[i]
		}
	}
	// A code is stronger than a name that happens to be written like it.
	for _, key := range []func(kiosk.Place) string{
		func(p kiosk.Place) string { return "=" + p.Code },
		func(p kiosk.Place) string { return fold.Text(p.Code) },
		func(p kiosk.Place) string { return fold.Text(p.Name) },
	} {
		for _, d := range drafts {
			if k := key(d.place); k != "" && k != "=" && b.byText[k] == nil {
				b.byText[k] = d
			}
		}
	}
	return b, nil
}

// find is the place that a text names by code or name; nil for no text.
func (b *placeBook) find(text string) *placeDraft {
	if text == "" {
		return nil
	}
	if d := b.byText["="+text]; d != nil {
		return d
	}
	key := titleKey(text)
	if d := b.byText[key]; d != nil {
		return d
	}
	d := &placeDraft{place: kiosk.Place{Code: b.newCode(text), Name: text, Kind: placeKind(text)}}
	b.byText[key] = d
	return d
}

// homeOf is where a new copy belongs: where the row says, else in the library.
func (b *placeBook) homeOf(x *book) *placeDraft {
	if d := b.find(x.home); d != nil {
		return d
	}
	return b.home
}

// newCode is a short code for a new place: its text where that is short, else
// the first letters of its words.
func (b *placeBook) newCode(text string) string {
	code := strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	if len([]rune(code)) > 8 {
		var letters []rune
		for _, w := range strings.Fields(fold.Text(text)) {
			if onlyDigits(w) {
				letters = append(letters, []rune(w)...)
			} else {
				letters = append(letters, []rune(w)[0])
			}
		}
		code = strings.ToUpper(string(letters[:min(8, len(letters))]))
	}
	base := code
	for n := 2; code == "" || b.codes[code]; n++ {
		code = base + "-" + limitFact(n)
	}
	b.codes[code] = true
	return code
}

func placeKind(text string) kiosk.PlaceKind {
	f := " " + fold.Text(text) + " "
	for _, w := range []struct {
		words string
		kind  kiosk.PlaceKind
	}{
		{" goc lop ", kiosk.ClassCorner}, {" tu lop ", kiosk.ClassCorner}, {" lop ", kiosk.ClassCorner}, {" hanh lang ", kiosk.Hallway}, {" ngoai troi ", kiosk.Outdoor},
		{" san ", kiosk.Outdoor}, {" thu vien xanh ", kiosk.Outdoor}, {" luu dong ", kiosk.MobileCase}, {" thu vien ", kiosk.Library}, {" kho ", kiosk.Library},
		{" phong ", kiosk.Elsewhere}, {" van phong ", kiosk.Elsewhere},
	} {
		if strings.Contains(f, w.words) {
			return w.kind
		}
	}
	if c := classOfSheet(text); c != "" {
		return kiosk.ClassCorner
	}
	return kiosk.Shelf
}
