package web_test

import (
	"strings"
	"testing"

	"muontra/kiosk"
)

// What a campaign brought is taken into the stock by one press beside it, and the
// donors' register counts it once.
func TestCampaignIntoStock(t *testing.T) {
	o := lendingOffice(t)
	put := func(kind string, pairs ...string) (id string) {
		t.Helper()
		pairs = append([]string{"token", o.token("/desk/activities/new?kind=" + kind), "kind", kind, "day", o.Today().String(), "status", "done"}, pairs...)
		if status, body, _ := o.post("/desk/activities", pairs...); status != 303 {
			t.Fatal(status, troubles(body))
		}
		o.view(func(v kiosk.View) error {
			all, err := v.Activities(o.Today(), o.Today())
			for _, a := range all {
				if string(a.Kind) == kind {
					id = string(a.ID)
				}
			}
			return err
		})
		return id
	}
	call := put("campaign", "text", "Quyên góp mẫu", "goal", "100")
	put("gift", "of", call, "class", "2A", "donor", "pupils", "taken", "7")
	list := "/desk/activities?kind=campaign"
	if _, body := o.get(list); !strings.Contains(body, `href="/desk/receipts/new?for=`+call) {
		t.Fatal("no way from the campaign into the stock")
	}
	register := func() string {
		_, body := o.get("/desk/registers/donors")
		return body
	}
	if body := register(); !strings.Contains(body, "Quyên góp mẫu") || !strings.Contains(body, "2A") {
		t.Error("a campaign's gift is not in the donors' register")
	}
	form := o.filled("/desk/receipts/new?for="+call, "/desk/receipts")
	if form.Get("source") != "donation" || form.Get("supplier") != "Quyên góp mẫu" || form.Get("for") != call {
		t.Fatalf("the delivery's form: %v", form)
	}
	status, body, to := o.send("/desk/receipts", form)
	if status != 303 {
		t.Fatal(status, troubles(body))
	}
	id := strings.TrimPrefix(to, "/desk/receipts/")
	o.view(func(v kiosk.View) error {
		a, err := v.Activity(kiosk.ID(call))
		if string(a.Receipt) != id {
			t.Errorf("the campaign does not know its delivery: %+v", a)
		}
		return err
	})
	if status, _, again := o.send("/desk/receipts", form); status != 303 || again != to {
		t.Error("sent twice:", status, again)
	}
	if _, body := o.get(list); !strings.Contains(body, "Đã nhập kho: số") || strings.Contains(body, "new?for=") {
		t.Error("the campaign's page does not say that it is in the stock")
	}
	if form := o.filled("/desk/activities/"+call, "/desk/activities/"+call); form.Get("receipt") != id {
		t.Errorf("the campaign's form: %v", form)
	}
	// Where the delivery is a purchase it is no gift's.
	bought := o.open()
	status, body, _ = o.send("/desk/activities/"+call, o.filled("/desk/activities/"+call, "/desk/activities/"+call), "receipt", strings.TrimPrefix(bought, "/desk/receipts/"))
	if status != 422 || !strings.Contains(body, "receipt-wrong") {
		t.Error("a purchase is taken for a gift:", status, troubles(body))
	}
}
