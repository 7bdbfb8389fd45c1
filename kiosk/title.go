package kiosk

// Title is one publication (a bibliographic record). Where MARC 21 has a field
// for it, that is what the field means.
type Title struct {
	ID          ID
	Title       string
	Remainder   string // subtitle, volume
	Authors     []string
	Relators    []Relator // what each of Authors did, at its place; nil when all are authors
	Publisher   string
	PubPlace    string
	Year        int // of publication, 0 when not known
	Edition     string
	Series      string
	ISBN        string // 10 or 13 digits without hyphens
	ClassNumber string // "813", "53(075)"
	ClassScheme Scheme
	Subjects    []string
	Grade       int    // for which grade, 0 for any
	Level       string // reading level code
	Language    string // "vi"
	Pages       int
	Size        string // "21 cm"
	Price       int64  // in đồng, 0 when not known
	CallNumber  string
	Link        string // where it can be read or heard electronically
	Summary     string // a few sentences; may have line breaks
	// MergedInto is the title that this one was found to be the same as: its
	// copies went there, and it is in no list any more. "" for a living one.
	MergedInto ID
}

// Name is the title as people tell it from others, with its remainder: the first
// and the second volume of a book are two.
func (t Title) Name() string {
	if t.Remainder == "" {
		return t.Title
	}
	return t.Title + " : " + t.Remainder
}

// Relator is what a person did for a title, by MARC's relator code; "" is the
// author.
type Relator string

// The relators.
const (
	Author       Relator = ""
	Translator   Relator = "trl"
	Illustrator  Relator = "ill"
	Editor       Relator = "edt" // chủ biên
	Compiler     Relator = "com" // sưu tầm, biên soạn
	Reteller     Relator = "adp" // kể lại, phỏng theo
	OtherRelator Relator = "oth"
)

// Relators lists all relators.
var Relators = []Relator{Author, Translator, Illustrator, Editor, Compiler, Reteller, OtherRelator}

// RelatorOf is what the author at place i did.
func (t Title) RelatorOf(i int) Relator {
	if i < len(t.Relators) {
		return t.Relators[i]
	}
	return Author
}

// TidyRelators is Relators in its one form: as long as Authors, nil when all are
// authors.
func (t Title) TidyRelators() []Relator {
	rs := make([]Relator, len(t.Authors))
	some := false
	for i := range rs {
		rs[i] = t.RelatorOf(i)
		some = some || rs[i] != Author
	}
	if !some {
		return nil
	}
	return rs
}

// Scheme is a classification scheme.
type Scheme string

// The schemes of Vietnamese school libraries.
const (
	DDC       Scheme = "ddc"
	Classes19 Scheme = "19" // bảng phân loại 19 lớp
)

// Schemes lists all schemes.
var Schemes = []Scheme{DDC, Classes19}

// Kind is what kind of stock a copy is; the register it belongs to follows from it.
type Kind string

// The copy kinds of a Vietnamese school library.
const (
	Textbook     Kind = "textbook"     // SGK
	Professional Kind = "professional" // SNV, teachers' books
	Reference    Kind = "reference"    // STK, in the Vietnamese sense: supplementary reading
	Children     Kind = "children"     // sách thiếu nhi
	SerialIssue  Kind = "serial"       // an issue of a newspaper or magazine
	Picture      Kind = "picture"
	Map          Kind = "map"
	Disc         Kind = "disc"
	Equipment    Kind = "equipment"
)

// Kinds lists all copy kinds.
var Kinds = []Kind{Textbook, Professional, Reference, Children, SerialIssue, Picture, Map, Disc, Equipment}

// Prefix is the kind's usual accession prefix. VietBiblio's guide prints GK,
// NV, TK and TN; the others have no common usage and are muontra's own.
func (k Kind) Prefix() string {
	switch k {
	case Textbook:
		return "GK"
	case Professional:
		return "NV"
	case Reference:
		return "TK"
	case Children:
		return "TN"
	case SerialIssue:
		return "BC"
	case Picture:
		return "TA"
	case Map:
		return "BD"
	case Disc:
		return "BG"
	default:
		return "TB"
	}
}

// KindOfPrefix is the reverse of Prefix; STK, SGK and the like are understood
// too. The second value is false for an unknown prefix.
func KindOfPrefix(p string) (Kind, bool) {
	switch p {
	case "GK", "SGK":
		return Textbook, true
	case "NV", "SNV", "GV", "SGV":
		return Professional, true
	case "TK", "STK":
		return Reference, true
	case "TN", "STN":
		return Children, true
	}
	for _, k := range Kinds {
		if k.Prefix() == p {
			return k, true
		}
	}
	return "", false
}

// The sub-kinds that the default policies and the seed's figures speak of.
// Others are free text.
const (
	Dictionary = "dictionary" // sách công cụ tra cứu
	Subject    = "subject"    // tham khảo các môn học
	Law        = "law"        // giáo dục pháp luật
	Ethics     = "ethics"     // giáo dục đạo đức
	Story      = "story"      // truyện (Kim Đồng)
	HoChiMinh  = "hochiminh"  // sách Hồ Chí Minh
	Guidance   = "guidance"   // văn bản, tài liệu hướng dẫn của ngành
	Pedagogy   = "pedagogy"   // nâng cao trình độ chuyên môn
	InService  = "inservice"  // bồi dưỡng thường xuyên
)

// TextbookLine is a quantity of textbooks that carry no barcode each: one
// title, one publication year, a range of register numbers.
type TextbookLine struct {
	ID       ID
	TitleID  ID
	Year     int
	From, To int // register numbers of the title, inclusive
	Quantity int // owned, those handed out and those lost included
	Price    int64
	PlaceID  ID
	Received Day
	// HandedOut and Lost are what handouts of the line say; see Handout.
	HandedOut int `json:"-"`
	Lost      int `json:"-"`
}
