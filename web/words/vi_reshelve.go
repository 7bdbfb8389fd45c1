package words

// viReshelve are the words of moving copies from shelf to shelf.
var viReshelve = map[string]string{
	"reshelve.title":     "Chuyển kệ",
	"reshelve.sub":       "Phòng mới, kệ mới, hay một kệ bỏ đi: chọn kệ rồi quét từng cuốn. Từ đó kệ ấy là chỗ của cuốn sách; số và nhãn giữ nguyên.",
	"reshelve.to":        "Chuyển về kệ nào?",
	"reshelve.choose":    "Chọn kệ",
	"reshelve.label":     "Quét từng cuốn về {place}, hoặc gõ mã một kệ khác để đổi kệ",
	"reshelve.moved":     "từ nay ở kệ này",
	"reshelve.same":      "vốn đã ở kệ này",
	"reshelve.in_corner": "từ nay là của kệ này; máy ghi còn ở {place}",
	"reshelve.done":      "Đã chuyển {accession} về {place}.",
	"reshelve.refused":   "Chưa chuyển được",
	"reshelve.no_shelf":  "Chọn kệ trước, rồi quét sách.",
	"reshelve.go":        "Chuyển sách sang kệ khác",
}
