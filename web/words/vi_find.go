package words

// viFind are the words of looking for a book at the kiosk, and of wishes.
var viFind = map[string]string{
	"kiosk.find":            "Tìm sách",
	"kiosk.find.title":      "Tìm sách trong thư viện",
	"kiosk.find.close":      "Đóng",
	"kiosk.find.empty":      "Gõ tên sách",
	"kiosk.find.hint":       "Gõ vài chữ của tên sách hoặc tác giả. Không cần dấu.",
	"kiosk.find.hits":       "Sách tìm được",
	"kiosk.find.space":      "Dấu cách",
	"kiosk.find.erase":      "Xóa một chữ",
	"kiosk.find.found":      "Tìm được {n} tên sách",
	"kiosk.find.near":       "Không có đúng tên đó. Gần giống:",
	"kiosk.find.none":       "Thư viện chưa có sách này.",
	"kiosk.find.lost":       "Máy chưa tìm được. Em gõ lại một chữ nhé.",
	"kiosk.find.at":         "Còn {n} cuốn · {place}",
	"kiosk.find.here":       "Còn {n} cuốn · hỏi thầy cô chỗ để",
	"kiosk.find.back":       "Bạn khác đang đọc · về lại {day}",
	"kiosk.find.away":       "Lúc này chưa mượn được",
	"kiosk.find.wish":       "Xin thư viện mua sách này",
	"kiosk.find.wished":     "Thư viện đã ghi lại. Cảm ơn em!",
	"kiosk.find.wish_often": "Em đã xin nhiều rồi. Lát nữa em xin tiếp nhé.",
	"kiosk.find.wish_lost":  "Chưa ghi được. Em thử lại nhé.",
}
