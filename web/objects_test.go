package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/web"
)

// The table of who may says which role a route takes. This walks the things
// behind the routes: every address, with the ids of things that exist and are
// another's, asked for by HTTP without any page by a collaborator of another
// class, a helper and the management. Nobody hears a name that is not theirs to
// know, and no act does anything.
func TestNobodyReachesWhatIsAnothers(t *testing.T) {
	t.Parallel()
	o := newOffice(t, printing(t, &paperless{}), func(c *web.Config) {
		desk := c.Acquisitions.(*circulation.Desk)
		c.People, c.Desk = desk, desk
	})
	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "3B", 3)
	o.Copy("30000012", "Truyện mẫu của An", kiosk.Children, "")
	loan := o.Lent("20000016", "30000012", "2026-11-20")
	receipt := o.open("voucher", "HD-01")
	o.line(receipt, "Truyện mẫu mới", "3")
	o.printer("Máy in mẫu")
	_, _, plan := o.upload("patrons", "a.csv", []byte(pupils))
	_, _, task := o.post("/desk/lists/export", "token", "walk", "subject", "patrons")
	who, m := o.patron("20000016")
	o.post(who+"/notes", "token", o.token(who), "note", "Ghi chú riêng của cô")

	id := map[string]string{"/desk/patrons/": string(m.ID), "/desk/receipts/": strings.TrimPrefix(receipt, "/desk/receipts/"), "/desk/lists/plans/": strings.TrimPrefix(plan, "/desk/lists/plans/"), "/desk/tasks/": strings.TrimPrefix(task, "/desk/tasks/"), "/desk/copies/": string(loan.CopyID)}
	class := map[string]string{}
	var line, card, note, account string
	o.view(func(v kiosk.View) error {
		r, err := v.Rules(o.Today())
		if err != nil {
			return err
		}
		classes, err := v.Classes(r.Year.ID)
		if err != nil {
			return err
		}
		for _, c := range classes {
			class[c.Name] = string(c.ID)
		}
		lines, err := v.ReceiptLines(kiosk.ID(id["/desk/receipts/"]))
		if err != nil {
			return err
		}
		line = string(lines[0].ID)
		cards, err := v.CardsOf(m.ID)
		if err != nil {
			return err
		}
		card = string(cards[0].ID)
		notes, err := v.NotesOf(m.ID)
		if err != nil {
			return err
		}
		note = string(notes[0].ID)
		item, err := v.Item(loan.CopyID)
		if err != nil {
			return err
		}
		id["/desk/titles/"] = string(item.TitleID)
		printers, err := v.Printers()
		if err != nil {
			return err
		}
		id["/desk/printers/"] = string(printers[0].ID)
		places, err := v.Places()
		if err != nil {
			return err
		}
		id["/desk/settings/places/"] = string(places[0].ID)
		a, err := v.AccountByName("librarian")
		account = string(a.ID)
		return err
	})
	id["/desk/accounts/"], id["/desk/classes/"], id["/desk/year/class/"] = account, class["2A"], class["2A"]
	address := func(pattern string) string {
		mine := "x"
		for prefix, one := range id {
			if strings.HasPrefix(pattern, prefix) {
				mine = one
			}
		}
		return strings.NewReplacer("{$}", "", "{id}", mine, "{class}", class["2A"], "{line}", line, "{card}", card, "{note}", note, "{copy}", string(loan.CopyID), "{station}", "desk", "{seq}", "1", "{name}", "a4-65", "{job}", "x").Replace(pattern)
	}
	last := func() (n int64) {
		o.view(func(v kiosk.View) (err error) { n, err = v.LastSeq(); return err })
		return n
	}

	// Each of them, with what else that role may know.
	browsers := map[kiosk.Role]*http.Client{}
	for _, role := range []kiosk.Role{kiosk.Collaborator, kiosk.Helper, kiosk.Management} {
		_, once := o.hire("a-"+string(role), role, "class", class["3B"])
		b := o.settle("a-"+string(role), once)
		browsers[role] = b.client
	}
	lists := map[string]bool{"/desk/overdue": true, "/desk/loans": true, "/desk/clearance/sheets": true} // the management reads them
	before := last()
	asked := 0
	for _, rt := range o.web.Routes() {
		method, pattern, _ := strings.Cut(rt, " ")
		if strings.HasPrefix(pattern, "/ws/") || strings.HasSuffix(pattern, "/sign-out") || strings.HasSuffix(pattern, "/sign-out-everywhere") {
			continue
		}
		path := address(pattern)
		for role, client := range browsers {
			asked++
			var res *http.Response
			var err error
			if method == "GET" {
				// The pages that look for something look for the pupil.
				res, err = client.Get(o.URL + path + "?q=" + url.QueryEscape("Mẫu An"))
			} else {
				res, err = client.PostForm(o.URL+path, url.Values{"token": {fmt.Sprint("another-", asked)}, "name": {"Tên khác"}, "note": {"x"}, "what": {"lost"}, "do": {"lost"}, "status": {"left"}, "comment": {"x"}, "confirm": {m.Name}, "sure": {"yes"}, "pick": {string(loan.ID)}})
			}
			if err != nil {
				t.Fatal(err)
			}
			status, body, _ := o.read(res)
			may := role == kiosk.Management && (lists[pattern] || pattern == "/desk/search")
			for _, secret := range []string{"Nguyễn Mẫu An", "20000016", "Ghi chú riêng"} {
				if strings.Contains(body, secret) && !may {
					t.Errorf("%s %s tells a %s %q (%d)", method, path, role, secret, status)
				}
			}
			if n := last(); n != before {
				t.Errorf("%s %s by a %s has done something (%d)", method, path, role, status)
				before = n
			}
		}
	}
	if asked < 300 {
		t.Errorf("only %d were asked", asked)
	}
	if _, now := o.patron("20000016"); now.Name != m.Name || now.Status != m.Status || now.Card != m.Card {
		t.Errorf("the pupil is %+v, was %+v", now, m)
	}
	// The same addresses do exist: for the librarian they answer.
	for _, path := range []string{who, who + "/data.json", "/desk/classes/" + class["2A"], "/desk/overdue", plan} {
		if status, body := o.get(path); status != 200 || !strings.Contains(body, "Mẫu An") {
			t.Errorf("%s for the librarian: %d", path, status)
		}
	}
}
