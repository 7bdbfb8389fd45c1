package web

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/words"
)

// Whatever is typed into a field is taken or answered by a sentence of its own.
func TestFieldsOfAnyText(t *testing.T) {
	s := testServer(t)
	long := strings.Repeat("ă", 10_000)
	for _, c := range []struct {
		read  string
		typed string
		want  any    // the value
		wrong string // the beginning of the sentence, "" for none
	}{
		{"text", "Truyện <b>“mẫu”</b> & 'x'", "Truyện <b>“mẫu”</b> & 'x'", ""},
		{"text", "", "", "Ô này cần điền"},
		{"text", long, "", "Dài quá: nhiều nhất 40 chữ"},
		{"text", "a\x00b", "", "Viết như vậy chưa đọc được"},
		{"text", "a\nb", "", "Viết như vậy chưa đọc được"},
		{"lines", "a\nb", "a\nb", ""},
		{"code", " 30000012 ", "30000012", ""},
		{"code", "<script>", "", "Viết như vậy chưa đọc được"},
		{"code", long, "", "Viết như vậy chưa đọc được"},
		{"isbn", "978-0-306-40615-7", "9780306406157", ""},
		{"isbn", "978-0-306-40615-8", "", "ISBN này chưa đúng"},
		{"isbn", "", "", ""},
		{"count", "12", 12, ""},
		{"count", "-1", 0, "Điền từ 0 đến 99"},
		{"count", "100", 0, "Điền từ 0 đến 99"},
		{"count", "1a", 0, "Chỉ viết chữ số"},
		{"count", "99999999999999999999", 0, "Chỉ viết chữ số"},
		{"count", "1,5", 0, "Chỉ viết chữ số"},
		{"count", "", 0, "Ô này cần điền"},
		{"money", "25.000 đ", int64(25000), ""},
		{"money", "-5", int64(0), "Điền từ 0 đến 1.000.000.000 đ"},
		{"money", "9999999999", int64(0), "Điền từ 0 đến 1.000.000.000 đ"},
		{"money", "abc", int64(0), "Chỉ viết chữ số"},
		{"money", "", int64(0), ""},
		{"day", "24/11/2026", kiosk.MustDay("2026-11-24"), ""},
		{"day", "1.2.2026", kiosk.MustDay("2026-02-01"), ""},
		{"day", "1-2-2026", kiosk.MustDay("2026-02-01"), ""},
		{"day", "2026-11-24", kiosk.MustDay("2026-11-24"), ""},
		{"day", "31/2/2026", kiosk.Day{}, "Viết ngày như"},
		{"day", "24/11/26", kiosk.Day{}, "Viết ngày như"},
		{"day", "24/11/0026", kiosk.Day{}, "Viết ngày như"},
		{"day", "hôm nay", kiosk.Day{}, "Viết ngày như"},
		{"day", "", kiosk.Day{}, "Ô này cần điền"},
		{"clock", "9:20", kiosk.Clock(560), ""},
		{"clock", "9h20", kiosk.Clock(560), ""},
		{"clock", "24:00", kiosk.Clock(0), "Viết giờ như"},
		{"clock", "-1:00", kiosk.Clock(0), "Viết giờ như"},
	} {
		f := newForm()
		f.Values.Set("x", tidy(c.typed))
		var got any
		switch c.read {
		case "text":
			got = f.text("x", 1, 40)
		case "lines":
			got = f.lines("x", 1, 40)
		case "code":
			got = f.code("x")
		case "isbn":
			got = f.isbn("x")
		case "count":
			got = f.count("x", -1, 0, 99)
		case "money":
			got = f.money("x")
		case "day":
			got = f.day("x", true)
		case "clock":
			got = f.clock("x")
		}
		if len(f.Wrong) > 0 {
			s.explain(words.VI, f, errForm)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) || !strings.HasPrefix(f.Err("x"), c.wrong) || (c.wrong == "") != (f.Err("x") == "") || strings.ContainsAny(f.Err("x"), "{}") {
			t.Errorf("%s %.20q: %v, %q; want %v, %q", c.read, c.typed, got, f.Err("x"), c.want, c.wrong)
		}
	}
}

func TestStaleForm(t *testing.T) {
	stored := func(name, note string) *form { return newForm("name", name, "note", note) }
	shown := stored("Kệ 1", "cũ").stamp()
	sent := &form{Values: url.Values{"name": {"Kệ một"}, "note": {"cũ"}, "token": {"x"}, stampField: {shown.Stamp()}}, Wrong: map[string]string{}}
	if err := sent.stale(stored("Kệ 1", "cũ")); err != nil {
		t.Errorf("nobody has changed anything: %v", err)
	}
	err := sent.stale(stored("Kệ A", "mới"))
	name, note := sent.Other("name"), sent.Other("note")
	if !errors.Is(err, errStale) || name == nil || name.Value != "Kệ A" || note == nil || note.Value != "mới" {
		t.Errorf("%v %v %v", err, name, note)
	}
	// Asked once, the second sending is meant.
	again := &form{Values: sent.Values, Wrong: map[string]string{}}
	if err := again.stale(stored("Kệ A", "mới")); err != nil {
		t.Errorf("the second time: %v", err)
	}
	// Without a stamp nothing is written over.
	if err := (&form{Values: url.Values{"name": {"x"}}}).stale(stored("y", "")); !errors.Is(err, errStale) {
		t.Errorf("without a stamp: %v", err)
	}
	// Both wrote the same.
	if err := (&form{Values: url.Values{"name": {"x"}, "note": {""}}}).stale(stored("x", "")); err != nil {
		t.Errorf("the same: %v", err)
	}
}
