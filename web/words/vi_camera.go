package words

// viCamera are the words of the camera as a scanner.
var viCamera = map[string]string{
	"kiosk.camera":           "Chụp mã vạch",
	"kiosk.camera.title":     "Đưa mã vạch vào trong khung",
	"kiosk.camera.hint":      "Giữ yên, đủ sáng. Máy tự đọc, không cần bấm.",
	"kiosk.camera.starting":  "Đang mở máy ảnh…",
	"kiosk.camera.closer":    "Chưa thấy mã vạch. Đưa lại gần hơn, chỗ sáng hơn nhé.",
	"kiosk.camera.tired":     "Vẫn chưa đọc được. Thử chụp một tấm ảnh, hoặc bấm Gõ số.",
	"kiosk.camera.photo":     "Chụp một tấm ảnh",
	"kiosk.camera.close":     "Đóng",
	"kiosk.camera.view":      "Hình từ máy ảnh",
	"kiosk.own.reading.head": "Đang đọc ảnh…",
	"kiosk.own.reading.hint": "Chờ một chút nhé.",
	"kiosk.own.picture.head": "Chụp lại nhé",
	"kiosk.own.picture.hint": "Chưa được nữa thì gõ số dưới mã vạch, hoặc gọi cô.",
	"kiosk.own.unseen.head":  "Ảnh chưa đến được máy",
	"kiosk.own.unseen.hint":  "Lần chụp này chưa được ghi. Chụp lại nhé.",
	"error.picture_type":     "Chỉ nhận ảnh: image/jpeg, image/png, image/gif, image/webp, hoặc một tệp trong multipart/form-data.",
	"error.picture_bad":      "Tệp này không phải là ảnh đọc được. Chụp lại bằng máy ảnh nhé.",
	"error.picture_large":    "Ảnh quá lớn. Chụp ảnh nhỏ hơn, dưới 12 MB và 25 triệu điểm ảnh.",
	"error.no_barcode":       "Chưa thấy mã vạch. Chụp gần hơn, đủ sáng, giữ yên tay.",
	"error.several_barcodes": "Trong ảnh có nhiều mã vạch. Chụp gần lại, để chỉ một mã trong ảnh.",
}
