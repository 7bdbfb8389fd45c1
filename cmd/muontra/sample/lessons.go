package sample

import (
	"fmt"
	"time"

	"muontra/kiosk"
)

// How much of the desk's other work is in the history.
const (
	ordered      = 6  // serials that the school has subscribed to
	orderedDays  = 28 // days of lending before today on which they were ordered
	handedOut    = 8  // textbooks of a line given to a class
	periodsDays  = 15 // days of lending with a reading period each
	plannedAhead = 6  // open days, today with them, on which a class is expected
)

// paperwork puts the desk's other work on its days.
func (s *simulation) paperwork(ago func(n int, do func() error)) {
	ago(orderedDays, s.orderSerials)
	for i, n := range []int{21, 14, 7, 2} {
		ago(n, func() error { return s.receiveSerials(i) })
	}
	ago(24, s.handOut)
	ago(9, s.handBack)
	for i := range periodsDays {
		ago(periodsDays+2-i, func() error { return s.readingPeriod(i) })
	}
	ago(5, s.pastLesson)
	ago(1, s.comingWeek)
}

// orderSerials subscribes to some of the newspapers, a number a week.
func (s *simulation) orderSerials() error {
	for n, title := range s.serials[:ordered] {
		sub := kiosk.Subscription{
			TitleID: title, Frequency: kiosk.Weekly, PerPeriod: 1, First: 100*n + 101, Copies: 1, Price: 5_000,
			From: s.day.Day, To: s.day.Day.Add(120), PlaceID: s.places["K5"], Supplier: "Bưu điện mẫu",
		}
		if _, _, err := s.desk.SaveSubscription(s.ctx, s.asLibrarian(), sub, kiosk.Title{}, nil); err != nil {
			return fmt.Errorf("subscription: %w", err)
		}
	}
	return nil
}

// receiveSerials takes in what has come by the day. One number never comes and is
// asked for.
func (s *simulation) receiveSerials(round int) error {
	all, err := s.tx.Subscriptions()
	if err != nil {
		return fmt.Errorf("subscriptions: %w", err)
	}
	for n, sub := range all {
		issues, err := s.tx.IssuesOf(sub.ID)
		if err != nil {
			return fmt.Errorf("issues: %w", err)
		}
		for k, i := range issues {
			if i.Status != kiosk.IssueExpected || i.Expected.After(s.day.Day) {
				continue
			}
			if n == 1 && k == 1 {
				if round == 3 && i.Claimed.IsZero() {
					if _, err := s.desk.ClaimIssues(s.ctx, s.asLibrarian(), []kiosk.ID{i.ID}, "gọi điện cho nơi bán"); err != nil {
						return fmt.Errorf("claim: %w", err)
					}
				}
				continue
			}
			if _, _, err := s.desk.ReceiveIssue(s.ctx, s.asLibrarian(), i.ID, sub.Copies, ""); err != nil {
				return fmt.Errorf("issue %d: %w", i.Number, err)
			}
		}
	}
	return nil
}

// thisClasses are this year's classes, none on a day of the year before.
func (s *simulation) thisClasses() ([]kiosk.Class, error) {
	if !s.this.Contains(s.day.Day) {
		return nil, nil
	}
	all, err := s.tx.Classes(s.this.ID)
	if err != nil {
		return nil, fmt.Errorf("classes: %w", err)
	}
	return all, nil
}

// teacher is one of the teachers, another for each number.
func (s *simulation) teacher(n int) kiosk.ID {
	var all []kiosk.ID
	for _, r := range s.readers {
		if r.patron.Category == kiosk.Teacher {
			all = append(all, r.patron.Ref)
		}
	}
	return all[n%len(all)]
}

// handOut gives two textbooks of its grade to every fourth class until the recall.
func (s *simulation) handOut() error {
	classes, err := s.thisClasses()
	if err != nil || s.this.Recall.Before(s.day.Day) {
		return err
	}
	lines, err := s.tx.TextbookLines()
	if err != nil {
		return fmt.Errorf("textbook lines: %w", err)
	}
	for n := 0; n < len(classes); n += 4 {
		var items []kiosk.HandoutItem
		for _, l := range lines {
			t, err := s.tx.Title(l.TitleID)
			if err != nil {
				return fmt.Errorf("title: %w", err)
			}
			if t.Grade == classes[n].Grade && len(items) < 2 && l.Shelf() >= handedOut {
				items = append(items, kiosk.HandoutItem{Line: l.ID, Quantity: handedOut})
			}
		}
		if len(items) == 0 {
			continue
		}
		if _, err := s.desk.HandOut(s.ctx, s.asLibrarian(), kiosk.Handout{ClassID: classes[n].ID, On: s.day.Day, Due: s.this.Recall}, items); err != nil {
			return fmt.Errorf("textbooks for %s: %w", classes[n].Name, err)
		}
	}
	return nil
}

// handBack takes some of the first class's books back; one of them is damaged.
func (s *simulation) handBack() error {
	out, err := s.tx.Handouts()
	if err != nil || len(out) == 0 {
		return err
	}
	if _, err := s.desk.HandBack(s.ctx, s.asLibrarian(), []kiosk.HandoutBack{{ID: out[0].ID, Whole: handedOut - 3, Damaged: 1}}); err != nil {
		return fmt.Errorf("textbooks back: %w", err)
	}
	return nil
}

// readingPeriod is a class's period in the library on the day, with its teacher.
func (s *simulation) readingPeriod(n int) error {
	classes, err := s.thisClasses()
	if err != nil || len(classes) == 0 {
		return err
	}
	return s.period(classes[n*5%len(classes)], n, s.day.Day, kiosk.ActivityDone)
}

func (s *simulation) period(c kiosk.Class, n int, on kiosk.Day, status kiosk.ActivityStatus) error {
	a := kiosk.Activity{
		Kind: kiosk.ReadingPeriod, Day: on, From: 7*60 + 30, To: 8*60 + 5, Status: status, Class: c.Name, Teacher: s.teacher(n), Room: true,
		Text: []string{"Đọc truyện cổ tích", "Kể chuyện theo tranh", "Cùng đọc truyện Tô Hoài", "Đọc thơ"}[n%4],
	}
	if n%3 == 1 {
		a.Kind, a.Text, a.From, a.To = kiosk.LibraryLesson, "Tiếng Việt, mở rộng vốn từ", 14*60, 14*60+35
	}
	if status == kiosk.ActivityDone {
		a.People = 26 + n%6
	}
	if _, err := s.desk.PutActivity(s.ctx, s.asLibrarian(), a, nil); err != nil {
		return fmt.Errorf("period of %s: %w", c.Name, err)
	}
	return nil
}

// pair is a title of teaching aids of which two copies are on the shelf.
func (s *simulation) pair() (title kiosk.ID, codes []string, err error) {
	at := map[kiosk.ID][]string{}
	for _, k := range s.shelf["aid"] {
		if k.out || k.away {
			continue
		}
		i, err := s.tx.Item(k.id)
		if err != nil {
			return "", nil, fmt.Errorf("copy: %w", err)
		}
		if i.Kind != kiosk.Map && i.Kind != kiosk.Picture {
			continue
		}
		if at[i.TitleID] = append(at[i.TitleID], k.barcode); len(at[i.TitleID]) == 2 {
			return i.TitleID, at[i.TitleID], nil
		}
	}
	return "", nil, nil
}

func (s *simulation) reserve(c kiosk.Class, teacher int, title kiosk.ID, count int, on kiosk.Day, period int) (kiosk.Lesson, error) {
	l, _, err := s.desk.ReserveLesson(s.ctx, s.asLibrarian(), kiosk.Lesson{
		What: kiosk.LessonCopies, TitleID: title, Count: count, ClassID: c.ID, PatronRef: s.teacher(teacher), On: on, Period: period,
	}, true)
	if err != nil {
		return l, fmt.Errorf("lesson of %s: %w", c.Name, err)
	}
	return l, nil
}

// pastLesson is one whose things were fetched and came back on the day.
func (s *simulation) pastLesson() error {
	classes, err := s.thisClasses()
	if err != nil || len(classes) == 0 || s.day.After(s.this.Recall) {
		return err
	}
	title, codes, err := s.pair()
	if err != nil || title == "" {
		return err
	}
	l, err := s.reserve(classes[0], 0, title, len(codes), s.day.Day, 2)
	if err != nil {
		return err
	}
	if _, _, err := s.desk.GiveLesson(s.ctx, s.asLibrarian(), l.ID, codes, 0); err != nil {
		return fmt.Errorf("lesson handed out: %w", err)
	}
	s.clock = s.clock.Add(40 * time.Minute)
	if _, _, err := s.desk.EndLesson(s.ctx, s.asLibrarian(), l.ID, nil); err != nil {
		return fmt.Errorf("lesson taken back: %w", err)
	}
	return nil
}

// comingWeek plans a class's period for each of the next open days, and has
// things reserved for two lessons.
func (s *simulation) comingWeek() error {
	classes, err := s.thisClasses()
	if err != nil || len(classes) == 0 {
		return err
	}
	title, _, err := s.pair()
	if err != nil {
		return err
	}
	rules, err := s.tx.Rules(s.today)
	if err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	n := 0
	for d := s.today; n < plannedAhead && !d.After(s.this.End) && d.Sub(s.today) < 60; d = d.Add(1) {
		if !rules.Calendar.Open(d) {
			continue
		}
		c := classes[(n*3+1)%len(classes)]
		if err := s.period(c, n, d, kiosk.ActivityPlanned); err != nil {
			return err
		}
		if title != "" && (n == 1 || n == 3) {
			if _, err := s.reserve(c, n, title, n/2+1, d, 2+n); err != nil {
				return err
			}
		}
		n++
	}
	return nil
}
