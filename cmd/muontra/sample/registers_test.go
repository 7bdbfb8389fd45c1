package sample

import (
	"context"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/register"
)

// open gives a sheet of the school and all its parts.
func openSheet(t *testing.T, v kiosk.View, now time.Time, name string, a register.Ask) (*register.Source, []register.Part) {
	t.Helper()
	src, err := register.Open(v, register.Find(name), a, now)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := register.Find(name).Parts(src)
	if err != nil {
		t.Fatal(err)
	}
	return src, parts
}

func sums(t *testing.T, src *register.Source, p register.Part) register.Sums {
	t.Helper()
	s, _, err := src.Totals(&p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The sums of the registers are those that a replay of the events gives, with
// nothing but the events and what a copy is: what came, went and remains, by kind,
// by year, by money; how often was lent and returned, by day and month and kind.
func TestRegistersAgreeWithTheEvents(t *testing.T) {
	b := buildOn(t, inMemory, "2026-11-20", small)
	withdrawSome(t, b)
	events := b.events(t)
	loc := b.now.Location()
	b.view(t, func(v kiosk.View) error {
		copies := map[kiosk.ID]kiosk.Item{}
		if err := v.EachItem(func(i kiosk.Item) error { copies[i.ID] = i; return nil }); err != nil {
			return err
		}
		booked := func(k kiosk.Kind) bool {
			return k == kiosk.Textbook || k == kiosk.Professional || k == kiosk.Reference || k == kiosk.Children || k == kiosk.SerialIssue
		}
		column := map[kiosk.Kind]string{kiosk.Textbook: "textbook", kiosk.Professional: "professional", kiosk.Reference: "reference", kiosk.Children: "children", kiosk.SerialIssue: "other"}
		in, out := register.Sums{}, register.Sums{}
		count := func(s register.Sums, id kiosk.ID, by int64) {
			c := copies[id]
			if booked(c.Kind) {
				s["copies"] += by
				s[column[c.Kind]] += by
				s["money"] += by * c.Price
			}
		}
		status := map[kiosk.ID]kiosk.CopyStatus{}
		loans := map[kiosk.ID]kiosk.Loan{}
		surveys := map[kiosk.ID]kiosk.Survey{}
		ends := map[kiosk.Day]register.Sums{} // what remained at the end of the days that matter
		lastMay := kiosk.MustDay("2026-05-31")
		for _, e := range events {
			if kiosk.DayOf(e.OccurredAt, loc).After(lastMay) && ends[lastMay] == nil {
				ends[lastMay] = register.Sums{"copies": in["copies"] - out["copies"], "money": in["money"] - out["money"]}
			}
			for _, c := range e.Payload.Changes.Copies {
				was, known := status[c.CopyID]
				status[c.CopyID] = c.Status
				if !known {
					count(in, c.CopyID, 1)
				}
				if c.Status == kiosk.CopyWithdrawn && was != kiosk.CopyWithdrawn {
					count(out, c.CopyID, 1)
				}
				if known && was == kiosk.CopyWithdrawn && c.Status != kiosk.CopyWithdrawn {
					count(out, c.CopyID, -1)
				}
			}
			for _, l := range e.Payload.Changes.Loans {
				loans[l.ID] = l
			}
			if e.Payload.Records != nil {
				for _, x := range e.Payload.Records.Surveys {
					surveys[x.ID] = x
				}
			}
		}
		lines, err := v.TextbookLines()
		if err != nil {
			return err
		}
		mayLines := register.Sums{}
		for _, l := range lines {
			in["copies"] += int64(l.Quantity)
			in["textbook"] += int64(l.Quantity)
			in["money"] += int64(l.Quantity) * l.Price
			if !l.Received.After(lastMay) {
				mayLines["copies"] += int64(l.Quantity)
				mayLines["money"] += int64(l.Quantity) * l.Price
			}
		}
		if out["copies"] < 3 || in["copies"] < 5000 {
			t.Fatalf("the events tell of %d in and %d out", in["copies"], out["copies"])
		}

		src, parts := openSheet(t, v, b.now, "general-register", register.Ask{})
		got := []register.Sums{sums(t, src, parts[0]), sums(t, src, parts[1]), sums(t, src, parts[2])}
		for _, key := range []string{"copies", "money", "textbook", "professional", "reference", "children", "other"} {
			if got[0][key] != in[key] || got[1][key] != out[key] || got[2][key] != in[key]-out[key] {
				t.Errorf("%s: the register has %d in, %d out, %d remain; the events %d, %d, %d", key, got[0][key], got[1][key], got[2][key], in[key], out[key], in[key]-out[key])
			}
		}
		for _, p := range parts {
			if faults, err := src.Faults(&p); err != nil || len(faults) > 0 {
				t.Errorf("%s: %v %v", p.Key, faults, err)
			}
		}
		var may []any
		if err := parts[2].Lines(func(l register.Line) error {
			if l.Day == lastMay {
				may = l.Cells
			}
			return nil
		}); err != nil {
			return err
		}
		if want := ends[lastMay]; want != nil && want["copies"]+mayLines["copies"] > 0 {
			if may == nil || int64(may[2].(int)) != want["copies"]+mayLines["copies"] || may[5] != want["money"]+mayLines["money"] {
				t.Errorf("on %s the register says %v, the events %v and the lines %v", lastMay, may, want, mayLines)
			}
		}

		// The accession registers have the price of every copy with a number.
		src, parts = openSheet(t, v, b.now, "accession-register", register.Ask{})
		for _, p := range parts {
			var want int64
			n := 0
			for id := range status {
				if c := copies[id]; string(c.Kind) == p.Key && c.Accession != "" {
					want += c.Price
					n++
				}
			}
			s, lines, err := src.Totals(&p)
			if err != nil || s["price"] != want || lines != n {
				t.Errorf("%s: %d lines, %d đồng, %v; want %d, %d", p.Key, lines, s["price"], err, n, want)
			}
		}

		// The journal and the loan registers, against the loans as the events leave them.
		src, parts = openSheet(t, v, b.now, "journal", register.Ask{})
		from, to := src.Bounds()
		want, byMonth := register.Sums{}, map[time.Month]int64{}
		for _, l := range loans {
			if l.End != kiosk.LoanUndone && !l.CheckedOutAt.Before(from) && l.CheckedOutAt.Before(to) {
				want["loans"]++
				byMonth[l.CheckedOutAt.In(loc).Month()]++
				if k := copies[l.CopyID].Kind; column[k] != "other" && booked(k) {
					want[column[k]]++
				}
			}
			if l.End == kiosk.LoanReturned && !l.ReturnedAt.Before(from) && l.ReturnedAt.Before(to) {
				want["returns"]++
			}
		}
		s := sums(t, src, parts[0])
		for _, key := range []string{"loans", "returns", "textbook", "professional", "reference", "children"} {
			if s[key] != want[key] {
				t.Errorf("journal, %s: %d, the events have %d", key, s[key], want[key])
			}
		}
		if want["loans"] == 0 || want["returns"] == 0 {
			t.Error("nothing was lent in this year: the test shows nothing")
		}
		at := -1
		for i, c := range parts[0].Columns {
			if c.Key == "loans" {
				at = i
			}
		}
		if err := parts[0].Lines(func(l register.Line) error {
			if l.Aside && l.Cells[at] != byMonth[l.Day.Month] {
				t.Errorf("month %d: %v loans, the events have %d", l.Day.Month, l.Cells[at], byMonth[l.Day.Month])
			}
			return nil
		}); err != nil {
			return err
		}
		n := 0
		for _, name := range []string{"loans-pupils", "loans-teachers", "equipment-loans"} {
			src, parts := openSheet(t, v, b.now, name, register.Ask{})
			if err := src.Pages(register.Find(name), &parts[0], func(pg register.Page) error {
				for _, l := range pg.Lines {
					if l.Mark != register.Struck {
						n++
					}
				}
				return nil
			}); err != nil {
				return err
			}
		}
		if int64(n) != want["loans"] {
			t.Errorf("the three loan registers have %d lines, the events %d loans", n, want["loans"])
		}
		// The textbook survey, against the answers as the events leave them.
		asked := register.Sums{}
		round := 0
		for _, x := range surveys {
			round = x.Round
			asked["pupils"] += int64(x.Pupils)
			asked["full"] += int64(x.Full)
			for _, l := range x.Lines {
				asked["own"] += int64(l.Own)
				asked["from_library"] += int64(l.Lent)
				asked["lacking"] += int64(x.Pupils - l.Own - l.Lent)
			}
		}
		if len(surveys) < 10 || asked["lacking"] == 0 {
			t.Errorf("%d classes answered, %v", len(surveys), asked)
		}
		src, parts = openSheet(t, v, b.now, "textbook-survey", register.Ask{})
		for _, p := range []register.Part{parts[round-1], parts[2]} {
			s := sums(t, src, p)
			for _, c := range p.Columns {
				if want, is := asked[c.Key]; is && s[c.Key] != want {
					t.Errorf("survey %s, %s: %d, the events have %d", p.Key, c.Key, s[c.Key], want)
				}
			}
		}
		for _, sh := range register.Sheets() {
			src, parts := openSheet(t, v, b.now, sh.Name, register.Ask{})
			for _, p := range parts {
				if faults, err := src.Faults(&p); err != nil || len(faults) > 0 {
					t.Errorf("%s %s: %v %v", sh.Name, p.Key, faults, err)
				}
			}
		}
		return nil
	})
}

// withdrawSome takes three copies out of the stock, and one more out and in again.
func withdrawSome(t *testing.T, b built) {
	t.Helper()
	if err := b.Update(context.Background(), func(tx kiosk.Tx) error {
		var some []kiosk.Item
		if err := tx.EachItem(func(i kiosk.Item) error {
			if _, err := tx.OpenLoan(i.ID); err != nil && i.State.Status == kiosk.CopyAvailable && (i.Kind == kiosk.Reference || i.Kind == kiosk.Professional) && i.Price > 0 && len(some) < 40 {
				some = append(some, i)
			}
			return nil
		}); err != nil {
			return err
		}
		for n, i := range []kiosk.Item{some[0], some[11], some[39], some[20]} {
			for _, status := range []kiosk.CopyStatus{kiosk.CopyWithdrawn, kiosk.CopyAvailable} {
				st := i.State
				st.Status = status
				if status == kiosk.CopyAvailable && n < 3 {
					break
				}
				if err := tx.Append(&kiosk.Event{Type: kiosk.EventCopyChanged, CopyID: i.ID, OccurredAt: b.now, RecordedAt: b.now, ClockOK: true,
					Payload: kiosk.Payload{Comment: "rách", Changes: kiosk.Changes{Copies: []kiosk.CopyState{st}}}}); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Who waits for a long register is told how many of its lines were read.
func TestReadingIsTold(t *testing.T) {
	b := buildOn(t, inMemory, "2026-11-20", small)
	b.view(t, func(v kiosk.View) error {
		src, parts := openSheet(t, v, b.now, "accession-register", register.Ask{})
		lines := 0
		if err := parts[0].Lines(func(register.Line) error { lines++; return nil }); err != nil {
			return err
		}
		told := 0
		src.Read = func(n int) {
			if n < told {
				t.Errorf("%d lines after %d", n, told)
			}
			told = n
		}
		sums(t, src, parts[0])
		if lines < 100 || told < lines-99 {
			t.Errorf("%d of %d lines were told", told, lines)
		}
		return nil
	})
}
