package web_test

import (
	"bytes"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
)

// Whatever is asked for or sent that cannot be: each gets words that say what to do, and
// nothing is changed by it.
func TestBadInputOfThePaperwork(t *testing.T) {
	asked := func(path, want string) func(*testing.T) {
		return func(t *testing.T) {
			o := registerOffice(t)
			for _, as := range []string{"", "&as=pdf", "&as=xlsx"} {
				status, body := o.get(path + as)
				if status != 422 || !strings.Contains(body, want) || strings.HasPrefix(body, "%PDF") || strings.HasPrefix(body, "PK") {
					t.Errorf("%s: %d %v", path+as, status, troubles(body))
				}
			}
		}
	}
	t.Run("a period that ends before it starts", asked("/desk/registers/journal?from=2026-10-04&to=2026-09-05", "Ngày kết thúc (05/09/2026) trước ngày bắt đầu (04/10/2026)"))
	t.Run("a period that spans two school years", asked("/desk/reports/month?from=2026-05-31&to=2026-06-01", "nằm trong hai năm học (2025-2026 và 2026-2027)"))
	t.Run("a period in the future", asked("/desk/registers/loans-pupils?from=2026-11-25&to=2026-11-30", "Khoảng này chưa đến"))
	t.Run("a day that is none", asked("/desk/registers/journal?from=31.11.2026", "Ngày chưa đúng"))

	t.Run("a closed register that is asked to change", func(t *testing.T) {
		o := registerOffice(t)
		const page = "/desk/registers/general-register"
		closed := func() (all []kiosk.RegisterClosing) {
			o.view(func(v kiosk.View) (err error) { all, err = v.Closings("general-register"); return err })
			return all
		}
		o.post(page+"/close", "token", o.token(page), "sure", "yes")
		was := closed()
		_, before := o.get(page)
		// Closed once more, with nothing open, and what stands in it changed behind it.
		_, _, to := o.post(page+"/close", "token", o.token(page), "sure", "yes")
		if _, body := o.get(to); !strings.Contains(body, "không có gì để khoá thêm") {
			t.Error("closed twice without a word", troubles(body))
		}
		o.update(func(tx kiosk.Tx) error {
			rs, err := tx.Receipts(false)
			if err != nil {
				return err
			}
			rs[0].Voucher = "HD-9999"
			return tx.PutReceipt(rs[0])
		})
		_, after := o.get(page)
		lines := regexp.MustCompile(`(?s)<tr>.*?</tr>`)
		for _, l := range lines.FindAllString(before, -1) {
			if !strings.Contains(after, l) {
				t.Errorf("a closed line is not what it was: %s", l)
			}
		}
		if !strings.Contains(after, `<tr class="back">`) || len(closed()) != len(was) {
			t.Error("the change is not a new line")
		}
	})

	t.Run("a stocktake that is closed twice", func(t *testing.T) {
		o := mayOffice(t)
		id := o.begin()
		o.part("a", "stocktake", id, "code", "30000001")
		form := []string{"number", "01/BB-KK", "day", o.Today().String(), "method", "periodic", "name1", "Bà Mẫu", "role1", "Trưởng ban"}
		page := "/desk/stocktake/" + id + "/close"
		if status, body, _ := o.post(page, append([]string{"token", o.token(page)}, form...)...); status != 303 {
			t.Fatal(status, troubles(body))
		}
		_, minutes := o.get("/desk/stocktake/" + id + "/minutes")
		form[1] = "02/BB-KK"
		if status, body, _ := o.post(page, append([]string{"token", "once more"}, form...)...); status != 422 || !strings.Contains(body, "đã khóa") {
			t.Error(status, troubles(body))
		}
		if _, again := o.get("/desk/stocktake/" + id + "/minutes"); strings.Contains(again, "02/BB-KK") || !strings.Contains(minutes, "01/BB-KK") || !strings.Contains(again, "01/BB-KK") {
			t.Error("the minutes were changed")
		}
		// An old link to the form leads to the minutes.
		if status, _, at := o.follow(page); status != 200 || at != "/desk/stocktake/"+id+"/minutes" {
			t.Error("the form of a closed stocktake:", status, at)
		}
	})

	t.Run("minutes of a stocktake whose sums do not agree", func(t *testing.T) {
		o := mayOffice(t)
		id := o.begin()
		o.part("a", "stocktake", id, "code", "30000001")
		page := "/desk/stocktake/" + id + "/close"
		o.post(page, "token", o.token(page), "number", "01/BB-KK", "day", o.Today().String(), "method", "periodic", "name1", "Bà Mẫu", "role1", "Trưởng ban")
		minutes := "/desk/stocktake/" + id + "/minutes"
		if _, body := o.get(minutes); strings.Contains(body, "sum-fault") || !strings.Contains(body, "BIÊN BẢN KIỂM KÊ") {
			t.Error("sums that agree are called wrong")
		}
		o.update(func(tx kiosk.Tx) error {
			take, err := tx.Stocktake(kiosk.ID(id))
			if err != nil {
				return err
			}
			m := *take.Minutes
			m.Sums.All.Count = maps.Clone(m.Sums.All.Count)
			m.Sums.All.Count[kiosk.StockMissing]++
			take.Minutes = &m
			return tx.Append(&kiosk.Event{Type: kiosk.EventStockClosed, Station: "desk", OccurredAt: o.Now(), RecordedAt: o.Now(), ClockOK: true, Payload: kiosk.Payload{Records: &kiosk.Records{Stocktakes: []kiosk.Stocktake{take}}}})
		})
		_, body := o.get(minutes)
		if said := regexp.MustCompile(`(?s)class="sum-fault".*?</div>`).FindString(body); !strings.Contains(said, "không cộng khớp") || !strings.Contains(said, "<li>Chưa thấy, thiếu</li>") || strings.Contains(said, "Đúng chỗ") {
			t.Errorf("the minutes do not say in red where they are wrong: %q", said)
		}
	})

	t.Run("a memory scanner's file of another library", func(t *testing.T) {
		o := mayOffice(t)
		id := o.begin()
		if body := o.memoryFile(id, "11111111\n22222222\n30000003\n"); !strings.Contains(body, "chỉ 1 trên 3 mã") {
			t.Error(troubles(body))
		}
		if body := o.memoryFile(id, "\r\n"); !strings.Contains(body, "không có mã nào") || strings.Contains(body, "thư viện khác") {
			t.Error("an empty file:", troubles(body))
		}
		o.view(func(v kiosk.View) error {
			met, _, err := v.StockProgress(kiosk.ID(id))
			if met != 0 {
				t.Errorf("%d copies were counted from it", met)
			}
			return err
		})
	})

	t.Run("sums that do not agree", func(t *testing.T) {
		o := registerOffice(t)
		o.update(func(tx kiosk.Tx) error { // a receipt says more than came
			rs, err := tx.Receipts(false)
			if err != nil {
				return err
			}
			for _, r := range rs {
				if r.Source != kiosk.Donation {
					continue
				}
				lines, err := tx.ReceiptLines(r.ID)
				if err != nil {
					return err
				}
				lines[0].Quantity++
				return tx.PutReceiptLine(lines[0])
			}
			return nil
		})
		for path, want := range map[string][2]string{ // the sentence, the cell
			"/desk/registers/donors?part=gifts":   {"cộng các dòng được 3, đếm lại được 4", "≠ 3"},
			"/desk/registers/donors?part=classes": {"cộng các dòng được 3, đếm lại được 4", "≠ 3"},
			"/desk/registers/general-register":    {"cộng các dòng được 29, đếm lại được 30", "≠ 29"},
			"/desk/reports/sector-figures":        {"ghi 3, đếm lại được 4", "≠ 3"},
			"/desk/reports/month?from=2026-11-01": {"ghi 3, đếm lại được 4", "≠ 3"},
		} {
			status, body := o.get(path)
			if status != 200 || !strings.Contains(body, `class="sum-fault"`) || !strings.Contains(body, want[0]) || !strings.Contains(body, ">"+want[1]+"<") {
				t.Errorf("%s: %d; %v", path, status, regexp.MustCompile(`(?s)class="sum-fault".*?</div>`).FindString(body))
			}
			as := "?as=xlsx"
			if strings.Contains(path, "?") {
				as = "&as=xlsx"
			}
			_, file := o.get(path + as)
			f, err := excelize.OpenReader(bytes.NewReader([]byte(file)))
			if err != nil {
				t.Fatal(err)
			}
			said, right := false, false
			for _, tab := range f.GetSheetList() {
				rows, err := f.GetRows(tab)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					said = said || strings.Contains(strings.Join(r, " "), want[0])
					right = right || strings.Contains(strings.Join(r, "|"), want[1])
				}
			}
			f.Close()
			if !said || !right {
				t.Errorf("%s: the workbook prints the sum as right", path)
			}
		}
		const page = "/desk/registers/general-register"
		_, _, to := o.post(page+"/close", "token", o.token(page), "sure", "yes")
		if _, body := o.get(to); !strings.Contains(body, "Tổng chưa khớp nên chưa khoá được") {
			t.Error("closed although the sums do not agree", troubles(body))
		}
	})
}

// What nobody knows is an empty cell: no year 0, no price of 0 đ.
func TestUnknownIsEmpty(t *testing.T) {
	o := newOffice(t)
	o.Copy("10000001", "Truyện mẫu", kiosk.Children, "") // without a year and a price
	_, _, to := o.post("/desk/withdrawals", "token", o.token("/desk/withdrawals/new"), "name", "Thanh lý mẫu", "cause", "torn", "numbers", "TN.00001")
	receipt := o.open("voucher", "HD-0192")
	o.line(receipt, "Chú mèo mẫu", "3")
	o.update(func(tx kiosk.Tx) error {
		rs, err := tx.Receipts(false)
		if err != nil {
			return err
		}
		lines, err := tx.ReceiptLines(rs[0].ID)
		if err != nil {
			return err
		}
		lines[0].Price = 0
		return tx.PutReceiptLine(lines[0])
	})
	zero := regexp.MustCompile(`<td[^>]*>(?:<span>)?(?:0|0 đ)(?:</span>)?</td>`)
	for _, path := range []string{to, to + "?as=print", to + "/minutes", receipt, "/desk/withdrawals/new", "/desk/registers/accession-register?part=children"} {
		status, body := o.get(path)
		if status != 200 || zero.MatchString(body) || strings.Contains(body, "0001") && strings.Contains(body, "1/1/0001") {
			t.Errorf("%s: %d %q", path, status, zero.FindString(body))
		}
	}
	_, body := o.get(to)
	if !strings.Contains(body, `class="number blank"`) {
		t.Error("the year is not empty")
	}
}
