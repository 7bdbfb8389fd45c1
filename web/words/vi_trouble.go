package words

// viTrouble are the words of the page that stands in place of all others when
// the daemon cannot serve its data.
var viTrouble = map[string]string{
	"error.trouble":          "Máy chưa mở được dữ liệu, lần này chưa được ghi. Xem trang đầu để biết việc cần làm.",
	"trouble.lost":           "Không thấy dữ liệu thư viện",
	"trouble.lost.text":      "Tệp muontra.db đã bị xoá, đổi chỗ hoặc trống rỗng. Máy không tự bắt đầu lại từ đầu, để không làm mất lượt mượn nào.",
	"trouble.lost.do":        "Nếu tệp bị chuyển đi, hãy đặt nó lại vào thư mục dữ liệu rồi mở lại chương trình. Nếu không, khôi phục bản sao mới nhất.",
	"trouble.foreign":        "Tệp dữ liệu không phải của muontra",
	"trouble.foreign.text":   "Trong thư mục dữ liệu có một tệp muontra.db mà chương trình không đọc được.",
	"trouble.foreign.do":     "Giữ tệp đó lại, đừng xoá. Khôi phục bản sao mới nhất, hoặc đặt lại tệp đúng, rồi mở lại chương trình.",
	"trouble.damaged":        "Dữ liệu thư viện bị hỏng",
	"trouble.damaged.text":   "Đĩa đã làm hỏng tệp muontra.db. Chương trình không ghi thêm gì vào tệp này.",
	"trouble.damaged.do":     "Giữ tệp đó lại, đừng xoá. Khôi phục bản sao mới nhất rồi mở lại chương trình. Nên thay đĩa cứng.",
	"trouble.read_only":      "Máy không ghi được dữ liệu",
	"trouble.read_only.text": "Đĩa hoặc thư mục dữ liệu đang ở chế độ chỉ đọc, nên chưa thể mượn, trả.",
	"trouble.read_only.do":   "Khởi động lại máy tính. Nếu vẫn vậy, nhờ người phụ trách máy cho phép ghi vào thư mục dữ liệu, hoặc thay đĩa.",
	"trouble.full":           "Đĩa đã đầy",
	"trouble.full.text":      "Không còn chỗ để ghi, nên chưa thể mượn, trả.",
	"trouble.full.do":        "Xoá bớt tệp không cần (thùng rác, phim, tải về), đừng xoá gì trong thư mục dữ liệu. Rồi mở lại chương trình.",
	"trouble.failed":         "Máy chưa mở được dữ liệu",
	"trouble.failed.text":    "Chương trình không đọc được dữ liệu thư viện.",
	"trouble.failed.do":      "Khởi động lại máy tính. Nếu vẫn vậy, nhờ người phụ trách máy xem tệp log/muontra.log trong thư mục dữ liệu.",
	"trouble.safe":           "Chương trình không xoá và không ghi đè gì. Mỗi bản sao có mọi lượt mượn, trả cho đến lúc sao lưu.",
	"trouble.do":             "Việc cần làm",
	"trouble.folder":         "Thư mục dữ liệu",
	"trouble.copies":         "Các bản sao, mới nhất trước",
	"trouble.restore":        "Tắt chương trình, rồi chạy lệnh này để khôi phục. Tệp cũ được giữ lại bên cạnh:",
	"trouble.look_up":        "Tra cứu sách (chỉ xem)",
	"trouble.paper":          "Trong lúc chờ, ghi mượn trả ra giấy: số thẻ, số sách, ngày.",
	"check.spare_gone":       "Ổ đĩa đã đầy. Máy đã lấy phần chỗ để dành ra dùng, nên vẫn mượn, trả, hết ngày vẫn sao lưu được, nhưng chỉ ít hôm. Hôm nay hãy xoá bớt tệp không cần (thùng rác, phim, tải về), đừng xoá gì trong thư mục dữ liệu. Có chỗ lại, máy tự để dành như cũ.",
	"check.room":             "Đĩa chỉ còn {mb} MB trống. Xoá bớt tệp không cần (đừng xoá gì trong thư mục dữ liệu), kẻo máy không ghi được lượt mượn.",
}
