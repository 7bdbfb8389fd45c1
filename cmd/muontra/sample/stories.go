package sample

import "fmt"

// story is a story book that really is: its title and author are facts. Several
// volumes are several titles, "tập 1" and on.
type story struct {
	title, author string
	class         string // DDC: 895.922 Vietnamese, 808.8 foreign, 398.2 folk tales, 741.5 comics
	volumes       int    // 0 for a single book
}

// stories begin with what children ask for by name; the long series come last
// and are cut where the seed's number of titles is reached.
var stories = []story{
	{"Dế Mèn phiêu lưu ký", "Tô Hoài", "895.922", 0},
	{"Đất rừng phương Nam", "Đoàn Giỏi", "895.922", 0},
	{"Hoàng tử bé", "Antoine de Saint-Exupéry", "808.8", 0},
	{"Cho tôi xin một vé đi tuổi thơ", "Nguyễn Nhật Ánh", "895.922", 0},
	{"Góc sân và khoảng trời", "Trần Đăng Khoa", "895.922", 0},
	{"Không gia đình", "Hector Malot", "808.8", 0},
	{"Những tấm lòng cao cả", "Edmondo De Amicis", "808.8", 0},
	{"Lá cờ thêu sáu chữ vàng", "Nguyễn Huy Tưởng", "895.922", 0},
	{"Tấm Cám", "", "398.2", 0},
	{"Totto-chan bên cửa sổ", "Kuroyanagi Tetsuko", "808.8", 0},
	{"Thạch Sanh", "", "398.2", 0},
	{"Tuổi thơ dữ dội", "Phùng Quán", "895.922", 0},
	{"Quê nội", "Võ Quảng", "895.922", 0},
	{"Tảng sáng", "Võ Quảng", "895.922", 0},
	{"Tôi thấy hoa vàng trên cỏ xanh", "Nguyễn Nhật Ánh", "895.922", 0},
	{"Tôi là Bêtô", "Nguyễn Nhật Ánh", "895.922", 0},
	{"Đảo mộng mơ", "Nguyễn Nhật Ánh", "895.922", 0},
	{"Kể chuyện Quang Trung", "Nguyễn Huy Tưởng", "895.922", 0},
	{"An Dương Vương xây thành Ốc", "Nguyễn Huy Tưởng", "895.922", 0},
	{"Đội du kích thiếu niên Đình Bảng", "Xuân Sách", "895.922", 0},
	{"Chuyện hoa chuyện quả", "Phạm Hổ", "895.922", 0},
	{"Cái Tết của mèo con", "Nguyễn Đình Thi", "895.922", 0},
	{"Xóm bờ giậu", "Trần Đức Tiến", "895.922", 0},
	{"Bí mật hồ cá thần", "Nguyễn Quang Thiều", "895.922", 0},
	{"Vừa nhắm mắt vừa mở cửa sổ", "Nguyễn Ngọc Thuần", "895.922", 0},
	{"Pippi tất dài", "Astrid Lindgren", "808.8", 0},
	{"Hai vạn dặm dưới đáy biển", "Jules Verne", "808.8", 0},
	{"Tám mươi ngày vòng quanh thế giới", "Jules Verne", "808.8", 0},
	{"Nghìn lẻ một đêm", "", "398.2", 0},
	{"Truyện cổ Grimm", "Jacob và Wilhelm Grimm", "398.2", 0},
	{"Truyện cổ Andersen", "Hans Christian Andersen", "808.8", 0},
	{"Ngụ ngôn La Fontaine", "Jean de La Fontaine", "808.8", 0},
	{"Ngụ ngôn Aesop", "Aesop", "398.2", 0},
	{"Robinson Crusoe", "Daniel Defoe", "808.8", 0},
	{"Gulliver du ký", "Jonathan Swift", "808.8", 0},
	{"Những cuộc phiêu lưu của Tom Sawyer", "Mark Twain", "808.8", 0},
	{"Alice ở xứ sở diệu kỳ", "Lewis Carroll", "808.8", 0},
	{"Những cuộc phiêu lưu của Pinocchio", "Carlo Collodi", "808.8", 0},
	{"Peter Pan", "J. M. Barrie", "808.8", 0},
	{"Heidi", "Johanna Spyri", "808.8", 0},
	{"Nhóc Nicolas", "René Goscinny", "808.8", 0},
	{"Sọ Dừa", "", "398.2", 0},
	{"Cây khế", "", "398.2", 0},
	{"Cây tre trăm đốt", "", "398.2", 0},
	{"Sự tích trầu cau", "", "398.2", 0},
	{"Sự tích dưa hấu", "", "398.2", 0},
	{"Bánh chưng, bánh giầy", "", "398.2", 0},
	{"Thánh Gióng", "", "398.2", 0},
	{"Sơn Tinh, Thủy Tinh", "", "398.2", 0},
	{"Sự tích Hồ Gươm", "", "398.2", 0},
	{"Con Rồng cháu Tiên", "", "398.2", 0},
	{"Chử Đồng Tử", "", "398.2", 0},
	{"Sự tích chú Cuội cung trăng", "", "398.2", 0},
	{"Trí khôn của ta đây", "", "398.2", 0},
	{"Cóc kiện Trời", "", "398.2", 0},
	{"Sự tích cây vú sữa", "", "398.2", 0},
	{"Nàng tiên cá", "Hans Christian Andersen", "808.8", 0},
	{"Chú vịt con xấu xí", "Hans Christian Andersen", "808.8", 0},
	{"Cô bé bán diêm", "Hans Christian Andersen", "808.8", 0},
	{"Bộ quần áo mới của hoàng đế", "Hans Christian Andersen", "808.8", 0},
	{"Cô bé quàng khăn đỏ", "", "398.2", 0},
	{"Nàng Bạch Tuyết và bảy chú lùn", "Jacob và Wilhelm Grimm", "398.2", 0},
	{"Cô bé Lọ Lem", "", "398.2", 0},
	{"Chuyện xứ Lang Biang", "Nguyễn Nhật Ánh", "895.922", 4},
	{"Kính vạn hoa", "Nguyễn Nhật Ánh", "895.922", 45},
	{"Tý Quậy", "Đào Hải", "741.5", 7},
	{"Doraemon", "Fujiko F. Fujio", "741.5", 45},
	{"Thần đồng đất Việt", "Lê Linh", "741.5", 30},
	{"Dũng sĩ Hesman", "Hùng Lân", "741.5", 30},
}

// hoChiMinh are the books of the tenth bookcase.
var hoChiMinh = []story{
	{"Búp sen xanh", "Sơn Tùng", "895.922", 0},
	{"Nhật ký trong tù", "Hồ Chí Minh", "895.922", 0},
	{"Những mẩu chuyện về đời hoạt động của Hồ Chủ tịch", "Trần Dân Tiên", "335.4346", 0},
	{"Kể chuyện Bác Hồ", "", "335.4346", 4},
	{"Bác Hồ với thiếu nhi", "", "335.4346", 0},
	{"Năm điều Bác Hồ dạy", "", "335.4346", 0},
	{"Bác Hồ và những bài học về đạo đức, lối sống", "", "335.4346", 0},
}

// levels are the colours of the reading levels, easiest first.
var levels = []string{"xanh lá", "đỏ", "cam", "trắng", "xanh dương", "vàng"}

// storyTitles makes n titles of the list.
func storyTitles(list []story, n int) []entry {
	var es []entry
	for _, s := range list {
		for v := range max(s.volumes, 1) {
			if len(es) == n {
				return es
			}
			e := entry{title: s.title, author: s.author, publisher: samplePublisher, class: s.class, level: levels[len(es)%len(levels)]}
			if s.volumes > 0 {
				e.remainder = fmt.Sprintf("tập %d", v+1)
			}
			es = append(es, e)
		}
	}
	return es
}
