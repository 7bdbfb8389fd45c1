package words

// viLan are the words by which another machine is connected.
var viLan = map[string]string{
	"machines.alone":        "Bây giờ chỉ máy này vào được",
	"machines.lan_why":      "Cho phép rồi, máy tính, máy tính bảng và điện thoại trong mạng của trường vào được thư viện, đường truyền có mã hoá. Người lạ vẫn phải có mã ghép hoặc tài khoản.",
	"machines.lan_go":       "Cho máy khác trong trường vào",
	"machines.lan_stop":     "Không cho máy khác vào nữa",
	"machines.lan_on":       "Đã cho phép. Mở lại muontra là máy khác vào được.",
	"machines.lan_off":      "Đã thôi cho phép. Từ lần mở sau chỉ máy này vào được.",
	"machines.lan_waits":    "Đã cho phép, còn chờ mở lại muontra.",
	"machines.restart.1":    "Đóng muontra: đóng cửa sổ đen của nó, hoặc tắt máy.",
	"machines.restart.2":    "Mở lại như mọi ngày. Windows hỏi thì bấm Cho phép.",
	"machines.restart.3":    "Vào lại trang này: địa chỉ cho máy khác hiện ở đây.",
	"machines.expert":       "Dành cho người làm kỹ thuật",
	"machines.expert_serve": "Khi chạy muontra bằng dòng lệnh có --listen, nút trên không có tác dụng; thêm một địa chỉ:",
	"machines.pair_qr":      "Mã QR mở trang ghép trạm {station}",
	"machines.step.trust":   "Lần đầu trên máy kia: mở trang này trong trình duyệt và làm theo hình.",
	"machines.step.net":     "Nối máy kia vào mạng của trường.",
	"machines.step.open":    "Trên máy kia: quét mã QR này, hoặc gõ địa chỉ",
	"machines.step.code":    "Nhập mã {code} (quét QR thì mã có sẵn), bấm Ghép. Trang mượn trả mở ra.",
	"machines.step.scan":    "Cắm máy quét vào máy kia, hoặc bấm Chụp mã vạch. Quét thử một thẻ.",
	"pair.ready":            "Mã đã có sẵn. Bấm Ghép là xong.",
}
