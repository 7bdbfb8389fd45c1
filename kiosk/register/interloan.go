package register

import "muontra/kiosk"

// interloanReceipt and interloanReturn are the minutes of a lot of books that
// another library lends the school (biên bản giao nhận, biên bản trả; seed R117, R171):
// what was received, and what became of it by the day of the paper.
var (
	interloanReceipt = &Sheet{
		Name: "interloan-receipt", Report: true, Single: true, Official: true, Period: NoPeriod,
		Which: interloanChoices, Before: (*Source).interloanProse, After: (*Source).interloanReceived, Signers: (*Source).interloanSigners,
		Parts: func(s *Source) ([]Part, error) {
			return []Part{{
				Columns: []Column{{Key: "book", Kind: Text, Width: 110}, {Key: "lender_code", Kind: Code, Width: 40}, {Key: "quantity", Kind: Number, Width: 24, Sum: true}}, Proof: s.proveInterloan,
				Lines: func(yield func(Line) error) error {
					return s.eachInterloanBook(func(b kiosk.InterloanBook) error {
						return yield(Line{Key: string(b.ID), Cells: []any{b.Title, b.Code, b.Quantity}})
					})
				},
			}}, nil
		},
	}
	interloanReturn = &Sheet{
		Name: "interloan-return", Report: true, Single: true, Official: true, Period: NoPeriod,
		Which: interloanChoices, Before: (*Source).interloanProse, After: (*Source).interloanReturned, Signers: (*Source).interloanSigners,
		Parts: func(s *Source) ([]Part, error) {
			n := func(key string, w float64) Column { return Column{Key: key, Kind: Number, Width: w, Sum: true} }
			return []Part{{
				Columns: []Column{{Key: "book", Kind: Text, Width: 60}, {Key: "lender_code", Kind: Code, Width: 26}, n("quantity", 17), n("back_whole", 17), n("back_damaged", 17), n("lost", 14), n("remains", 14), {Key: "back", Kind: Day, Width: 22}}, Proof: s.proveInterloan,
				Lines: func(yield func(Line) error) error {
					return s.eachInterloanBook(func(b kiosk.InterloanBook) error {
						l := Line{Key: string(b.ID), Cells: []any{b.Title, b.Code, b.Quantity, b.Back, b.Damaged, b.Lost, b.Out(), nil}}
						if !b.Last.IsZero() {
							l.Cells[7] = b.Last
						}
						return yield(l)
					})
				},
			}}, nil
		},
	}
)

func interloanChoices(v kiosk.View) ([]Choice, error) {
	lots, err := v.Interloans()
	var all []Choice
	for _, l := range lots {
		all = append(all, Choice{l.ID, paperName(l.Paper, l.Lender+" "+l.Received.String())})
	}
	return all, err
}

// interloan is the lot that the sheet is of; one without an ID when there is none.
func (s *Source) interloan() (kiosk.Interloan, error) {
	if s.Of.ID == "" {
		return kiosk.Interloan{}, nil
	}
	return s.View.Interloan(s.Of.ID)
}

func (s *Source) eachInterloanBook(fn func(kiosk.InterloanBook) error) error {
	if s.Of.ID == "" {
		return nil
	}
	books, err := s.View.InterloanBooks(s.Of.ID)
	if err != nil {
		return err
	}
	for _, b := range books {
		if err := fn(b); err != nil {
			return err
		}
	}
	return nil
}

func (s *Source) interloanSum() (kiosk.InterloanSum, error) {
	var books []kiosk.InterloanBook
	err := s.eachInterloanBook(func(b kiosk.InterloanBook) error { books = append(books, b); return nil })
	return kiosk.SumOfInterloan(books), err
}

func (s *Source) interloanProse() ([]Paragraph, error) {
	l, err := s.interloan()
	if err != nil || l.ID == "" {
		return []Paragraph{P("reg.no_interloan")}, err
	}
	all := []Paragraph{}
	if l.Paper != "" {
		all = append(all, Paragraph{Text: W("minutes.no", "number", l.Paper), Kind: Centred})
	}
	return append(all, P("reg.interloan_giver", "lender", l.Lender), P("reg.interloan_taker", "school", dotted(s.School.Name)), P("reg.interloan_days", "received", l.Received, "due", l.Due)), nil
}

func (s *Source) interloanReceived() ([]Paragraph, error) {
	l, err := s.interloan()
	if err != nil || l.ID == "" {
		return nil, err
	}
	sum, err := s.interloanSum()
	all := []Paragraph{P("reg.interloan_sum", "n", sum.Books, "words", InWords(sum.Books))}
	if l.Note != "" {
		all = append(all, Paragraph{Text: W("minutes.note"), Kind: Headline}, Paragraph{Text: l.Note})
	}
	return append(all, P("reg.interloan_copies")), err
}

// interloanReturned says the difference: what was damaged, is missing, is still
// here.
func (s *Source) interloanReturned() ([]Paragraph, error) {
	l, err := s.interloan()
	if err != nil || l.ID == "" {
		return nil, err
	}
	sum, err := s.interloanSum()
	all := []Paragraph{P("reg.interloan_back", "n", sum.Back+sum.Damaged, "of", sum.Books, "words", InWords(sum.Back+sum.Damaged))}
	switch {
	case sum.Damaged+sum.Lost+sum.Out == 0:
		all = append(all, P("reg.interloan_whole"))
	default:
		for _, x := range []struct {
			key string
			n   int
		}{{"reg.interloan_damaged", sum.Damaged}, {"reg.interloan_lost", sum.Lost}, {"reg.interloan_out", sum.Out}} {
			if x.n > 0 {
				all = append(all, P(x.key, "n", x.n, "due", l.Due))
			}
		}
	}
	return append(all, P("reg.interloan_copies")), err
}

func (s *Source) interloanSigners() ([]Signer, kiosk.Day, error) {
	return []Signer{
		{Role: W("reg.interloan_sign_lender")}, {Role: W("board.librarian"), Name: s.School.Librarian},
		{Role: W("minutes.sign_management"), Name: s.School.Management, Head: true},
	}, s.Today, nil
}

// proveInterloan adds up the lot as its events left it.
func (s *Source) proveInterloan() (map[string]int64, error) {
	p, err := s.replay(kiosk.PaperRecords)
	var books []kiosk.InterloanBook
	for _, b := range p.Records.InterloanBooks {
		if b.Lot == s.Of.ID && !b.Removed {
			books = append(books, b)
		}
	}
	sum := kiosk.SumOfInterloan(books)
	return map[string]int64{"quantity": int64(sum.Books), "back_whole": int64(sum.Back), "back_damaged": int64(sum.Damaged), "lost": int64(sum.Lost), "remains": int64(sum.Out)}, err
}
