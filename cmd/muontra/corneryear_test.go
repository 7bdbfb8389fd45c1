package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/web/password"
	"muontra/web/webtest"
)

// A year of class corners in the real program: boxes for 19 classes in
// September, a rotation each month, loans that phones send days late, a keeper
// who is replaced, a box that is lost and found, a class that is dissolved, and
// all books back in May. The librarian scans on her pages as she does. In the
// end each copy stands where it belongs with a history without a hole, and
// nothing contradicts anything.
func TestAYearOfCorners(t *testing.T) {
	y := openCorners(t, "2026-09-08 08:00:00")
	y.handOver()
	boxLost := ""
	months := []string{"2026-10-06", "2027-01-05", "2027-02-23", "2027-03-09"}
	if y.long {
		months = []string{"2026-10-06", "2026-11-03", "2026-12-01", "2027-01-05", "2027-02-23", "2027-03-09", "2027-04-06"}
	}
	phone := y.phoneOf("1C")
	for n, month := range months {
		y.w.Set(month + " 09:00:00")
		y.signIn()
		phone.sends(n)
		y.month(n)
		switch month {
		case "2027-01-05":
			y.newKeeper("2B")
			y.dissolve("5C", "5B")
		case "2027-02-23":
			boxLost = y.loseBox("3C")
		case "2027-03-09":
			y.findBox("3C", boxLost)
		}
		y.rotate(n)
	}
	y.w.Set("2027-05-11 08:00:00")
	y.signIn()
	y.allBack()
	y.consistent(len(months))
}

// corners is the school of the story.
type corners struct {
	t      *testing.T
	p      *program
	w      *kiosktest.World
	client *http.Client
	staff  kiosk.Attempt
	books  int // a box
	names  []string
	place  map[string]kiosk.Place
	items  []kiosk.Item
	pupil  map[string]kiosk.Patron
	cards  map[string]string
	ended  map[string]bool
	loans  int // lent in corners
	moves  int
	acts   int
	sent   int
	long   bool
}

func openCorners(t *testing.T, clock string) *corners {
	t.Helper()
	c := kiosktest.NewClock()
	at, err := time.ParseInLocation(time.DateTime, clock, time.FixedZone("+7", 7*60*60))
	if err != nil {
		t.Fatal(err)
	}
	c.Set(at)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	y := &corners{
		t: t, p: startProgram(t, programConfig{now: c.Now}), client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, books: 2,
		place: map[string]kiosk.Place{}, pupil: map[string]kiosk.Patron{}, cards: map[string]string{}, ended: map[string]bool{},
	}
	if os.Getenv("MUONTRA_LONG") != "" {
		y.books, y.long = 40, true
	}
	y.w = kiosktest.NewWorldBy(t, y.p.store, c)
	hash, err := password.Hash(webtest.Password)
	y.ok(err)
	y.update(func(tx kiosk.Tx) error {
		a := kiosk.Account{ID: tx.NewID(), Name: "thuvien", Role: kiosk.Librarian, PasswordHash: hash, CreatedAt: c.Now()}
		y.staff = kiosk.Attempt{Station: kiosk.DefaultStation, Staff: a.ID}
		return tx.PutAccount(a)
	})
	for g, n := range []int{4, 4, 4, 4, 3} {
		for i := range n {
			y.class(g+1, fmt.Sprintf("%d%c", g+1, 'A'+i))
		}
	}
	y.signIn()
	return y
}

// class makes a class with a pupil, and the corner of it.
func (y *corners) class(grade int, name string) {
	n := len(y.names)
	y.names = append(y.names, name)
	y.cards[name] = kiosk.PatronSeries.Make(100 + n)
	y.pupil[name] = y.w.Patron(kiosk.Pupil, y.cards[name], "Mẫu Em "+name, name, grade)
	keeper := y.w.Patron(kiosk.Teacher, kiosk.PatronSeries.Make(500+n), "Mẫu Cô "+name, "", 0)
	p, err := y.p.desk.AddPlace(y.t.Context(), y.staff, kiosk.Place{Code: "G" + name, Name: "Góc " + name, Kind: kiosk.ClassCorner, Barcode: fmt.Sprintf("8%06d", n)})
	y.ok(err)
	y.place[name] = p
	var class kiosk.ID
	y.view(func(v kiosk.View) error {
		r, err := v.Rules(y.w.Today())
		if err != nil {
			return err
		}
		all, err := v.Classes(r.Year.ID)
		for _, c := range all {
			if c.Name == name {
				class = c.ID
			}
		}
		return err
	})
	_, err = y.p.desk.SetCorner(y.t.Context(), y.staff, p.ID, func(c kiosk.Corner) (kiosk.Corner, error) {
		c.Class, c.Keeper = class, keeper.Ref
		return c, nil
	})
	y.ok(err)
}

func (y *corners) ok(err error) {
	y.t.Helper()
	if err != nil {
		y.t.Fatal(err)
	}
}

func (y *corners) update(fn func(kiosk.Tx) error) {
	y.t.Helper()
	y.ok(y.p.store.Update(y.t.Context(), fn))
}

func (y *corners) view(fn func(kiosk.View) error) {
	y.t.Helper()
	y.ok(y.p.store.View(y.t.Context(), fn))
}

// get opens a page.
func (y *corners) get(path string) string {
	y.t.Helper()
	res, err := y.client.Get(y.p.URLs()[0] + path)
	y.ok(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	y.ok(err)
	if res.StatusCode != http.StatusOK {
		y.t.Fatalf("%s: %d", path, res.StatusCode)
	}
	return string(b)
}

// send sends a form with a token of its own, which the page takes.
func (y *corners) send(to string, values ...string) {
	y.t.Helper()
	y.sent++
	v := url.Values{"token": {fmt.Sprint("form-", y.sent)}}
	for i := 0; i < len(values); i += 2 {
		v.Add(values[i], values[i+1])
	}
	res, err := y.client.PostForm(y.p.URLs()[0]+to, v)
	y.ok(err)
	b, err := io.ReadAll(res.Body)
	y.ok(err)
	y.ok(res.Body.Close())
	if res.StatusCode != http.StatusSeeOther {
		y.t.Fatalf("%s %v: %d %s", to, values, res.StatusCode, b)
	}
	y.w.Advance(2 * time.Second)
}

func (y *corners) signIn() {
	y.t.Helper()
	y.send("/desk/sign-in", "name", "thuvien", "password", webtest.Password)
}

func (y *corners) at(class string) string { return "/desk/corners/" + string(y.place[class].ID) }

// scan is a scan on a corner's page.
func (y *corners) scan(class, code string) {
	y.t.Helper()
	y.send(y.at(class)+"/scan", "code", code)
}

// handOver fills a box for each class: the box's code, its books, the box's code,
// and the keeper scans it.
func (y *corners) handOver() {
	y.t.Helper()
	for n, name := range y.names {
		y.scan(name, y.place[name].Barcode)
		for i := range y.books {
			item := y.w.Copy(kiosk.CopySeries.Make(1000+n*100+i), fmt.Sprintf("Truyện mẫu %s %d", name, i), kiosk.Children, "")
			y.items = append(y.items, item)
			y.scan(name, item.Barcode)
			if n == 0 && !strings.Contains(y.get(y.at(name)), item.Title.Title) {
				y.t.Fatalf("%s does not show %s", name, item.Title.Title)
			}
		}
		y.scan(name, y.place[name].Barcode)
		y.scan(name, y.place[name].Barcode)
		if b := y.box(name); b.State() != kiosk.DepositConfirmed {
			y.t.Fatalf("box of %s is %s", name, b.State())
		}
	}
}

// box is the box that stands in a corner; the zero one when none does.
func (y *corners) box(class string) (b kiosk.Deposit) {
	y.t.Helper()
	y.view(func(v kiosk.View) error {
		all, err := v.Deposits(y.place[class].ID)
		for _, d := range all {
			if d.Ended.IsZero() {
				b = d
			}
		}
		return err
	})
	return b
}

func (y *corners) rows(class string) (rows []kiosk.BoxRow) {
	y.t.Helper()
	y.view(func(v kiosk.View) error {
		all, err := v.Deposits(y.place[class].ID)
		for _, d := range all {
			more, err := kiosk.BoxRows(v, d.ID, false)
			if err != nil {
				return err
			}
			rows = append(rows, more...)
		}
		return err
	})
	return rows
}

// phone is an act that a phone sends days after it happened, and once more. The
// walk of the phone's own page is another test's.
func (y *corners) phone(ago time.Duration, act func(kiosk.Attempt) (kiosk.CornerDone, error)) kiosk.CornerDone {
	y.t.Helper()
	y.acts++
	a := y.staff
	a.Station, a.At, a.CommandID, a.Body = "corner", y.w.Now().Add(-ago), fmt.Sprintf("phone-act-%d", y.acts), "x"
	done, err := act(a)
	y.ok(err)
	again, err := act(a)
	y.ok(err)
	if !again.Again || again.Event != done.Event {
		y.t.Errorf("act %d was done twice", y.acts)
	}
	return done
}

// month is what goes on in the corners: a loan each, some sent late, of which
// some come back in the corner and some at the kiosk; readings are counted.
func (y *corners) month(n int) {
	y.t.Helper()
	for i, name := range y.names {
		rows := y.rows(name)
		if y.ended[name] || len(rows) == 0 || y.box(name).State() != kiosk.DepositConfirmed {
			continue
		}
		item, place := rows[(n+i)%len(rows)].Item, y.place[name].ID
		late := time.Duration(i%3) * 24 * time.Hour
		lent := y.phone(late, func(a kiosk.Attempt) (kiosk.CornerDone, error) {
			return y.p.desk.LendInCorner(y.t.Context(), a, kiosk.FromPhone, place, y.pupil[name].Ref, item.ID)
		})
		if lent.Outcome != kiosk.CheckedOut {
			y.t.Fatalf("%s in %s: %+v", name, item.Barcode, lent)
		}
		y.loans++
		if i%4 == 3 { // still out when the box goes on
			defer func() { y.kioskReturn(item.Barcode) }()
		} else if i%2 == 0 {
			y.phone(late/2, func(a kiosk.Attempt) (kiosk.CornerDone, error) {
				return y.p.desk.ReturnInCorner(y.t.Context(), a, kiosk.FromPhone, place, item.ID)
			})
		} else {
			y.kioskReturn(item.Barcode)
		}
	}
	y.send(y.at("1A")+"/do", "what", "read", "count", "25", "readers", "20")
}

// kioskReturn gives a corner's book back at the kiosk, which asks it back.
func (y *corners) kioskReturn(barcode string) {
	y.t.Helper()
	y.w.Advance(30 * time.Second)
	d := &daemon{t: y.t, url: y.p.URLs()[0]}
	r := d.scan(kiosk.DefaultStation, barcode)
	if r.Outcome != kiosk.Returned || len(r.Notes) == 0 || r.Notes[0].Code != kiosk.NoteElsewhere && r.Notes[len(r.Notes)-1].Code != kiosk.NoteElsewhere {
		y.t.Errorf("kiosk, %s: %+v", barcode, r)
	}
}

// rotate sends each box to the next class by a scan; in the middle somebody
// begins it once more, and the wrong box is taken back.
func (y *corners) rotate(n int) {
	y.t.Helper()
	var to []string
	for _, name := range y.names {
		if !y.ended[name] && y.box(name).State() == kiosk.DepositConfirmed {
			to = append(to, name)
		}
	}
	form := []string{"name", fmt.Sprintf("Đợt %d", n+1)}
	for _, name := range to {
		form = append(form, "corner", string(y.place[name].ID))
	}
	before := map[string]int{}
	for _, name := range to {
		before[name] = len(y.rows(name))
	}
	y.send("/desk/rotations/new", form...)
	var r kiosk.Rotation
	y.view(func(v kiosk.View) error { all, err := v.Rotations(); r = all[0]; return err })
	page := "/desk/rotations/" + string(r.ID)
	for i, name := range to {
		y.send(page, "code", y.place[name].Barcode)
		y.moves++
		if i == 2 {
			y.send(page, "what", "back", "from", string(y.place[name].ID))
			y.send(page, "code", y.place[name].Barcode)
			y.refusedTwice(form)
		}
	}
	for i, name := range to {
		next := to[(i+1)%len(to)]
		if got := len(y.rows(next)); got != before[name] {
			y.t.Errorf("rotation %d: %d books in %s, want the %d of %s", n, got, next, before[name], name)
		}
		y.scan(next, y.place[next].Barcode)
		if b := y.box(next); b.State() != kiosk.DepositConfirmed {
			y.t.Fatalf("box in %s is %s", next, b.State())
		}
	}
}

// refusedTwice begins the rotation a second time.
func (y *corners) refusedTwice(form []string) {
	y.t.Helper()
	v := url.Values{"token": {"second"}}
	for i := 0; i < len(form); i += 2 {
		v.Add(form[i], form[i+1])
	}
	res, err := y.client.PostForm(y.p.URLs()[0]+"/desk/rotations/new", v)
	y.ok(err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusUnprocessableEntity {
		y.t.Errorf("a rotation begun twice: %d", res.StatusCode)
	}
}

func (y *corners) newKeeper(class string) {
	y.t.Helper()
	next := y.w.Patron(kiosk.Teacher, kiosk.PatronSeries.Make(900), "Mẫu Thầy Mới", "", 0)
	_, err := y.p.desk.SetCorner(y.t.Context(), y.staff, y.place[class].ID, func(c kiosk.Corner) (kiosk.Corner, error) { c.Keeper = next.Ref; return c, nil })
	y.ok(err)
}

// dissolve closes the corner of a class, and sends its books to another's.
func (y *corners) dissolve(class, to string) {
	y.t.Helper()
	y.send(y.at(class)+"/do", "what", "close")
	r, err := y.p.desk.PrepareRotation(y.t.Context(), y.staff, kiosk.Rotation{Name: "Lớp " + class + " giải thể", Moves: []kiosk.Move{{From: y.place[class].ID, To: y.place[to].ID}}})
	y.ok(err)
	_, err = y.p.desk.MoveBox(y.t.Context(), y.staff, r.ID, y.place[class].ID)
	y.ok(err)
	y.moves++
	y.scan(to, y.place[to].Barcode)
	y.ended[class] = true
}

func (y *corners) loseBox(class string) string {
	y.t.Helper()
	b := y.box(class)
	y.send(y.at(class)+"/do", "what", "lose", "deposit", string(b.ID))
	if got := y.box(class).State(); got != kiosk.DepositLost {
		y.t.Errorf("the box is %s", got)
	}
	return string(b.ID)
}

// findBox scans the lost box's code: it stands there again.
func (y *corners) findBox(class, deposit string) {
	y.t.Helper()
	y.scan(class, y.place[class].Barcode)
	if b := y.box(class); string(b.ID) != deposit || b.State() != kiosk.DepositConfirmed {
		y.t.Errorf("the box that was found is %s %s", b.ID, b.State())
	}
}

// allBack is the recall: each book is scanned.
func (y *corners) allBack() {
	y.t.Helper()
	for _, i := range y.items {
		y.send("/desk/corners/back", "code", i.Barcode, "condition", "good")
	}
}

// consistent holds what the school reads against what happened.
func (y *corners) consistent(months int) {
	y.t.Helper()
	y.view(func(v kiosk.View) error {
		for _, i := range y.items {
			now, err := v.Item(i.ID)
			if err != nil {
				return err
			}
			stays, err := v.DepositsOfCopy(i.ID)
			if err != nil {
				return err
			}
			stays = kept(stays)
			if now.State.Place != i.HomePlace || now.State.Status != kiosk.CopyAvailable || now.Accession != i.Accession {
				y.t.Errorf("%s stands at %s, %s", i.Barcode, now.State.Place, now.State.Status)
			}
			if _, err := v.OpenLoan(i.ID); err == nil {
				y.t.Errorf("%s is on loan", i.Barcode)
			}
			if len(stays) < months || stays[len(stays)-1].End != kiosk.BoxReturned {
				y.t.Errorf("%s was in %d boxes: %+v", i.Barcode, len(stays), stays)
			}
			for n := 1; n < len(stays); n++ {
				if !stays[n].Since.Equal(stays[n-1].EndedAt) || stays[n-1].End != kiosk.BoxRotated {
					y.t.Errorf("%s: a hole between %+v and %+v", i.Barcode, stays[n-1], stays[n])
				}
			}
		}
		lines, err := kiosk.RotationRegister(v)
		if err != nil {
			return err
		}
		if len(lines) != y.moves {
			y.t.Errorf("the rotation register has %d lines, want %d", len(lines), y.moves)
		}
		register, err := kiosk.CornerRegister(v, kiosk.MustDay("2026-09-01"), y.w.Today())
		if err != nil {
			return err
		}
		loans, readings := 0, 0
		for _, m := range register {
			loans += m.Loans
			readings += m.Readings
		}
		if loans != y.loans || readings != months*25 {
			y.t.Errorf("the corner register has %d loans and %d readings, want %d and %d", loans, readings, y.loans, months*25)
		}
		return nil
	})
	sumsAgree(y.t, y.p.store, y.w.Now())
	faults, err := y.p.store.Check(y.t.Context())
	y.ok(err)
	for _, f := range faults {
		y.t.Errorf("check: %s %s: %s", f.Code, f.Subject, f.Text)
	}
}

// kept leaves out the stays that were taken back.
func kept(all []kiosk.DepositCopy) (stays []kiosk.DepositCopy) {
	for _, c := range all {
		if c.End != kiosk.BoxUndone {
			stays = append(stays, c)
		}
	}
	return stays
}
