package web_test

import (
	"net/url"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
)

// Pictures, maps, discs and equipment come in, get a number and a label, are lent
// and come back damaged, and are found by their kind, as books are (seed R32 to
// R35, R178).
func TestOtherKindsFromIntakeToFacet(t *testing.T) {
	o := newOffice(t)
	teacher := o.Patron(kiosk.Teacher, "20000909", "Cô Mẫu Hoa", "", 0)
	desk := &circulation.Desk{Ledger: o.Ledger, Now: o.Now}
	staff := kiosk.Attempt{Station: kiosk.DefaultStation, Staff: "librarian"}
	for _, k := range []kiosk.Kind{kiosk.Picture, kiosk.Map, kiosk.Disc, kiosk.Equipment} {
		page, title := o.open(), "Đồ dùng mẫu "+string(k)
		if status, body, _ := o.post(page+"/add", "token", o.token(page+"/add?new=yes&q=x"), "title.title", title, "title.class_number", "372", "title.language", "vi",
			"quantity", "2", "price", "40.000", "kind", string(k), "home_place", o.shelf()); status != 303 {
			t.Fatalf("%s: %d %s", k, status, troubles(body))
		}
		if status, _, _ := o.post(page+"/tick", "token", o.token(page), "step", "register"); status != 303 {
			t.Fatalf("%s is not registered: %d", k, status)
		}
		var item kiosk.Item
		o.view(func(v kiosk.View) (err error) {
			item, err = v.ItemByAccession(k.Prefix() + ".00001")
			return err
		})
		if item.Kind != k || item.Title.Title != title {
			t.Fatalf("%s: %+v", k, item.Copy)
		}
		if status, pdf := o.get("/desk/labels/labels.pdf?" + url.Values{"what": {"codes"}, "codes": {item.Accession}}.Encode()); status != 200 || !strings.HasPrefix(pdf, "%PDF") {
			t.Errorf("%s: no label: %d %.80s", k, status, pdf)
		}
		if _, err := desk.Checkout(t.Context(), staff, teacher.Ref, item.ID); err != nil {
			t.Fatal(err)
		}
		if who, _ := o.Borrower(item.Barcode); who != "20000909" {
			t.Errorf("%s is with %q", k, who)
		}
		if _, err := desk.Return(t.Context(), staff, "", item.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := desk.Change(t.Context(), staff, item.ID, kiosk.CopyChange{Condition: kiosk.ConditionDamaged}); err != nil {
			t.Fatal(err)
		}
		if _, body := o.get("/desk/copies?condition=damaged"); !strings.Contains(body, item.Accession) {
			t.Errorf("%s: the damaged one is not listed", k)
		}
		if _, body := o.get("/catalogue?q=do+dung+mau&kind=" + string(k)); !strings.Contains(body, title) || strings.Count(body, "Đồ dùng mẫu") != strings.Count(body, title) {
			t.Errorf("%s: the facet does not find it alone", k)
		}
	}
}
