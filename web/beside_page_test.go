package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// Sentences beside fields, as they are seen and heard; a box for scans that comes back
// takes the next scan in place of the one that was refused.
func TestRefusedFormsInTheBrowser(t *testing.T) {
	t.Parallel()
	o, paths := fullOffice(t)
	p := webtest.Open(t)
	signInAt(p, o.URL, "/desk/shelve")
	look := func(name string) {
		t.Helper()
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", name, size.name, wide)
			}
			p.Axe(name + size.name)
			p.Picture("beside-" + name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
	refuse := func(name, page, field, typed, press string) {
		t.Helper()
		p.Go(o.URL + page)
		p.Wait(`document.querySelector("` + field + `")`)
		p.Type(field, typed)
		p.Click(press)
		p.Wait(`document.readyState === "complete" && document.querySelector("` + field + `")?.getAttribute("aria-invalid") === "true"`)
		if got := webtest.Eval[string](p, `document.querySelector("`+field+`").value`); got != typed {
			t.Errorf("%s: %q is in the field", name, got)
		}
		look(name)
	}
	refuse("shelve", "/desk/shelve", "#code", "39999999", ".scan-box button")
	p.Wait(`document.activeElement?.id === "code" && document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd) === "39999999"`)
	refuse("stocktake", "/desk/stocktake", "#code", "39999999", "form[action='/desk/stocktake/found'] button")
	refuse("serials", "/desk/serials", "#code", "39999999", "form[action='/desk/serials/scan'] button")
	refuse("loans-back", "/desk/corners/back", "#code", "9786040000001", ".scan-box button")
	var serial kiosk.ID
	o.view(func(v kiosk.View) error {
		all, err := v.Subscriptions()
		if len(all) > 0 {
			serial = all[0].ID
		}
		return err
	})
	refuse("serial", "/desk/serials/"+string(serial), "#count", "hai", "button[value='receive']")
	corner := ""
	for _, path := range paths {
		if at, is := strings.CutSuffix(path, "/pick?sent=yes&count=5"); is {
			corner = at
		}
	}
	refuse("corner", corner, "#count", "-4", "form:has(#count) button")
	p.Go(o.URL + "/desk/titles?sort=title")
	p.WaitText("Xếp theo")
	look("titles")
	o.Replayed()
}

func TestSetUpInTheBrowser(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t)
	p := webtest.Open(t)
	p.Go(o.URL + "/desk/set-up")
	p.Type("#name", "co-lan")
	p.Type("#password", "con voi mau xanh")
	p.Type("#again", "con voi mau nau")
	p.Click(".form button")
	p.Wait(`document.querySelector("#again")?.getAttribute("aria-invalid") === "true"`)
	for _, size := range deskSizes {
		p.Resize(size.Size)
		p.Axe("set-up" + size.name)
		p.Picture("beside-set-up" + size.name)
	}
}
