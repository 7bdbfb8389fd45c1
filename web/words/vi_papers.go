package words

// What stands at the head and the foot of printed papers, and the library's
// teams.
var viPapers = map[string]string{
	"paper.day":       "Ngày {d} tháng {m} năm {y}",
	"paper.dated":     "{place}, ngày {d} tháng {m} năm {y}",
	"paper.librarian": "Người phụ trách thư viện",
	"paper.head":      "Hiệu trưởng",
	"paper.sign":      "(ký, ghi rõ họ tên)",
	"paper.seal":      "(ký, đóng dấu)",
}
