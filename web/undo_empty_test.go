package web_test

import (
	"testing"

	"muontra/kiosk"
)

// takenBackIn does one act in an office of its own and takes it back.
func takenBackIn(t *testing.T, o *office, d deed) {
	t.Helper()
	w := undoWalkIn(t, o)
	if why := w.takenBack(d); why != "" {
		t.Error(d.form, why)
	}
	o.Replayed()
}

// The usual year's plan, whose button a plan that has lines does not show.
func TestUsualPlanIsTakenBack(t *testing.T) {
	t.Parallel()
	takenBackIn(t, newOffice(t), deed{page: "/desk/plan", form: "/desk/plan"})
}

// A stocktake that was opened by mistake: what was expected stays as the lines of one
// that is in no list.
func TestStocktakeOpenedByMistakeIsTakenBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
	takenBackIn(t, o, deed{page: "/desk/stocktake/new", form: "/desk/stocktake", stays: []string{"records.Lines"}})
	if _, body := o.get("/desk/stocktake/new"); body == "" {
		t.Error("no other can be opened")
	}
}
