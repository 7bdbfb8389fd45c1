package exchange

// Column is one thing that a file says about its subject. Its text is the
// English key, which is understood as a header too.
type Column string

// The columns. Not every subject has every column; see [Columns].
const (
	ColCard      Column = "card_number"
	ColName      Column = "name"
	ColBirth     Column = "birth_date"
	ColSex       Column = "sex"
	ColClass     Column = "class"
	ColGrade     Column = "grade"
	ColCategory  Column = "category"
	ColSector    Column = "sector_code"
	ColStatus    Column = "status"
	ColTitleID   Column = "title_id"
	ColTitle     Column = "title"
	ColRemainder Column = "remainder"
	ColAuthors   Column = "authors"
	ColPublisher Column = "publisher"
	ColPubPlace  Column = "place"
	ColYear      Column = "year"
	ColISBN      Column = "isbn"
	ColClassNo   Column = "class_number"
	ColSubjects  Column = "subjects"
	ColLevel     Column = "level"
	ColLanguage  Column = "language"
	ColPages     Column = "pages"
	ColPrice     Column = "price"
	ColCopies    Column = "copies"
	ColBarcode   Column = "barcode"
	ColAccession Column = "accession_number"
	ColKind      Column = "kind"
	ColSubKind   Column = "sub_kind"
	ColCondition Column = "condition"
	ColSource    Column = "source"
	ColReceived  Column = "received_on"
	ColHome      Column = "home_place"
	ColPresent   Column = "present_place"
	ColCallNo    Column = "call_number"
	ColEdition   Column = "edition"
	ColSeries    Column = "series"
	ColScheme    Column = "class_scheme"
	ColSize      Column = "size"
	ColLink      Column = "link"
	ColSummary   Column = "summary"
	ColNote      Column = "note" // of a copy
	ColPieces    Column = "pieces"
	ColLoanID    Column = "loan_id"
	ColCopyCode  Column = "copy_barcode"
	ColOutAt     Column = "checked_out_at"
	ColDueOn     Column = "due_on"
	ColReturned  Column = "returned_at"
	ColRenewals  Column = "renewals"
	ColLoanType  Column = "loan_type"
	ColStation   Column = "station"

	// Columns that files have and exports do not.
	colFamily   Column = "family_name" // the name in two columns
	colGiven    Column = "given_name"
	colFemale   Column = "female" // a mark where the child is a girl
	colPosition Column = "position"
	colCode     Column = "code"    // a barcode or an accession number
	colImprint  Column = "imprint" // place, publisher and year in one
	colReason   Column = "reason"  // of a file of rejected rows; never read
	colTeachers Column = "teachers_only"
)

var columns = map[Subject][]Column{
	Patrons: {ColCard, ColName, ColBirth, ColSex, ColClass, ColGrade, ColCategory, ColSector, ColStatus},
	Titles: {ColTitleID, ColTitle, ColRemainder, ColAuthors, ColPublisher, ColPubPlace, ColYear, ColISBN, ColClassNo,
		ColSubjects, ColGrade, ColLevel, ColLanguage, ColPages, ColPrice, ColCopies,
		ColCallNo, ColEdition, ColSeries, ColScheme, ColSize, ColLink, ColSummary},
	// The titles' are more than a copy's own: with them a library is
	// restored from its exports alone.
	Copies: {ColBarcode, ColAccession, ColTitle, ColKind, ColSubKind, ColStatus, ColCondition, ColPrice, ColSource,
		ColReceived, ColHome, ColPresent, ColCallNo, ColTitleID, ColRemainder, ColAuthors, ColPublisher, ColYear, ColISBN, ColNote, ColPieces},
	Loans: {ColLoanID, ColCopyCode, ColAccession, ColTitle, ColCard, ColClass, ColOutAt, ColDueOn, ColReturned,
		ColRenewals, ColLoanType, ColStation},
}

// Columns are the columns of an export, in their order; import reads them all.
func Columns(s Subject) []Column { return append([]Column(nil), columns[s]...) }

// synonym lists are folded (fold.Text); the earlier a spelling stands, the
// more it is trusted when a file has two columns for one thing.
type synonyms map[Column][]string

var patronHeaders = synonyms{
	ColCard: {"so the", "ma the", "so the thu vien", "ma the thu vien", "the thu vien", "ma so the", "so the muon", "so the muon sach",
		"ma ban doc", "so the ban doc", "ma doc gia", "ma vach", "ma vach the", "card", "card no", "card barcode", "barcode"},
	ColName: {"ho va ten", "ho ten", "ho va ten hoc sinh", "ho ten hoc sinh", "ten hoc sinh", "ho va ten hs", "ho ten hs", "ho va ten giao vien",
		"ho ten giao vien", "ten giao vien", "ho va ten gv", "ho ten gv", "ho va ten can bo", "ho ten can bo", "ho va ten cb gv nv",
		"ho ten cb gv nv", "ho va ten can bo giao vien nhan vien", "ho va ten nhan vien", "ho va ten ban doc", "ho ten ban doc", "ten ban doc",
		"ho va chu dem va ten", "ho dem va ten", "ho ten day du", "ten day du", "full name", "fullname", "student name", "student", "hoc sinh"},
	colFamily: {"ho dem", "ho va dem", "ho va ten dem", "ho va chu dem", "ho chu dem", "ho ten dem", "ho lot", "ho va chu lot", "ho va ten lot",
		"ho", "last name", "surname", "family name"},
	colGiven: {"ten", "ten rieng", "first name", "given name"},
	ColBirth: {"ngay sinh", "ngay thang nam sinh", "ngay thang sinh", "sinh ngay", "ngay sinh hs", "ngay sinh hoc sinh", "ngay sinh dd mm yyyy",
		"date of birth", "birthdate", "birthday", "dob"},
	ColSex:    {"gioi tinh", "nam nu", "phai", "gt", "gioi", "gender"},
	colFemale: {"nu", "hoc sinh nu"},
	ColClass:  {"lop", "lop hoc", "ten lop", "ten lop hoc", "lop hien tai", "hoc lop", "ma lop", "class name"},
	ColGrade:  {"khoi", "khoi hoc", "khoi lop", "khoi hoc lop"},
	ColCategory: {"doi tuong", "loai ban doc", "loai doc gia", "nhom ban doc", "nhom doc gia", "loai the", "loai doi tuong",
		"vai tro", "patron category"},
	colPosition: {"chuc vu", "chuc danh", "chuc vu chuc danh", "chuc danh nghe nghiep", "vi tri viec lam", "nhiem vu", "cong viec"},
	ColSector: {"ma dinh danh bo gd dt", "ma dinh danh bo gddt", "ma dinh danh bo", "ma dinh danh bo giao duc va dao tao", "ma dinh danh csdl nganh",
		"ma csdl nganh", "ma dinh danh hoc sinh", "ma dinh danh giao vien", "ma nganh", "ma dinh danh", "ma hoc sinh", "ma so hoc sinh", "ma hs", "ma so hs",
		"ma hoc sinh csdl", "ma giao vien", "ma gv", "ma can bo", "sector id", "student id", "student code", "student number"},
	ColStatus: {"trang thai", "trang thai hoc", "tinh trang hoc", "tinh trang"},
	colTeachers: {"to chuyen mon", "to", "mon day", "mon giang day", "day mon", "trinh do chuyen mon", "trinh do dao tao", "ngach", "chuyen mon",
		"chuyen nganh", "lop chu nhiem", "chu nhiem lop", "gvcn lop", "nhiem vu duoc giao"},
}

var bookHeaders = synonyms{
	ColTitleID: {"ma nhan de"},
	ColTitle: {"ten sach", "nhan de", "nhan de chinh", "ten an pham", "ten tai lieu", "tua sach", "tua de", "ten nhan de", "nhan de sach",
		"ten sach an pham", "ten sach tai lieu", "tac gia va ten sach", "ten sach va tac gia", "ten tac gia va ten sach", "ten", "book title", "book"},
	ColRemainder: {"phan con lai cua nhan de", "nhan de phu", "phu de", "tap", "tap so", "so tap", "subtitle", "volume"},
	ColAuthors:   {"tac gia", "ten tac gia", "cac tac gia", "tac gia chu bien", "nguoi bien soan", "chu bien", "author"},
	ColPublisher: {"nha xuat ban", "nxb", "ten nha xuat ban", "nha xb", "xuat ban nha xuat ban", "xuat ban nxb"},
	ColPubPlace:  {"noi xuat ban", "noi xb", "xuat ban noi", "publication place"},
	colImprint: {"xuat ban", "xuat ban noi nam", "noi nam xuat ban", "noi va nam xuat ban", "thong tin xuat ban", "noi xuat ban nam xuat ban",
		"nha xuat ban nam xuat ban", "nxb nam xb", "nxb nam xuat ban"},
	ColYear:    {"nam xuat ban", "nam xb", "namxb", "xuat ban nam", "nam", "publication year"},
	ColISBN:    {"ma isbn", "so isbn", "chi so isbn"},
	ColClassNo: {"mon loai", "ky hieu phan loai", "chi so phan loai", "so phan loai", "ky hieu mon loai", "kh phan loai", "phan loai", "ddc", "chi so ddc"},
	ColSubjects: {"chu de", "tu khoa", "de muc chu de", "chu de tu khoa", "mon", "mon hoc", "subject",
		"keywords"},
	ColGrade:    {"lop", "khoi", "khoi lop", "danh cho lop", "dung cho lop", "danh cho khoi", "dung cho khoi"},
	ColLevel:    {"trinh do doc", "cap do doc", "ma mau", "reading level"},
	ColLanguage: {"ngon ngu", "tieng"},
	ColPages:    {"so trang", "trang", "sotrang"},
	ColPrice:    {"gia tien", "don gia", "gia bia", "gia", "gia tien dong", "don gia dong", "gia vnd", "gia dong", "don gia vnd"},
	ColCopies: {"so luong", "so ban", "sl", "so cuon", "so quyen", "so luong ban", "so ban sach", "so luong sach", "tong so ban", "so luong hien co",
		"so luong cuon", "quantity", "qty", "number of copies"},
	ColEdition: {"lan xuat ban", "lan tai ban", "tai ban"},
	ColSeries:  {"tung thu", "tu sach", "bo sach"},
	ColScheme:  {"khung phan loai", "bang phan loai"},
	ColSize:    {"kho sach cm", "kich thuoc", "kho cm"},
	ColLink:    {"dia chi ban dien tu", "duong dan", "lien ket", "url"},
	ColSummary: {"tom tat", "tom tat noi dung", "noi dung tom tat"},
	ColCallNo:  {"ky hieu xep gia", "ma xep gia", "ky hieu kho", "call no", "shelf mark"},
	ColBarcode: {"ma vach", "ma vach sach", "ma barcode", "ma vach ban sach", "copy barcode"},
	ColAccession: {"so dkcb", "dkcb", "ma dkcb", "so dang ky ca biet", "dang ky ca biet", "ma dang ky ca biet", "so dk cb", "so ca biet", "ma ca biet",
		"so dang ky", "so dk", "accession", "accession no"},
	colCode: {"ma sach", "ma an pham", "ma tai lieu", "ma so sach", "ma ban sach", "ma sach thu vien"},
	ColKind: {"loai sach", "loai an pham", "loai tai lieu", "nhom sach", "loai", "kho", "kho sach", "loai kho", "loai hinh",
		"ten kho"},
	ColSubKind:   {"phan nhom", "the loai", "phan kho", "tieu loai", "nhom con", "loai chi tiet", "subkind"},
	ColStatus:    {"trang thai", "trang thai sach"},
	ColCondition: {"tinh trang", "tinh trang sach", "hien trang", "chat luong"},
	ColSource:    {"nguon", "nguon cung cap", "nguon nhap", "nguon goc", "nguon kinh phi", "nguon cap"},
	ColReceived:  {"ngay nhap", "ngay vao so", "ngay nhap kho", "ngay nhan", "ngay dang ky", "ngay"},
	ColHome: {"vi tri", "vi tri ke", "ke", "ke sach", "ke so", "gia ke", "tu ke", "noi de", "noi xep", "vi tri xep gia", "vi tri luu tru",
		"vi tri de sach", "noi luu tru", "cho de sach", "cho de cua sach", "cho xep", "gia so", "tu so", "shelf", "location"},
	ColPieces:  {"so manh", "so mieng", "so chi tiet", "gom may manh", "number of pieces"},
	ColPresent: {"noi dang de", "vi tri hien tai", "noi hien tai", "present location"},
}

var loanHeaders = synonyms{
	ColLoanID:    {"ma luot muon", "ma phieu muon"},
	ColCopyCode:  {"ma vach sach", "ma vach", "ma vach ban sach", "barcode"},
	colCode:      {"ma sach", "ma an pham", "ma tai lieu", "ma so sach"},
	ColAccession: bookHeaders[ColAccession],
	ColTitle:     {"ten sach", "nhan de", "ten an pham", "ten tai lieu"},
	ColCard: {"so the", "ma the", "so the thu vien", "ma the thu vien", "so the ban doc", "ma ban doc", "ma doc gia", "so the muon", "ma vach the",
		"card", "card no", "card barcode", "patron card"},
	ColName:     {"ho va ten", "ho ten", "nguoi muon", "ten nguoi muon", "ho ten nguoi muon", "ho va ten nguoi muon", "ban doc", "ten ban doc", "borrower"},
	ColClass:    {"lop", "lop to", "lop hoc", "ten lop"},
	ColOutAt:    {"ngay muon", "ngay cho muon", "muon ngay", "thoi diem muon", "muon luc", "ngay gio muon", "checked out", "checkout date", "loan date"},
	ColDueOn:    {"han tra", "ngay han tra", "ngay phai tra", "ngay hen tra", "han", "due date", "due"},
	ColReturned: {"ngay tra", "ngay tra thuc te", "tra luc", "da tra ngay", "ngay gio tra", "returned", "return date"},
	ColRenewals: {"so lan gia han", "gia han", "lan gia han"},
	ColLoanType: {"loai muon", "hinh thuc muon", "hinh thuc"},
	ColStation:  {"diem luu thong", "quay", "tram", "diem muon"},
}

// headerOf is, by subject, the folded header's column and rank; 0 is best.
type headerRank struct {
	column Column
	rank   int
}

var headerOf = buildHeaders()

func buildHeaders() map[Subject]map[string]headerRank {
	all := map[Subject]map[string]headerRank{}
	for _, s := range Subjects {
		syn := bookHeaders
		switch s {
		case Patrons:
			syn = patronHeaders
		case Loans:
			syn = loanHeaders
		}
		m := map[string]headerRank{}
		for c, list := range syn {
			for i, h := range list {
				m[h] = headerRank{c, i + 1}
			}
		}
		// What an export writes is understood before anything else.
		for _, c := range append(fileColumns(s), colReason) {
			for _, l := range []Lang{Vietnamese, English} {
				m[foldHeader(c.Title(s, l))] = headerRank{c, 0}
			}
			m[foldHeader(string(c))] = headerRank{c, 0}
		}
		for c := range syn {
			if k := foldHeader(string(c)); c != colTeachers {
				m[k] = headerRank{c, 0}
			}
		}
		all[s] = m
	}
	return all
}

// fileColumns are the export's columns that a file of the subject may bring;
// a list of books may be one of titles and of copies at once.
func fileColumns(s Subject) []Column {
	if s == Titles || s == Copies {
		return append(Columns(Titles), columns[Copies]...)
	}
	return Columns(s)
}
