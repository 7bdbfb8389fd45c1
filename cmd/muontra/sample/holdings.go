package sample

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// stock is the copies of one kind and sub-kind. Its titles are so many as the
// entries are.
type stock struct {
	kind    kiosk.Kind
	sub     string
	copies  int
	shelf   string
	entries []entry
}

// stocks are the holdings, without textbooks. The stories are the last, so that
// the newest titles of the catalogue are worth a child's look.
func stocks() []stock {
	return []stock{
		{kiosk.Professional, kiosk.Guidance, 38, "K1", byTopic(35, "344.597", "Văn bản hướng dẫn", circulars,
			"Tài liệu hướng dẫn: %s", "Văn bản quy định: %s", "Hỏi đáp: %s", "Sổ tay: %s", "Tập huấn: %s")},
		{kiosk.Professional, kiosk.Pedagogy, 389 - 13, "K1", byCourse(195, "Sách giáo viên %s %d", "Thiết kế bài giảng %s %d", "Đổi mới dạy học %s %d")},
		{kiosk.Professional, kiosk.InService, 56, "K1", modules(13)},
		{kiosk.Professional, "", 13, "K1", byTopic(13, "371", "Quản lí trường học", slices.Concat(circulars, rights), "Kỷ yếu: %s")},
		{kiosk.Reference, kiosk.Dictionary, 76, "K2", byTopic(32, "413", "Từ điển", tongues,
			"Từ điển %s dành cho học sinh", "Từ điển %s tiểu học", "Sổ tay từ ngữ %s", "Từ điển %s bỏ túi")},
		{kiosk.Reference, kiosk.Subject, 1176, "K3", byCourse(380, "%s nâng cao lớp %d", "Vui học %s lớp %d", "Ôn tập %s lớp %d", "Bài tập %s lớp %d", "Em học giỏi %s lớp %d")},
		{kiosk.Reference, kiosk.Law, 84, "K4", byTopic(36, "349.597", "Giáo dục pháp luật", rights,
			"Em tìm hiểu về %s", "Hỏi đáp về %s", "Truyện tranh về %s", "Sổ tay %s")},
		{kiosk.Reference, kiosk.Ethics, 435, "K4", byTopic(167, "170", "Giáo dục đạo đức", virtues,
			"Truyện kể về %s", "Những tấm gương về %s", "Bài học về %s", "Lời hay ý đẹp về %s", "Thơ về %s", "Quà tặng cuộc sống: %s", "Hạt giống tâm hồn: %s")},
		{kiosk.Reference, kiosk.HoChiMinh, 33, "K4", storyTitles(hoChiMinh, 10)},
		{kiosk.Picture, "", 320, "TV", byTopic(64, "372.13", "Tranh ảnh giáo dục", scenes, "Tranh: %s", "Ảnh: %s", "Tranh ghép: %s", "Tranh tô màu: %s")},
		{kiosk.Picture, "set", 14, "TV", byTopic(14, "372.13", "Tranh ảnh giáo dục", scenes, "Bộ tranh lớp 1: %s")},
		{kiosk.Map, "", 20, "TV", byTopic(10, "912", "Bản đồ", lands, "Bản đồ %s", "Lược đồ %s")},
		{kiosk.Disc, "", 29, "TV", byCourse(29, "Đĩa hình %s lớp %d")},
		{kiosk.Reference, kiosk.Story, 1107, "K5", storyTitles(stories, 218)},
	}
}

// serials are received while the year goes on: the issues of the last weeks.
func serials() []stock {
	return []stock{
		{kiosk.SerialIssue, "newspaper", 4 * len(newspapers), "K6", serialTitles(newspapers)},
		{kiosk.SerialIssue, "magazine", 3 * len(magazines), "K6", serialTitles(magazines)},
	}
}

// book is a copy as the history knows it.
type book struct {
	id      kiosk.ID
	barcode string
	title   string
	kind    kiosk.Kind
	sub     string
	grade   int
	out     bool // lent, or gone for good
	away    bool // in a class corner: nobody brings it to the desk
}

// issue is a number of a serial that arrives during the history.
type issue struct {
	title kiosk.Title
	copy  kiosk.Copy
	on    kiosk.Day
}

// holdings stores the titles and copies, each copy with the event of its
// registration, and the textbooks.
func (b *builder) holdings() error {
	all := stocks()
	for _, s := range slices.Concat(all, serials()) {
		b.total += s.copies
	}
	b.total += len(b.serviceDays()) * dayWeight
	if err := b.textbooks(); err != nil {
		return err
	}
	if err := b.subscriptions(); err != nil {
		return err
	}
	for _, s := range all {
		titles, err := b.putTitles(s)
		if err != nil {
			return err
		}
		for i, n := range b.share(len(titles), s.copies) {
			for range n {
				if err := b.register(titles[i], b.newCopy(titles[i], s), b.last.stocked()); err != nil {
					return err
				}
			}
		}
		b.step(s.copies, "holdings")
	}
	return nil
}

// putTitles stores the titles of a stock from the last to the first, so that
// what stands first in a list is the newest of the catalogue.
func (b *builder) putTitles(s stock) ([]kiosk.Title, error) {
	ts := make([]kiosk.Title, len(s.entries))
	for i, e := range slices.Backward(s.entries) {
		var err error
		if ts[i], err = b.putTitle(e, s); err != nil {
			return nil, err
		}
	}
	return ts, nil
}

// share gives each of n titles a copy and shares out the rest by chance, more
// to those at the front, none more than four times its even share.
func (b *builder) share(n, copies int) []int {
	counts := make([]int, n)
	for i := range counts {
		counts[i] = 1
	}
	most := 4 * (copies + n - 1) / n
	for rest := copies - n; rest > 0; {
		i := int(float64(n) * math.Pow(b.rng.Float64(), 1.5))
		if counts[i] < most {
			counts[i]++
			rest--
		}
	}
	return counts
}

func (b *builder) putTitle(e entry, s stock) (kiosk.Title, error) {
	t := kiosk.Title{
		ID: b.tx.NewID(), Title: e.title, Remainder: e.remainder, Publisher: e.publisher,
		Year: b.last.Start.Year - 1 - b.rng.IntN(8), ClassNumber: e.class, Grade: e.grade, Language: "vi",
		CallNumber: e.class + " " + letters(e.title),
	}
	switch s.kind {
	case kiosk.Picture, kiosk.Map, kiosk.Disc, kiosk.SerialIssue:
		t.Price = int64(10+b.rng.IntN(60)) * 500
	default:
		t.Pages = 24 + 8*b.rng.IntN(28)
		t.Price = int64(24+t.Pages/2+b.rng.IntN(20)) * 500
	}
	if s.kind == kiosk.SerialIssue {
		t.Year = 0
	}
	if s.kind == kiosk.Reference && s.sub != kiosk.Dictionary {
		t.Level = e.level // only of what children read from end to end
	}
	if e.author != "" {
		t.Authors = []string{e.author}
	}
	if e.publisher != "" {
		t.PubPlace = "H."
	}
	if e.subject != "" {
		t.Subjects = []string{e.subject}
	}
	if err := b.tx.PutTitle(t); err != nil {
		return t, fmt.Errorf("title %q: %w", t.Title, err)
	}
	return t, nil
}

// letters are the title's first three, as they stand on a spine.
func letters(title string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, fold.Text(title))
	return s[:min(3, len(s))]
}

// newCopy is a copy of the title without its numbers.
func (b *builder) newCopy(t kiosk.Title, s stock) kiosk.Copy {
	shelf := s.shelf
	if s.sub == kiosk.Story && b.rng.IntN(2) == 0 {
		shelf = "K6"
	}
	return kiosk.Copy{
		TitleID: t.ID, Kind: s.kind, SubKind: s.sub, Price: t.Price, Labelled: true, HomePlace: b.places[shelf],
		Source:   []string{"purchase", "purchase", "grant", "donation"}[b.rng.IntN(4)],
		Received: kiosk.Day{Year: max(t.Year, b.last.Start.Year-8), Month: 9, Day: 1}.Add(b.rng.IntN(240)),
	}
}

// register gives the copy its numbers, stores it, and records that it is there
// for loan from the day on.
func (b *builder) register(t kiosk.Title, c kiosk.Copy, on kiosk.Day) (err error) {
	c.ID = b.tx.NewID()
	if c.Accession, err = b.tx.NextAccession(c.Kind.Prefix()); err != nil {
		return fmt.Errorf("accession number: %w", err)
	}
	if c.Barcode, err = b.tx.NextBarcode(kiosk.CopySeries); err != nil {
		return fmt.Errorf("copy barcode: %w", err)
	}
	if err := b.tx.PutCopy(c); err != nil {
		return fmt.Errorf("copy %s: %w", c.Accession, err)
	}
	at := on.At(8, 0, b.loc).UTC()
	e := kiosk.Event{
		Type: kiosk.EventCopyAdded, CopyID: c.ID, Station: kiosk.DefaultStation, OccurredAt: at, RecordedAt: at, ClockOK: true,
		Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{{
			CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: b.condition(), Place: c.HomePlace,
		}}}},
	}
	if err := b.tx.Append(&e); err != nil {
		return fmt.Errorf("register %s: %w", c.Accession, err)
	}
	b.books = append(b.books, &book{id: c.ID, barcode: c.Barcode, title: t.Title, kind: c.Kind, sub: c.SubKind, grade: t.Grade})
	return nil
}

func (b *builder) condition() kiosk.Condition {
	switch n := b.rng.IntN(20); {
	case n == 0:
		return kiosk.ConditionDamaged
	case n < 6:
		return kiosk.ConditionWorn
	}
	return kiosk.ConditionGood
}

// subscriptions stores the serials' titles; their issues arrive with the
// history: newspapers weekly, magazines monthly.
func (b *builder) subscriptions() error {
	days := b.serviceDays()
	for _, s := range serials() {
		every := 5
		if s.sub == "magazine" {
			every = 20
		}
		for _, e := range s.entries {
			t, err := b.putTitle(e, s)
			if err != nil {
				return err
			}
			b.serials = append(b.serials, t.ID)
			for n := range s.copies / len(s.entries) {
				c := b.newCopy(t, s)
				on := days[len(days)-1-n*every-b.rng.IntN(every)].Day
				c.Received, c.Source = on, "purchase"
				b.issues = append(b.issues, issue{t, c, on})
			}
		}
	}
	slices.SortStableFunc(b.issues, func(x, y issue) int { return x.on.Sub(y.on) })
	return nil
}
