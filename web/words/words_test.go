package words

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"muontra/kiosk"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	for k := range tables[VI] {
		if !Has(EN, k) {
			t.Errorf("%s: no English", k)
		}
	}
	for k := range tables[EN] {
		if !Has(VI, k) {
			t.Errorf("%s: no Vietnamese", k)
		}
	}
}

// A code without words would reach a child as a code.
func TestEveryCodeHasWords(t *testing.T) {
	for _, l := range Langs {
		for _, o := range kiosk.Outcomes {
			if o == kiosk.Refused {
				continue // its reason speaks
			}
			need(t, l, "outcome."+string(o)+".head", "outcome."+string(o)+".hint")
			if _, ok := looks["outcome."+string(o)]; !ok {
				t.Errorf("outcome %s has no picture", o)
			}
		}
		for _, r := range kiosk.Reasons {
			need(t, l, "reason."+string(r)+".head", "reason."+string(r)+".hint")
			if _, ok := looks["reason."+string(r)]; !ok {
				t.Errorf("reason %s has no picture", r)
			}
		}
		for _, n := range kiosk.NoteCodes {
			need(t, l, "note."+string(n)+".text")
		}
		for _, c := range kiosk.Categories {
			need(t, l, "kiosk.category."+string(c))
		}
		for _, c := range kiosk.CommandCodes {
			need(t, l, "practice.cmd."+string(c.Command))
		}
	}
}

func need(t *testing.T, l Lang, keys ...string) {
	t.Helper()
	for _, k := range keys {
		if strings.TrimSpace(tables[l][k]) == "" {
			t.Errorf("%s: no words for %s", l, k)
		}
	}
}

func TestMessage(t *testing.T) {
	dog := &kiosk.CopyView{Title: "Truyện mẫu"}
	loan := &kiosk.LoanView{Copy: *dog, DueOn: kiosk.MustDay("2024-11-28")}
	an := &kiosk.PatronView{Name: "An", Class: "2A", Category: kiosk.Pupil}
	teacher := &kiosk.PatronView{Name: "Hạnh", Category: kiosk.Teacher}
	for _, c := range []struct {
		name string
		lang Lang
		r    kiosk.Result
		want string
	}{
		{"lent", VI, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.CheckedOut, Patron: an, Copy: dog, Loan: loan},
			"Mượn được rồi! “Truyện mẫu”. Trả muộn nhất thứ Năm 28/11 nhé. Quét cuốn nữa, hoặc bấm Xong."},
		{"lent to a teacher", VI, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.CheckedOut, Patron: teacher, Copy: dog, Loan: loan},
			"Mượn được rồi! “Truyện mẫu”. Trả muộn nhất thứ Năm 28/11. Quét cuốn nữa, hoặc bấm Xong."},
		{"limit", VI, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.Refused, Reason: kiosk.ReasonLimitReached, Patron: an,
			Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonLimitReached, Facts: kiosk.Facts{"have": 2, "limit": 2}}}},
			"Em mượn đủ sách rồi. 2 trên 2 cuốn. Trả một cuốn rồi mượn cuốn mới nhé."},
		{"a stored answer's numbers", VI, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.Refused, Reason: kiosk.ReasonLimitReached, Patron: an,
			Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonLimitReached, Facts: kiosk.Facts{"have": 2.0, "limit": 2.0}}}},
			"Em mượn đủ sách rồi. 2 trên 2 cuốn. Trả một cuốn rồi mượn cuốn mới nhé."},
		{"without facts the line is left out", VI, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.Refused, Reason: kiosk.ReasonLimitReached, Patron: an},
			"Em mượn đủ sách rồi. Trả một cuốn rồi mượn cuốn mới nhé."},
		{"closed", EN, kiosk.Result{Outcome: kiosk.Refused, Reason: kiosk.ReasonClosed,
			Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonClosed, Facts: kiosk.Facts{"recall": "2027-05-20"}}}},
			"Books are coming home for the year. All books are due by Thursday 20/05. You can still read in the library. Ask the librarian."},
		{"help", VI, kiosk.Result{Kind: kiosk.KindCommand, Outcome: kiosk.Shown, Notes: []kiosk.Note{{Code: kiosk.NoteHelpCalled}}},
			"Đã gọi cô rồi! Cô đã biết. Cô sẽ đến ngay. Em chờ một chút nhé."},
		{"the last one", VI, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.CheckedOut, Patron: an, Copy: dog, Loan: loan,
			Notes: []kiosk.Note{{Code: kiosk.NoteLastOne, Facts: kiosk.Facts{"have": 2, "limit": 2}}}},
			"Mượn được rồi! “Truyện mẫu”. Trả muộn nhất thứ Năm 28/11 nhé. Vậy là đủ 2 trên 2 cuốn. Bấm Xong nhé."},
		{"nobody stands there", VI, kiosk.Result{Kind: kiosk.KindUnknown, Outcome: kiosk.Refused, Reason: kiosk.ReasonUnknownBarcode},
			"Máy chưa biết mã này. Quét thẻ, hoặc nhãn thư viện dán trên sách. Chưa được thì gọi cô nhé."},
	} {
		if got := ForResult(c.lang, c.r).Line(c.lang); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// No sentence comes out with a brace, a key or nothing at all, whatever facts
// are missing.
func TestNoHoles(t *testing.T) {
	for _, l := range Langs {
		for _, r := range kiosk.Reasons {
			whole(t, l, kiosk.Result{Outcome: kiosk.Refused, Reason: r})
		}
		for _, o := range kiosk.Outcomes {
			whole(t, l, kiosk.Result{Outcome: o})
			for _, n := range kiosk.NoteCodes {
				whole(t, l, kiosk.Result{Outcome: o, Notes: []kiosk.Note{{Code: n}}})
			}
		}
	}
}

func whole(t *testing.T, l Lang, r kiosk.Result) {
	t.Helper()
	m := ForResult(l, r).Line(l)
	if strings.ContainsAny(m, "{}") || strings.Contains(m, "outcome.") || strings.Contains(m, "reason.") {
		t.Errorf("%s %s/%s: %q", l, r.Outcome, r.Reason, m)
	}
	if m == "" && r.Outcome != kiosk.SessionOpened {
		t.Errorf("%s %s/%s says nothing", l, r.Outcome, r.Reason)
	}
}

// Sentences live here and nowhere else: a Vietnamese letter in another source
// file of the pages is one that was written past the table.
func TestNoVietnameseElsewhere(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "words" || d.Name() == "webtest" {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, "_test.go") || !regexp.MustCompile(`\.(go|html|js|css|svg)$`).MatchString(path) {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for n, line := range strings.Split(string(b), "\n") {
			for _, r := range line {
				if unicode.Is(unicode.Latin, r) && r > 0x7f {
					t.Errorf("%s:%d: %q belongs into words", path, n+1, strings.TrimSpace(line))
					break
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every key that a page or script asks for exists.
func TestKeysInUseExist(t *testing.T) {
	tmpl := regexp.MustCompile(`[{(]t "([a-z_.0-9]+)"`)
	script := regexp.MustCompile(`\bt\("([a-z_.0-9]+)"`)
	prefix := map[string]string{"kiosk": "kiosk.", "corner": "phone.", "desk.js": "desk.live.", "practice.js": "practice.live."}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var keys []string
		switch filepath.Ext(path) {
		case ".html":
			for _, m := range tmpl.FindAllStringSubmatch(string(b), -1) {
				keys = append(keys, m[1])
			}
		case ".js":
			p := prefix[filepath.Base(path)]
			if p == "" {
				p = prefix[filepath.Base(filepath.Dir(path))]
			}
			for _, m := range script.FindAllStringSubmatch(string(b), -1) {
				keys = append(keys, p+m[1])
			}
		}
		for _, k := range keys {
			if !Has(VI, k) {
				t.Errorf("%s asks for %q, which has no words", path, k)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFactsAreWrittenAsPeopleDo(t *testing.T) {
	for _, c := range []struct {
		most any
		want string
	}{{10000000, "Điền từ 1 đến 10.000.000."}, {int64(10000), "Điền từ 1 đến 10.000."}, {2030, "Điền từ 1 đến 2030."}} {
		if got := Fact(VI, "field.out_of_range", kiosk.Facts{"min": 1, "max": c.most}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
