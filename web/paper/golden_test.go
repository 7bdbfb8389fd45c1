package paper

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/kiosktest"
	"muontra/kiosk/register"
	"muontra/web/words"
)

var update = flag.Bool("update", false, "write testdata anew: say in the commit what changed on paper")

// paperSchool is a small school at a fixed hour with something for every sheet.
func paperSchool(t *testing.T) *kiosktest.World {
	t.Helper()
	c := kiosktest.NewClock()
	w := kiosktest.NewWorldBy(t, kiosktest.NewMemory(c.Now), c)
	w.Set("2026-11-24 09:25:00")
	ctx := t.Context()
	desk := &circulation.Desk{Ledger: w.Ledger, Now: w.Now}
	staff := kiosk.Attempt{Station: kiosk.DefaultStation, Staff: "librarian"}
	fatal := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range [][3]string{{"20000016", "Nguyễn Mẫu An", "2A"}, {"20000024", "Trần Mẫu Bình", "2A"}, {"20000032", "Lê Mẫu Đạt", "3B"}} {
		w.Patron(kiosk.Pupil, p[0], p[1], p[2], int(p[2][0]-'0'))
	}
	w.Patron(kiosk.Teacher, "20000040", "Phạm Mẫu Hoà", "", 0)
	story := w.Copy("30000013", "Truyện mẫu: chú mèo", kiosk.Children, "TN.00001")
	w.Copy("30000021", "Truyện mẫu: chú chó", kiosk.Children, "TN.00002")
	lost := w.Copy("30000039", "Đố vui mẫu", kiosk.Reference, "TK.00001")
	math := w.Copy("30000047", "Toán mẫu 2", kiosk.Textbook, "GK.00001")
	w.Copy("30000054", "Bản đồ mẫu", kiosk.Map, "BD.00001")
	w.Lent("20000016", "30000021", "2026-11-20")
	w.Lent("20000040", "30000054", "2026-12-20")

	// A stocktake that misses one copy, and its minutes.
	take, err := desk.OpenStocktake(ctx, staff, "Kiểm kê mẫu", nil)
	fatal(err)
	for _, code := range []string{story.Barcode, math.Barcode, "99999999"} {
		_, err := desk.CountCopy(ctx, staff, kiosk.CountScan{Stocktake: take.ID, Code: code})
		fatal(err)
	}
	board := []kiosk.BoardMember{{Name: "Mẫu Thị Trưởng", Position: "Hiệu trưởng", Role: "Trưởng ban"}, {Name: "Mẫu Văn Thư", Role: "Thư ký"}}
	_, err = desk.CloseStocktake(ctx, staff, take.ID, kiosk.StockMinutes{Number: "1/BB-KK", Day: w.Today(), Hour: "8 giờ 30", Place: "Phòng thư viện", Method: kiosk.StockPeriodic, Board: board, All: true})
	fatal(err)
	// A withdrawal of what was missed.
	list, err := desk.ProposeWithdrawal(ctx, staff, "Thanh lý mẫu", []kiosk.WithdrawalItem{{Copy: lost.ID, Reason: kiosk.CauseLost, Price: 15_000}})
	fatal(err)
	_, err = desk.ApproveWithdrawal(ctx, staff, list.ID, "Mẫu Thị Trưởng", w.Today())
	fatal(err)
	_, err = desk.CloseWithdrawal(ctx, staff, list.ID, kiosk.WithdrawalPaper{Number: "1/BB-TL", Day: w.Today(), Board: board})
	fatal(err)
	// The year's work.
	for _, a := range []kiosk.Activity{
		{Kind: kiosk.PlanItem, Day: kiosk.MustDay("2026-11-01"), Status: kiosk.ActivityPlanned, Text: "Giới thiệu sách tháng 11"},
		{Kind: kiosk.Introduction, Day: w.Today(), Status: kiosk.ActivityDone, Text: "Sách hay mẫu", Channel: kiosk.ChannelFlag, People: 300},
		{Kind: kiosk.Bibliography, Day: w.Today(), Status: kiosk.ActivityDone, Text: "Thư mục mẫu", Titles: []kiosk.Annotated{{Title: story.TitleID, Group: "Truyện", Text: "Chuyện một chú mèo."}, {Title: lost.TitleID, Group: "Đố vui"}}},
	} {
		_, err := desk.PutActivity(ctx, staff, a, nil)
		fatal(err)
	}
	// A campaign's gifts.
	call, err := desk.PutActivity(ctx, staff, kiosk.Activity{Kind: kiosk.Campaign, Day: w.Today(), Status: kiosk.ActivityDone, Text: "Quyên góp mẫu"}, nil)
	fatal(err)
	for _, g := range []kiosk.Activity{{Class: "2A", Taken: 3, Donor: kiosk.DonorPupils}, {Class: "2A", Taken: 5, Donor: kiosk.DonorPupils, Corner: true}, {Taken: 4, Donor: kiosk.DonorOrganisation, Text: "Cửa hàng mẫu"}} {
		g.Kind, g.Of, g.Day, g.Status = kiosk.Gift, call.ID, w.Today(), kiosk.ActivityDone
		_, err = desk.PutActivity(ctx, staff, g, nil)
		fatal(err)
	}
	var classes []kiosk.Class
	view(t, w, func(v kiosk.View) error {
		rules, err := v.Rules(w.Today())
		if err != nil {
			return err
		}
		classes, err = v.Classes(rules.Year.ID)
		return err
	})
	for _, c := range classes {
		if c.Name == "2A" {
			_, err := desk.AnswerSurvey(ctx, staff, kiosk.Survey{Class: c.ID, Round: 1, Day: w.Today(), Pupils: 30, Full: 24, Notebooks: 30, Tools: 28, Lines: []kiosk.SurveyLine{{Title: math.TitleID, Own: 20, Lent: 4}}, Note: "hai em mới đến"}, nil)
			fatal(err)
		}
	}
	_, err = desk.PutProposal(ctx, staff, kiosk.Proposal{Name: "Đề nghị mẫu", Day: w.Today(), Funding: "Ngân sách", Lines: []kiosk.ProposalLine{
		{Text: "Khủng long mẫu", Kind: kiosk.Children, Quantity: 3, Price: 12_000, Why: kiosk.WhyWish, Asked: 4}, {Text: "Toán mẫu 2", Kind: kiosk.Textbook, Quantity: 5, Why: kiosk.WhyLacking, Asked: 6},
	}}, nil)
	fatal(err)
	return w
}

// Each sheet's workbook, cell by cell, and its PDF as text, beside those that are kept.
// Where pdftotext is missing the workbooks alone are compared.
func TestGoldens(t *testing.T) {
	w := paperSchool(t)
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("pdftotext is not here: the PDFs' texts are not compared")
	}
	for _, s := range register.Sheets() {
		var cells, text string
		view(t, w, func(v kiosk.View) error {
			d, err := Open(v, s.Name, register.Ask{}, words.VI, w.Now())
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := Workbook(&b, d); err != nil {
				return err
			}
			cells = cellsOf(t, b.Bytes())
			if tool == "" {
				return nil
			}
			b.Reset()
			if err := PDF(&b, d); err != nil {
				return err
			}
			text = textOf(t, tool, b.Bytes())
			return nil
		})
		golden(t, s.Name+".cells", cells)
		if tool != "" {
			golden(t, s.Name+".pdf.txt", text)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("no golden: run with -update: %v", err)
		return
	}
	if got == string(want) {
		return
	}
	a, b := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		x, y := "(nothing)", "(nothing)"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			t.Errorf("%s, line %d:\nkept %s\nnow  %s", name, i+1, x, y)
			return
		}
	}
}

// cellsOf are a workbook's cells as they are shown, a row a line.
func cellsOf(t *testing.T, b []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all strings.Builder
	for _, tab := range f.GetSheetList() {
		rows, err := f.GetRows(tab)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString("# " + tab + "\n")
		for _, r := range rows {
			all.WriteString(strings.Join(r, " | ") + "\n")
		}
	}
	return all.String()
}

// textOf is a PDF's text as it lies on the page, without the room between: how wide a
// gap is differs from one pdftotext to the next.
func textOf(t *testing.T, tool string, b []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sheet.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for line := range strings.Lines(string(out)) {
		if words := strings.Join(strings.Fields(strings.ReplaceAll(line, "\f", " ")), " "); words != "" {
			all.WriteString(words + "\n")
		}
	}
	return all.String()
}

// Every sum and every figure of every sheet is counted a second time: one that is added
// without it fails here. A number that is neither is what somebody wrote down, or what
// stands beside a line of its own, and is named here with what it is.
func TestEverySumHasASecondCount(t *testing.T) {
	w := paperSchool(t)
	given := map[string]string{
		"entry": "a number of the general register", "price": "of one copy", "price_each": "of one copy", "issue": "the number of an issue",
		"days_late": "today less the day it was due", "asked": "what the librarian wrote", "lines": "how many lines a register has", "closed_lines": "and how many of them are closed",
		"titles_counted": "of migration-check, proven line by line",
		"own_there":      "what stood there in that week, not what came: the class's own books are proven in their own part",
	}
	view(t, w, func(v kiosk.View) error {
		for _, sheet := range register.Sheets() {
			src, err := register.Open(v, sheet, register.Ask{}, w.Now())
			if err != nil {
				return err
			}
			parts, err := sheet.Parts(src)
			if err != nil {
				return err
			}
			for i := range parts {
				p := &parts[i]
				faults, none, err := src.Prove(p)
				if err != nil {
					return err
				}
				if len(none) > 0 || len(faults) > 0 {
					t.Errorf("%s, %s: no second count of %q; faults %v", sheet.Name, p.Key, none, faults)
				}
				for _, c := range p.Columns {
					counts := c.Kind == register.Number || c.Kind == register.Money
					if counts && !c.Sum && p.ProofOf == nil && given[c.Key] == "" {
						t.Errorf("%s, %s: the numbers of %s are neither summed nor proven", sheet.Name, p.Key, c.Key)
					}
				}
			}
		}
		return nil
	})
}
