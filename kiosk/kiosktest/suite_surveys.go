package kiosktest

import (
	"errors"

	"muontra/kiosk"
)

// surveysComeBack: the textbook survey and the proposals follow from their events.
func surveysComeBack(t *try) {
	s := t.stocked(1)
	var class kiosk.Class
	var year kiosk.ID
	var one, two, gone kiosk.Survey
	var a, b, dropped kiosk.Proposal
	event := func(tx kiosk.Tx, typ kiosk.EventType, r kiosk.Records) error {
		return tx.Append(&kiosk.Event{Type: typ, Station: "desk", OccurredAt: Start, RecordedAt: Start, ClockOK: true, Payload: kiosk.Payload{Records: &r}})
	}
	t.update(func(tx kiosk.Tx) error {
		rules, err := tx.Rules(Today)
		if err != nil {
			return err
		}
		year = rules.Year.ID
		class = kiosk.Class{ID: tx.NewID(), YearID: year, Name: "4Z", Grade: 4}
		other := kiosk.Class{ID: tx.NewID(), YearID: year, Name: "5Z", Grade: 5}
		one = kiosk.Survey{ID: tx.NewID(), Class: class.ID, Round: 1, Day: Today, Pupils: 30, Full: 20, Lines: []kiosk.SurveyLine{{Title: s.title.ID, Own: 20, Lent: 4}}, By: "x"}
		two = kiosk.Survey{ID: tx.NewID(), Class: class.ID, Round: 2, Day: Today, Pupils: 31, By: "x"}
		gone = kiosk.Survey{ID: tx.NewID(), Class: other.ID, Round: 1, Day: Today, Pupils: 3, By: "x", Removed: true}
		a = kiosk.Proposal{ID: tx.NewID(), Name: "Mẫu", Day: Today, Lines: []kiosk.ProposalLine{{Text: "Sách mẫu", Kind: kiosk.Children, Quantity: 2, Price: 15_000, Why: kiosk.WhyWish, Asked: 3}}, By: "x"}
		b = kiosk.Proposal{ID: tx.NewID(), Name: "Sau", Day: Today.Add(1), By: "x"}
		dropped = kiosk.Proposal{ID: tx.NewID(), Name: "Bỏ", Day: Today, By: "x", Removed: true}
		return errors.Join(tx.PutClass(class), tx.PutClass(other),
			event(tx, kiosk.EventSurvey, kiosk.Records{Surveys: []kiosk.Survey{one, two, gone}}),
			event(tx, kiosk.EventProposal, kiosk.Records{Proposals: []kiosk.Proposal{a, b, dropped}}))
	})
	one.Full = 24
	t.update(func(tx kiosk.Tx) error {
		return event(tx, kiosk.EventSurvey, kiosk.Records{Surveys: []kiosk.Survey{one}})
	})
	t.fails("a second survey of one class and round", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		again := one
		again.ID = tx.NewID()
		return event(tx, kiosk.EventSurvey, kiosk.Records{Surveys: []kiosk.Survey{again}})
	})
	t.fails("a survey of no class", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return event(tx, kiosk.EventSurvey, kiosk.Records{Surveys: []kiosk.Survey{{ID: tx.NewID(), Class: "nope", Round: 1}}})
	})
	t.view(func(v kiosk.View) error {
		all, err := v.Surveys(year)
		equal(t, "surveys", all, []kiosk.Survey{one, two})
		got, err2 := v.Survey(class.ID, 2)
		equal(t, "survey", got, two)
		back, err3 := v.Survey(gone.Class, 1)
		equal(t, "one that was taken back", back, gone)
		_, nf := v.Survey(class.ID, 3)
		t.notFound("survey", nf)
		ps, err4 := v.Proposals()
		equal(t, "proposals", ps, []kiosk.Proposal{b, a})
		p, err5 := v.Proposal(dropped.ID)
		equal(t, "one that was dropped", p, dropped)
		_, nf = v.Proposal("nope")
		t.notFound("proposal", nf)
		return errors.Join(err, err2, err3, err4, err5)
	})
}

// unmetSearches are counted by their folded words.
func unmetSearches(t *try) {
	t.update(func(tx kiosk.Tx) error {
		return errors.Join(tx.AddUnmetSearch("Khủng long mẫu", 2, Today.Add(-500)), tx.AddUnmetSearch("Rồng mẫu", 1, Today), tx.AddUnmetSearch("khung long MẪU", 1, Today), tx.AddUnmetSearch("Cũ", 1, Today.Add(-400)))
	})
	t.update(func(tx kiosk.Tx) error { return tx.DropUnmetSearches(Today.Add(-399)) })
	t.fails("a search of nothing", nil, func(tx kiosk.Tx) error { return tx.AddUnmetSearch(" ", 1, Today) })
	t.view(func(v kiosk.View) error {
		all, err := v.UnmetSearches()
		equal(t, "searches", all, []kiosk.UnmetSearch{{Text: "khung long MẪU", Times: 3, Last: Today}, {Text: "Rồng mẫu", Times: 1, Last: Today}})
		return err
	})
}
