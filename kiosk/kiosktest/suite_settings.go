package kiosktest

import (
	"errors"
	"time"

	"muontra/kiosk"
)

func seeded(t *try) {
	t.view(func(v kiosk.View) error {
		s, err := v.Site()
		if err != nil {
			return err
		}
		if s.ID == "" || s.Epoch == "" || s.Zone != kiosk.DefaultZone {
			t.tb.Errorf("site %+v", s)
		}
		st, err := v.Stations()
		if err != nil {
			return err
		}
		if len(st) != 1 || st[0].Name != kiosk.DefaultStation {
			t.tb.Errorf("stations %+v", st)
		}
		ys, err := v.Years()
		if err != nil {
			return err
		}
		if len(ys) != 1 || ys[0].ID == "" {
			t.tb.Fatalf("years %+v", ys)
		}
		r, err := v.Rules(ys[0].Start)
		if err != nil {
			return err
		}
		equal(t, "policies", r.Policies, kiosk.DefaultPolicies())
		equal(t, "timetable", r.Timetable, kiosk.DefaultTimetable())
		equal(t, "calendar", r.Calendar, kiosk.DefaultCalendar(ys[0]))
		equal(t, "year", r.Year, ys[0])
		if r.Location == nil || r.Location.String() != kiosk.DefaultZone {
			t.tb.Errorf("location %v", r.Location)
		}
		ps, err := v.Places()
		if err != nil {
			return err
		}
		if len(ps) != 7 || ps[0].Code != "K1" || ps[6].Code != "TV" || ps[6].Kind != kiosk.Library {
			t.tb.Errorf("places %+v", ps)
		}
		n, err := v.LastSeq()
		equal(t, "last seq", n, 0)
		if err != nil {
			return err
		}
		at, err := v.LastRecorded()
		if !at.IsZero() {
			t.tb.Errorf("last recorded %v before the first event", at)
		}
		return err
	})
}

func settingsComeBack(t *try) {
	var y kiosk.SchoolYear
	cal := kiosk.Calendar{
		Weekdays: [7]bool{true, false, true},
		Closures: []kiosk.Closure{{From: kiosk.MustDay("2031-02-01"), To: kiosk.MustDay("2031-02-09"), Name: "Tết"}},
		Breaks:   []kiosk.Break{{From: 540, To: 560}, {From: 900, To: 915}},
	}
	tt := kiosk.Timetable{{Weekday: time.Friday, Grades: []int{1, 2}, Teachers: true}, {Weekday: time.Monday, Afternoon: true, Note: "Dọn kho"}}
	ps := kiosk.Policies{{Limit: 3, Term: kiosk.TermDays, Days: 14, Renewals: 2}, {Category: kiosk.Pupil, Kind: kiosk.Textbook, SubKind: "x", Limit: 1, Term: kiosk.TermYear, EntitledOnly: true}, {Kind: kiosk.Map, OnSiteOnly: true}}
	t.update(func(tx kiosk.Tx) error {
		y = kiosk.YearOf(kiosk.MustDay("2030-10-01"))
		y.ID, y.Recall = tx.NewID(), kiosk.MustDay("2031-05-15")
		s, err := tx.Site()
		if err != nil {
			return err
		}
		s.Name, s.Epoch = "Trường Mẫu", tx.NewID()
		return errors.Join(tx.PutSite(s), tx.PutYear(y), tx.PutCalendar(y.ID, cal), tx.PutTimetable(tt), tx.PutPolicies(ps))
	})
	t.view(func(v kiosk.View) error {
		r, err := v.Rules(kiosk.MustDay("2030-10-01"))
		equal(t, "calendar", r.Calendar, cal)
		equal(t, "timetable", r.Timetable, tt)
		equal(t, "policies", r.Policies, ps)
		equal(t, "year", r.Year, y)
		equal(t, "name", r.Site.Name, "Trường Mẫu")
		return err
	})
	// The same again, changed: nothing is added beside it.
	cal.Closures, tt, ps = nil, tt[:1], ps[:1]
	t.update(func(tx kiosk.Tx) error {
		if _, err := tx.Rules(y.Start); err != nil { // what was read before must not be remembered
			return err
		}
		y.Recall = kiosk.MustDay("2031-05-10")
		if err := errors.Join(tx.PutYear(y), tx.PutCalendar(y.ID, cal), tx.PutTimetable(tt), tx.PutPolicies(ps)); err != nil {
			return err
		}
		r, err := tx.Rules(y.Start)
		equal(t, "policies in the transaction", r.Policies, ps)
		equal(t, "year in the transaction", r.Year, y)
		return err
	})
	t.view(func(v kiosk.View) error {
		r, err := v.Rules(y.Start)
		if len(r.Calendar.Closures) != 0 {
			t.tb.Errorf("closures %+v", r.Calendar.Closures)
		}
		equal(t, "timetable", r.Timetable, tt)
		equal(t, "policies", r.Policies, ps)
		equal(t, "year", r.Year, y)
		return err
	})
}

func settingsOfTheDay(t *try) {
	day := kiosk.MustDay("2040-10-01")
	t.view(func(v kiosk.View) error {
		r, err := v.Rules(day)
		equal(t, "a day of no stored year", r.Year, kiosk.YearOf(day))
		equal(t, "its calendar", r.Calendar, kiosk.DefaultCalendar(kiosk.YearOf(day)))
		return err
	})
	t.update(func(tx kiosk.Tx) error {
		y := kiosk.YearOf(day)
		y.ID = tx.NewID()
		return tx.PutYear(y)
	})
	t.view(func(v kiosk.View) error {
		r, err := v.Rules(day)
		if r.Year.ID == "" {
			t.tb.Errorf("stored year not found: %+v", r.Year)
		}
		equal(t, "a stored year without a calendar", r.Calendar, kiosk.DefaultCalendar(r.Year))
		ys, err2 := v.Years()
		if len(ys) != 2 || ys[0].Start.After(ys[1].Start) {
			t.tb.Errorf("years %+v", ys)
		}
		return errors.Join(err, err2)
	})
}

func settingsChecked(t *try) {
	t.fails("policies without a fallback", nil, func(tx kiosk.Tx) error { return tx.PutPolicies(kiosk.Policies{{Category: kiosk.Pupil, Limit: 1}}) })
	t.fails("another site", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		return tx.PutSite(kiosk.Site{ID: tx.NewID(), Epoch: tx.NewID(), Zone: kiosk.DefaultZone})
	})
	t.fails("a zone that is none", nil, func(tx kiosk.Tx) error {
		s, err := tx.Site()
		if err != nil {
			t.tb.Fatalf("site: %v", err)
		}
		s.Zone = "Châu Á/Hà Nội"
		return tx.PutSite(s)
	})
	t.fails("a calendar of no year", kiosk.ErrNotFound, func(tx kiosk.Tx) error { return tx.PutCalendar("nope", kiosk.Calendar{}) })
	t.fails("a year backwards", nil, func(tx kiosk.Tx) error {
		y := kiosk.YearOf(kiosk.MustDay("2050-10-01"))
		y.ID, y.Start, y.End = tx.NewID(), y.End, y.Start
		return tx.PutYear(y)
	})
	t.fails("two years of a name", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		y := kiosk.YearOf(kiosk.MustDay("2050-10-01"))
		for range 2 {
			y.ID = tx.NewID()
			if err := tx.PutYear(y); err != nil {
				return err
			}
		}
		return nil
	})
	t.fails("a slot twice", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.PutTimetable(kiosk.Timetable{{Weekday: 1}, {Weekday: 1}}) })
}

func stations(t *try) {
	d := kiosk.StationDevice{Key: "usb:05f9:2214:S1", Station: "cua-so", Setting: "9600"}
	var s kiosk.Station
	t.update(func(tx kiosk.Tx) error {
		s = kiosk.Station{ID: tx.NewID(), Name: "cua-so"}
		return errors.Join(tx.PutStation(s), tx.PutStation(s), tx.PutStationDevice(d), tx.PutStationDevice(d))
	})
	t.view(func(v kiosk.View) error {
		ss, err := v.Stations()
		if len(ss) != 2 || ss[0] != s {
			t.tb.Errorf("stations %+v", ss)
		}
		ds, err2 := v.StationDevices()
		equal(t, "devices", ds, []kiosk.StationDevice{d})
		return errors.Join(err, err2)
	})
	t.fails("a station's name twice", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.PutStation(kiosk.Station{ID: tx.NewID(), Name: "cua-so"}) })
	t.fails("a station's name with blanks", nil, func(tx kiosk.Tx) error { return tx.PutStation(kiosk.Station{ID: tx.NewID(), Name: "Cửa sổ"}) })
	t.fails("a device of no station", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return tx.PutStationDevice(kiosk.StationDevice{Key: "k", Station: "nowhere"})
	})
	t.fails("a station with a scanner dropped", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.DropStation("cua-so") })
	t.fails("a device forgotten in an update that fails", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		return errors.Join(tx.DropStationDevice(d.Key), kiosk.ErrConflict)
	})
	known := func(want []kiosk.StationDevice) {
		t.view(func(v kiosk.View) error {
			ds, err := v.StationDevices()
			if len(ds)+len(want) > 0 {
				equal(t, "devices", ds, want)
			}
			return err
		})
	}
	known([]kiosk.StationDevice{d})
	t.update(func(tx kiosk.Tx) error {
		return errors.Join(tx.DropStationDevice("never known"), tx.DropStationDevice(d.Key), tx.DropStationDevice(d.Key))
	})
	known(nil)
	t.update(func(tx kiosk.Tx) error { return errors.Join(tx.DropStation("never known"), tx.DropStation("cua-so")) })
	t.view(func(v kiosk.View) error {
		ss, err := v.Stations()
		if len(ss) != 1 || ss[0].Name == "cua-so" {
			t.tb.Errorf("stations after one was dropped: %+v", ss)
		}
		return err
	})
}

func placesAndAccounts(t *try) {
	var a kiosk.Account
	t.update(func(tx kiosk.Tx) error {
		p := kiosk.Place{ID: tx.NewID(), Code: "2A", Name: "Góc đọc 2A", Kind: kiosk.ClassCorner, Barcode: "GOC2A"}
		a = kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Librarian, PasswordHash: "x", CreatedAt: Start}
		if err := errors.Join(tx.PutPlace(p), tx.PutAccount(a)); err != nil {
			return err
		}
		p.Closed = true
		a.Disabled = true
		return errors.Join(tx.PutPlace(p), tx.PutAccount(a))
	})
	t.view(func(v kiosk.View) error {
		ps, err := v.Places()
		if len(ps) != 8 || ps[0].Code != "2A" || !ps[0].Closed || ps[0].Barcode != "GOC2A" {
			t.tb.Errorf("places %+v", ps)
		}
		got, err2 := v.AccountByName("thuvien")
		equal(t, "account", got, a)
		all, err3 := v.Accounts()
		equal(t, "accounts", all, []kiosk.Account{a})
		_, nf := v.AccountByName("nobody")
		t.notFound("an account that is not there", nf)
		return errors.Join(err, err2, err3)
	})
	t.fails("an account's name twice", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		return tx.PutAccount(kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Helper})
	})
	t.fails("a role that is none", nil, func(tx kiosk.Tx) error { return tx.PutAccount(kiosk.Account{ID: tx.NewID(), Name: "x", Role: "boss"}) })
	t.fails("a place's code twice", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		return tx.PutPlace(kiosk.Place{ID: tx.NewID(), Code: "K1", Kind: kiosk.Shelf})
	})
	t.fails("a place of no kind", nil, func(tx kiosk.Tx) error { return tx.PutPlace(kiosk.Place{ID: tx.NewID(), Code: "X"}) })
}
