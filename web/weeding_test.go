package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
)

// What a librarian's two years leave: a copy that is missed, found by a scan and missed
// again is proposed as lost, one of an old programme by its year, and the textbooks
// counted by number are told beside them.
func TestCandidatesByTheActs(t *testing.T) {
	o := mayOffice(t)
	const page = "/desk/withdrawals/new"
	count := func(nr string, codes ...string) {
		t.Helper()
		id := o.begin()
		for _, c := range codes {
			o.post("/desk/count", "token", "count-"+nr+c, "stocktake", id, "code", c)
		}
		closing := "/desk/stocktake/" + id + "/close"
		if status, body, _ := o.send(closing, o.filled(closing, closing), "number", nr, "name1", "Bà Mẫu", "all", "yes"); status != 303 {
			t.Fatal(status, troubles(body))
		}
	}
	var codes []string
	var lost kiosk.Item
	o.view(func(v kiosk.View) error {
		return v.EachItem(func(i kiosk.Item) error {
			if i.Barcode == "30000001" {
				lost = i
			} else {
				codes = append(codes, i.Barcode)
			}
			return nil
		})
	})
	count("1", codes...)
	if _, body := o.get(page); strings.Contains(body, lost.Title.Title) {
		t.Error("missed once, it is proposed already")
	}
	if status, body, _ := o.post("/desk/stocktake/found", "token", o.token("/desk/stocktake"), "code", lost.Barcode); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if _, body := o.get(page); strings.Contains(body, lost.Title.Title) {
		t.Error("found, it is proposed")
	}
	count("2", codes...)
	_, body := o.get(page)
	if !strings.Contains(body, "Mất (1)") || !strings.Contains(body, lost.Title.Title) {
		t.Error("missed twice, it is not proposed:", troubles(body))
	}

	// The rule of the programme is off until a year is given.
	old := o.lineOf("Toán lớp cũ", 12)
	o.update(func(tx kiosk.Tx) error {
		old.Year = 2015
		return tx.PutTextbookLine(old)
	})
	if _, body := o.get(page); strings.Contains(body, "đếm theo số") {
		t.Error("textbooks of an old programme are told, though no year is given")
	}
	rules := o.filled(page, "/desk/withdrawals/rules")
	if !slices.Equal(rules["programme"], []string{"textbook"}) {
		t.Errorf("the rule is about %v", rules["programme"])
	}
	if status, body, _ := o.send("/desk/withdrawals/rules", rules, "before", "2018"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if _, body := o.get(page); !strings.Contains(body, "1 dòng sách giáo khoa đếm theo số (12 cuốn) xuất bản trước năm 2018") {
		t.Error("the textbooks by number are not told")
	}

	// Withdrawn by minutes, it is not brought back by a scan.
	_, _, to := o.post("/desk/withdrawals", "token", o.token(page), "name", "Thanh lý mẫu", "pick", fmt.Sprint(lost.ID, " lost"))
	o.post(to+"/approval", "token", o.token(to), "approver", "Bà Mẫu", "day", o.Today().String())
	if status, body, _ := o.post(to+"/close", "token", o.token(to+"/close"), "number", "1/TL", "day", o.Today().String(), "name1", "Bà Mẫu", "sure", "yes"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if status, body, _ := o.post("/desk/stocktake/found", "token", o.token("/desk/stocktake"), "code", lost.Barcode); status != 422 || !strings.Contains(body, "đã thanh lý") {
		t.Error("a withdrawn copy:", status, troubles(body))
	}
	// And the minutes of its stocktake stay, with what to do.
	var take string
	o.view(func(v kiosk.View) error {
		all, err := v.Stocktakes()
		take = "/desk/stocktake/" + string(all[0].ID)
		return err
	})
	if status, _, _ := o.post(take+"/reopen", "token", o.token(take)); status != 303 {
		t.Error(status)
	}
	if _, body := o.get(take); !strings.Contains(body, "Biên bản này giữ nguyên") || !strings.Contains(body, "mở đợt mới") {
		t.Error("reopened:", troubles(body))
	}
}
