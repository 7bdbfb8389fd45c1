package web_test

import (
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
)

// The rules for the wall: the usual ones until the school writes its own, which
// the poster then shows; undone, refused where paper would not hold them.
func TestPosters(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const page, rules = "/desk/posters", "/desk/posters/rules"
	own := func() (r kiosk.HouseRules) {
		t.Helper()
		if err := o.Ledger.View(t.Context(), func(v kiosk.View) (err error) {
			r, err = kiosk.HouseRulesOf(v)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return r
	}
	if _, body := o.get(rules); !strings.Contains(body, "<li>Đi nhẹ, nói khẽ.</li>") {
		t.Error("the poster lacks the usual rules")
	}
	for _, c := range []struct{ lines, want string }{
		{strings.Repeat("Nói khẽ.\n", kiosk.MostHouseRules+1), "nhiều nhất 15 điều"},
		{"Nói khẽ.\n\n" + strings.Repeat("à", kiosk.MostHouseRule+1), "Điều thứ 2 dài quá: nhiều nhất 160"},
		{strings.Repeat("x", 10_000), "Dài quá"},
	} {
		if status, body, _ := o.send(rules, o.filled(page, rules), "rules", c.lines); status != 422 || !strings.Contains(troubles(body), c.want) {
			t.Errorf("%.20q: %d %q", c.lines, status, troubles(body))
		}
	}
	seen := o.filled(page, rules)
	if status, body, _ := o.send(rules, o.filled(page, rules), "rules", " Rửa tay <b>sạch</b>.\r\n\r\nNói khẽ. "); status != 303 {
		t.Fatalf("%d %s", status, troubles(body))
	}
	want := kiosk.HouseRules{"Rửa tay <b>sạch</b>.", "Nói khẽ."}
	if got := own(); !slices.Equal(got, want) {
		t.Errorf("kept %q", got)
	}
	if _, body := o.get(rules); !strings.Contains(body, "<li>Rửa tay &lt;b&gt;sạch&lt;/b&gt;.</li>") || strings.Contains(body, "Đi nhẹ") {
		t.Error("the poster does not show the school's rules")
	}
	if status, body, _ := o.send(rules, seen, "rules", "Khác"); status == 303 || !strings.Contains(body, "Nói khẽ.") {
		t.Errorf("a stale form: %d", status)
	}
	o.undo(page)
	if got := own(); len(got) != 0 {
		t.Errorf("undone, but %q", got)
	}
}

// The other posters tell what the settings say.
func TestPostersTellTheSettings(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.update(func(tx kiosk.Tx) error {
		return tx.PutTimetable(kiosk.Timetable{{Weekday: 1, Grades: []int{4, 5}, Note: "Cả lớp"}, {Weekday: 1, Afternoon: true, Teachers: true}})
	})
	if _, body := o.get("/desk/posters/timetable"); !strings.Contains(body, "<td><b>Khối 4</b>, <b>Khối 5</b><span>Cả lớp</span></td><td><b>Giáo viên</b></td>") {
		t.Errorf("timetable: %s", body)
	}
	if _, body := o.get("/desk/posters/colours"); !strings.Contains(body, `fill="#`) || !strings.Contains(body, "TK.00001") {
		t.Error("no colours, or no numbers")
	}
}
