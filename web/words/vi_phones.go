package words

// viPhones are the words of enrolling a phone and signing in on it.
var viPhones = map[string]string{
	"error.no_phone":  "Điện thoại này chưa được thủ thư cho vào góc lớp. Nhờ thủ thư mở trang Máy khác và đưa mã QR.",
	"error.wrong_pin": "Thẻ hoặc mã PIN không đúng. Thử lại, hoặc nhờ thủ thư đặt lại mã PIN.",
	"error.too_many":  "Đã thử quá nhiều lần. Chờ một phút rồi thử lại.",

	"phones.title":   "Điện thoại của góc lớp",
	"phones.why":     "Giáo viên ghi mượn trả ở góc lớp bằng điện thoại của mình. Mỗi máy nhận một lần bằng mã QR; sau đó chỉ cần thẻ và mã PIN.",
	"phones.name":    "Máy của ai, loại gì",
	"phones.hint":    "Ví dụ: máy cô Mẫu. Tên này chỉ hiện ở đây.",
	"phones.go":      "Lấy mã QR",
	"phones.code":    "Mã cho {name}",
	"phones.scan":    "Mở máy ảnh của điện thoại và đưa vào hình này.",
	"phones.type":    "Không quét được thì mở địa chỉ này trên điện thoại và gõ mã:",
	"phones.qr":      "Mã QR cho {name}",
	"phones.since":   "Nhận ngày {date}",
	"phones.by":      "Đang dùng: {name}",
	"phones.nobody":  "Chưa ai đăng nhập",
	"phones.none":    "Chưa có điện thoại nào.",
	"phones.removed": "Đã gỡ điện thoại. Máy đó không vào được nữa, kể cả khi đang đăng nhập.",

	"enrol.title":    "Nhận điện thoại này vào góc lớp",
	"enrol.how":      "Bấm nút dưới đây để máy này được dùng ghi mượn trả ở góc lớp. Thủ thư có thể gỡ bất cứ lúc nào.",
	"enrol.code":     "Mã của thủ thư",
	"enrol.go":       "Dùng máy này",
	"enrol.already":  "Máy này đã được nhận.",
	"enrol.open":     "Mở góc lớp",
	"enrol.plain":    "Kết nối này không mã hoá: người khác trong mạng có thể đọc được. Nên mở bằng địa chỉ https mà thủ thư đưa.",
	"enrol.trust":    "Muốn dùng cả khi mất mạng, cài chứng chỉ của trường trước:",
	"enrol.trust_go": "xem cách làm",

	"keepercard.title":     "Thẻ QR để đăng nhập góc lớp",
	"keepercard.back":      "Quay lại",
	"keepercard.print":     "In",
	"keepercard.qr":        "Mã QR của thẻ",
	"keepercard.use":       "Mở trang Góc lớp trên điện thoại đã nhận, quét thẻ này, rồi nhập mã PIN. Không ghi mã PIN lên thẻ.",
	"keepercard.no_card":   "Người này chưa có thẻ thư viện đang dùng. Làm thẻ ở trang của bạn đọc rồi quay lại.",
	"keepercard.no_person": "Tài khoản {name} chưa gắn với người nào. Chọn người ở trang tài khoản; khi chưa có thẻ, trên điện thoại gõ tên tài khoản thay cho thẻ.",
}
