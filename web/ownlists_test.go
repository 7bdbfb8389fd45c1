package web_test

import (
	"testing"

	"muontra/web/webtest"
)

// Lists that are shown in their own way: at both widths nothing sticks out, and
// axe finds nothing.
func TestOwnListsLook(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o, _ := fullOffice(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	for _, path := range []string{"recall", "receipts", "surveys", "interloans", "proposals", "withdrawals", "holds"} {
		p.Go(o.URL + "/desk/" + path)
		p.WaitText("Tải về Excel")
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", path, size.name, wide)
			}
			p.Axe(path + size.name)
			p.Picture("list-" + path + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
}
