package kiosktest

import (
	"errors"
	"strings"
	"time"

	"muontra/kiosk"
)

// shelf puts six copies whose columns all stand in different orders; each has
// its mark in the accession number.
func shelf(t *try) (copies []kiosk.Copy) {
	t.update(func(tx kiosk.Tx) error {
		var places []kiosk.ID
		for _, name := range []string{"Kệ 10", "Kệ 2", "Đọc tại chỗ"} {
			p := kiosk.Place{ID: tx.NewID(), Code: name, Name: name, Kind: kiosk.Shelf}
			if err := tx.PutPlace(p); err != nil {
				return err
			}
			places = append(places, p.ID)
		}
		for i, x := range []struct {
			title, barcode, accession string
			kind                      kiosk.Kind
			price                     int64
			place                     kiosk.ID
			note                      string
			status                    kiosk.CopyStatus
			condition                 kiosk.Condition
			loans                     int
		}{
			{"Đất rừng", "30000018", "TN.00002", kiosk.Children, 0, places[0], "", kiosk.CopyAvailable, kiosk.ConditionWorn, 3},
			{"Dế Mèn", "999", "TN.00010", kiosk.Reference, 9000, places[1], "ố", kiosk.CopyLost, kiosk.ConditionGood, 0},
			{"Ân nhân", "30000026", "TK.00001", kiosk.Children, 12000, places[2], "", kiosk.CopyInRepair, kiosk.ConditionDamaged, 1},
			{"Anh em", "30000034", "", kiosk.Map, 500, "", "ô", kiosk.CopyAvailable, kiosk.ConditionGood, 2},
		} {
			title := kiosk.Title{ID: tx.NewID(), Title: x.title}
			c := kiosk.Copy{ID: tx.NewID(), TitleID: title.ID, Barcode: x.barcode, Accession: x.accession, Kind: x.kind, Price: x.price, HomePlace: x.place, Note: x.note}
			if err := errors.Join(tx.PutTitle(title), tx.PutCopy(c)); err != nil {
				return err
			}
			s := kiosk.CopyState{CopyID: c.ID, Status: x.status, Condition: x.condition, Place: x.place, Loans: x.loans}
			if err := tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, OccurredAt: Start.Add(time.Duration(i) * time.Second), Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{s}}}}); err != nil {
				return err
			}
			copies = append(copies, c)
		}
		return nil
	})
	return copies
}

func copiesByPage(t *try) {
	shelf(t)
	t.view(func(v kiosk.View) error {
		titles := func(q kiosk.CopyQuery, p kiosk.Page) string {
			var all []string
			if err := v.EachCopy(q, p, func(i kiosk.Item) error { all = append(all, i.Title.Title); return nil }); err != nil {
				t.tb.Errorf("%+v: %v", p, err)
			}
			return strings.Join(all, ", ")
		}
		kinds := []string{"map", "children", "reference"}
		for _, x := range []struct {
			p    kiosk.Page
			want string
		}{
			{kiosk.Page{}, "Anh em, Ân nhân, Đất rừng, Dế Mèn"},
			{kiosk.Page{By: "nothing that there is", Down: true}, "Anh em, Ân nhân, Đất rừng, Dế Mèn"},
			{kiosk.Page{By: kiosk.ByAccession}, "Ân nhân, Đất rừng, Dế Mèn, Anh em"},
			{kiosk.Page{By: kiosk.ByAccession, Down: true}, "Dế Mèn, Đất rừng, Ân nhân, Anh em"},
			{kiosk.Page{By: kiosk.ByBarcode}, "Dế Mèn, Đất rừng, Ân nhân, Anh em"},
			{kiosk.Page{By: kiosk.ByTitle}, "Anh em, Ân nhân, Dế Mèn, Đất rừng"},
			{kiosk.Page{By: kiosk.ByTitle, Down: true}, "Đất rừng, Dế Mèn, Ân nhân, Anh em"},
			{kiosk.Page{By: kiosk.ByTitle, From: 1, Most: 2}, "Ân nhân, Dế Mèn"},
			{kiosk.Page{By: kiosk.ByTitle, From: 3, Most: 2}, "Đất rừng"},
			{kiosk.Page{By: kiosk.ByTitle, From: 4, Most: 2}, ""},
			{kiosk.Page{By: kiosk.ByKind, Codes: kinds}, "Anh em, Ân nhân, Đất rừng, Dế Mèn"},
			{kiosk.Page{By: kiosk.ByKind, Codes: kinds, Down: true}, "Dế Mèn, Ân nhân, Đất rừng, Anh em"},
			{kiosk.Page{By: kiosk.ByPlace}, "Ân nhân, Dế Mèn, Đất rừng, Anh em"},
			{kiosk.Page{By: kiosk.ByPlace, Down: true}, "Đất rừng, Dế Mèn, Ân nhân, Anh em"},
			{kiosk.Page{By: kiosk.ByStatus, Codes: []string{"lost", "in_repair", "available"}}, "Dế Mèn, Ân nhân, Anh em, Đất rừng"},
			{kiosk.Page{By: kiosk.ByCondition, Codes: []string{"good", "worn", "damaged"}}, "Anh em, Dế Mèn, Đất rừng, Ân nhân"},
			{kiosk.Page{By: kiosk.ByPrice}, "Anh em, Dế Mèn, Ân nhân, Đất rừng"},
			{kiosk.Page{By: kiosk.ByPrice, Down: true}, "Ân nhân, Dế Mèn, Anh em, Đất rừng"},
			{kiosk.Page{By: kiosk.ByLoans}, "Dế Mèn, Ân nhân, Anh em, Đất rừng"},
			{kiosk.Page{By: kiosk.ByNote}, "Anh em, Dế Mèn, Ân nhân, Đất rừng"},
		} {
			if got := titles(kiosk.CopyQuery{}, x.p); got != x.want {
				t.tb.Errorf("copies %+v:\n got %s\nwant %s", x.p, got, x.want)
			}
		}
		equal(t, "worn", titles(kiosk.CopyQuery{Condition: kiosk.ConditionWorn}, kiosk.Page{By: kiosk.ByTitle}), "Đất rừng")
		equal(t, "without authors", titles(kiosk.CopyQuery{Lack: kiosk.LackAuthors}, kiosk.Page{By: kiosk.ByPlace, Most: 1}), "Ân nhân")
		equal(t, "without what there is not", titles(kiosk.CopyQuery{Lack: "soul"}, kiosk.Page{}), "")
		n, err := v.CountCopies(kiosk.CopyQuery{Lack: "soul"})
		stop := errors.New("enough")
		if err := v.EachCopy(kiosk.CopyQuery{}, kiosk.Page{}, func(kiosk.Item) error { return stop }); err != stop || n != 0 {
			t.tb.Errorf("a visit that stops: %v; %d copies", err, n)
		}
		return err
	})
}

func titlesByPage(t *try) {
	t.update(func(tx kiosk.Tx) error {
		for i, x := range []struct {
			title, remainder, number string
			authors                  []string
			grade, copies            int
			received                 kiosk.Day
		}{
			{"Đất rừng", "", "", []string{"Ông Mẫu"}, 2, 1, Today},
			{"Dế Mèn", "tập 10", "895.9", []string{"Ân Mẫu", "An Mẫu"}, 0, 3, Today.Add(-40)},
			{"Dế Mèn", "tập 2", "", nil, 2, 0, kiosk.Day{}},
			{"Ân nhân", "", "398.2", []string{"Đào Mẫu"}, 2, 2, Today.Add(-3)},
		} {
			title := kiosk.Title{ID: tx.NewID(), Title: x.title, Remainder: x.remainder, ClassNumber: x.number, Authors: x.authors, Grade: x.grade}
			if err := tx.PutTitle(title); err != nil {
				return err
			}
			for n := range x.copies {
				c := kiosk.Copy{ID: tx.NewID(), TitleID: title.ID, Barcode: "3" + strings.Repeat(string(rune('0'+i)), 4) + string(rune('0'+n)), Kind: kiosk.Children, Received: x.received.Add(-n)}
				s := kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood}
				if i == 3 && n == 0 { // the newest of it is gone
					s.Status = kiosk.CopyWithdrawn
				}
				if err := errors.Join(tx.PutCopy(c), tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, OccurredAt: Start, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{s}}}})); err != nil {
					return err
				}
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		find := func(q kiosk.TitleQuery, p kiosk.Page) string {
			set, err := v.FindTitles(q, Today.Add(-30))
			hits, err2 := v.Browse(q, Today.Add(-30), 0, 100)
			var all []string
			err3 := v.EachFound(set.Numbers, p, func(f kiosk.Found) error { all = append(all, f.Title.Name()); return nil })
			if err := errors.Join(err, err2, err3); err != nil {
				t.tb.Errorf("%+v %+v: %v", q, p, err)
			}
			hits.Found = nil
			equal(t, "what is counted", set.Hits, hits)
			equal(t, "how many there are", len(set.Numbers), hits.Total)
			return strings.Join(all, ", ")
		}
		for _, x := range []struct {
			p    kiosk.Page
			want string
		}{
			{kiosk.Page{}, "Ân nhân, Dế Mèn : tập 2, Dế Mèn : tập 10, Đất rừng"},
			{kiosk.Page{By: kiosk.ByTitle}, "Ân nhân, Dế Mèn : tập 2, Dế Mèn : tập 10, Đất rừng"},
			{kiosk.Page{By: kiosk.ByTitle, Down: true}, "Đất rừng, Dế Mèn : tập 10, Dế Mèn : tập 2, Ân nhân"},
			{kiosk.Page{By: kiosk.ByTitle, From: 1, Most: 2}, "Dế Mèn : tập 2, Dế Mèn : tập 10"},
			{kiosk.Page{By: kiosk.ByTitle, From: 9, Most: 2}, ""},
			{kiosk.Page{By: kiosk.ByAuthor}, "Dế Mèn : tập 10, Ân nhân, Đất rừng, Dế Mèn : tập 2"},
			{kiosk.Page{By: kiosk.ByAuthor, Down: true}, "Đất rừng, Ân nhân, Dế Mèn : tập 10, Dế Mèn : tập 2"},
			{kiosk.Page{By: kiosk.ByClassNumber}, "Ân nhân, Dế Mèn : tập 10, Dế Mèn : tập 2, Đất rừng"},
			{kiosk.Page{By: kiosk.ByCopies}, "Dế Mèn : tập 2, Ân nhân, Đất rừng, Dế Mèn : tập 10"},
			{kiosk.Page{By: kiosk.ByCopies, Down: true, Most: 1}, "Dế Mèn : tập 10"},
			{kiosk.Page{By: kiosk.ByReceived}, "Dế Mèn : tập 10, Ân nhân, Đất rừng, Dế Mèn : tập 2"},
			{kiosk.Page{By: kiosk.ByReceived, Down: true}, "Đất rừng, Ân nhân, Dế Mèn : tập 10, Dế Mèn : tập 2"},
		} {
			if got := find(kiosk.TitleQuery{}, x.p); got != x.want {
				t.tb.Errorf("titles %+v:\n got %s\nwant %s", x.p, got, x.want)
			}
		}
		equal(t, "narrowed", find(kiosk.TitleQuery{Grade: 2}, kiosk.Page{By: kiosk.ByTitle, Down: true}), "Đất rừng, Dế Mèn : tập 2, Ân nhân")
		equal(t, "of words", find(kiosk.TitleQuery{Text: "de men"}, kiosk.Page{By: kiosk.ByClassNumber}), "Dế Mèn : tập 10, Dế Mèn : tập 2")
		equal(t, "of words that there are not", find(kiosk.TitleQuery{Text: "khung long"}, kiosk.Page{}), "")
		stop := errors.New("enough")
		set, err := v.FindTitles(kiosk.TitleQuery{}, kiosk.Day{})
		if err := v.EachFound(set.Numbers, kiosk.Page{}, func(f kiosk.Found) error { return stop }); err != stop {
			t.tb.Errorf("a visit that stops: %v", err)
		}
		if err2 := v.EachFound([]int64{1 << 40}, kiosk.Page{}, func(f kiosk.Found) error { return stop }); err2 != nil {
			t.tb.Errorf("a title that is not there: %v", err2)
		}
		return err
	})
}

func openLoansByPage(t *try) {
	copies := shelf(t)
	byName := map[string]kiosk.Loan{}
	t.update(func(tx kiosk.Tx) error {
		a, err := class(tx, Today, "2A", 2)
		b, err2 := class(tx, Today, "10B", 5)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		for i, x := range []struct {
			name     string
			category kiosk.Category
			class    kiosk.Class
			due      int
			renewals int
		}{
			{"Mẫu Đạt", kiosk.Pupil, a, 3, 0}, {"Mẫu Dung", kiosk.Pupil, a, -2, 1}, {"Mẫu An", kiosk.Pupil, b, -5, 0}, {"Mẫu Cô", kiosk.Teacher, kiosk.Class{}, 1, 2},
		} {
			p := kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Category: x.category, Name: x.name, Status: kiosk.PatronActive}
			if err := tx.PutPatron(p); err != nil {
				return err
			}
			if x.class.ID != "" {
				if err := enrol(tx, p, x.class, Today); err != nil {
					return err
				}
			}
			l := kiosk.Loan{ID: tx.NewID(), CopyID: copies[i].ID, PatronRef: p.Ref, Type: kiosk.HomeLoan, CheckedOutAt: Start.Add(-time.Duration(i) * time.Hour), DueOn: Today.Add(x.due), Renewals: x.renewals, Station: kiosk.DefaultStation}
			if err := tx.Append(loanEvent(kiosk.EventCheckedOut, l)); err != nil {
				return err
			}
			byName[x.name] = l
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		names := func(q kiosk.OpenLoanQuery, p kiosk.Page) string {
			q.On = Today
			var all []string
			err := v.EachOpenLoan(q, p, func(l kiosk.OpenLoan) error {
				if l.Item.ID != l.Loan.CopyID || l.Loan != byName[l.Member.Name] {
					t.tb.Errorf("loan %+v has item %+v, member %+v", l.Loan, l.Item, l.Member)
				}
				all = append(all, strings.TrimPrefix(l.Member.Name, "Mẫu "))
				return nil
			})
			n, people, err2 := v.CountOpenLoans(q)
			if err := errors.Join(err, err2); err != nil || p.Most+p.From == 0 && (n != len(all) || people != len(all)) {
				t.tb.Errorf("%+v: %v, %d loans of %d, %d listed", q, err, n, people, len(all))
			}
			return strings.Join(all, " ")
		}
		for _, x := range []struct {
			p    kiosk.Page
			want string
		}{
			{kiosk.Page{}, "Dung Đạt An Cô"},
			{kiosk.Page{By: kiosk.ByGroup, Down: true}, "Cô An Dung Đạt"},
			{kiosk.Page{By: kiosk.ByName}, "An Cô Dung Đạt"},
			{kiosk.Page{By: kiosk.ByName, Down: true, Most: 2}, "Đạt Dung"},
			{kiosk.Page{By: kiosk.ByTitle}, "Cô An Dung Đạt"},
			{kiosk.Page{By: kiosk.ByAccession}, "Cô An Đạt Dung"},
			{kiosk.Page{By: kiosk.ByLent}, "Cô An Dung Đạt"},
			{kiosk.Page{By: kiosk.ByDue}, "An Dung Cô Đạt"},
			{kiosk.Page{By: kiosk.ByLate, Down: true}, "An Dung Đạt Cô"},
			{kiosk.Page{By: kiosk.ByRenewals, Down: true, From: 1}, "Dung Đạt An"},
		} {
			if got := names(kiosk.OpenLoanQuery{}, x.p); got != x.want {
				t.tb.Errorf("loans %+v: %s, want %s", x.p, got, x.want)
			}
		}
		for _, x := range []struct {
			q    kiosk.OpenLoanQuery
			want string
		}{
			{kiosk.OpenLoanQuery{Class: "2A"}, "Dung Đạt"}, {kiosk.OpenLoanQuery{Grade: 5}, "An"}, {kiosk.OpenLoanQuery{Outside: true}, "Cô"},
			{kiosk.OpenLoanQuery{Kind: kiosk.Reference}, "Dung"}, {kiosk.OpenLoanQuery{Until: Today.Add(-2)}, "Dung An"}, {kiosk.OpenLoanQuery{Late: true, Class: "2A"}, "Dung"},
			{kiosk.OpenLoanQuery{Among: []kiosk.ID{byName["Mẫu Cô"].ID, byName["Mẫu Đạt"].ID, "nope"}}, "Đạt Cô"}, {kiosk.OpenLoanQuery{Among: []kiosk.ID{}}, ""},
		} {
			if got := names(x.q, kiosk.Page{}); got != x.want {
				t.tb.Errorf("loans %+v: %s, want %s", x.q, got, x.want)
			}
		}
		return nil
	})
}
