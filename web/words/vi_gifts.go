package words

// viGifts are the words of gifts that come into the stock.
var viGifts = map[string]string{
	"reg.gift_corner": "để ở góc lớp",

	"gift.no_receipt":            "Không, chưa vào kho",
	"gift.receipt":               "Đã nhập kho theo phiếu",
	"gift.receipt_of":            "Số {n} · {date} · {who}",
	"gift.receipt_hint.gift":     "Sách đã nhập kho thì chọn phiếu, để sổ quyên góp tính mỗi cuốn một lần.",
	"gift.receipt_hint.campaign": "Chọn phiếu đã nhập sách của cả đợt, để sổ quyên góp tính mỗi cuốn một lần. Sách để ở góc lớp tính riêng.",
	"gift.take_in":               "Nhập kho sách của đợt",
	"gift.in_receipt":            "Đã nhập kho: số {n}",

	"reg.stocktake-minutes.quantities": "Sách giáo khoa đếm theo số",
	"reg.col.on_shelf":                 "Phải có trên kệ",
	"reg.col.counted":                  "Đếm được",

	"weed.by_number":       "Ngoài ra có {n} dòng sách giáo khoa đếm theo số ({copies} cuốn) xuất bản trước năm {year}: bấm vào đây, mở từng dòng rồi ghi giảm.",
	"stock.find_withdrawn": "Cuốn này đã thanh lý: số đăng ký không dùng lại. Để riêng ra, đừng cất lên kệ.",

	"reg.col.accessions": "Số ĐKCB",
	"reg.col.handed_by":  "Người giao",
	"reg.col.own_there":  "Sách lớp góp",
	"reg.col.copies_in":  "Số bản vào",
}
