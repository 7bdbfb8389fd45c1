package web_test

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"muontra/kiosk"
	"muontra/labels/queue"
	"muontra/web"
)

// The real queue must fit.
var _ web.Printing = (*queue.Queue)(nil)

// paperless is a queue whose printer takes everything at once, or says why not.
type paperless struct {
	mu   sync.Mutex
	fail *queue.Failure
	docs []queue.Document
}

func (p *paperless) Send(_ context.Context, d queue.Document) (queue.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return queue.Receipt{}, p.fail
	}
	p.docs = append(p.docs, d)
	return queue.Receipt{}, nil
}

func (p *paperless) State(context.Context) (queue.Status, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return queue.Status{}, p.fail
	}
	return queue.Status{Kind: queue.Idle}, nil
}

func (p *paperless) JobState(context.Context, string) (queue.JobStatus, error) {
	return queue.JobStatus{End: queue.Completed}, nil
}
func (p *paperless) Cancel(context.Context, string) error { return nil }

func (p *paperless) set(f *queue.Failure) { p.mu.Lock(); defer p.mu.Unlock(); p.fail = f }

// printing adds a print queue with a printer of paper that is not there.
func printing(t testing.TB, out *paperless) func(*web.Config) {
	return func(c *web.Config) {
		q := queue.New(queue.Config{Ledger: c.Ledger, Now: c.Now, Spool: t.TempDir(), Open: func(kiosk.Printer) (queue.Sender, error) { return out, nil }})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); q.Run(ctx) }()
		t.Cleanup(func() { cancel(); <-done })
		c.Printing = q
		c.Target = func(s string) (string, error) {
			if !strings.HasPrefix(s, "tcp://") {
				return "", errors.New("no address")
			}
			return s + ":9100", nil
		}
	}
}

// shelved brings n registered copies of a title.
func (o *office) stocked(title, n string) (page string) {
	o.t.Helper()
	page = o.open()
	o.line(page, title, n)
	if status, _, _ := o.post(page+"/tick", "token", o.token(page), "step", "register"); status != 303 {
		o.t.Fatalf("register: %d", status)
	}
	return page
}

func (o *office) printer(name string, pairs ...string) {
	o.t.Helper()
	// The first value of a field counts.
	all := append(append([]string{"token", o.token("/desk/printers/new"), "name", name}, pairs...), "target", "tcp://192.0.2.9", "language", "pdf", "dpi", "203", "stock", "a4-65")
	if status, body, _ := o.post("/desk/printers", all...); status != 303 {
		o.t.Fatalf("printer: %d %s", status, troubles(body))
	}
}

func orderIn(body string) string {
	m := regexp.MustCompile(`name="order" value="([^"]+)"`).FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1], "&amp;", "&")
}

// From a receipt to a picture, a PDF, the printer and the mark.
func TestLabelsOfAReceipt(t *testing.T) {
	t.Parallel()
	out := &paperless{}
	o := newOffice(t, printing(t, out))
	page := o.stocked("Truyện mẫu: Chú chó nhỏ", "12")
	id := strings.TrimPrefix(page, "/desk/receipts/")
	what := "/desk/labels?what=receipt&receipt=" + id

	status, body := o.get(what + "&skip=7")
	if status != 200 || !strings.Contains(body, "In: 12 nhãn, 1 trang") || strings.Count(body, `class="used"`) != 7 || strings.Count(body, "<rect") != 65 {
		t.Fatalf("%d %s, %d rects", status, troubles(body), strings.Count(body, "<rect"))
	}
	order := orderIn(body)
	if want := (url.Values{"what": {"receipt"}, "receipt": {id}, "skip": {"7"}, "page": {"1"}, "layout": {"copy"}, "stock": {"a4-65"}}).Encode(); order != want {
		t.Errorf("order %q, want %q", order, want)
	}
	for _, link := range regexp.MustCompile(`(?:src|href)="(/desk/labels[/?][^"]+)"`).FindAllStringSubmatch(body, 4) {
		if status, _ := o.get(strings.ReplaceAll(link[1], "&amp;", "&")); status != 200 {
			t.Errorf("%s: %d", link[1], status)
		}
	}
	status, picture := o.get("/desk/labels/preview.png?" + order)
	if img, err := png.Decode(strings.NewReader(picture)); status != 200 || err != nil || img.Bounds().Dx() < 1600 {
		t.Errorf("preview: %d %v", status, err)
	}
	res, err := o.client.Get(o.URL + "/desk/labels/labels.pdf?" + order)
	if err != nil {
		t.Fatal(err)
	}
	if ct := res.Header.Get("Content-Type"); ct != "application/pdf" || !strings.Contains(res.Header.Get("Content-Disposition"), "inline") || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", res.Header)
	}
	_, pdf, _ := o.read(res)
	if !bytes.HasPrefix([]byte(pdf), []byte("%PDF-")) {
		t.Error("no PDF")
	}

	// Noted as stuck on, from the browser's PDF; and taken back.
	o.post("/desk/labels/mark", "token", o.token(what), "order", order)
	_, body = o.get("/desk/labels")
	if !strings.Contains(body, "12 cuốn có nhãn") {
		t.Errorf("mark: %s", troubles(body))
	}
	undo := regexp.MustCompile(`name="undo" value="([^"]+)"`).FindStringSubmatch(body)
	o.post("/desk/undo", "token", "once-more", "undo", undo[1])

	// Printed: the queue notes the labels, and a second click prints nothing.
	o.printer("Máy mẫu")
	_, body = o.get(what)
	printer := regexp.MustCompile(`<select id="printer" name="printer"><option value="([^"]+)"`).FindStringSubmatch(body)
	token := tokenIn.FindStringSubmatch(body)[1]
	for range 2 {
		if status, body, _ := o.post("/desk/labels/print", "token", token, "order", order, "printer", printer[1]); status != 303 {
			t.Fatalf("print: %d %s", status, troubles(body))
		}
	}
	until(t, func() bool { _, body := o.get("/desk/printers/queue"); return strings.Contains(body, "xong 12 nhãn") })
	if _, body = o.get("/desk/printers"); strings.Count(body, "Nhãn mã vạch: 12") != 2 { // the said line, and one job
		t.Error("the double click printed twice, or nothing")
	}
	if _, body = o.get("/desk/labels"); !strings.Contains(body, "0 cuốn đang chờ nhãn") {
		t.Error("printed labels are not noted")
	}

	// The PDF for a printer is moved as it needs; too far is told.
	aligned := order + "&printer=" + printer[1]
	if status, _ := o.get("/desk/labels/labels.pdf?" + aligned); status != 200 {
		t.Errorf("a PDF for a printer: %d", status)
	}
	if err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
		p, err := tx.PrinterByName("Máy mẫu")
		if err != nil {
			return err
		}
		p.OffsetX = 30
		return tx.PutPrinter(p)
	}); err != nil {
		t.Fatal(err)
	}
	if status, _ := o.get("/desk/labels/labels.pdf?" + aligned); status != 303 {
		t.Errorf("a PDF beside its sheet: %d", status)
	}
	if status, body := o.get("/desk/labels?" + aligned); status != 200 || !strings.Contains(body, "rơi ra ngoài mép") {
		t.Errorf("labels beside the sheet: %d %s", status, troubles(body))
	}
	if err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
		p, err := tx.PrinterByName("Máy mẫu")
		p.OffsetX = 0
		return errors.Join(err, tx.PutPrinter(p))
	}); err != nil {
		t.Fatal(err)
	}

	// A label printer cannot take a sheet: told at once, with the order kept.
	o.printer("Máy nhãn mẫu", "language", "zpl", "stock", "35x22")
	_, body = o.get(what)
	roll := regexp.MustCompile(`<option value="([^"]+)">Máy nhãn mẫu`).FindStringSubmatch(body)[1]
	_, _, to := o.post("/desk/labels/print", "token", "on-a-roll", "order", order, "printer", roll)
	if _, body = o.get(to); !strings.Contains(to, "receipt="+id) || !strings.Contains(body, "dành cho cuộn nhãn") {
		t.Errorf("a sheet on a roll: %s %s", to, troubles(body))
	}

	// A printer in trouble says why, and the job goes on from a label.
	out.set(&queue.Failure{Code: "media_empty", Detail: "tray 1"})
	_, body = o.get(what)
	o.post("/desk/labels/print", "token", tokenIn.FindStringSubmatch(body)[1], "order", order, "printer", printer[1])
	until(t, func() bool {
		_, body := o.get("/desk/printers/queue")
		return strings.Contains(body, "hết giấy hoặc nhãn") && strings.Contains(body, "hỏng sau")
	})
	out.set(nil)
	_, body = o.get("/desk/printers/queue")
	body = body[strings.Index(body, "hỏng sau"):]
	job := regexp.MustCompile(`action="(/desk/jobs/[^"]+)"`).FindStringSubmatch(body)[1]
	for _, bad := range []string{"99", "0", "-3", "two"} {
		if body := o.besides(job, "from", "Không có nhãn thứ đó", "do", "continue", "from", bad, "skip", "0"); !strings.Contains(body, `name="from" value="`+bad+`"`) {
			t.Errorf("%s is gone", bad)
		}
	}
	o.post(job, "token", "good", "do", "continue", "from", "5", "skip", "3")
	until(t, func() bool {
		_, body := o.get("/desk/printers/queue")
		return strings.Count(body, "xong 12 nhãn") == 2
	})
}

// What cannot be printed says so, with the order still in the form.
func TestOrdersThatCannotBePrinted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.open()
	o.line(page, "Chưa vào sổ", "2")
	id := strings.TrimPrefix(page, "/desk/receipts/")
	for _, c := range []struct{ query, want string }{
		{"what=receipt&receipt=" + id, "chưa vào sổ nên chưa có số"},
		{"what=new", "không có gì khớp"},
		{"what=range&from=TN.00001&to=TN.00009", "không có gì khớp"},
		{"what=range&from=hello", "chưa đọc được"},
		{"what=range&from=TN.9&to=TN.2", "chưa đọc được"},
		{"what=range&from=TN.1&to=TK.2", "chưa đọc được"},
		{"what=codes&codes=" + url.QueryEscape("<b>x</b>\n99"), "&lt;b&gt;x&lt;/b&gt;, 99"},
		{"what=cards&class=9Z", "không có gì khớp"},
		{"what=test&stock=none-such", "không có khổ nhãn"},
		{"what=test&skip=65", "không bỏ qua 65 nhãn được"},
		{"what=test&skip=-1", "không bỏ qua -1 nhãn được"},
		{"what=test&skip=abc", "không bỏ qua -1 nhãn được"},
		{"what=test&page=7", "không có trang 7"},
		{"what=commands&stock=35x22", "cần cả trang giấy"},
	} {
		status, body := o.get("/desk/labels?" + c.query)
		if status != 422 || !strings.Contains(strings.ToLower(body), strings.ToLower(c.want)) {
			t.Errorf("%s: %d, no %q: %s", c.query, status, c.want, troubles(body))
		}
		if status, _ := o.get("/desk/labels/preview.png?" + c.query); status != 404 {
			t.Errorf("%s: its picture %d", c.query, status)
		}
		if status, _ := o.get("/desk/labels/labels.pdf?" + c.query); status != 303 && !strings.Contains(c.query, "page=") {
			t.Errorf("%s: its PDF %d", c.query, status)
		}
	}
	o.Patron(kiosk.Teacher, "20000032", "Lê Mẫu Hạnh", "", 0)
	if status, body := o.get("/desk/labels?what=cards&class=-"); status != 200 || !strings.Contains(body, "In: 1 nhãn") {
		t.Errorf("teachers' cards: %d %s", status, troubles(body))
	}
	for _, query := range []string{"what=range", "what=codes", "what=cards", "what=class", "what=receipt", "", "what=nonsense"} {
		if status, body := o.get("/desk/labels?" + query); status != 200 || troubles(body) != "" || strings.Contains(body, "labels.pdf?") {
			t.Errorf("%q at first: %d %s", query, status, troubles(body))
		}
	}
	for _, query := range []string{"what=commands", "what=colours", "what=calibration", "what=test", "what=shelves", "what=calibration&stock=35x22x3"} {
		if status, body := o.get("/desk/labels?" + query); status != 200 || !strings.Contains(body, "labels.pdf?") {
			t.Errorf("%q: %d %s", query, status, troubles(body))
		}
	}
}

// A stock of the school's own: the nearest one copied and corrected; whatever
// cannot be is told beside its field, and drawn.
func TestOwnStocks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	fields := map[string]string{"text": "Giấy mẫu 40", "kind": "sheet", "columns": "4", "rows": "10", "dpi": "600", "page_width": "210", "page_height": "297", "label_width": "48,5",
		"label_height": "25.4", "margin_left": "8", "margin_top": "21", "pitch_x": "48,5", "pitch_y": "25,4", "corner_radius": "1", "edge": "4"}
	send := func(path, field, value, do string) (int, string) {
		pairs := []string{"token", o.token("/desk/stocks/new"), "do", do}
		for k, v := range fields {
			if k == field {
				v = value
			}
			pairs = append(pairs, k, v)
		}
		status, body, _ := o.post(path, pairs...)
		return status, body
	}
	for _, c := range []struct{ field, value, want string }{
		{"page_width", "150", "không nằm vừa"},
		{"page_height", "100", "không nằm vừa"},
		{"label_width", "60", "đè lên nhau"},
		{"label_width", "wide", "Viết một số"},
		{"label_width", "", "Viết một số"},
		{"label_width", "NaN", "Viết một số"},
		{"label_width", "-3", "không thể có"},
		{"label_width", "1e9", "Viết một số"},
		{"columns", "-4", "không thể có"},
		{"columns", "100000000", "không thể có"},
		{"columns", "four", "Chỉ viết chữ số"},
		{"kind", "scroll", "không thể có"},
		{"text", "", "cần điền"},
		{"text", strings.Repeat("x", 81), "1 đến 80"},
	} {
		for _, do := range []string{"save", "look"} {
			status, body := send("/desk/stocks", c.field, c.value, do)
			if status != 422 || !strings.Contains(troubles(body), c.want) {
				t.Errorf("%s %s=%q: %d %s", do, c.field, c.value, status, troubles(body))
			}
			if !strings.Contains(body, "48,5") {
				t.Errorf("%s=%q: what was typed is lost", c.field, c.value)
			}
		}
	}
	if status, body := send("/desk/stocks", "", "", "look"); status != 200 || strings.Count(body, `class="label"`) != 40 {
		t.Errorf("look: %d %s", status, troubles(body))
	}
	if status, body := send("/desk/stocks", "", "", "save"); status != 303 {
		t.Fatalf("save: %d %s", status, troubles(body))
	}
	if _, body := o.get("/desk/stocks"); !strings.Contains(body, "Giấy mẫu 40") || !strings.Contains(body, "/desk/stocks/own/giay-mau-40") {
		t.Error("the stock is not in the list")
	}
	if status, body := o.get("/desk/labels?what=test&stock=giay-mau-40"); status != 200 || strings.Count(body, "<rect") != 40 {
		t.Errorf("the stock is not used: %d %s", status, troubles(body))
	}
	if status, body := send("/desk/stocks/own/giay-mau-40", "rows", "9", "save"); status != 303 {
		t.Errorf("change: %d %s", status, troubles(body))
	}
	if status, _ := o.get("/desk/stocks/own/a4-65"); status != 404 {
		t.Error("a built-in stock could be edited")
	}
	o.post("/desk/stocks/own/giay-mau-40/remove", "token", o.token("/desk/stocks"))
	if _, body := o.get("/desk/stocks"); strings.Contains(body, "own/giay-mau-40") {
		t.Error("the stock is still there")
	}
}

// The label settings come back as they were typed, and bad ones are told.
func TestLabelSettings(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	base := []string{"school", "Trường <Mẫu>", "scheme", "19", "mark", "title", "symbol", "qr", "lang", "vi", "sign.children", "TNi",
		"level.0.code", "green", "level.0.letter", "L", "level.0.name", "Xanh lá", "level.0.color", "#2e9e3f"}
	for _, c := range []struct{ field, value, want string }{
		{"level.1.letter", "", "một hoặc hai chữ"},
		{"level.1.letter", "ABC", "một hoặc hai chữ"},
		{"level.1.letter", "L", "trình độ khác"},
		{"school", strings.Repeat("x", 121), "Dài quá"},
		{"scheme", "alphabet", "không thể là"},
	} {
		pairs := slices.Clone(base)
		if strings.HasPrefix(c.field, "level.1") {
			pairs = append(pairs, "level.1.name", "Đỏ", "level.1.color", "#d8232a", c.field, c.value)
		} else {
			pairs[slices.Index(pairs, c.field)+1] = c.value
		}
		if status, body, _ := o.send("/desk/labels/settings", o.filled("/desk/labels/settings", "/desk/labels/settings"), pairs...); status != 422 || !strings.Contains(troubles(body), c.want) {
			t.Errorf("%s=%q: %d %s", c.field, c.value, status, troubles(body))
		}
	}
	stale := o.filled("/desk/labels/settings", "/desk/labels/settings")
	if status, body, _ := o.send("/desk/labels/settings", o.filled("/desk/labels/settings", "/desk/labels/settings"), base...); status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	if _, body := o.get("/desk/labels/settings"); !strings.Contains(body, "Trường &lt;Mẫu&gt;") || !strings.Contains(body, `value="TNi"`) {
		t.Error("the settings do not come back")
	}
	// Whoever opened the page before is shown what is stored now, and may insist.
	status, body, _ := o.send("/desk/labels/settings", stale, "school", "Trường khác")
	if status != 409 && status != 422 || !strings.Contains(body, "Đang lưu: Trường &lt;Mẫu&gt;") || !strings.Contains(body, `value="Trường khác"`) {
		t.Errorf("a stale form: %d %s", status, troubles(body))
	}
}

// Printers: what cannot be, is told; four numbers read off a page align one.
func TestPrinters(t *testing.T) {
	t.Parallel()
	o := newOffice(t, printing(t, &paperless{}))
	o.printer("Máy mẫu")
	good := map[string]string{"name": "Máy hai", "target": "tcp://192.0.2.10", "language": "zpl", "dpi": "203", "stock": "35x22"}
	for _, c := range []struct{ field, value, want string }{
		{"name", "", "cần điền"},
		{"name", strings.Repeat("x", 65), "1 đến 64"},
		{"name", "Máy mẫu", "đã có"},
		{"target", "", "cần điền"},
		{"target", "somewhere", "chưa đúng"},
		{"language", "klingon", "Chọn một mục"},
		{"dpi", "7", "Chọn một mục"},
		{"stock", "none", "Chọn một mục"},
		{"stock", "a4-65", "dành cho cuộn nhãn"},
	} {
		pairs := []string{"token", o.token("/desk/printers/new")}
		for k, v := range good {
			if k == c.field {
				v = c.value
			}
			pairs = append(pairs, k, v)
		}
		if status, body, _ := o.post("/desk/printers", pairs...); status != 422 || !strings.Contains(troubles(body), c.want) {
			t.Errorf("%s=%q: %d %s", c.field, c.value, status, troubles(body))
		}
	}
	_, body := o.get("/desk/printers")
	path := regexp.MustCompile(`href="(/desk/printers/[^"]+)/calibration"`).FindStringSubmatch(body)[1]
	for _, c := range []struct{ left, width, want string }{
		{"20", "80", "5 %"},
		{"twenty", "100", "Viết một số"},
		{"60", "100", "rơi ra ngoài"},
	} {
		status, body, _ := o.post(path+"/calibration", "token", o.token(path+"/calibration"), "left", c.left, "top", "20", "width", c.width, "height", "100")
		if status != 422 || !strings.Contains(troubles(body), c.want) || !strings.Contains(body, `value="`+c.left+`"`) {
			t.Errorf("%+v: %d %s", c, status, troubles(body))
		}
	}
	if status, body, _ := o.post(path+"/calibration", "token", o.token(path+"/calibration"), "left", "21,5", "top", "19", "width", "100", "height", "99"); status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	o.view(func(v kiosk.View) error {
		p, err := v.PrinterByName("Máy mẫu")
		if p.OffsetX != -1.5 || p.OffsetY < 0.7 || p.OffsetY > 0.9 || p.ScaleY < 1.01 || p.ScaleY > 1.011 {
			t.Errorf("aligned by %+v", p)
		}
		return err
	})
	o.post(path+"/do", "token", "off", "do", "disable")
	if _, body = o.get("/desk/printers"); !strings.Contains(body, "đã ngừng dùng") {
		t.Error("not out of use")
	}
	o.post(path+"/do", "token", "test", "do", "test")
	if _, body = o.get("/desk/printers"); !strings.Contains(body, "Máy in này đã ngừng dùng") {
		t.Errorf("a test on a printer out of use: %s", troubles(body))
	}
	o.post(path+"/do", "token", "on", "do", "enable")
	o.post(path+"/do", "token", "test", "do", "test")
	until(t, func() bool { _, body := o.get("/desk/printers/queue"); return strings.Contains(body, "xong 1 nhãn") })
}

// Two who edit one printer: the second is shown what the first has stored.
func TestPrinterEditedByTwo(t *testing.T) {
	t.Parallel()
	o := newOffice(t, printing(t, &paperless{}))
	o.printer("Máy in mẫu")
	var page string
	o.view(func(v kiosk.View) error {
		list, err := v.Printers()
		page = "/desk/printers/" + string(list[0].ID)
		return err
	})
	_, body := o.get(page)
	seen := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(body)
	if seen == nil {
		t.Fatal("the form has no stamp")
	}
	send := func(name, stamp string) (int, string) {
		status, body, _ := o.post(page, "token", o.token(page), "seen", stamp, "name", name, "target", "tcp://192.0.2.9:9100", "language", "pdf", "dpi", "203", "stock", "a4-65")
		return status, body
	}
	if status, body := send("Máy của An", seen[1]); status != 303 {
		t.Fatalf("the first: %d %s", status, troubles(body))
	}
	status, body := send("Máy của Bình", seen[1])
	if status != 422 || !strings.Contains(body, "có người khác đã đổi") || !strings.Contains(body, "Máy của An") || !strings.Contains(body, "Máy của Bình") {
		t.Fatalf("the second: %d %s", status, troubles(body))
	}
	again := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(body)
	if status, body := send("Máy của Bình", again[1]); status != 303 {
		t.Errorf("sent again: %d %s", status, troubles(body))
	}
}
