package circulation_test

import (
	"errors"
	"strings"
	"testing"

	"muontra/kiosk"
)

func (r *rig) mustSeq(a kiosk.Answer, err error) int64 {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	if a.Result.EventSeq == 0 {
		r.t.Fatal("the act left no event")
	}
	return a.Result.EventSeq
}

func (r *rig) title(id kiosk.ID) (t kiosk.Title) {
	r.t.Helper()
	r.view(func(v kiosk.View) (err error) {
		t, err = v.Title(id)
		return err
	})
	return t
}

func (r *rig) finds(query string, want int) {
	r.t.Helper()
	r.view(func(v kiosk.View) error {
		n, _, err := v.Search(query, 0, 10)
		if n != want {
			r.t.Errorf("search %q: %d, want %d", query, n, want)
		}
		return err
	})
}

func TestEditTitleAndTakeBack(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		i := r.Copy("S-1", "Dế Mèn", kiosk.Children, "")
		ctx, before := r.t.Context(), r.title(i.TitleID)
		after := before
		after.Title, after.Authors, after.Relators, after.Price = "Dế Mèn phiêu lưu ký", []string{"Tô Hoài", "", "Người Vẽ Mẫu"}, []kiosk.Relator{"", "", kiosk.Illustrator}, 45000
		seq := r.mustSeq(r.desk.EditTitle(ctx, r.staff, after, nil))
		got := r.title(i.TitleID)
		if got.Title != after.Title || len(got.Authors) != 2 || got.RelatorOf(1) != kiosk.Illustrator {
			r.t.Errorf("title %+v", got)
		}
		r.finds("to hoai", 1)
		moved := errors.New("moved")
		if _, err := r.desk.EditTitle(ctx, r.staff, after, func(now kiosk.Title) error {
			if now.Title != before.Title {
				return moved
			}
			return nil
		}); !errors.Is(err, moved) {
			r.t.Errorf("an edit of what has changed: %v", err)
		}
		if _, err := r.desk.EditTitle(ctx, kiosk.Attempt{Station: "desk"}, after, nil); !errors.Is(err, kiosk.ErrStaffOnly) {
			r.t.Errorf("by nobody: %v", err)
		}
		back := r.mustSeq(r.desk.TakeBack(ctx, r.staff, seq))
		if got := r.title(i.TitleID); got.Title != before.Title || got.Authors != nil {
			r.t.Errorf("taken back: %+v", got)
		}
		for _, s := range []int64{seq, back, 1, 9999} {
			if _, err := r.desk.TakeBack(ctx, r.staff, s); !errors.Is(err, kiosk.ErrNotUndoable) {
				r.t.Errorf("take back %d: %v", s, err)
			}
		}
		r.view(func(v kiosk.View) error {
			es, err := v.EventsOfTitle(i.TitleID, 10)
			if len(es) != 2 || es[0].Payload.Reverses != seq || es[0].StaffRef != r.staff.Staff {
				r.t.Errorf("history: %+v", es)
			}
			return err
		})
	})
}

func TestEditTitleChecksEveryField(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		i := r.Copy("S-1", "Dế Mèn", kiosk.Children, "")
		good := r.title(i.TitleID)
		long := strings.Repeat("ế", 10_000)
		for field, spoil := range map[string]func(*kiosk.Title){
			"title.title": func(t *kiosk.Title) { t.Title = " " }, "title.remainder": func(t *kiosk.Title) { t.Remainder = long },
			"title.publisher": func(t *kiosk.Title) { t.Publisher = long }, "title.pub_place": func(t *kiosk.Title) { t.PubPlace = "a\x00b" },
			"title.year": func(t *kiosk.Title) { t.Year = -1 }, "title.edition": func(t *kiosk.Title) { t.Edition = long }, "title.series": func(t *kiosk.Title) { t.Series = long },
			"title.isbn": func(t *kiosk.Title) { t.ISBN = "9786042088788" }, "title.class_number": func(t *kiosk.Title) { t.ClassNumber = long },
			"title.class_scheme": func(t *kiosk.Title) { t.ClassScheme = "udc" }, "title.grade": func(t *kiosk.Title) { t.Grade = 13 }, "title.level": func(t *kiosk.Title) { t.Level = long },
			"title.language": func(t *kiosk.Title) { t.Language = long }, "title.pages": func(t *kiosk.Title) { t.Pages = -3 }, "title.size": func(t *kiosk.Title) { t.Size = long },
			"title.price": func(t *kiosk.Title) { t.Price = 1 << 60 }, "title.call_number": func(t *kiosk.Title) { t.CallNumber = long }, "title.link": func(t *kiosk.Title) { t.Link = "javascript:alert(1)" },
			"title.summary": func(t *kiosk.Title) { t.Summary = long }, "title.subjects": func(t *kiosk.Title) { t.Subjects = []string{long} }, "title.authors": func(t *kiosk.Title) { t.Authors, t.Relators = []string{"A"}, []kiosk.Relator{"king"} },
		} {
			bad := good
			spoil(&bad)
			_, err := r.desk.EditTitle(r.t.Context(), r.staff, bad, nil)
			var f *kiosk.FieldError
			if !errors.As(err, &f) || f.Field != field {
				r.t.Errorf("%s: %v", field, err)
			}
		}
		good.Title, good.Summary = `<b>"Dế" & Mèn's</b>`, "dòng một\ndòng hai"
		if _, err := r.desk.EditTitle(r.t.Context(), r.staff, good, nil); err != nil {
			r.t.Errorf("markup is text: %v", err)
		}
	})
}

func TestMergeTitles(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		r.Patron(kiosk.Pupil, "2001", "Nguyễn Mẫu An", "2A", 2)
		keep, gone := r.Copy("S-1", "Dế Mèn phiêu lưu ký", kiosk.Children, ""), r.Copy("S-2", "Dế mèn phiêu lưu kí", kiosk.Children, "")
		rc := r.open()
		line, err := r.desk.AddLine(ctx, r.staff, kiosk.ReceiptLine{ReceiptID: rc.ID, TitleID: gone.TitleID, Kind: kiosk.Children, Quantity: 2, HomePlace: r.shelf.ID}, kiosk.Title{})
		if err != nil {
			r.t.Fatal(err)
		}
		r.Lent("2001", "S-2", "2026-11-30")
		r.Hold("2001", "S-2")
		merged := r.title(keep.TitleID)
		merged.Publisher = "Kim Đồng"
		if _, err := r.desk.MergeTitles(ctx, r.staff, keep.TitleID, keep.TitleID, merged); !errors.Is(err, kiosk.ErrSameTitle) {
			r.t.Errorf("with itself: %v", err)
		}
		seq := r.mustSeq(r.desk.MergeTitles(ctx, r.staff, keep.TitleID, gone.TitleID, merged))
		look := func(copies, holds int, of kiosk.ID) {
			r.t.Helper()
			r.view(func(v kiosk.View) error {
				items, err := v.ItemsOfTitle(of)
				hs, err2 := v.HoldsOf(of)
				if len(items) != copies || len(hs) != holds {
					r.t.Errorf("%d copies, %d holds; want %d and %d", len(items), len(hs), copies, holds)
				}
				return errors.Join(err, err2)
			})
		}
		look(4, 1, keep.TitleID)
		look(0, 0, gone.TitleID)
		r.finds("de men", 1)
		if g := r.title(gone.TitleID); g.MergedInto != keep.TitleID {
			r.t.Errorf("no pointer: %+v", g)
		}
		if _, err := r.desk.MergeTitles(ctx, r.staff, keep.TitleID, gone.TitleID, merged); !errors.Is(err, kiosk.ErrMerged) {
			r.t.Errorf("again: %v", err)
		}
		if _, err := r.desk.EditTitle(ctx, r.staff, r.title(gone.TitleID), nil); !errors.Is(err, kiosk.ErrMerged) {
			r.t.Errorf("edit of the pointer: %v", err)
		}
		// The receipt's line went along: a correction of it does not split them again.
		if _, err := r.desk.ChangeLine(ctx, r.staff, kiosk.ReceiptLine{ID: line.Line.ID, Kind: kiosk.Children, Quantity: 2, HomePlace: r.shelf.ID}, nil); err != nil {
			r.t.Fatal(err)
		}
		look(4, 1, keep.TitleID)
		late, err := r.desk.AddLine(ctx, r.staff, kiosk.ReceiptLine{ReceiptID: rc.ID, TitleID: gone.TitleID, Kind: kiosk.Children, Quantity: 1, HomePlace: r.shelf.ID}, kiosk.Title{})
		if err != nil || late.Title.ID != keep.TitleID || late.Line.TitleID != keep.TitleID {
			r.t.Errorf("a line begun before the merge: %+v, %v", late, err)
		}
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, seq))
		look(2, 0, keep.TitleID)
		look(3, 1, gone.TitleID)
		r.finds("de men", 2)
	})
}

func TestMoveBarcode(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		r.Patron(kiosk.Pupil, "2001", "Nguyễn Mẫu An", "2A", 2)
		a, b := r.Copy("S-1", "Một", kiosk.Children, ""), r.Copy("S-2", "Hai", kiosk.Children, "")
		l := r.Lent("2001", "S-1", "2026-11-30")
		var taken *kiosk.BarcodeTakenError
		if _, err := r.desk.MoveBarcode(ctx, r.staff, b.ID, "S-1", false, false); !errors.As(err, &taken) || taken.Copy != a.ID {
			r.t.Errorf("without being asked: %v", err)
		}
		for _, code := range []string{"2001", "%UNDO"} {
			if _, err := r.desk.MoveBarcode(ctx, r.staff, b.ID, code, true, true); !errors.As(err, &taken) || taken.Copy != "" {
				r.t.Errorf("a card's or a command's code: %v", err)
			}
		}
		bears := func(x kiosk.Item, code string) {
			r.t.Helper()
			if got := r.item(x.Copy).Barcode; got != code {
				r.t.Errorf("%s bears %s, want %s", x.Title.Title, got, code)
			}
		}
		seq := r.mustSeq(r.desk.MoveBarcode(ctx, r.staff, b.ID, "S-1", true, false))
		bears(a, "S-2")
		bears(b, "S-1")
		r.view(func(v kiosk.View) error {
			open, err := v.OpenLoan(a.ID)
			if open.ID != l.ID {
				r.t.Errorf("the loan moved: %+v", open)
			}
			return err
		})
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, seq))
		bears(a, "S-1")
		bears(b, "S-2")
		take := r.mustSeq(r.desk.MoveBarcode(ctx, r.staff, b.ID, "S-1", false, true))
		bears(b, "S-1")
		if i := r.item(a.Copy); i.Barcode == "S-1" || i.Barcode == "S-2" || i.Labelled {
			r.t.Errorf("the other copy needs a new label: %+v", i.Copy)
		}
		// S-2 is free; once it is somebody's, nothing can be taken back.
		c := r.Copy("S-2", "Ba", kiosk.Children, "")
		if _, err := r.desk.TakeBack(ctx, r.staff, take); !errors.Is(err, kiosk.ErrNotUndoable) {
			r.t.Errorf("the old code is taken: %v", err)
		}
		bears(c, "S-2")
	})
}

func TestEditCopyAndLostAndFound(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		r.Patron(kiosk.Pupil, "2001", "Nguyễn Mẫu An", "2A", 2)
		i := r.Copy("S-1", "Một", kiosk.Children, "")
		rec := kiosk.RecordOf(i)
		rec.Price, rec.Note, rec.Condition, rec.HomePlace = 12000, "bìa rời", kiosk.ConditionWorn, r.shelf.ID
		seq := r.mustSeq(r.desk.EditCopy(ctx, r.staff, i.ID, rec, nil))
		if got := r.item(i.Copy); got.Price != 12000 || got.Note != "bìa rời" || got.State.Condition != kiosk.ConditionWorn || got.HomePlace != r.shelf.ID {
			r.t.Errorf("copy %+v", got.Copy)
		}
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, seq))
		if got := r.item(i.Copy); got.Price != i.Price || got.State != i.State {
			r.t.Errorf("taken back %+v", got.Copy)
		}
		for field, spoil := range map[string]func(*kiosk.CopyRecord){
			"price": func(c *kiosk.CopyRecord) { c.Price = -1 }, "condition": func(c *kiosk.CopyRecord) { c.Condition = "new" },
			"home_place": func(c *kiosk.CopyRecord) { c.HomePlace = "nowhere" }, "note": func(c *kiosk.CopyRecord) { c.Note = strings.Repeat("x", 10_000) },
		} {
			bad := rec
			spoil(&bad)
			_, err := r.desk.EditCopy(ctx, r.staff, i.ID, bad, nil)
			var f *kiosk.FieldError
			if !errors.As(err, &f) || f.Field != field {
				r.t.Errorf("%s: %v", field, err)
			}
		}
		// Lost with its loan; found again by taking that back, as long as nothing else happened.
		r.Lent("2001", "S-1", "2026-11-30")
		lost := r.mustSeq(r.desk.Change(ctx, r.staff, i.ID, kiosk.CopyChange{Status: kiosk.CopyLost}))
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, lost))
		r.view(func(v kiosk.View) error {
			_, err := v.OpenLoan(i.ID)
			return err
		})
		lost = r.mustSeq(r.desk.Change(ctx, r.staff, i.ID, kiosk.CopyChange{Status: kiosk.CopyLost}))
		r.mustSeq(r.desk.Change(ctx, r.staff, i.ID, kiosk.CopyChange{Status: kiosk.CopyAvailable}))
		if _, err := r.desk.TakeBack(ctx, r.staff, lost); !errors.Is(err, kiosk.ErrNotUndoable) {
			r.t.Errorf("found meanwhile: %v", err)
		}
	})
}
