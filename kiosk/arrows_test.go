package kiosk_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says what each package of the project may import of the project, with
// the reason. Everything points to the middle; only the program knows all.
// A package that is not listed is a failure: give it a row and a reason.
var arrows = []struct {
	pkg     string // a trailing /... covers the packages below
	imports []string
	reason  string
}{
	{"kiosk", nil, "the words and the rules depend on nothing, so that they can be read and tested alone"},
	{"kiosk/fold", nil, "text folding is a fact about letters, not about libraries"},
	{"kiosk/circulation", []string{"kiosk"}, "acts know the rules and the ledger's interface, never who calls or stores"},
	{"kiosk/station", []string{"kiosk"}, "a session knows the acts by an interface, so that its table can be tested alone"},
	{"kiosk/register", []string{"kiosk", "kiosk/fold"}, "what stands in registers and reports is a rule over the ledger; how it looks is not"},
	{"kiosk/feed", []string{"kiosk"}, "fan-out carries events and knows nothing of who listens"},
	{"kiosk/exchange/marc", nil, "records, fields and subfields, in two formats; what they mean is not theirs"},
	{"kiosk/exchange", []string{"kiosk", "kiosk/fold", "kiosk/exchange/marc"}, "files become plans and plans become acts of the ledger; pages and commands are two faces of it"},
	{"kiosk/kiosktest", []string{"kiosk", "kiosk/fold"}, "the in-memory ledger must not lean on the real one"},
	{"devices/...", []string{"devices/..."}, "bytes in, text out: a scanner knows nothing of libraries"},
	{"labels/...", []string{"kiosk", "kiosk/fold", "labels/..."}, "a copy or a patron in, ink out"},
	{"store", []string{"kiosk", "kiosk/fold"}, "the store implements the ledger and decides nothing"},
	{"store/backup", []string{"kiosk", "store"}, "copies of the ledger and the way back; who asks for them is not its matter"},
	{"store/vfs", nil, "what is asked of a disk is a fact about disks"},
	{"web/...", []string{"kiosk", "kiosk/fold", "kiosk/station", "kiosk/exchange", "kiosk/register", "labels/...", "web/..."}, "pages show screens, plans and labels; the rules are not theirs"},
	{"cmd/...", []string{"kiosk/...", "kiosk", "devices/...", "labels/...", "store", "store/backup", "store/vfs", "web/...", "cmd/..."}, "the program is the only place that knows everything"},
}

func covers(pattern, pkg string) bool {
	if p, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == p || strings.HasPrefix(pkg, p+"/")
	}
	return pattern == pkg
}

func TestArrowsPointToTheMiddle(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "muontra/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for dec.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		seen++
		pkg := strings.TrimPrefix(p.ImportPath, "muontra/")
		i := slices.IndexFunc(arrows, func(a struct {
			pkg     string
			imports []string
			reason  string
		}) bool {
			return covers(a.pkg, pkg)
		})
		if i < 0 {
			t.Errorf("package %s has no row in the table of arrows", pkg)
			continue
		}
		row := arrows[i]
		for _, imp := range p.Imports {
			ours, is := strings.CutPrefix(imp, "muontra/")
			if is && !slices.ContainsFunc(row.imports, func(pat string) bool { return covers(pat, ours) }) {
				t.Errorf("%s imports %s: %s", pkg, ours, row.reason)
			}
			if pkg == "kiosk" && (strings.Contains(strings.Split(imp, "/")[0], ".") || slices.Contains([]string{"net", "net/http", "os", "database/sql"}, imp)) {
				t.Errorf("kiosk imports %s: the rules need the standard library alone, without net, os and database/sql", imp)
			}
		}
	}
	if seen < 5 {
		t.Fatalf("go list named only %d packages", seen)
	}
}
