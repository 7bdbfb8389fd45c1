package say

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var hole = regexp.MustCompile(`\{[a-z0-9]+\}`)

// Both languages have the same keys with the same holes.
func TestWordsAgree(t *testing.T) {
	for key, vi := range words["vi"] {
		en, ok := words["en"][key]
		if !ok {
			t.Errorf("%s has no English", key)
			continue
		}
		a, b := hole.FindAllString(vi, -1), hole.FindAllString(en, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: %v in Vietnamese, %v in English", key, a, b)
		}
	}
	for key := range words["en"] {
		if _, ok := words["vi"][key]; !ok {
			t.Errorf("%s has no Vietnamese", key)
		}
	}
}

// No fault without words, and no words without a fault.
func TestEveryFaultHasWords(t *testing.T) {
	used := map[string]bool{}
	made := regexp.MustCompile(`(?:say\.New|tooSmall)\("([a-z_]+)"`)
	for _, dir := range []string{"..", "../symbol", "../ink", "../sheet"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range made.FindAllStringSubmatch(string(b), -1) {
				used[m[1]] = true
				if _, ok := words["vi"]["fault."+m[1]]; !ok {
					t.Errorf("%s: the fault %s has no words", f, m[1])
				}
			}
		}
	}
	for key := range words["vi"] {
		if code, ok := strings.CutPrefix(key, "fault."); ok && !used[code] {
			t.Errorf("the words of the fault %s are used nowhere", code)
		}
	}
}

func TestFaultSpeaksBothLanguages(t *testing.T) {
	f := New("does_not_fit", "subject", "STN.001234", "payload", "STN.001234", "stock", "35x22", "way", Key("way.width"),
		"need", 35.75, "have", 35.0, "over", 0.8, "choose", []any{"50x30", Key("choose.qr")})
	if got, want := f.Error(), "the barcode STN.001234 of STN.001234 does not fit the stock 35x22: it needs 35.8 mm of width with its quiet zones, there are 35.0 mm, 0.8 mm too few; choose instead: 50x30, a QR symbol (square) on the same stock"; got != want {
		t.Errorf("English:\n%s\n%s", got, want)
	}
	if got, want := f.In("vi"), "mã vạch STN.001234 của STN.001234 không vừa khổ nhãn 35x22: cần 35,8 mm chiều ngang kể cả lề trắng, chỉ có 35,0 mm, thiếu 0,8 mm; hãy chọn: 50x30, mã QR (hình vuông) trên cùng khổ nhãn"; got != want {
		t.Errorf("Vietnamese:\n%s\n%s", got, want)
	}
	if f.Fact("over") != 0.8 || f.Fact("nothing") != nil {
		t.Error("facts are lost")
	}
	g := f.With("over", 1.5, "more", 1)
	if g.Fact("over") != 1.5 || f.Fact("over") != 0.8 || g.Fact("more") != 1 {
		t.Error("With changed the wrong fault")
	}
	if Word("vi", "no such key") != "no such key" || Word("xx", "card") != words["vi"]["card"] {
		t.Error("unknown key or language")
	}
}
