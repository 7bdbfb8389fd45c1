package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web"
)

// fullOffice is an office that has something of everything the desk keeps, so
// that a walk along its links meets every page and form; paths are pages that are
// found by choosing from a form.
func fullOffice(t testing.TB, with ...func(*web.Config)) (o *office, paths []string) {
	t.Helper()
	o = newOffice(t, append([]func(*web.Config){printing(t, &paperless{}), counters(t), func(c *web.Config) {
		c.People = c.Acquisitions.(*circulation.Desk)
		c.Backups, c.SelfCheck = &copies{}, func() web.SelfCheck { return web.SelfCheck{} }
	}}, with...)...)
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
	o.Patron(kiosk.Teacher, "20000909", "Cô Mẫu Hoa", "", 0)
	for code, title := range map[string]string{"30000013": "Truyện mẫu", "30000021": "Dế mèn mẫu", "30000039": "Chú chó mẫu", "30000047": "Sách rách mẫu", "30000054": "Dế mèn mẫu", "30000062": "Sách rách mẫu hai", "30000070": "Sách mẫu quá hạn"} {
		o.Copy(code, title, kiosk.Children, "")
	}
	o.Lent("20000016", "30000013", "2026-11-20")
	o.Lent("20000024", "30000021", "2026-12-01")
	o.Lent("20000016", "30000070", "2026-11-10")
	o.BookSet("BO201", "Bộ sách lớp 2", "30000047")
	delivery := o.open("voucher", "HD-01")
	o.line(delivery, "Truyện mẫu hai", "2")
	o.printer("Máy in mẫu")
	o.hire("co-hai", kiosk.Collaborator)
	place := map[string]kiosk.ID{}
	var line kiosk.TextbookLine
	o.update(func(tx kiosk.Tx) error {
		title := kiosk.Title{ID: tx.NewID(), Title: "Đạo đức 2", Grade: 2}
		if err := tx.PutTitle(title); err != nil {
			return err
		}
		line = kiosk.TextbookLine{ID: tx.NewID(), TitleID: title.ID, Year: 2024, From: 1, To: 30, Quantity: 30, Price: 12000}
		if err := tx.PutTextbookLine(line); err != nil {
			return err
		}
		if err := tx.PutWish(kiosk.Wish{ID: tx.NewID(), Text: "Sách mẫu về khủng long", From: kiosk.WishAtKiosk, Times: 1, Status: kiosk.Wished, At: o.Now()}); err != nil {
			return err
		}
		for code, kind := range map[string]kiosk.PlaceKind{"G2A": kiosk.ClassCorner, "XANH": kiosk.Outdoor, "SANH": kiosk.Hallway} {
			p := kiosk.Place{ID: tx.NewID(), Code: code, Name: "Góc " + code, Kind: kind, Barcode: "8" + code}
			place[code] = p.ID
			if err := tx.PutPlace(p); err != nil {
				return err
			}
		}
		return nil
	})
	n := 0
	do := func(path string, pairs ...string) (to string) {
		t.Helper()
		n++
		status, body, to := o.post(path, append([]string{"token", fmt.Sprint("full-", n)}, pairs...)...)
		if status != http.StatusSeeOther {
			t.Fatalf("%s %v: %d %s", path, pairs, status, troubles(body))
		}
		return to
	}
	class := o.choiceOf("/desk/corners/new", "2A")
	do("/desk/corners/new", "place", string(place["G2A"]), "class", class)
	do("/desk/corners/new", "place", string(place["XANH"]))
	corner := "/desk/corners/" + string(place["G2A"])
	do(corner+"/scan", "code", "8G2A")
	do(corner+"/scan", "code", "30000039")
	do("/desk/rotations/new", "name", "Đợt mẫu", "corner", string(place["G2A"]), "corner", string(place["XANH"]))
	if status, body, _ := o.subscribe(); status != http.StatusSeeOther {
		t.Fatalf("subscription: %d %s", status, troubles(body))
	}
	do("/desk/serials/scan", "code", "977123456700341") // goes through the classes now
	if status, body, _ := o.reserve("class:"+class, "title", o.titleID("30000054")); status != http.StatusSeeOther {
		t.Fatalf("lesson: %d %s", status, troubles(body))
	}
	title := o.titleID("30000013")
	do("/desk/holds", "title", title, "patron", o.patronID("20000024"), "from_title", title)
	do("/desk/recall", "name", "Thu sách mẫu", "due", "2026-12-10", "all", "yes")
	o.begin()
	do("/desk/withdrawals", "name", "Thanh lý mẫu", "cause", "torn", "numbers", "30000047")
	approved := do("/desk/withdrawals", "name", "Thanh lý đã duyệt", "cause", "torn", "numbers", "30000062")
	do(approved+"/approval", "approver", "Bà Mẫu, Phó Hiệu trưởng", "day", o.Today().String())
	o.lot("Thư viện huyện Mẫu", "Sách mẫu của huyện; TV.001", "Báo mẫu; 4")
	do("/desk/handouts/new", "to", "class:"+class, "on", "2026-11-24", "due", "2026-12-18", "line-"+string(line.ID), "5")
	do("/desk/loans/"+o.loanID("30000013"), "cause", "damaged", "kind", "paid", "amount", "10.000", "note", "rách bìa")
	do("/desk/stocks", "do", "save", "text", "Giấy mẫu", "kind", "sheet", "columns", "4", "rows", "10", "dpi", "600", "page_width", "210", "page_height", "297",
		"label_width", "48,5", "label_height", "25,4", "margin_left", "8", "margin_top", "21", "pitch_x", "48,5", "pitch_y", "25,4", "corner_radius", "1", "edge", "4")
	campaign, teacher := "", o.choiceOf("/desk/activities/new?kind=lesson", "Cô Mẫu Hoa")
	for _, kind := range append([]kiosk.ActivityKind{kiosk.Campaign}, kiosk.ActivityKinds...) {
		do("/desk/activities", "kind", string(kind), "day", "2026-11-24", "until", "2026-11-30", "status", "planned", "text", "Việc mẫu", "class", "2A", "teacher", teacher, "goal", "10", "of", campaign,
			"titles", "Truyện mẫu", "people", "20", "taken", "1", "channel", "board", "donor", "pupils")
		o.view(func(v kiosk.View) error {
			all, err := v.Activities(o.Today(), o.Today())
			if campaign == "" {
				campaign = string(all[0].ID)
			}
			return err
		})
	}
	do("/desk/proposals", "rows", "1", "name", "Đề nghị mẫu", "day", "2026-11-24", "text_0", "Khủng long mẫu", "kind_0", "children", "why_0", "wish", "quantity_0", "3", "price_0", "12.000")
	do("/desk/settings/places/trolley", "place", "new")
	o.goneBack("30000021")
	title = o.titleID("30000039")
	return o, []string{
		delivery + "/add?new=yes&q=x", "/desk/handouts/new?to=class:" + class, "/desk/lessons/new?title=" + title, "/desk/textbooks/new?title=" + title,
		"/desk/holds/new?title=" + title + "&patron=" + o.patronID("20000016"), "/desk/teams/new?patron=" + o.patronID("20000909"), "/desk/labels?what=codes&codes=30000039",
		corner + "/pick?sent=yes&count=5", "/desk/handouts/back?to=class:" + class,
		"/desk/shelve/move?to=" + o.place("K1"),
	}
}
