package web_test

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/station"
	"muontra/web"
)

// counters gives an office real stations at its accounts' desks.
func counters(t testing.TB) func(*web.Config) {
	return func(c *web.Config) {
		desk := c.Acquisitions.(*circulation.Desk)
		c.Desk = desk
		ctx, stop := context.WithCancel(context.Background())
		var running sync.WaitGroup
		t.Cleanup(func() { stop(); running.Wait() })
		var mu sync.Mutex
		all := map[kiosk.ID]*station.Station{}
		c.Counter = func(id kiosk.ID) web.Counter {
			mu.Lock()
			defer mu.Unlock()
			if all[id] == nil {
				s := station.New(station.Config{Name: web.CounterName(id), Desk: desk, Now: c.Now})
				all[id] = s
				running.Add(1)
				go func() { defer running.Done(); s.Run(ctx) }()
			}
			return all[id]
		}
	}
}

// counter does one thing at the desk's own station and returns the page.
func (o *office) counter(pairs ...string) string {
	o.t.Helper()
	status, body, to := o.post("/desk/counter", append([]string{"token", o.token("/desk/counter")}, pairs...)...)
	if status != 303 {
		o.t.Fatalf("counter %v: %d %s", pairs, status, body)
	}
	_, body = o.get(to)
	return html.UnescapeString(body)
}

func (o *office) sees(body string, want ...string) {
	o.t.Helper()
	for _, w := range want {
		if !strings.Contains(body, w) {
			o.t.Errorf("the page lacks %q:\n%s", w, visible(body))
		}
	}
}

var tags = regexp.MustCompile(`(?s)<[^>]*>|\s+`)

func visible(body string) string { return tags.ReplaceAllString(body, " ") }

func TestCounterDoesWhatTheKioskDoes(t *testing.T) {
	t.Parallel()
	o := newOffice(t, counters(t))
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "3B", 3)
	for i, code := range []string{"30000013", "30000021", "30000039", "30000047"} {
		o.Copy(code, fmt.Sprint("Truyện mẫu ", i+1), kiosk.Children, "")
	}
	o.sees(o.counter("code", "20000016"), "An, lớp 2A", "Chưa mượn cuốn nào")
	o.sees(o.counter("code", "30000013"), "Truyện mẫu 1", "hạn")
	if card, _ := o.Borrower("30000013"); card != "20000016" {
		t.Fatalf("lent to %q", card)
	}
	o.sees(o.counter("do", "undo"), "Chưa mượn cuốn nào")
	if card, _ := o.Borrower("30000013"); card != "" {
		t.Errorf("after the undo %q has it", card)
	}
	o.Advance(2e9)
	o.counter("code", "30000013")
	_, due := o.Borrower("30000013")
	o.sees(o.counter("do", "renew", "copy", "30000013"), "Truyện mẫu 1")
	if _, later := o.Borrower("30000013"); !later.After(due) {
		t.Errorf("renewed from %v to %v", due, later)
	}
	o.Advance(2e9)
	o.sees(o.counter("do", "on_site"), "đọc tại chỗ")
	o.counter("code", "30000047")
	if card, _ := o.Borrower("30000047"); card != "" {
		t.Error("a book that is read here was lent")
	}
	// Another's copy: refused, and one touch takes it back and lends it on.
	o.Lent("20000024", "30000021", "2026-12-01")
	o.sees(o.counter("code", "30000021"), "Nhận lại rồi cho bạn này mượn")
	o.counter("do", "lend_on", "copy", "30000021")
	if card, _ := o.Borrower("30000021"); card != "20000016" {
		t.Errorf("lent on to %q", card)
	}
	// One too many: the override is beside the no, and needs a reason.
	body := o.counter("code", "30000039")
	o.sees(body, "Cho phép: Cần cho tiết học", `value="override"`, `name="comment" value="Cần cho tiết học"`)
	o.besides("/desk/counter", "comment", "Ghi lý do", "do", "override", "copy", "30000039", "comment", "")
	if card, _ := o.Borrower("30000039"); card != "" {
		t.Error("lent without a reason")
	}
	o.counter("do", "override", "copy", "30000039", "comment", "cần cho tiết học")
	if card, _ := o.Borrower("30000039"); card != "20000016" {
		t.Errorf("overridden to %q", card)
	}
	if body = o.counter("do", "finish"); strings.Contains(body, "lớp 2A") {
		t.Error("the session is still open")
	}
	// Without a card, by a part of the name without marks.
	body = o.counter("code", "binh mau")
	o.sees(body, "Trần Mẫu Bình", "Lớp 3B")
	ref := regexp.MustCompile(`name="patron" value="([^"]+)"`).FindStringSubmatch(body)
	if ref == nil {
		t.Fatal("nobody to pick")
	}
	o.sees(o.counter("do", "pick", "patron", ref[1]), "Bình, lớp 3B")
	o.counter("do", "finish")
	// A book back without a card.
	o.Advance(2e9)
	o.counter("code", "30000013")
	if card, _ := o.Borrower("30000013"); card != "" {
		t.Error("not taken back")
	}
	o.sees(o.counter("code", "khong co ai"), "Không có ai tên như vậy")
	o.sees(o.counter("code", "<b>99</b>"), "Nhận")
	// Each act carries who did it, at a station that is no kiosk.
	var acts int
	for _, e := range o.Events() {
		if strings.HasPrefix(e.Station, "counter-") {
			acts++
			if e.StaffRef == "" {
				t.Errorf("event %d (%s) tells not who did it", e.Seq, e.Type)
			}
		}
	}
	if acts < 12 {
		t.Errorf("%d events of the counter", acts)
	}
	o.Replayed()
}

// From the live desk: take back and lend on, note damage, answer a call; each
// taken back in one touch where it changes a book.
func TestLiveDeskActs(t *testing.T) {
	t.Parallel()
	o := newOffice(t, counters(t))
	an := o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "3B", 3)
	item := o.Copy("30000013", "Truyện mẫu 1", kiosk.Children, "")
	loan := o.Lent("20000024", "30000013", "2026-11-20")
	desk := o.config.Acquisitions.(*circulation.Desk)
	kiosks := kiosk.Attempt{Station: kiosk.DefaultStation, Kind: kiosk.KindCopy}
	no, err := desk.Checkout(t.Context(), kiosks, an.Ref, item.ID)
	if err != nil || no.Result.Reason != kiosk.ReasonOnLoanToOther {
		t.Fatalf("%+v %v", no.Result, err)
	}
	live := func(seq int64, act string, pairs ...string) (int, string) {
		t.Helper()
		status, body, to := o.post(fmt.Sprintf("/desk/live/%d/%s", seq, act), append([]string{"token", o.token("/desk/counter")}, pairs...)...)
		if status == 303 {
			_, body = o.get(to)
		}
		return status, html.UnescapeString(body)
	}
	_, body := o.get("/desk")
	o.sees(html.UnescapeString(body), "Hôm nay", "Sách quá hạn theo lớp (1 cuốn)", "3B")
	status, body := live(no.Result.EventSeq, "lend-on")
	o.sees(body, "Đã nhận lại cuốn Truyện mẫu 1", "Hoàn tác")
	if card, _ := o.Borrower("30000013"); status != 303 || card != "20000016" {
		t.Fatalf("lent on: %d to %q", status, card)
	}
	// Back to the one who had it, in one touch.
	undo := regexp.MustCompile(`name="undo" value="([^"]+)"`).FindStringSubmatch(body)
	if status, _, _ := o.post("/desk/undo", "token", o.token("/desk/counter"), "undo", undo[1], "page", "/desk"); status != 303 {
		t.Fatalf("undo: %d", status)
	}
	if card, due := o.Borrower("30000013"); card != "20000024" || due != loan.DueOn {
		t.Errorf("after the undo %q has it until %v", card, due)
	}
	// A refusal is allowed with a word, whoever stands at the kiosk by now, and
	// taken back.
	full := o.Copy("30000047", "Truyện mẫu 5", kiosk.Children, "")
	for _, code := range []string{"30000021", "30000039"} {
		c := o.Copy(code, "Truyện mẫu "+code, kiosk.Children, "")
		if ans, err := desk.Checkout(t.Context(), kiosks, an.Ref, c.ID); err != nil || ans.Result.Outcome != kiosk.CheckedOut {
			t.Fatalf("%+v %v", ans.Result, err)
		}
	}
	over, err := desk.Checkout(t.Context(), kiosks, an.Ref, full.ID)
	if err != nil || over.Result.Reason != kiosk.ReasonLimitReached {
		t.Fatalf("%+v %v", over.Result, err)
	}
	if _, body = live(over.Result.EventSeq, "allow", "comment", ""); !strings.Contains(body, "ghi lý do") {
		t.Error("allowed without a word")
	}
	status, body = live(over.Result.EventSeq, "allow", "comment", "cần cho tiết học")
	o.sees(body, "Đã cho Nguyễn Mẫu An mượn cuốn Truyện mẫu 5", "Hoàn tác")
	if card, _ := o.Borrower("30000047"); status != 303 || card != "20000016" {
		t.Fatalf("allowed: %d, with %q", status, card)
	}
	undo = regexp.MustCompile(`name="undo" value="([^"]+)"`).FindStringSubmatch(body)
	o.post("/desk/undo", "token", o.token("/desk/counter"), "undo", undo[1], "page", "/desk")
	if card, _ := o.Borrower("30000047"); card != "" {
		t.Errorf("after the undo %q has it", card)
	}
	// Damage needs a word, and is taken back.
	if _, body = live(no.Result.EventSeq, "damage", "comment", ""); !strings.Contains(body, "ghi lý do") {
		t.Error("damage without a word")
	}
	_, body = live(no.Result.EventSeq, "damage", "comment", "rách bìa")
	o.sees(body, "Đã ghi cuốn Truyện mẫu 1 bị hỏng")
	condition := func() (c kiosk.Condition) {
		o.view(func(v kiosk.View) error {
			i, err := v.Item(item.ID)
			c = i.State.Condition
			return err
		})
		return c
	}
	if condition() != kiosk.ConditionDamaged {
		t.Error("not damaged")
	}
	undo = regexp.MustCompile(`name="undo" value="([^"]+)"`).FindStringSubmatch(body)
	o.post("/desk/undo", "token", o.token("/desk/counter"), "undo", undo[1], "page", "/desk")
	if condition() != kiosk.ConditionGood {
		t.Error("the damage is not taken back")
	}
	// A call is answered once, whoever answers.
	call, err := desk.CallHelp(t.Context(), kiosks, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if status, _ := live(call.Result.EventSeq, "answer"); status != 303 {
			t.Errorf("answer: %d", status)
		}
	}
	answers := 0
	for _, e := range o.Events() {
		if e.Type == kiosk.EventAnswered {
			answers++
			if e.Payload.Answers != call.Result.EventSeq || e.StaffRef == "" {
				t.Errorf("answer %+v", e)
			}
		}
	}
	if answers != 1 {
		t.Errorf("%d answers", answers)
	}
	// What is no such thing is not there.
	for _, path := range []string{"/desk/live/999999/answer", "/desk/live/0/answer", "/desk/live/x/answer", fmt.Sprintf("/desk/live/%d/answer", no.Result.EventSeq), fmt.Sprintf("/desk/live/%d/lend-on", call.Result.EventSeq), fmt.Sprintf("/desk/live/%d/allow", call.Result.EventSeq), fmt.Sprintf("/desk/live/%d/allow", no.Result.EventSeq), fmt.Sprintf("/desk/live/%d/damage", call.Result.EventSeq)} {
		if status, _, _ := o.post(path, "token", o.token("/desk/counter"), "comment", "x"); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
	// A helper answers a call, and no alarm.
	_, once := o.hire("em-giup", kiosk.Helper)
	b := o.settle("em-giup", once)
	second, _ := desk.CallHelp(t.Context(), kiosks, "")
	if err := desk.Guessed(t.Context(), "account", 5); err != nil {
		t.Fatal(err)
	}
	alarm := o.Events()[len(o.Events())-1]
	if status, _, _ := b.post(fmt.Sprintf("/desk/live/%d/answer", second.Result.EventSeq), "token", "x"); status != 303 {
		t.Errorf("a helper answers: %d", status)
	}
	if status, _, _ := b.post(fmt.Sprintf("/desk/live/%d/answer", alarm.Seq), "token", "x"); status != 403 {
		t.Errorf("a helper answers an alarm: %d", status)
	}
	if status, body := b.get("/desk"); status != 200 || strings.Contains(visible(body), "3B") || strings.Contains(visible(body), "quá hạn") {
		t.Errorf("a helper's desk shows figures of classes: %d", status)
	}
	o.Replayed()
}
