package register_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	. "muontra/kiosk/register"
)

// What is closed stays as it was, at its number and on its page. What is changed since is
// a line that takes the old one back and one as it is, behind all closed ones; what is
// new follows; what is gone is taken back; and the sums are those of what is.
func TestClosedLinesStay(t *testing.T) {
	w := world(t)
	type book struct {
		key   string
		title string
		n     int64
		later string
	}
	books := []book{{"1", "A", 10, ""}, {"2", "B", 20, ""}, {"3", "C", 30, ""}}
	sheet := &Sheet{Name: "x"}
	sheet.Parts = func(*Source) ([]Part, error) {
		return []Part{{Key: "p", Closes: true, Columns: []Column{{Key: "date", Kind: Day}, {Key: "title", Kind: Text}, {Key: "n", Kind: Number, Sum: true}, {Key: "later", Kind: Code, Later: true}, {Key: "note", Kind: Text}},
			Lines: func(yield func(Line) error) error {
				for i, b := range books {
					l := Line{Key: b.key, Cells: []any{kiosk.MustDay("2026-09-05"), Words{b.title, W("kind.children")}, b.n, b.later, Words{"", nil}}}
					if i == 0 {
						l.Head = W("reg.month_of", "month", 9, "year", 2026)
					}
					if err := yield(l); err != nil {
						return err
					}
				}
				return nil
			}}}, nil
	}
	// see writes what stands on the pages: number, title, n, later, mark.
	see := func() (out string, sum int64) {
		t.Helper()
		if err := open(t, w, sheet, Ask{}, func(s *Source) {
			parts, _ := sheet.Parts(s)
			if err := s.Pages(sheet, &parts[0], func(p Page) error {
				for _, l := range p.Lines {
					if l.Head != nil {
						out += "H "
						continue
					}
					closed := ""
					if l.Closed {
						closed = "*"
					}
					out += fmt.Sprintf("%d%s:%v:%v:%v%s ", l.Number, closed, l.Cells[1].(Words)[0], l.Cells[2], l.Cells[3], l.Mark)
				}
				sum = p.After["n"]
				return nil
			}); err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(out), sum
	}
	desk := &circulation.Desk{Ledger: w.Ledger, Now: w.Now}
	shut := func(command string) (int, error) {
		return desk.CloseRegister(context.Background(), kiosk.Attempt{Staff: "thuthu", Station: "desk", CommandID: command}, func(v kiosk.View) (c kiosk.RegisterClosing, err error) {
			s, err := Open(v, sheet, Ask{}, w.Now())
			if err != nil {
				return c, err
			}
			parts, err := sheet.Parts(s)
			if err != nil {
				return c, err
			}
			return s.Closing(&parts[0])
		})
	}
	step := func(what, want string, sum int64) {
		t.Helper()
		if got, n := see(); got != want || n != sum {
			t.Errorf("%s:\n got %s = %d\nwant %s = %d", what, got, n, want, sum)
		}
	}
	step("before", "H 1:A:10: 2:B:20: 3:C:30:", 60)
	if n, err := shut("a"); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	step("closed", "H 1*:A:10: 2*:B:20: 3*:C:30:", 60)
	if _, err := shut("b"); !errors.Is(err, kiosk.ErrNothingToClose) {
		t.Errorf("closed twice: %v", err)
	}
	if n, err := shut("a"); n != 3 || err != nil {
		t.Errorf("the same form twice: %d %v", n, err)
	}
	books = append([]book{{"0", "New", 5, ""}}, books...)
	books[2].n, books[1].later = 22, "C"
	step("a new one, a correction, a stocktake", "H 1*:A:10:C 2*:B:20: 3*:C:30: H 4:New:5: 5:B:-20:<nil>back 6:B:22:", 67)
	if n, err := shut("c"); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	step("closed again", "H 1*:A:10:C 2*:B:20: 3*:C:30: H 4*:New:5: 5*:B:-20:<nil>back 6*:B:22:", 67)
	books[2].n = 20
	books = books[:3]
	step("back as it was, and one is gone", "H 1*:A:10:C 2*:B:20: 3*:C:30: H 4*:New:5: 5*:B:-20:<nil>back 6*:B:22: H 7:B:-22:<nil>back 8:B:20: 9:C:-30:<nil>back", 35)
	if _, err := desk.CloseRegister(context.Background(), kiosk.Attempt{Station: "desk"}, nil); !errors.Is(err, kiosk.ErrStaffOnly) {
		t.Errorf("closed by nobody: %v", err)
	}
}
