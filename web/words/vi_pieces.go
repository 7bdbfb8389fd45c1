package words

// viPieces are the words of copies that consist of several pieces.
var viPieces = map[string]string{
	"pieces.label":        "Số mảnh",
	"pieces.hint":         "Bộ tranh, trò chơi, sách kèm đĩa: gồm mấy mảnh? Để trống nếu chỉ là một cuốn.",
	"pieces.missing_line": "{day}: thiếu mảnh (đủ là {n})",
	"pieces.noted":        "Đã ghi thiếu mảnh: {title}. Xem ở Từng cuốn sách, mục Hỏng, rách.",
	"copy.do.pieces":      "Thiếu mảnh",
	"note.pieces.text":    "Đủ {count} mảnh chưa? Nếu thiếu, {em} báo {co}{nhe}.",
}
