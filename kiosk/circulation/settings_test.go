package circulation_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"muontra/kiosk"
)

// New policies hold from the next scan on; who changed what is an event.
func TestPoliciesHoldAtTheNextScan(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.Patron(kiosk.Pupil, "P1", "Nguyễn Mẫu An", "2A", 2)
		for _, code := range []string{"B1", "B2", "B3"} {
			r.Copy(code, "Truyện mẫu "+code, kiosk.Children, "")
		}
		scan := func(code string) kiosk.Result {
			t.Helper()
			s := must[kiosk.Answer](r)(r.desk.Enter(ctx, kiosk.Attempt{Station: kiosk.DefaultStation}, "P1")).Session
			var item kiosk.Item
			r.view(func(v kiosk.View) (err error) {
				item, err = v.ItemByBarcode(code)
				return err
			})
			return must[kiosk.Answer](r)(r.desk.Checkout(ctx, kiosk.Attempt{Station: kiosk.DefaultStation, Code: code}, s.Member.Ref, item.ID)).Result
		}
		if got := scan("B1"); got.Outcome != kiosk.CheckedOut {
			t.Fatalf("%+v", got)
		}
		strict := slices.Clone(kiosk.DefaultPolicies())
		for i := range strict {
			if strict[i].Category == kiosk.Pupil && strict[i].Kind == "" && strict[i].SubKind == "" {
				strict[i].Limit = 1
			}
		}
		if err := r.desk.SetPolicies(ctx, r.staff, to(strict)); err != nil {
			t.Fatal(err)
		}
		if got := scan("B2"); got.Outcome != kiosk.Refused || got.Reason != kiosk.ReasonLimitReached {
			t.Errorf("after the change: %+v", got)
		}
		if err := r.desk.SetPolicies(ctx, r.staff, to(kiosk.DefaultPolicies())); err != nil {
			t.Fatal(err)
		}
		if got := scan("B2"); got.Outcome != kiosk.CheckedOut {
			t.Errorf("after the way back: %+v", got)
		}
		n := len(r.Events())
		// The same again is no change; what cannot be is none either.
		if err := r.desk.SetPolicies(ctx, r.staff, to(kiosk.DefaultPolicies())); err != nil {
			t.Fatal(err)
		}
		if err := r.desk.SetPolicies(ctx, r.staff, to(strict[1:])); err == nil {
			t.Error("policies without the fallback line were taken")
		}
		if err := r.desk.SetPolicies(ctx, kiosk.Attempt{}, to(strict)); !errors.Is(err, kiosk.ErrStaffOnly) {
			t.Errorf("nobody changed the policies: %v", err)
		}
		stop := errors.New("stop")
		if err := r.desk.SetPolicies(ctx, r.staff, func(kiosk.Policies) (kiosk.Policies, error) { return nil, stop }); !errors.Is(err, stop) {
			t.Errorf("a check that says no: %v", err)
		}
		if got := len(r.Events()); got != n {
			t.Errorf("%d events of nothing", got-n)
		}
	})
}

func TestSettingsLeaveAnEventEach(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		var year kiosk.YearSettings
		r.view(func(v kiosk.View) error {
			years, err := v.Years()
			if err != nil {
				return err
			}
			year, err = kiosk.YearSettingsOf(v, years[0].ID)
			return err
		})
		year.Calendar.Closures = append(slices.Clone(year.Calendar.Closures), kiosk.Closure{From: r.Today(), To: r.Today(), Name: "Ngày hội đọc sách"})
		year.Year.Recall = kiosk.MustDay("2027-05-14")
		school := kiosk.School{Name: "Trường Tiểu học Mẫu", Superior: "Phòng Mẫu", Librarian: "Thủ thư Mẫu"}
		week := kiosk.DefaultTimetable()[:3]
		shelf := kiosk.Place{Code: "K99", Name: "Kệ thử", Kind: kiosk.Shelf}
		for _, err := range []error{
			r.desk.SetYear(ctx, r.staff, year.Year.ID, to(year)),
			r.desk.SetTimetable(ctx, r.staff, to(week)),
			r.desk.SetSchool(ctx, r.staff, to(school)),
			second(r.desk.AddPlace(ctx, r.staff, shelf)),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		var made kiosk.Place
		r.view(func(v kiosk.View) error {
			rules, err := v.Rules(r.Today())
			if err != nil {
				return err
			}
			if rules.Calendar.Open(r.Today()) || rules.Year.Recall != year.Year.Recall || len(rules.Timetable) != 3 {
				t.Errorf("rules %+v", rules)
			}
			if s, err := kiosk.SchoolOf(v); err != nil || s != school {
				t.Errorf("school %+v %v", s, err)
			}
			places, err := v.Places()
			made = places[slices.IndexFunc(places, func(p kiosk.Place) bool { return p.Code == "K99" })]
			return err
		})
		made.Name, made.Closed = "Kệ cũ", true
		if err := r.desk.SetPlace(ctx, r.staff, made.ID, to(made)); err != nil {
			t.Fatal(err)
		}
		if _, err := r.desk.AddPlace(ctx, r.staff, kiosk.Place{Code: "K99", Kind: kiosk.Shelf}); !errors.Is(err, kiosk.ErrConflict) {
			t.Errorf("a second K99: %v", err)
		}
		if err := r.desk.SetYear(ctx, r.staff, "nope", to(year)); !errors.Is(err, kiosk.ErrNotFound) {
			t.Errorf("an unknown year: %v", err)
		}
		if err := r.desk.SetPlace(ctx, r.staff, "nope", to(made)); !errors.Is(err, kiosk.ErrNotFound) {
			t.Errorf("an unknown place: %v", err)
		}
		var parts []kiosk.SettingPart
		for _, e := range r.Events() {
			if c := e.Payload.Setting; e.Type == kiosk.EventSettings {
				parts = append(parts, c.Part)
				if e.StaffRef != r.staff.Staff || !json.Valid(c.After) || c.Part == kiosk.PartPlace && c.Subject != made.ID {
					t.Errorf("event %+v", e)
				}
			}
		}
		if want := []kiosk.SettingPart{"year", "timetable", "school", "place", "place"}; !slices.Equal(parts, want) {
			t.Errorf("events of %v, want %v", parts, want)
		}
	})
}

// to changes a part of the settings into v.
func to[T any](v T) func(T) (T, error) { return func(T) (T, error) { return v, nil } }
