package station_test

import (
	"testing"

	"muontra/kiosk"
)

// Pictures, maps, discs, equipment and issues of serials are scanned like books:
// each with the house rules a school starts with.
func TestOtherKindsAreLentLikeBooks(t *testing.T) {
	kinds := []struct {
		code, title string
		kind        kiosk.Kind
		prefix      string
		pupil       kiosk.Reason // why not, "" when lent
		teacher     kiosk.Reason
	}{
		{"TA01", "Tranh mẫu", kiosk.Picture, "TA.", kiosk.ReasonOnSiteOnly, ""},
		{"BD01", "Bản đồ mẫu", kiosk.Map, "BD.", kiosk.ReasonOnSiteOnly, ""},
		{"BG01", "Đĩa hình mẫu", kiosk.Disc, "BG.", "", ""},
		{"TB01", "Bộ lắp ghép mẫu", kiosk.Equipment, "TB.", kiosk.ReasonNotForLoan, ""},
		{"BC01", "Tạp chí mẫu, số 12", kiosk.SerialIssue, "BC.", kiosk.ReasonOnSiteOnly, ""},
	}
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		for _, k := range kinds {
			i := r.Copy(k.code, k.title, k.kind, "")
			if i.Accession != k.prefix+"00001" {
				t.Errorf("%s has number %s, want %s00001", k.title, i.Accession, k.prefix)
			}
		}
		for _, who := range []struct {
			card string
			why  func(n int) kiosk.Reason
		}{
			{"HS001", func(n int) kiosk.Reason { return kinds[n].pupil }},
			{"GV001", func(n int) kiosk.Reason { return kinds[n].teacher }},
		} {
			open(who.card)(r)
			for n, k := range kinds {
				why := who.why(n)
				if why != "" {
					r.want(r.scan(k.code), kiosk.Refused, why)
					if why == kiosk.ReasonOnSiteOnly {
						r.want(r.do(kiosk.OnSite, ""), kiosk.UsedOnSite, "")
					}
					continue
				}
				r.want(r.scan(k.prefix+"00001"), kiosk.CheckedOut, "") // by its number
				if card, _ := r.Borrower(k.code); card != who.card {
					t.Errorf("%s is with %q, want %s", k.title, card, who.card)
				}
				r.want(r.scan(k.code), kiosk.Returned, "")
			}
			r.want(r.do(kiosk.Finish, ""), kiosk.SessionEnded, "")
		}
		r.Replayed()
	})
}
