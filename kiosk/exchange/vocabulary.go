package exchange

import (
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// A vocabulary understands words of a file: those of an export in either
// language, then further spellings, folded. A further spelling that begins
// with "~" is found anywhere in the text, as whole words.
type vocabulary[T ~string] struct {
	exact map[string]T
	parts []part[T]
}

type part[T ~string] struct {
	words string
	value T
}

func newVocabulary[T ~string](what string, values []T, more map[T][]string) vocabulary[T] {
	v := vocabulary[T]{exact: map[string]T{}}
	for _, x := range values {
		v.exact[fold.Text(string(x))] = x
		for _, l := range []Lang{Vietnamese, English} {
			v.exact[fold.Text(valueWord(l, what, string(x)))] = x
		}
	}
	for _, x := range values {
		for _, w := range more[x] {
			if p, ok := strings.CutPrefix(w, "~"); ok {
				v.parts = append(v.parts, part[T]{" " + p + " ", x})
			} else {
				v.exact[w] = x
			}
		}
	}
	return v
}

func (v vocabulary[T]) find(text string) (T, bool) {
	f := fold.Text(text)
	if x, ok := v.exact[f]; ok && f != "" {
		return x, true
	}
	for _, p := range v.parts {
		if strings.Contains(" "+f+" ", p.words) {
			return p.value, true
		}
	}
	return "", false
}

var sexes = newVocabulary("sex", []string{"f", "m"}, map[string][]string{
	"f": {"gai", "nu gioi", "female", "girl", "be gai"},
	"m": {"trai", "nam gioi", "male", "boy", "be trai"},
})

// The order matters for the parts: a deputy head is a manager before a
// teacher's word in the same title can claim her.
var categories = newVocabulary("category",
	[]kiosk.Category{kiosk.Manager, kiosk.Teacher, kiosk.Staff, kiosk.Pupil, kiosk.ClassGroup, kiosk.Guest},
	map[kiosk.Category][]string{
		kiosk.Manager:    {"cbql", "ht", "pht", "bgh", "~hieu truong", "~hieu pho", "~can bo quan ly", "~ban giam hieu", "principal"},
		kiosk.Teacher:    {"gv", "gvcn", "gvbm", "tptd", "~giao vien", "~gv", "~tong phu trach", "~to truong", "~to pho", "~khoi truong", "~chu nhiem"},
		kiosk.Staff:      {"nv", "~nhan vien", "~nv", "~ke toan", "~van thu", "~thu vien", "~thu quy", "~y te", "~bao ve", "~thiet bi", "~phuc vu", "~tap vu", "~cap duong"},
		kiosk.Pupil:      {"hs", "~hoc sinh", "~hs", "student", "~lop truong", "~lop pho"},
		kiosk.ClassGroup: {"lop", "tap the"},
		kiosk.Guest:      {"khach moi", "~phu huynh", "~cong tac vien", "khac"},
	})

var patronStatuses = newVocabulary("patron_status", []kiosk.PatronStatus{kiosk.PatronLeft, kiosk.PatronBlocked, kiosk.PatronActive},
	map[kiosk.PatronStatus][]string{
		kiosk.PatronLeft: {"~chuyen di", "~chuyen truong", "~thoi hoc", "~nghi hoc", "~bo hoc", "~tot nghiep", "~ra truong", "~nghi huu", "~nghi viec",
			"~thoi viec", "~da nghi", "~roi truong", "inactive"},
		kiosk.PatronBlocked: {"~khoa", "khong hoat dong"},
		kiosk.PatronActive:  {"~dang hoc", "~dang lam", "~hoat dong", "~chuyen den", "~luu ban", "~hoc lai", "~binh thuong"},
	})

var kinds = newVocabulary("kind", kiosk.Kinds, map[kiosk.Kind][]string{
	kiosk.Textbook:     {"sgk", "gk", "giao khoa", "~sach giao khoa", "~sgk", "vo bai tap", "sach bai tap"},
	kiosk.Professional: {"snv", "nv", "gv", "sgv", "nghiep vu", "~sach nghiep vu", "~sach giao vien", "~nghiep vu"},
	kiosk.Reference:    {"stk", "tk", "tham khao", "~sach tham khao", "~tham khao"},
	kiosk.Children:     {"stn", "tn", "thieu nhi", "~thieu nhi", "~nhi dong"},
	kiosk.SerialIssue:  {"bc", "bao", "tap chi", "bao tap chi", "bao va tap chi", "~tap chi", "~bao chi", "magazine", "newspaper"},
	kiosk.Picture:      {"ta", "tranh", "anh", "~tranh anh"},
	kiosk.Map:          {"bd", "~ban do", "luoc do"},
	kiosk.Disc:         {"bg", "dia", "cd", "dvd", "~bang dia", "~dia cd", "~bang hinh"},
	kiosk.Equipment:    {"tb", "~thiet bi", "do dung day hoc", "~dddh"},
})

var subKinds = newVocabulary("sub_kind",
	[]string{kiosk.Dictionary, kiosk.Law, kiosk.Ethics, kiosk.HoChiMinh, kiosk.Story, kiosk.InService, kiosk.Guidance, kiosk.Pedagogy, kiosk.Subject},
	map[string][]string{
		kiosk.Dictionary: {"~tu dien", "~tra cuu", "~cong cu"},
		kiosk.Law:        {"~phap luat"},
		kiosk.Ethics:     {"~dao duc"},
		kiosk.HoChiMinh:  {"bac ho", "~ho chi minh", "~bac ho"},
		kiosk.Story:      {"~truyen"},
		kiosk.InService:  {"bdtx", "~boi duong thuong xuyen"},
		kiosk.Guidance:   {"~van ban", "~tai lieu huong dan"},
		kiosk.Pedagogy:   {"~chuyen mon", "~su pham"},
		kiosk.Subject:    {"cac mon hoc", "~mon hoc", "~tham khao mon"},
	})

var copyStatuses = newVocabulary("copy_status",
	[]kiosk.CopyStatus{kiosk.CopyWithdrawn, kiosk.CopyLost, kiosk.CopyInRepair, kiosk.CopyInProcessing, kiosk.CopyAvailable},
	map[kiosk.CopyStatus][]string{
		kiosk.CopyWithdrawn:    {"~thanh ly", "~da xuat"},
		kiosk.CopyLost:         {"~mat", "~that lac"},
		kiosk.CopyInRepair:     {"~dang sua", "~sua chua", "~phuc che", "~tu sua"},
		kiosk.CopyInProcessing: {"~cho xu ly", "chua xu ly"},
		// On loan says the open loan, not the status.
		kiosk.CopyAvailable: {"con", "co", "~san sang", "~trong kho", "~tren ke", "~dang muon", "~cho muon", "on loan", "on shelf", "c", "hien con"},
	})

var conditions = newVocabulary("condition", []kiosk.Condition{kiosk.ConditionDamaged, kiosk.ConditionWorn, kiosk.ConditionGood},
	map[kiosk.Condition][]string{
		kiosk.ConditionDamaged: {"~rach", "~nat", "~hong", "~hu hong", "~moi mot", "~mat trang"},
		kiosk.ConditionWorn:    {"~cu", "~son", "~trung binh", "lac hau", "kha"},
		kiosk.ConditionGood:    {"~tot", "~moi", "~su dung duoc", "~su dung tot", "~binh thuong", "new"},
	})

var sources = newVocabulary("source", []string{"purchase", "grant", "donation"}, map[string][]string{
	"purchase": {"~mua", "~ngan sach"},
	"grant":    {"~cap", "~duoc cap", "~so gd", "~phong gd"},
	"donation": {"~tang", "~bieu", "~quyen gop", "~tai tro", "~ung ho"},
})

var loanTypes = newVocabulary("loan_type", []kiosk.LoanType{kiosk.SemesterLoan, kiosk.YearLoan, kiosk.HomeLoan},
	map[kiosk.LoanType][]string{
		kiosk.SemesterLoan: {"~hoc ky", "~hoc ki"},
		kiosk.YearLoan:     {"~nam hoc", "~ca nam", "dai han"},
		kiosk.HomeLoan:     {"~ve nha", "ngan han", "thuong"},
	})

// languages that an exported language code need not be translated for.
var languages = map[string]string{"viet": "vi", "tieng viet": "vi", "vie": "vi", "viet nam": "vi", "anh": "en", "tieng anh": "en", "eng": "en",
	"english": "en", "phap": "fr", "tieng phap": "fr", "trung": "zh", "tieng trung": "zh", "song ngu": "vi-en"}

// kindOf is the kind that a word, an accession number or nothing at all says;
// a word that names no kind is a sub-kind. said is true when the word did.
func kindOf(word, accession string) (kind kiosk.Kind, sub string, said bool) {
	if word != "" {
		if k, ok := kinds.find(word); ok {
			if s, ok := subKinds.find(word); ok && k == kiosk.Reference && s != kiosk.Subject {
				return k, s, true
			}
			return k, "", true
		}
	}
	if prefix, _, ok := kiosk.SplitAccession(accession); ok {
		if k, ok := kiosk.KindOfPrefix(prefix); ok {
			return k, subKindOf(word), false
		}
	}
	return kiosk.Reference, subKindOf(word), false
}

func subKindOf(word string) string {
	if s, ok := subKinds.find(word); ok {
		return s
	}
	return word
}

// What else than writing somebody did for a title, and classification schemes.
var (
	relators = newVocabulary("relator", kiosk.Relators[1:], map[kiosk.Relator][]string{
		kiosk.Translator: {"nguoi dich", "bien dich"}, kiosk.Illustrator: {"ve", "tranh", "ve tranh", "hoa si", "tranh minh hoa"}, kiosk.Editor: {"ch b", "cb", "bien tap"},
		kiosk.Compiler: {"b s", "tuyen chon", "suu tam", "bs"}, kiosk.Reteller: {"ke", "ke lai", "loi ke"},
	})
	schemes = newVocabulary("scheme", kiosk.Schemes, map[kiosk.Scheme][]string{kiosk.DDC: {"~ddc", "~dewey"}, kiosk.Classes19: {"~19 lop", "~19 day", "19 lop"}})
)
