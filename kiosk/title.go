package kiosk

// Title is one publication (a bibliographic record).
type Title struct {
	ID          ID
	Title       string
	Remainder   string // subtitle, volume
	Authors     []string
	Publisher   string
	PubPlace    string
	Year        int    // of publication, 0 when not known
	ISBN        string // 10 or 13 digits without hyphens
	ClassNumber string // "813", "53(075)"
	Subjects    []string
	Grade       int    // for which grade, 0 for any
	Level       string // reading level code
	Language    string // "vi"
	Pages       int
	Price       int64 // in đồng, 0 when not known
	CallNumber  string
}

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

// BookSet is a set of textbooks that is lent and returned as one.
type BookSet struct {
	ID        ID
	Name      string
	Grade     int
	Programme string // "2018" or "old"
	Barcode   string
}

// TextbookLine is a quantity of textbooks that carry no barcode each: one
// title, one publication year, a range of register numbers.
type TextbookLine struct {
	ID       ID
	TitleID  ID
	Year     int
	From, To int // register numbers of the title, inclusive
	Quantity int
	Price    int64
	PlaceID  ID
	Received Day
}
