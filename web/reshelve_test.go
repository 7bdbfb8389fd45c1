package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
)

// Books go to another shelf one scan after the other; the shelf's own label
// changes over; a book in a corner's box stays in it.
func TestBooksAreMovedByScanning(t *testing.T) {
	o := lendingOffice(t)
	const at = "/desk/shelve/move"
	o.Copy("10000009", "Sách mẫu chuyển kệ", kiosk.Children, "")
	var to, next, corner kiosk.ID
	err := o.Ledger.Update(t.Context(), func(tx kiosk.Tx) error {
		for code, id := range map[string]*kiosk.ID{"M1": &to, "M2": &next, "G1": &corner} {
			p := kiosk.Place{ID: tx.NewID(), Code: code, Name: "Chỗ mẫu " + code, Kind: kiosk.Shelf}
			if code == "G1" {
				p.Kind = kiosk.ClassCorner
			}
			*id = p.ID
			if err := tx.PutPlace(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	stands := func() (home, now kiosk.ID) {
		t.Helper()
		o.view(func(v kiosk.View) error {
			i, err := v.ItemByBarcode("10000009")
			home, now = i.HomePlace, i.State.Place
			return err
		})
		return home, now
	}
	scan := func(shelf kiosk.ID, code string) (int, string, string) {
		t.Helper()
		return o.post(at, "token", o.token(at+"?to="+string(to)), "to", string(shelf), "code", code)
	}
	if _, body := o.get("/desk/shelve"); !strings.Contains(body, at) {
		t.Error("no way to it from the page of shelving")
	}
	if _, body := o.get(at); !strings.Contains(body, string(to)) || strings.Contains(body, string(corner)) {
		t.Error("the shelves are not offered, or a corner is")
	}
	home, now := stands()
	if status, body, _ := scan(to, "10000009"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if h, n := stands(); h != to || n != to {
		t.Errorf("moved to %s, stands at %s", h, n)
	}
	if _, body := o.get(at + "?to=" + string(to)); !strings.Contains(body, "từ nay ở kệ này") || !strings.Contains(body, "về Chỗ mẫu M1.") {
		t.Error("it is not told where the book is now")
	}
	o.undo(at)
	if h, n := stands(); h != home || n != now {
		t.Errorf("undone: home %q, stands at %q", h, n)
	}
	for code, want := range map[string]string{"10000000": "đang có người mượn", "99999999": "Không có cuốn nào mang mã", "<b>": "", strings.Repeat("9", 199): ""} {
		if status, body, _ := scan(to, code); status != 422 || !strings.Contains(body, want) {
			t.Errorf("%.12q: %d %s", code, status, troubles(body))
		}
	}
	if status, body, _ := scan("", "10000009"); status != 422 || !strings.Contains(body, "Chọn kệ trước") {
		t.Errorf("without a shelf: %d %s", status, troubles(body))
	}
	if status, body, _ := scan(corner, "10000009"); status != 422 || !strings.Contains(body, "Chọn kệ trước") {
		t.Errorf("into a corner: %d %s", status, troubles(body))
	}
	if status, _, where := scan(to, "m2"); status != 303 || where != at+"?to="+string(next) {
		t.Errorf("a shelf's code leads to %d %s", status, where)
	}
	// What stands in a corner's box is the box's until it is handed back.
	var edit string
	o.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode("10000009")
		edit = "/desk/copies/" + string(i.ID) + "/edit"
		return err
	})
	if status, body, _ := o.send(edit, o.filled(edit, edit), "place", string(corner)); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if status, body, _ := scan(next, "10000009"); status != 303 {
		t.Fatal(status, troubles(body))
	}
	if h, n := stands(); h != next || n != corner {
		t.Errorf("from a corner: home %s, stands at %s", h, n)
	}
	if _, body := o.get(at + "?to=" + string(next)); !strings.Contains(body, "máy ghi còn ở Chỗ mẫu G1") {
		t.Error("it is not told that the corner has it")
	}
}
