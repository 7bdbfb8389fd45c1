package words

// viTrolley are the words of the place where returned books lie until they are
// put on their shelves.
var viTrolley = map[string]string{
	"trolley.title":       "Sách ở xe trả sách",
	"trolley.sub":         "{n} cuốn vừa trả, chờ lên kệ. Xếp theo kệ để đi một vòng là xong.",
	"trolley.empty":       "Sách trẻ trả nằm ở đây cho đến khi lên kệ.",
	"trolley.is_off":      "Chưa chọn nơi để sách vừa trả. Máy coi sách trả là đã ở trên kệ.",
	"trolley.nothing":     "Không có cuốn nào chờ lên kệ.",
	"trolley.choose":      "Chọn nơi để sách vừa trả",
	"trolley.shelf":       "Lên kệ nào",
	"trolley.all":         "Cả {n} cuốn đã lên kệ",
	"trolley.ticked":      "Những cuốn đã tích đã lên kệ",
	"trolley.none_ticked": "Chưa tích cuốn nào. Tích vào ô đầu dòng, hoặc bấm nút cho cả xe.",
	"trolley.done":        "Đã ghi: {n} cuốn đã lên kệ.",
	"trolley.setting":     "Nơi để sách vừa trả",
	"trolley.setting.sub": "Trẻ trả sách thì máy nhắc để vào đó; danh mục và máy tìm sách báo sách đang ở đó. Sau khi quét ở trang Xếp kệ, sách lại ở kệ của mình. Sách có người hẹn và sách góc lớp không để ở đó.",
	"trolley.place":       "Để ở đâu?",
	"trolley.off":         "Không dùng: trả là coi như đã lên kệ",
	"trolley.new":         "Xe trả sách (thêm chỗ mới)",
	"trolley.new_name":    "Xe trả sách",
	"trolley.new_code":    "XE",
	"trolley.saved":       "Từ bây giờ sách trả được để ở đó.",
	"trolley.saved_off":   "Từ bây giờ sách trả coi như đã lên kệ. Cuốn nào còn ở chỗ cũ thì vẫn chờ xếp.",
	"trolley.todo":        "{n} cuốn vừa trả chờ lên kệ.",
	"trolley.open":        "Xem",
	"shelve.trolley":      "đã lấy khỏi xe trả sách",
	"past.shelved":        "Đã lên kệ",
	"trolley.is_this":     "Sách vừa trả đang được để ở chỗ này. Ở trang \"Kệ, chỗ để\" chọn nơi khác cho sách vừa trả trước, rồi mới đóng hoặc đổi loại chỗ này.",
	"note.trolley.text":   "{Em} để sách ở: {place}{nhe}.",
}
