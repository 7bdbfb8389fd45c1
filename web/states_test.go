package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
	"muontra/web/webtest"
)

// a state of the kiosk page: what the station shows, and what a child must be
// able to read then.
type stateCase struct {
	name   string
	screen station.Screen
	script string // after the state has come
	want   []string
	never  []string
}

func idle(change func(*station.Screen)) station.Screen {
	sc := webtest.Idle()
	change(&sc)
	return sc
}

func refusal(r kiosk.Reason, f kiosk.Facts, c *kiosk.CopyView) kiosk.Result {
	return kiosk.Result{Code: "30000013", Kind: kiosk.KindCopy, Outcome: kiosk.Refused, Reason: r, Refusals: []kiosk.Refusal{{Reason: r, Facts: f}}, Copy: c}
}

func boxed(n kiosk.NoteCode, c *kiosk.CopyView) kiosk.Result {
	return kiosk.Result{Code: "30000013", Kind: kiosk.KindPlace, Outcome: kiosk.Shown, Copy: c, Notes: []kiosk.Note{{Code: n, Facts: kiosk.Facts{"place": "Góc lớp 2A", "count": 12}}}}
}

func stateCases() []stateCase {
	dog, long := webtest.Dog, webtest.Long
	dogLoan, longLoan := webtest.Loan(dog, "2026-12-03", false), webtest.Loan(long, "2026-11-24", true)
	lent := kiosk.Result{Code: dog.Barcode, Kind: kiosk.KindCopy, Outcome: kiosk.CheckedOut, Copy: &dog, Loan: &dogLoan}
	lentLast := lent
	lentLast.Notes = []kiosk.Note{{Code: kiosk.NoteLastOne, Facts: kiosk.Facts{"have": 2, "limit": 2}}, {Code: kiosk.NoteOutOfSlot}}
	lentLast.Copy = &long
	opened := kiosk.Result{Code: "20000016", Kind: kiosk.KindPatron, Outcome: kiosk.SessionOpened}
	openedLate := opened
	openedLate.Notes = []kiosk.Note{{Code: kiosk.NoteHasOverdue, Facts: kiosk.Facts{"have": 1}}}
	returned := kiosk.Result{Code: dog.Barcode, Kind: kiosk.KindCopy, Outcome: kiosk.Returned, Copy: &dog, Notes: []kiosk.Note{{Code: kiosk.NoteWasOverdue, Facts: kiosk.Facts{"days": 3}}}}
	bell := time.Now().Add(12*time.Minute + 58*time.Second)
	soon := time.Now().Add(115 * time.Second)
	an := webtest.An
	var many []kiosk.LoanView
	for i := range 7 {
		l := webtest.Loan(dog, "2026-12-17", false)
		l.Copy.Title = fmt.Sprint("Sách mẫu dành cho giáo viên, quyển ", i+1)
		many = append(many, l)
	}

	return []stateCase{
		{name: "idle", screen: webtest.Idle(), want: []string{"Hôm nay: khối 5", "Chào em! Quét thẻ nhé", "Quét sách", "Gọi cô", "Gõ số", "Tay sạch", "thứ Năm 26/11"}, never: []string{"An", "Xong rồi"}},
		{name: "idle-break", screen: idle(func(s *station.Screen) { s.Service.BreakEndsAt = &bell }), want: []string{"Vào lớp sau", "12:", "Giờ ra chơi"}},
		{name: "idle-bell-soon", screen: idle(func(s *station.Screen) {
			s.Service.BreakEndsAt = &soon
			s.Service.Today.Grades = []int{1, 2, 3, 4, 5}
		}), want: []string{"Sắp vào lớp", "1:", "tất cả các khối"}},
		{name: "idle-closed", screen: idle(func(s *station.Screen) { s.Service.Open = false }), want: []string{"Thư viện đang nghỉ", "Trả sách thì quét sách"}},
		{name: "idle-teachers", screen: idle(func(s *station.Screen) { s.Service.Today.Grades = nil }), want: []string{"giờ của thầy cô", "Kính chào thầy cô"}},
		{name: "idle-returned", screen: idle(func(s *station.Screen) { r := returned; s.Result = &r; s.CanUndo = true }), want: []string{"Trả sách xong rồi!", dog.Title, "muộn 3 ngày", "Hoàn tác"}},
		{name: "idle-no-session", screen: idle(func(s *station.Screen) { r := refusal(kiosk.ReasonNoSession, nil, &dog); s.Result = &r }), want: []string{"Quét thẻ trước nhé!", dog.Title}},
		{name: "idle-unknown", screen: idle(func(s *station.Screen) {
			r := refusal(kiosk.ReasonUnknownBarcode, nil, nil)
			r.Kind = kiosk.KindUnknown
			s.Result = &r
		}), want: []string{"Máy chưa biết mã này", "gọi cô"}},
		{name: "session-opened", screen: webtest.InSession(an, 2, opened), want: []string{"Chào An!", "Lớp 2A", "Mượn thêm được 2 cuốn", "Xong", "Đọc tại chỗ"}},
		{name: "session-overdue", screen: webtest.InSession(an, 2, openedLate, longLoan), want: []string{"Có 1 cuốn đã đến hạn trả", "Đã đến hạn từ thứ Ba 24/11"}},
		{name: "session-lent", screen: webtest.InSession(an, 2, lent, dogLoan), want: []string{"Mượn được rồi!", "Trả muộn nhất thứ Năm 03/12", "Mượn thêm được 1 cuốn"}},
		{name: "session-lent-last", screen: webtest.InSession(an, 2, lentLast, dogLoan, webtest.Loan(long, "2026-12-03", false)), want: []string{"đủ 2 trên 2 cuốn", "Đủ sách rồi: 2 trên 2 cuốn"}},
		{name: "session-limit", screen: webtest.InSession(an, 2, refusal(kiosk.ReasonLimitReached, kiosk.Facts{"have": 2, "limit": 2}, &dog), dogLoan, longLoan), want: []string{"Em mượn đủ sách rồi", "2 trên 2 cuốn", "Trả một cuốn"}},
		{name: "session-refused-overdue", screen: webtest.InSession(an, 2, refusal(kiosk.ReasonOverdue, kiosk.Facts{"have": 1, "due_on": kiosk.MustDay("2026-11-24"), "title": long.Title}, &dog), longLoan), want: []string{"Mình trả sách cũ trước nhé!", "Có 1 cuốn"}},
		{name: "session-other", screen: webtest.InSession(an, 2, refusal(kiosk.ReasonOnLoanToOther, nil, &dog)), want: []string{"Máy ghi sách này chưa trả", "đưa sách cho cô"}},
		{name: "session-help", screen: webtest.InSession(an, 2, kiosk.Result{Kind: kiosk.KindCommand, Outcome: kiosk.Shown, Notes: []kiosk.Note{{Code: kiosk.NoteHelpCalled}}}, dogLoan), want: []string{"Đã gọi cô rồi!"}},
		{name: "session-on-site", screen: func() station.Screen {
			s := webtest.InSession(an, 2, kiosk.Result{Kind: kiosk.KindCommand, Outcome: kiosk.Shown, Notes: []kiosk.Note{{Code: kiosk.NoteNextOnSite}}})
			s.OnSite = true
			return s
		}(), want: []string{"Đọc tại chỗ", "Quét cuốn sách em muốn đọc ở đây"}},
		{name: "session-storage", screen: webtest.InSession(an, 2, refusal(kiosk.ReasonStorageFailure, nil, nil)), want: []string{"Lần quét này chưa được ghi"}},
		{name: "session-teacher", screen: webtest.InSession(webtest.Teach, 5, lent, many...), want: []string{"Giáo viên", "Hạnh"}, never: []string{"Trả muộn nhất thứ Năm 03/12 nhé", "Chào em"}},
		// A set is many books above a limit of few.
		{name: "session-set", screen: webtest.InSession(webtest.Teach, 5, lent, slices.Concat(many, many)...), want: []string{"Giáo viên", "Gia hạn"}},
		{name: "box-filling", screen: func() station.Screen {
			s := webtest.InSession(webtest.Teach, 5, boxed(kiosk.NoteBoxAdded, &dog))
			s.Box = &station.Box{Place: "Góc lớp 2A", Count: 12}
			return s
		}(), want: []string{"Vào hộp rồi!", dog.Title, "Góc lớp 2A: 12 cuốn", "Trong hộp: 12 cuốn", "quét mã hộp lần nữa", "Xong", "Hoàn tác"}, never: []string{"Gia hạn", "Đọc tại chỗ"}},
		{name: "box-librarian", screen: idle(func(s *station.Screen) {
			r := boxed(kiosk.NoteBoxOpened, nil)
			s.Box, s.Result = &station.Box{Place: "Góc lớp 2A", Count: 12}, &r
		}), want: []string{"Xếp hộp sách", "Góc lớp 2A", "Trong hộp: 12 cuốn", "Xong"}, never: []string{"Gia hạn"}},
		{name: "box-of-others", screen: webtest.InSession(an, 2, boxed(kiosk.NoteBoxOfOthers, nil)), want: []string{"Đây là hộp sách của lớp", "Góc lớp 2A", "Em quét sách tiếp, hoặc bấm Xong nhé"}},
		{name: "offline", screen: idle(func(s *station.Screen) { s.Phase = station.Offline }), want: []string{"Máy chưa ghi được", "đưa sách cho cô"}},
		{name: "pad", screen: webtest.Idle(), script: `document.querySelector('[data-act=pad]').click()`, want: []string{"Gõ số trên thẻ hoặc nhãn sách", "TK", "Gửi"}},
		{name: "dirty", screen: webtest.Idle(), script: `document.getElementById('dirty').hidden = false`, want: []string{"Hãy tắt bộ gõ tiếng Việt", "Ctrl", "Shift"}},
		{name: "lost", screen: webtest.Idle(), script: `document.getElementById('lost').hidden = false`, want: []string{"Máy đang nối lại", "chờ một chút"}},
	}
}

// Each state at each size: the words are there, nothing is cut or too small,
// axe finds nothing. Pictures are for the eyes of whoever changes the page.
func TestKioskStates(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	t.Parallel()
	p := webtest.Open(t)
	s := newSite(t)
	p.CalmMotion()
	for _, size := range webtest.Sizes {
		p.Resize(size)
		for _, c := range stateCases() {
			t.Run(fmt.Sprintf("%dx%d/%s", size.W, size.H, c.name), func(t *testing.T) {
				p := p.For(t)
				sc := s.desk.Put(c.screen)
				p.Go(s.URL + "/kiosk/desk")
				p.Wait(`document.body.dataset.ready === "yes"`)
				if c.script != "" {
					webtest.Eval[any](p, c.script+";0")
				}
				text := strings.Join(strings.Fields(p.Text()), " ")
				for _, w := range c.want {
					if !strings.Contains(text, w) {
						t.Errorf("seq %d: no %q in %q", sc.Seq, w, text)
					}
				}
				for _, w := range c.never {
					if strings.Contains(text, w) {
						t.Errorf("%q in %q", w, text)
					}
				}
				if n := webtest.Eval[int](p, `document.querySelectorAll("#left .slot").length`); n > 6 {
					t.Errorf("%d pictures of books in a row push what stands beside them out of sight", n)
				}
				p.Layout(c.name)
				p.Axe(c.name)
				p.Picture(fmt.Sprintf("%s-%dx%d", c.name, size.W, size.H))
			})
		}
	}
}
