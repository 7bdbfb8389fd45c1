package station_test

import (
	"fmt"
	"testing"
	"time"

	"muontra/kiosk"
)

// BenchmarkFillABox scans forty books into a corner's box, one after the other
// without a touch, down to the durable answers; beside it forty durable writes of
// nothing but an answer. The goal of two minutes is the person's: a scan is to
// cost nothing of it.
func BenchmarkFillABox(b *testing.B) {
	const books = 40
	r := newRig(b, openStore(b))
	place := r.cornerBox("HOP1")
	r.keptBy(place, "GV001")
	var codes []string
	for n := range books {
		codes = append(codes, fmt.Sprintf("S1%03d", n))
		r.Copy(codes[n], fmt.Sprint("Truyện mẫu ", n), kiosk.Children, "")
	}
	b.Run("40 scans", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			r.scan("GV001")
			r.noted(r.scan("HOP1"), kiosk.NoteBoxOpened, 0)
			b.StartTimer()
			for n, code := range codes {
				r.noted(r.scan(code), kiosk.NoteBoxAdded, n+1)
			}
			b.StopTimer()
			r.emptied(place)
			r.scan("GV001")
			b.StartTimer()
		}
	})
	b.Run("40 answers kept", func(b *testing.B) {
		n := 0
		for b.Loop() {
			for range books {
				n++
				at := kiosk.Attempt{Station: kiosk.DefaultStation, CommandID: fmt.Sprint("b", n), Body: "b", At: r.Now()}
				if _, err := r.desk.Remember(b.Context(), at, kiosk.Result{Outcome: kiosk.Shown}); err != nil {
					b.Fatal(err)
				}
				r.Advance(time.Millisecond)
			}
		}
	})
}

// emptied takes all books out of the corner's open box again.
func (r *rig) emptied(place kiosk.ID) {
	r.t.Helper()
	all, books := r.boxes(place)
	var staff kiosk.Attempt
	err := r.Ledger.View(r.t.Context(), func(v kiosk.View) error {
		a, err := v.AccountByName("thu-thu")
		staff = kiosk.Attempt{Station: kiosk.DefaultStation, Staff: a.ID}
		return err
	})
	for _, code := range books {
		if err == nil {
			_, err = r.desk.TakeOutOfBox(r.t.Context(), staff, all[0].ID, r.item(code).ID)
		}
	}
	if err != nil {
		r.t.Fatal(err)
	}
}
