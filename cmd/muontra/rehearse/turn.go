package rehearse

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
)

// topGrade is the sample school's last grade; who finishes it leaves.
const topGrade = 5

// pupil is one as the class lists have them.
type pupil struct {
	class string // "" for somebody in none
	grade int
	left  bool
}

// turn begins the school year that follows, as the librarian does it on the page
// "Năm học": the new first grade's list is given, the plan looked at, the button
// pressed. What is expected of each pupil is worked out here, from the class lists
// of before, and compared with those of after, and once more at the end.
func (r *rehearsal) turn(ctx context.Context, at time.Time) error {
	if err := r.life.end(); err != nil {
		return err
	}
	before, err := r.pupils(ctx)
	if err != nil {
		return err
	}
	if at.After(r.now) {
		r.now = at
	}
	r.placed = map[string]pupil{}
	sizes := map[string]int{} // of the classes that begin
	for card, p := range before {
		switch {
		case p.left || p.class == "":
			continue
		case p.grade >= topGrade:
			r.placed[card] = pupil{left: true}
			r.f.Leavers++
		default:
			r.placed[card] = pupil{class: fmt.Sprint(p.grade+1) + strings.TrimLeft(p.class, "0123456789"), grade: p.grade + 1}
			r.f.Promoted++
		}
		if p.grade == 1 {
			sizes[p.class]++
		}
	}
	if err := r.life.begin(ctx, false, r.now); err != nil {
		return err
	}
	if err := r.press(ctx, r.firstGrade(sizes)); err != nil {
		return fmt.Errorf("the new school year: %w", r.life.said(err))
	}
	if err := r.life.end(); err != nil {
		return err
	}
	if err := r.hold(ctx); err != nil {
		return err
	}
	after, err := r.pupils(ctx)
	if err != nil {
		return err
	}
	for card, p := range after {
		if _, old := before[card]; !old && !p.left {
			r.placed[card] = p
			r.f.Joined++
			if p.grade == 1 {
				sizes[p.class]--
			}
		}
	}
	for _, n := range sizes { // each new class is as large as its list
		r.f.Misplaced += max(n, -n)
	}
	r.f.Misplaced += r.misplaced(after)
	r.f.Turns++
	r.meetAgain()
	r.tell("%s: %d moved up, %d left, %d new", r.now.Format(time.DateOnly), r.f.Promoted, r.f.Leavers, r.f.Joined)
	return nil
}

// meetAgain has the new ones come to the library, and of those who left only
// their books.
func (r *rehearsal) meetAgain() {
	known := map[string]bool{}
	for _, c := range r.cards {
		known[c] = true
	}
	for card, p := range r.placed {
		if !p.left && !known[card] {
			r.cards = append(r.cards, card)
		}
	}
	r.cards = slices.DeleteFunc(r.cards, func(c string) bool {
		if !r.placed[c].left {
			return false
		}
		r.gonePupils = append(r.gonePupils, c)
		return true
	})
	slices.Sort(r.cards) // a map's order is none
	slices.Sort(r.gonePupils)
}

// afterwards is a break of the first day: what leavers still had is brought back,
// and a leaver's card is tried, which opens nothing.
func (r *rehearsal) afterwards(ctx context.Context) error {
	for _, card := range r.gonePupils {
		for _, book := range slices.Clone(r.has[card]) {
			res, err := r.scan(ctx, book)
			if err != nil {
				return err
			}
			r.f.Owing++
			if res.Outcome == kiosk.Returned {
				r.f.BroughtBack++
				r.gone(card, book)
			}
		}
	}
	if len(r.gonePupils) > 0 {
		res, err := r.scan(ctx, r.gonePupils[r.chance.IntN(len(r.gonePupils))])
		if err != nil {
			return err
		}
		if res.Outcome != kiosk.Refused {
			r.f.Misplaced++
		}
	}
	r.gonePupils = nil
	return nil
}

// press goes through the page. The list's rows are known to be new, so nothing is
// left to decide.
func (r *rehearsal) press(ctx context.Context, list []byte) error {
	const page, listTo, beginAt = "/desk/year", "/desk/year/list", "/desk/year/begin"
	d, err := signIn(ctx, r.life.url)
	if err != nil {
		return err
	}
	text, err := d.page(ctx, page)
	if err != nil {
		return err
	}
	if err := d.upload(ctx, listTo, hiddenIn(text, listTo).Get("token"), "list", "khoi-1.csv", list); err != nil {
		return err
	}
	if text, err = d.page(ctx, page); err != nil {
		return err
	}
	f := hiddenIn(text, beginAt)
	if f == nil {
		return fmt.Errorf("the page has no button: %s", seen(text))
	}
	return d.send(ctx, beginAt, f)
}

// givenNames name the children of the new lists, two to a child.
var givenNames = strings.Fields("An Bình Chi Dũng Giang Hà Khôi Lan Minh Nam Phúc Quỳnh Sơn Thảo Vy")

// digits are how numbers are read, for the year in a made name.
var digits = strings.Fields("Không Một Hai Ba Bốn Năm Sáu Bảy Tám Chín")

// firstGrade is a school's list of the classes that begin, as CSV, plainly sample
// people of whom none was in a list before.
func (r *rehearsal) firstGrade(sizes map[string]int) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeffMã học sinh;Họ và tên;Ngày sinh;Giới tính;Lớp\n")
	year := r.now.Year()
	var classes []string
	for c := range sizes {
		classes = append(classes, c)
	}
	slices.Sort(classes)
	n := 0
	for _, c := range classes {
		for range sizes[c] {
			a, z := givenNames[n/len(givenNames)%len(givenNames)], givenNames[n%len(givenNames)]
			name := strings.Join([]string{"Mẫu", digits[year/10%10], digits[year%10], a, z}, " ")
			fmt.Fprintf(&b, "%04d%06d;%s;%d/%d/%d;%s;%s\n", year, n+1, name, n%28+1, n%12+1, year-6, []string{"Nam", "Nữ"}[n%2], c)
			n++
		}
	}
	return b.Bytes()
}

// hold keeps the beginning of the year as an act that was shown as done, as any
// other.
func (r *rehearsal) hold(ctx context.Context) error {
	return r.view(ctx, func(v kiosk.View, _ kiosk.Day) error {
		done, err := v.Promotions()
		if err == nil && (len(done) <= r.f.Turns || !done[0].Undone.IsZero()) {
			err = fmt.Errorf("%d school years have begun, want %d", len(done), r.f.Turns+1)
		}
		if err == nil {
			r.told = append(r.told, told{seq: done[0].Seq, kind: kiosk.EventYearPromoted})
		}
		return err
	})
}
