package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"time"

	"muontra/kiosk"
	"muontra/web/password"
)

// yearPhone is a teacher's enrolled phone in the year of corners, which was away
// from the network: what it sends are the real page's requests.
type yearPhone struct {
	y       *corners
	client  *http.Client
	class   string
	card    string
	account kiosk.ID
}

const yearPIN = "583920"

// phoneOf enrols a phone for the keeper of a class's corner, by a code of the
// desk's page.
func (y *corners) phoneOf(class string) *yearPhone {
	y.t.Helper()
	jar, err := cookiejar.New(nil)
	y.ok(err)
	p := &yearPhone{y: y, class: class, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	pin, err := password.HashPIN(yearPIN)
	y.ok(err)
	y.update(func(tx kiosk.Tx) error {
		c, err := tx.Corner(y.place[class].ID)
		if err != nil {
			return err
		}
		keeper, err := tx.MemberByRef(c.Keeper, y.w.Today())
		if err != nil {
			return err
		}
		p.card, p.account = keeper.Card.Barcode, tx.NewID()
		return tx.PutAccount(kiosk.Account{ID: p.account, Name: "co-" + class, Role: kiosk.Collaborator, PasswordHash: pin, PINHash: pin, PatronID: keeper.ID, Classes: []kiosk.ID{c.Class}, CreatedAt: y.w.Now()})
	})
	y.send("/desk/phones", "phone", "Máy cô Mẫu "+class)
	code := regexp.MustCompile(`/desk/phones/qr.png\?code=([0-9]{6})`).FindStringSubmatch(y.get("/desk/machines"))
	if code == nil {
		y.t.Fatal("no code for the phone")
	}
	res, err := p.client.PostForm(y.p.URLs()[0]+"/corner/enrol", url.Values{"code": {code[1]}})
	y.ok(err)
	y.ok(res.Body.Close())
	if res.StatusCode != http.StatusSeeOther {
		y.t.Fatalf("the phone is not enrolled: %d", res.StatusCode)
	}
	return p
}

// api sends JSON as the phone's page does, and reads the answer.
func (p *yearPhone) api(path string, body any) (answer struct {
	Answers []struct {
		ID, State, Outcome string
	}
}) {
	p.y.t.Helper()
	b, err := json.Marshal(body)
	p.y.ok(err)
	res, err := p.client.Post(p.y.p.URLs()[0]+path, "application/json", bytes.NewReader(b))
	p.y.ok(err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		p.y.t.Fatalf("%s: %d", path, res.StatusCode)
	}
	p.y.ok(json.NewDecoder(res.Body).Decode(&answer))
	return answer
}

// sends signs the teacher in and sends what the phone kept: three days ago a book
// was lent, the day before yesterday returned, yesterday lent and returned once
// more. The answers got lost, so that all is sent again; each is done once.
func (p *yearPhone) sends(n int) {
	y := p.y
	y.t.Helper()
	rows := y.rows(p.class)
	if len(rows) == 0 {
		y.t.Fatalf("%s has no books", p.class)
	}
	book, place, now := rows[0].Item, y.place[p.class].ID, y.w.Now()
	acts := []map[string]any{}
	days := []int{3, 2, 1, 1}
	for i, ago := range days {
		at := now.Add(-time.Duration(ago)*24*time.Hour + time.Duration(i)*time.Minute)
		// The phone's own clock goes an hour wrong; it reached the program last a month ago.
		a := map[string]any{"v": 1, "id": fmt.Sprintf("away-%d-%d", n, i), "kind": "lend", "place": place, "copy": book.ID, "at": at.Add(time.Hour).UnixMilli(),
			"contact": map[string]any{"server": at.Add(-20 * 24 * time.Hour).UnixMilli(), "phone": at.Add(-20*24*time.Hour + time.Hour).UnixMilli()}}
		if i%2 == 1 {
			a["kind"] = "return"
		} else {
			a["pupil"] = y.pupil[p.class].ID
		}
		acts = append(acts, a)
	}
	p.api("/api/v1/corner/sign-in", map[string]string{"card": p.card, "pin": yearPIN})
	before := y.last()
	for range 2 {
		got := p.api("/api/v1/corner/acts", map[string]any{"sent_at": now.Add(time.Hour).UnixMilli(), "acts": acts})
		if len(got.Answers) != len(acts) {
			y.t.Fatalf("%d answers to %d acts", len(got.Answers), len(acts))
		}
		for i, a := range got.Answers {
			if want := []kiosk.Outcome{kiosk.CheckedOut, kiosk.Returned}[i%2]; a.Outcome != string(want) {
				y.t.Errorf("act %d of the phone is %s %s, want %s", i, a.State, a.Outcome, want)
			}
		}
	}
	i := 0
	y.view(func(v kiosk.View) error {
		es, err := v.Events(before, 1000)
		for _, e := range es {
			c := e.Payload.Corner
			if c == nil || c.Source != kiosk.FromPhone || c.Act == nil {
				continue
			}
			if i < len(days) {
				if want := now.Add(-time.Duration(days[i])*24*time.Hour + time.Duration(i)*time.Minute).Truncate(time.Millisecond); !e.OccurredAt.Equal(want) || e.StaffRef != p.account {
					y.t.Errorf("act %d is of %s by %s, want %s", i, e.OccurredAt, e.StaffRef, want)
				}
			}
			i++
		}
		return err
	})
	if i != len(days) {
		y.t.Errorf("the phone's %d acts left %d events", len(days), i)
	}
	y.loans += 2
}

func (y *corners) last() (n int64) {
	y.t.Helper()
	y.view(func(v kiosk.View) (err error) { n, err = v.LastSeq(); return err })
	return n
}
