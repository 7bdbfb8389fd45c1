package circulation_test

import (
	"errors"
	"testing"

	"muontra/kiosk"
)

// A class's answers are written once a round and corrected in place; what cannot be
// is refused at its field.
func TestSurveyAddsUp(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.Patron(kiosk.Pupil, "20000501", "Mẫu Thị Hoa", "4Z", 4)
		r.Copy("30000501", "Toán mẫu 4", kiosk.Textbook, "")
		class, book := r.surveyed()
		fine := kiosk.Survey{Class: class, Round: 1, Day: r.Today(), Pupils: 30, Full: 25, Notebooks: 30, Tools: 29, Lines: []kiosk.SurveyLine{{Title: book, Own: 20, Lent: 5}}}
		if before := must[kiosk.Survey](r)(r.desk.AnswerSurvey(ctx, r.staff, fine, nil)); before.ID != "" {
			t.Errorf("before the first: %+v", before)
		}
		again := fine
		again.Full = 24
		before := must[kiosk.Survey](r)(r.desk.AnswerSurvey(ctx, r.staff, again, nil))
		if before.ID == "" || before.Full != 25 {
			t.Errorf("before the second: %+v", before)
		}
		seen := errors.New("seen otherwise")
		if _, err := r.desk.AnswerSurvey(ctx, r.staff, fine, func(kiosk.Survey) error { return seen }); !errors.Is(err, seen) {
			t.Error(err)
		}
		if _, err := r.desk.AnswerSurvey(ctx, kiosk.Attempt{}, fine, nil); !errors.Is(err, kiosk.ErrStaffOnly) {
			t.Error(err)
		}
		for field, change := range map[string]func(*kiosk.Survey){
			"pupils":               func(s *kiosk.Survey) { s.Pupils = 0 },
			"full":                 func(s *kiosk.Survey) { s.Full = 26 }, // only 25 have the one book
			"notebooks":            func(s *kiosk.Survey) { s.Notebooks = 31 },
			"tools":                func(s *kiosk.Survey) { s.Tools = -1 },
			"round":                func(s *kiosk.Survey) { s.Round = 3 },
			"day":                  func(s *kiosk.Survey) { s.Day = r.Today().Add(1) },
			"own_" + string(book):  func(s *kiosk.Survey) { s.Lines[0].Own = 31 },
			"lent_" + string(book): func(s *kiosk.Survey) { s.Lines[0].Lent = 11 },
			"own_nope":             func(s *kiosk.Survey) { s.Lines = append(s.Lines, kiosk.SurveyLine{Title: "nope", Own: 30}) },
		} {
			bad := fine
			bad.Lines = []kiosk.SurveyLine{fine.Lines[0]}
			change(&bad)
			var wrong *kiosk.FieldError
			if _, err := r.desk.AnswerSurvey(ctx, r.staff, bad, nil); !errors.As(err, &wrong) || wrong.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		got := r.surveys()
		if len(got) != 1 || got[0].Full != 24 || got[0].Lacking() != 5 {
			t.Errorf("%+v", got)
		}
		again.Removed = true
		must[kiosk.Survey](r)(r.desk.AnswerSurvey(ctx, r.staff, again, nil))
		if got := r.surveys(); len(got) != 0 {
			t.Errorf("taken back: %+v", got)
		}
	})
}

// surveyed is a class of this year and a book.
func (r *rig) surveyed() (class, book kiosk.ID) {
	r.t.Helper()
	if err := r.Ledger.View(r.t.Context(), func(v kiosk.View) error {
		rules, err := v.Rules(r.Today())
		if err != nil {
			return err
		}
		classes, err := v.Classes(rules.Year.ID)
		if err != nil || len(classes) == 0 {
			return errors.Join(err, errors.New("no class"))
		}
		class = classes[0].ID
		return v.EachTitle(func(t kiosk.Title) error { book = t.ID; return nil })
	}); err != nil || book == "" {
		r.t.Fatal(err, book)
	}
	return class, book
}

func (r *rig) surveys() (all []kiosk.Survey) {
	r.t.Helper()
	if err := r.Ledger.View(r.t.Context(), func(v kiosk.View) error {
		rules, err := v.Rules(r.Today())
		if err != nil {
			return err
		}
		all, err = v.Surveys(rules.Year.ID)
		return err
	}); err != nil {
		r.t.Fatal(err)
	}
	return all
}

// A proposal has lines, and each says what, how many and why.
func TestProposals(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		fine := kiosk.Proposal{Name: "Mẫu", Day: r.Today(), Lines: []kiosk.ProposalLine{{Text: " Sách mẫu ", Kind: kiosk.Children, Quantity: 3, Price: 20_000, Why: kiosk.WhyWish}, {Text: "Sách khác", Kind: kiosk.Reference, Quantity: 1, Why: kiosk.WhyOther}}}
		done := must[kiosk.Proposal](r)(r.desk.PutProposal(ctx, r.staff, fine, nil))
		if n, money, unpriced := done.Sum(); n != 4 || money != 60_000 || unpriced != 1 || done.Lines[0].Text != "Sách mẫu" {
			t.Errorf("%+v", done)
		}
		for field, change := range map[string]func(*kiosk.Proposal){
			"name":       func(p *kiosk.Proposal) { p.Name = " " },
			"day":        func(p *kiosk.Proposal) { p.Day = kiosk.Day{} },
			"lines":      func(p *kiosk.Proposal) { p.Lines = nil },
			"text_0":     func(p *kiosk.Proposal) { p.Lines[0].Text = "" },
			"quantity_1": func(p *kiosk.Proposal) { p.Lines[1].Quantity = 0 },
			"price_0":    func(p *kiosk.Proposal) { p.Lines[0].Price = -1 },
			"kind_0":     func(p *kiosk.Proposal) { p.Lines[0].Kind = "stone" },
			"why_1":      func(p *kiosk.Proposal) { p.Lines[1].Why = "" },
		} {
			bad := done
			bad.Lines = append([]kiosk.ProposalLine{}, done.Lines...)
			change(&bad)
			var wrong *kiosk.FieldError
			if _, err := r.desk.PutProposal(ctx, r.staff, bad, nil); !errors.As(err, &wrong) || wrong.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if err := r.desk.RemoveProposal(ctx, r.staff, done.ID, false); !errors.Is(err, kiosk.ErrNotNow) {
			t.Error(err)
		}
		if err := r.desk.RemoveProposal(ctx, r.staff, done.ID, true); err != nil {
			t.Error(err)
		}
		if _, err := r.desk.PutProposal(ctx, r.staff, done, nil); !errors.Is(err, kiosk.ErrNotNow) {
			t.Errorf("one that was taken away is changed: %v", err)
		}
		if err := r.desk.AddUnmetSearches(ctx, map[string]int{"Khủng long mẫu": 2, "rồng": 1}); err != nil {
			t.Fatal(err)
		}
		if err := r.Ledger.View(ctx, func(v kiosk.View) error {
			all, err := v.UnmetSearches()
			if len(all) != 2 || all[0].Times != 2 || all[0].Last != r.Today() {
				t.Errorf("%+v", all)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}
