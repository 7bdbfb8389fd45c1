//go:build linux

package main

import (
	"strings"
	"testing"

	"muontra/web/webtest"
)

// The desk's page of other machines and the page that helps to trust us, on a
// PC and on a phone.
func TestPagesOfOtherMachines(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	p, _ := startHub(t, t.TempDir(), schoolIP+":0")
	l := newLibrarian(t, p)
	plain := strings.Replace(p.URLs()[1], "https", "http", 1)
	page := webtest.Open(t)
	for name, size := range map[string]webtest.Size{"pc": {W: 1366, H: 768}, "phone": {W: 390, H: 844}} {
		page.Resize(size)
		page.Go(plain + "/trust")
		page.WaitText(p.Trust().Short)
		page.Axe("trust, " + name)
		narrow(t, page, "trust, "+name)
		page.Picture("trust-" + name)
		page.Go(plain + "/trust?lang=en")
		page.WaitText("Compare these letters first")
		page.Go(plain + "/trust?lang=vi")
	}
	// The desk's page, signed in as the librarian.
	page.Go(l.base + "/desk/sign-in")
	page.Type("#name", "thuthu")
	page.Type("#password", librarianPassword)
	page.Click("main button[type=submit]")
	page.Wait(`location.pathname === "/desk"`)
	page.Go(l.base + "/desk/machines")
	page.Type("#station", "Cửa sổ")
	page.Click(".grid-form button[type=submit]")
	page.WaitText("1 đến 32 chữ thường")
	page.Axe("a station's name that is none")
	page.Go(l.base + "/desk/machines")
	page.Type("#station", "cua-so")
	page.Click(".grid-form button[type=submit]")
	page.WaitText("Mã ghép trạm cua-so")
	page.WaitText(p.Trust().Short)
	for name, size := range map[string]webtest.Size{"pc": {W: 1366, H: 768}, "phone": {W: 390, H: 844}} {
		page.Resize(size)
		page.Axe("machines, " + name)
		narrow(t, page, "machines, "+name)
		page.Picture("machines-" + name)
	}
	page.Resize(webtest.Size{W: 1366, H: 1500}) // the steps stand below the address
	page.Picture("machines-whole")
}

// narrow reports a page that has to be pushed sideways.
func narrow(t testing.TB, page *webtest.Page, what string) {
	t.Helper()
	if w := page.TooWide(); w > 0 {
		t.Error(what, "is too wide by", w)
	}
}
