package kiosktest

import (
	"context"
	"fmt"
	"strings"

	"muontra/kiosk"
)

var bg = context.Background()

// Person is somebody of the sample school, with the barcode of the card.
type Person struct {
	kiosk.Patron
	Card  string
	Class string
}

// Book is a copy of the sample school, with its barcode and number.
type Book struct {
	kiosk.Copy
	Title kiosk.Title
}

// People is the sample school: a few people and books, each for a case that
// tests need. Nobody has borrowed anything.
type People struct {
	One, Two, Three Person // pupils of 2A, whose day Start is
	Four            Person // a pupil of 3B: on Start it is another grade's day
	Entitled        Person // a pupil of 2A who may have a textbook set
	Blocked         Person // a pupil of 2A whom the librarian blocked
	LostCard        Person // a pupil of 2A whose card was lost, and not replaced
	Replaced        Person // a pupil of 3B; Card is the new one, OldCard expired
	OldCard         string
	Left            Person // gone from the school
	Teacher, Staff  Person
	Class           Person // class 2A as a borrower

	Story, Story2  Book // two copies of one title
	Subject        Book // supplementary reading
	Comic          Book // children's
	Extra, Extra2  Book // children's, a title each: to reach a limit
	Dictionary     Book // on site only for pupils
	Serial, Map    Book // on site only for pupils
	Picture, Disc  Book
	Professional   Book // for teachers
	Textbook       Book // for teachers and entitled pupils
	Equipment      Book // for teachers
	Lost           Book
	Withdrawn      Book
	Repair         Book
	Processing     Book // received, not registered
	LibraryPlaceID kiosk.ID
}

// Books lists all books of the school.
func (p People) Books() []Book {
	return []Book{p.Story, p.Story2, p.Subject, p.Comic, p.Extra, p.Extra2, p.Dictionary, p.Serial, p.Map, p.Picture, p.Disc,
		p.Professional, p.Textbook, p.Equipment, p.Lost, p.Withdrawn, p.Repair, p.Processing}
}

// Persons lists all people of the school.
func (p People) Persons() []Person {
	return []Person{p.One, p.Two, p.Three, p.Four, p.Entitled, p.Blocked, p.LostCard, p.Replaced, p.Left, p.Teacher, p.Staff, p.Class}
}

// School puts the sample school into a ledger that is new, on the day of Start.
func School(ctx context.Context, l kiosk.Ledger) (People, error) {
	var p People
	err := l.Update(ctx, func(tx kiosk.Tx) error {
		b := &builder{tx: tx}
		b.year()
		b.people(&p)
		b.books(&p)
		return b.err
	})
	if err != nil {
		return People{}, fmt.Errorf("sample school: %w", err)
	}
	return p, nil
}

// builder stops at the first error and keeps it.
type builder struct {
	tx      kiosk.Tx
	err     error
	yearID  kiosk.ID
	classes map[string]kiosk.Class
	place   kiosk.ID
}

func (b *builder) do(fn func() error) {
	if b.err == nil {
		b.err = fn()
	}
}

// year makes sure that Start lies in a stored school year: the ledger may have
// been seeded on another day.
func (b *builder) year() {
	b.classes = map[string]kiosk.Class{}
	b.do(func() error {
		r, err := b.tx.Rules(Today)
		if err != nil {
			return err
		}
		if b.yearID = r.Year.ID; b.yearID == "" {
			y := kiosk.YearOf(Today)
			y.ID = b.tx.NewID()
			b.yearID = y.ID
			if err := b.tx.PutYear(y); err != nil {
				return err
			}
			if err := b.tx.PutCalendar(y.ID, kiosk.DefaultCalendar(y)); err != nil {
				return err
			}
		}
		places, err := b.tx.Places()
		for _, p := range places {
			if p.Kind == kiosk.Library {
				b.place = p.ID
			}
		}
		return err
	})
	for name, grade := range map[string]int{"2A": 2, "3B": 3} {
		b.do(func() error {
			c := kiosk.Class{ID: b.tx.NewID(), YearID: b.yearID, Name: name, Grade: grade}
			b.classes[name] = c
			return b.tx.PutClass(c)
		})
	}
}

func (b *builder) person(name string, c kiosk.Category, class string, change func(*kiosk.Patron)) Person {
	p := Person{Class: class}
	b.do(func() error {
		p.Patron = kiosk.Patron{ID: b.tx.NewID(), Ref: b.tx.NewID(), Category: c, Name: name, Status: kiosk.PatronActive, CreatedAt: Start.AddDate(0, -2, 0)}
		if change != nil {
			change(&p.Patron)
		}
		if err := b.tx.PutPatron(p.Patron); err != nil {
			return err
		}
		if class == "" {
			return nil
		}
		return b.tx.PutEnrolment(kiosk.Enrolment{ID: b.tx.NewID(), PatronID: p.ID, ClassID: b.classes[class].ID, YearID: b.yearID, Since: kiosk.MustDay("2026-09-05")})
	})
	p.Card = b.card(p.ID, kiosk.CardActive)
	return p
}

func (b *builder) card(patron kiosk.ID, s kiosk.CardStatus) (code string) {
	b.do(func() (err error) {
		if code, err = b.tx.NextBarcode(kiosk.PatronSeries); err != nil {
			return err
		}
		return b.tx.PutCard(kiosk.Card{ID: b.tx.NewID(), PatronID: patron, Barcode: code, Status: s, IssuedAt: Start.AddDate(0, -2, 0)})
	})
	return code
}

func (b *builder) people(p *People) {
	pupil := func(name, class string, change func(*kiosk.Patron)) Person {
		return b.person("Học Sinh Mẫu "+name, kiosk.Pupil, class, change)
	}
	p.One, p.Two, p.Three = pupil("Một", "2A", nil), pupil("Hai", "2A", nil), pupil("Ba", "2A", nil)
	p.Four = pupil("Bốn", "3B", nil)
	p.Entitled = pupil("Năm", "2A", func(x *kiosk.Patron) { x.Entitled = true })
	p.Blocked = pupil("Sáu", "2A", func(x *kiosk.Patron) { x.Status = kiosk.PatronBlocked })
	p.LostCard = pupil("Bảy", "2A", nil)
	b.do(func() error {
		m, err := b.tx.MemberByCard(p.LostCard.Card, Today)
		if err != nil {
			return err
		}
		m.Card.Status = kiosk.CardLost
		return b.tx.PutCard(m.Card)
	})
	p.Replaced = pupil("Tám", "3B", nil)
	p.OldCard = b.card(p.Replaced.ID, kiosk.CardExpired)
	p.Left = pupil("Chín", "3B", func(x *kiosk.Patron) { x.Status = kiosk.PatronLeft })
	p.Teacher = b.person("Giáo Viên Mẫu", kiosk.Teacher, "", nil)
	p.Staff = b.person("Nhân Viên Mẫu", kiosk.Staff, "", nil)
	p.Class = b.person("Lớp 2A", kiosk.ClassGroup, "", nil)
}

func (b *builder) title(name string, authors ...string) (t kiosk.Title) {
	b.do(func() error {
		t = kiosk.Title{ID: b.tx.NewID(), Title: name, Authors: authors, Publisher: "Nhà xuất bản Mẫu", Year: 2024, Language: "vi", CallNumber: "M." + strings.ToUpper(name[:1])}
		return b.tx.PutTitle(t)
	})
	return t
}

func (b *builder) copy(t kiosk.Title, k kiosk.Kind, sub string, s kiosk.CopyStatus) (c Book) {
	b.do(func() (err error) {
		c = Book{Title: t, Copy: kiosk.Copy{ID: b.tx.NewID(), TitleID: t.ID, Kind: k, SubKind: sub, Price: 25000, Source: "purchase",
			Received: kiosk.MustDay("2026-08-25"), HomePlace: b.place, Labelled: true}}
		if c.Barcode, err = b.tx.NextBarcode(kiosk.CopySeries); err != nil {
			return err
		}
		if c.Accession, err = b.tx.NextAccession(k.Prefix()); err != nil {
			return err
		}
		if err = b.tx.PutCopy(c.Copy); err != nil {
			return err
		}
		c.State, err = register(b.tx, c.Copy, s)
		return err
	})
	return c
}

func (b *builder) books(p *People) {
	on := func(title string, k kiosk.Kind, sub string) Book {
		return b.copy(b.title(title), k, sub, kiosk.CopyAvailable)
	}
	story := b.title("Truyện mẫu về chú dế", "Tác Giả Mẫu")
	p.Story = b.copy(story, kiosk.Reference, kiosk.Story, kiosk.CopyAvailable)
	p.Story2 = b.copy(story, kiosk.Reference, kiosk.Story, kiosk.CopyAvailable)
	p.Subject = on("Tham khảo mẫu môn Tiếng Việt", kiosk.Reference, kiosk.Subject)
	p.Comic = on("Truyện tranh mẫu", kiosk.Children, "")
	p.Extra, p.Extra2 = on("Cổ tích mẫu", kiosk.Children, ""), on("Đồng dao mẫu", kiosk.Children, "")
	p.Dictionary = on("Từ điển mẫu", kiosk.Reference, kiosk.Dictionary)
	p.Serial, p.Map = on("Báo mẫu số 12", kiosk.SerialIssue, ""), on("Bản đồ mẫu", kiosk.Map, "")
	p.Picture, p.Disc = on("Tranh mẫu", kiosk.Picture, ""), on("Đĩa mẫu", kiosk.Disc, "")
	p.Professional = on("Sách giáo viên mẫu", kiosk.Professional, "")
	p.Textbook = on("Sách giáo khoa mẫu", kiosk.Textbook, "")
	p.Equipment = on("Quả địa cầu mẫu", kiosk.Equipment, "")
	gone := b.title("Truyện mẫu cũ")
	p.Lost = b.copy(gone, kiosk.Children, "", kiosk.CopyLost)
	p.Withdrawn = b.copy(gone, kiosk.Children, "", kiosk.CopyWithdrawn)
	p.Repair = b.copy(gone, kiosk.Children, "", kiosk.CopyInRepair)
	p.Processing = b.copy(gone, kiosk.Children, "", kiosk.CopyInProcessing)
	p.LibraryPlaceID = b.place
}

func sampleSchool(t *try) {
	p, err := School(bg, t.l)
	if err != nil {
		t.tb.Fatalf("%v", err)
	}
	t.view(func(v kiosk.View) error {
		for _, x := range p.Persons() {
			m, err := v.MemberByCard(x.Card, Today)
			if err != nil || m.Patron != x.Patron || m.Class != x.Class {
				t.tb.Errorf("%s: %+v, %v", x.Name, m, err)
			}
		}
		for _, x := range p.Books() {
			i, err := v.ItemByBarcode(x.Barcode)
			if err != nil || i.Copy != x.Copy || i.Title.Title != x.Title.Title {
				t.tb.Errorf("%s: %+v, %v", x.Title.Title, i, err)
			}
		}
		r, err := v.Rules(Today)
		if r.Year.ID == "" || r.Timetable.At(Start, r.Location).Grades[0] != 2 {
			t.tb.Errorf("rules %+v", r)
		}
		return err
	})
}
