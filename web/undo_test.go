package web_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// How each thing a person does is taken back. A POST route has one row.
type undoRow struct {
	// deeds are done one after the other, each on the office as it is shown; each
	// is taken back before the next.
	deeds []deed
	// nothing is why there is nothing to take back.
	nothing nothing
	// apart has an office of its own: what comes first cannot be taken back here.
	apart bool
	// elsewhere names the test that does the act and takes it back, where no form of
	// a page does it or the fixtures are another's.
	elsewhere string
}

// deed is one act, by a form of a page as its reader finds it.
type deed struct {
	// page shows the form; " > " follows the first link of that shape on it.
	// {copy:BARCODE} and the like stand for identifiers, see office.named.
	page string
	form string // the route of the form, "" for the row's own
	at   string // what stands in the form, where a page has several
	with []string
	// by is the route of the act that takes it back, where that is not the undo of
	// the answer; the answer's page, or one that it links to, offers it.
	by   string
	then []string // what is typed or pressed there
	byAt string
	// first are done before, and stay.
	first []deed
	// stays are tables of which a part stays as the act left it; each is said to be so
	// beside its row, with the reason.
	stays []string
	again bool // it is done and taken back for the second time
}

// nothing is why an act is not taken back.
type nothing string

const (
	// reads: nothing of the ledger or the settings is changed by it; what it makes is a
	// page, a file or the plan of an import that is applied by another act.
	reads nothing = "nothing is changed"
	// printed: it is on paper, or on its way to the printer; the queue can still stop it.
	printed nothing = "printed"
	// signsIn: it opens or ends somebody's own sign-in, or that of a machine, which is
	// opened anew as it was opened.
	signsIn nothing = "a sign-in"
	// signed: minutes or a register that people have signed by law are closed for good: a
	// mistake is put right by another paper, not by opening the old one. The page asks first.
	signed nothing = "signed by law"
	// erased: the law asks that personal data are gone; the page asks first.
	erased nothing = "personal data are erased"
	// draft: a plan is changed that does nothing until another act carries it out; the
	// page on which it was made changes it back, or throws it away.
	draft nothing = "only a plan"
	// outside: a fact of the world is written down that happens whether it is or not: a
	// clock that was looked at, a call for help that was answered, a copy of the data made.
	outside nothing = "happened outside"
	// undoes: it is itself what takes something back; what it took back is done again by
	// the act that did it.
	undoes nothing = "takes back itself"
	// atStation: a scan or button of a kiosk: its own undo is the station's button and
	// code, held by the tests of package station and the kiosk's pages.
	atStation nothing = "the kiosk's own undo"
)

var undoOf = undoRows(undoPeople, undoStock, undoLending, undoPaperwork, undoSettings, undoDevices)

func undoRows(areas ...map[string]undoRow) map[string]undoRow {
	all := map[string]undoRow{}
	for _, a := range areas {
		maps.Copy(all, a)
	}
	return all
}

// Every act has its way back, and the way back leads there: the act is done by its
// form, the page that answers offers the undo, and after it all that the ledger
// knows is as it was. With MUONTRA_LONG also those that need an office apart.
func TestEveryActIsTakenBack(t *testing.T) {
	t.Parallel()
	long := os.Getenv("MUONTRA_LONG") != ""
	w := newUndoWalk(t)
	here, err := filepath.Glob("*_test.go")
	program, err2 := filepath.Glob("../cmd/muontra/*_test.go")
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	tests := ""
	for _, name := range append(here, program...) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tests += string(b)
	}
	seen := map[string]bool{}
	kinds := map[string]int{}
	for _, r := range w.o.web.Routes() {
		route, is := strings.CutPrefix(r, "POST ")
		if !is {
			continue
		}
		seen[route] = true
		row, has := undoOf[route]
		switch {
		case !has:
			t.Errorf("%s has no row: how is it taken back?", route)
		case row.ways() != 1:
			t.Errorf("%s: either it is taken back or there is a reason", route)
		case row.nothing != "":
			kinds[string(row.nothing)]++
		case row.elsewhere != "":
			kinds["in a test of its own"]++
			if !regexp.MustCompile(`(?m)^func ` + row.elsewhere + `\(`).MatchString(tests) {
				t.Errorf("%s: there is no test %s", route, row.elsewhere)
			}
		case row.apart && !long:
			kinds["not walked now"]++
		default:
			kinds["taken back"]++
			if row.apart {
				newUndoWalk(t).walk(route, row)
			} else {
				w.walk(route, row)
			}
		}
	}
	for route := range undoOf {
		if !seen[route] {
			t.Errorf("there is a row for %s, which is no route", route)
		}
	}
	t.Log(kinds)
	w.o.Replayed()
}

// ways counts the answers of a row: it gives one.
func (r undoRow) ways() (n int) {
	for _, has := range []bool{len(r.deeds) > 0, r.nothing != "", r.elsewhere != ""} {
		if has {
			n++
		}
	}
	return n
}
