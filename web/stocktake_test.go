package web_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web"
	"muontra/web/webtest"
)

// mayOffice has twelve copies of sample titles with prices.
func mayOffice(t testing.TB) *office {
	o := newOffice(t, func(c *web.Config) {
		c.Pictures = func(_ context.Context, b []byte) ([]string, error) {
			if code, is := bytes.CutPrefix(b, []byte("picture of ")); is {
				return []string{string(code)}, nil
			}
			return nil, nil
		}
	})
	for n := range 12 {
		i := o.Copy(fmt.Sprintf("3%07d", n), fmt.Sprintf("Truyện mẫu %d", n), kiosk.Children, "")
		err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
			i.Price = 25_000
			return tx.PutCopy(i.Copy)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// begin opens a stocktake of the whole library and gives its id.
func (o *office) begin() string {
	o.t.Helper()
	status, _, to := o.post("/desk/stocktake", "token", o.token("/desk/stocktake/new"), "name", "Kiểm kê mẫu", "whole", "yes")
	if status != 303 {
		o.t.Fatal(status, to)
	}
	return strings.TrimPrefix(to, "/desk/stocktake/")
}

// part sends a scan as the page's script does.
func (o *office) part(id string, pairs ...string) (int, string) {
	o.t.Helper()
	v := url.Values{"token": {id}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequestWithContext(o.t.Context(), "POST", o.URL+"/desk/count", strings.NewReader(v.Encode()))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Muontra-Part", "yes")
	res, err := o.client.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	status, body, _ := o.read(res)
	return status, body
}

func TestStocktakePages(t *testing.T) {
	o := mayOffice(t)
	if _, body := o.get("/desk/count"); !strings.Contains(body, "Chưa có đợt kiểm kê nào đang mở") {
		t.Error("a count without a stocktake")
	}
	if status, body, _ := o.post("/desk/stocktake", "token", o.token("/desk/stocktake/new"), "name", "x", "whole", "no"); status != 422 || !strings.Contains(body, "Ô này cần điền") {
		t.Error(status, troubles(body))
	}
	id := o.begin()
	// Without a script: a form that leads back to the page.
	_, _, to := o.post("/desk/count", "token", o.token("/desk/count"), "stocktake", id, "code", "30000000")
	if _, body := o.get(to); !strings.Contains(body, "Đúng rồi") || !strings.Contains(body, "Đã quét 1 trên 12") || !strings.Contains(body, "Truyện mẫu 0") {
		t.Error("the answer is not on the page")
	}
	// With it: the part, with the tone; sent again it is counted once.
	for range 2 {
		if status, body := o.part("once", "stocktake", id, "code", "30000001"); status != 200 || !strings.Contains(body, `data-tone="good"`) || !strings.Contains(body, "Đã quét 2 trên 12") {
			t.Error(status, body)
		}
	}
	for code, want := range map[string]string{"30000001": "đã quét rồi", "39999999": "Không có cuốn nào mang mã này", "9786041234567": "mã in sau bìa"} {
		if _, body := o.part("c"+code, "stocktake", id, "code", code); !strings.Contains(body, want) {
			t.Errorf("%s: %s", code, body)
		}
	}
	if _, body := o.part("bad", "stocktake", id, "code", "39999998"); !strings.Contains(body, `data-tone="wait"`) || !strings.Contains(body, "answer wait") {
		t.Error("a scan that does not belong is told by word and sound", body)
	}
	if _, body := o.part("worn", "stocktake", id, "code", "30000001", "condition", "damaged"); !strings.Contains(body, `value="damaged" aria-pressed="true"`) {
		t.Error("the condition is not noted", body)
	}
	// A picture.
	req, _ := http.NewRequestWithContext(t.Context(), "POST", o.URL+"/desk/count/picture?stocktake="+id+"&command_id=p1", strings.NewReader("picture of 30000002"))
	req.Header.Set("Content-Type", "image/jpeg")
	req.Header.Set("Muontra-Part", "yes")
	res, err := o.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	status, body, _ := o.read(res)
	if status != 200 || !strings.Contains(body, "Truyện mẫu 2") || !strings.Contains(body, "Đã quét 3 trên 12") {
		t.Error(status, body)
	}
	// It is taken back by the button below, as a scan is, and read once more.
	_, button, _ := strings.Cut(body, `action="/desk/count/back"`)
	hidden := func(name string) string { return between(button, `name="`+name+`" value="`, `"`) }
	if status, body, _ := o.post("/desk/count/back", "token", hidden("token"), "stocktake", hidden("stocktake"), "place", hidden("place"), "copy", hidden("copy")); status != 303 {
		t.Error(status, troubles(body))
	}
	if _, body := o.get("/desk/count"); !strings.Contains(body, "Đã quét 2 trên 12") {
		t.Error("the picture stays counted")
	}
	o.part("again", "stocktake", id, "code", "30000002")
	// A memory scanner's file, and another library's.
	if body := o.memoryFile(id, "11111111\n22222222\n30000003\n"); !strings.Contains(body, "chỉ 1 trên 3 mã") {
		t.Error(troubles(body))
	}
	if body := o.memoryFile(id, "30000003;1;2026-11-24\r\n30000004;1\r\n30000004\r\n"); !strings.Contains(body, "Đã đọc 3 mã") || !strings.Contains(body, "đã quét trước") {
		t.Error(troubles(body))
	}
	if body := o.memoryFile(id, ""); !strings.Contains(body, "không có mã nào") {
		t.Error(troubles(body))
	}
	// The missing list, on the page and as a sheet.
	_, body = o.get("/desk/stocktake/" + id + "?state=missing")
	if strings.Count(body, "<td role=\"cell\" class=\"code\"") < 7 || strings.Contains(body, "Truyện mẫu 4<") || !strings.Contains(body, "Truyện mẫu 11") {
		t.Error("the missing list")
	}
	if status, body := o.get("/desk/stocktake/" + id + "?state=missing&as=xlsx"); status != 200 || !strings.HasPrefix(body, "PK") {
		t.Error(status)
	}
	if status, _ := o.get("/desk/stocktake/" + id + "/minutes"); status != 404 {
		t.Error("minutes of an open stocktake")
	}
	// Closed: minutes with the sums in words too.
	form := []string{"number", "01/BB-KK", "day", o.Today().String(), "method", "periodic", "name1", "Bà Mẫu", "position1", "Phó Hiệu trưởng", "role1", "Trưởng ban", "place", "Phòng thư viện"}
	status, body, _ = o.post("/desk/stocktake/"+id+"/close", append([]string{"token", o.token("/desk/stocktake/" + id + "/close")}, "number", "1", "day", o.Today().String(), "method", "periodic")...)
	if status != 422 || !strings.Contains(body, "Ô này cần điền") {
		t.Error("closed without a board", status)
	}
	token := o.token("/desk/stocktake/" + id + "/close")
	status, _, to = o.post("/desk/stocktake/"+id+"/close", append([]string{"token", token}, form...)...)
	if status != 303 {
		t.Fatal(status)
	}
	_, body = o.get(to)
	for _, want := range []string{"BIÊN BẢN KIỂM KÊ", "Hiện còn 5 bản (bằng chữ: năm bản)", "125.000 đ (bằng chữ: Một trăm hai mươi lăm nghìn đồng)", "Thiếu 7 bản, trị giá 175.000 đ", "Bà Mẫu", "Mã lạ, không có trong kho: 2", "Hỏng, rách"} {
		if !strings.Contains(body, want) {
			t.Errorf("the minutes lack %q", want)
		}
	}
	if strings.Contains(body, "không cộng khớp") {
		t.Error("the sums do not agree")
	}
	if status, body, _ := o.post("/desk/stocktake/"+id+"/close", append([]string{"token", "other"}, form...)...); status != 422 || !strings.Contains(body, "đã khóa") {
		t.Error("closed twice", status, troubles(body))
	}
	if status, body := o.part("late", "stocktake", id, "code", "30000005"); status != 422 || !strings.Contains(body, "đã khóa") {
		t.Error(status, body)
	}
	// Found again by one scan, and that taken back.
	o.post("/desk/stocktake/found", "token", o.token("/desk/stocktake"), "code", "TN.00012")
	if _, body := o.get("/desk/stocktake"); !strings.Contains(body, "đã trở lại kho") || !strings.Contains(body, "Hoàn tác") {
		t.Error(troubles(body))
	}
	o.post("/desk/stocktake/"+id+"/reopen", "token", o.token("/desk/stocktake/"+id))
	if _, body := o.get("/desk/stocktake/" + id); !strings.Contains(body, "Đã mở lại") {
		t.Error("not opened again", troubles(body))
	}
}

func (o *office) memoryFile(id, text string) string {
	o.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("token", o.token("/desk/stocktake/"+id))
	w, _ := m.CreateFormFile("file", "scans.txt")
	w.Write([]byte(text))
	m.Close()
	req, _ := http.NewRequestWithContext(o.t.Context(), "POST", o.URL+"/desk/stocktake/"+id+"/file", &b)
	req.Header.Set("Content-Type", m.FormDataContentType())
	res, err := o.client.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	status, body, to := o.read(res)
	if status == 303 {
		_, body = o.get(to)
	}
	return body
}

// The file of a memory scanner that was the wrong one is taken back as a whole: no
// book of it counts as met, those scanned before it do.
func TestStocktakeFileIsTakenBack(t *testing.T) {
	t.Parallel()
	o := mayOffice(t)
	w := undoWalkIn(t, o)
	id := o.begin()
	o.part("one", "stocktake", id, "code", "30000000")
	o.Advance(time.Minute)
	before := w.rows()
	o.memoryFile(id, "30000000\n30000001\n30000002\n30000001\n99999999\n")
	if len(differ(before, w.rows())) == 0 {
		t.Fatal("nothing was counted")
	}
	page := "/desk/stocktake/" + id
	v := o.filled(page, "/desk/undo")
	o.send("/desk/undo", v)
	if _, body := o.get(page); strings.Contains(body, "said-bar bad") {
		t.Error(saidIn(body))
	}
	if left := differ(before, w.rows()); len(left) > 0 {
		t.Error(left)
	}
}

// Four devices count at once over HTTP; the events, counted again, say the same
// as the page.
func TestStocktakeFourDevices(t *testing.T) {
	o := mayOffice(t)
	id := o.begin()
	var wg sync.WaitGroup
	for d := range 4 {
		wg.Go(func() {
			for n := range 3 {
				if status, body := o.part(fmt.Sprintf("d%d-%d", d, n), "stocktake", id, "code", fmt.Sprintf("3%07d", d*3+n)); status != 200 {
					t.Error(status, body)
				}
			}
		})
	}
	wg.Wait()
	n := 0
	for _, e := range o.Events() {
		if e.Type == kiosk.EventStockCounted {
			n++
		}
	}
	if _, body := o.get("/desk/stocktake/" + id); n != 12 || !strings.Contains(body, "Đã quét 12 trên 12") {
		t.Errorf("%d events", n)
	}
}

func TestWithdrawalPages(t *testing.T) {
	o := mayOffice(t)
	var ids []string
	for _, code := range []string{"30000000", "30000001", "30000002"} {
		o.view(func(v kiosk.View) error {
			i, err := v.ItemByBarcode(code)
			ids = append(ids, string(i.ID))
			return err
		})
	}
	err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
		i, err := tx.ItemByBarcode("30000001")
		i.State.Condition = kiosk.ConditionDamaged
		e := kiosk.Event{Type: kiosk.EventCopyChanged, CopyID: i.ID, OccurredAt: o.Now(), RecordedAt: o.Now(), ClockOK: true, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{i.State}}}}
		if err != nil {
			return err
		}
		return tx.Append(&e)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, body := o.get("/desk/withdrawals/new")
	if !strings.Contains(body, "Truyện mẫu 1") || strings.Contains(body, "Truyện mẫu 2<") || !strings.Contains(body, "Rách nát (1)") {
		t.Error("the candidates")
	}
	if status, body, _ := o.post("/desk/withdrawals", "token", o.token("/desk/withdrawals/new"), "name", "x", "cause", "torn", "numbers", "TN.99999"); status != 422 || !strings.Contains(body, "TN.99999") {
		t.Error(status, troubles(body))
	}
	if status, body, _ := o.post("/desk/withdrawals", "token", o.token("/desk/withdrawals/new"), "name", "x", "cause", "torn"); status != 422 || !strings.Contains(body, "chưa có cuốn nào") {
		t.Error(status, troubles(body))
	}
	_, _, to := o.post("/desk/withdrawals", "token", o.token("/desk/withdrawals/new"), "name", "Thanh lý mẫu", "pick", ids[1]+" torn", "cause", "outdated", "numbers", "TN.00001")
	id := strings.TrimPrefix(to, "/desk/withdrawals/")
	if _, body := o.get(to); !strings.Contains(body, "Chờ duyệt") || !strings.Contains(body, "50.000 đ") || !strings.Contains(body, "Lạc hậu") {
		t.Error("the list", troubles(body))
	}
	if status, body, _ := o.post(to+"/close", "token", o.token(to+"/close"), "number", "1", "day", o.Today().String(), "name1", "Bà Mẫu", "sure", "yes"); status != 422 || !strings.Contains(body, "chưa duyệt") {
		t.Error(status, troubles(body))
	}
	o.post(to+"/approval", "token", o.token(to), "approver", "Bà Mẫu, Phó Hiệu trưởng", "day", o.Today().String())
	if _, body := o.get(to); !strings.Contains(body, "Bà Mẫu, Phó Hiệu trưởng duyệt ngày 24/11/2026") {
		t.Error("not approved")
	}
	if status, body, _ := o.post(to+"/close", "token", o.token(to+"/close"), "number", "1/TL", "day", o.Today().String(), "name1", "Bà Mẫu"); status != 422 || !strings.Contains(body, "Ô này cần điền") {
		t.Error("closed without being sure", status)
	}
	status, _, paper := o.post(to+"/close", "token", o.token(to+"/close"), "number", "1/TL", "day", o.Today().String(), "name1", "Bà Mẫu", "sure", "yes")
	if status != 303 {
		t.Fatal(status)
	}
	_, body = o.get(paper)
	for _, want := range []string{"BIÊN BẢN THANH LÝ", "Tổng số: 2 bản (bằng chữ: hai bản)", "50.000 đ (bằng chữ: Năm mươi nghìn đồng)", "TN.00001", "TN.00002"} {
		if !strings.Contains(body, want) {
			t.Errorf("the minutes lack %q", want)
		}
	}
	o.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode("30000000")
		w, err2 := v.Withdrawal(kiosk.ID(id))
		if i.State.Status != kiosk.CopyWithdrawn || w.State() != kiosk.WithdrawalClosed || err2 != nil {
			t.Error(i.State, w.State(), err2)
		}
		return err
	})
	if status, body, _ := o.follow("/desk/search?q=30000000"); status != 200 || !strings.Contains(body, "Đã thanh lý") || strings.Contains(body, "Đang ở") || strings.Contains(body, "copy_withdrawn") {
		t.Error("a withdrawn copy still stands on a shelf, or its history has no words")
	}
	if status, _, at := o.follow(to + "/close"); status != 200 || at != paper {
		t.Error("the form that closes a closed withdrawal:", status, at)
	}
	if status, body, _ := o.post(to, "token", "x", "what", "drop"); status != 422 || !strings.Contains(body, "Biên bản đã khóa") {
		t.Error(status, troubles(body))
	}
}

// The stocktake and the withdrawal in the browser: scan follows scan without
// waiting, the condition by a button, the papers, on a PC and on a phone.
func TestStocktakeInBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := mayOffice(t)
	id := o.begin()
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/count")
	p.Wait(`document.body.dataset.ready === "yes"`)
	for n := range 6 { // as a scanner types them, without waiting for an answer
		p.Type("#code", fmt.Sprintf("3%07d\r", n))
	}
	p.WaitText("Đã quét 6 trên 12")
	p.Wait(`document.querySelectorAll("#count-before li").length === 5`)
	p.Click(`[data-count-condition] button[value="damaged"]`)
	p.Wait(`document.querySelector('[data-count-condition] button[value="damaged"]')?.getAttribute("aria-pressed") === "true"`)
	p.Type("#code", "39999999\r")
	p.WaitText("Không có cuốn nào mang mã này")
	for _, size := range deskSizes {
		p.Resize(size.Size)
		p.Axe("counting page")
		p.Picture("may-count-" + size.name)
	}
	for _, page := range []struct{ path, name string }{
		{"/desk/stocktake", "stocktakes"}, {"/desk/stocktake/new", "new"}, {"/desk/stocktake/" + id, "stocktake"}, {"/desk/stocktake/" + id + "/close", "close"}, {"/desk/withdrawals", "withdrawals"}, {"/desk/withdrawals/new", "weeding"},
	} {
		for _, size := range deskSizes {
			p.Resize(size.Size)
			p.Go(o.URL + page.path)
			p.Wait(`document.readyState === "complete"`)
			p.Axe(page.name)
			p.Picture("may-" + page.name + "-" + size.name)
		}
	}
	p.Resize(deskSizes[0].Size)
	p.Go(o.URL + "/desk/stocktake/" + id + "/close")
	p.Type("#number", "x")
	webtest.Eval[string](p, `document.querySelector("[name=name1]").value = "Bà Mẫu"`)
	p.Click("form.grid-form button[type=submit]")
	p.WaitText("BIÊN BẢN KIỂM KÊ")
	for _, size := range deskSizes {
		p.Resize(size.Size)
		p.Axe("minutes")
		p.Picture("may-minutes-" + size.name)
	}
	if os.Getenv("MUONTRA_SCREENSHOTS") == "" {
		return
	}
	t.Log("pictures are in", os.Getenv("MUONTRA_SCREENSHOTS"))
}
