package sample

import (
	"fmt"
	"strings"
)

// entry is what the sample says of a title.
type entry struct {
	title, remainder  string
	author, publisher string
	class             string // DDC
	subject           string
	grade             int
	level             string
}

// samplePublisher stands under every title: even of a book that really is, the
// edition is a sample, its year, pages and price are made up.
const samplePublisher = "NXB Mẫu"

// courses are the subjects of primary school, with the grades they are taught in.
var courses = []struct {
	name     string
	from, to int
	class    string
}{
	{"Toán", 1, 5, "372.7"},
	{"Tiếng Việt", 1, 5, "372.6"},
	{"Tự nhiên và Xã hội", 1, 3, "372.3"},
	{"Khoa học", 4, 5, "372.35"},
	{"Lịch sử và Địa lí", 4, 5, "372.89"},
	{"Tiếng Anh", 3, 5, "372.652"},
	{"Tin học", 3, 5, "372.34"},
	{"Công nghệ", 3, 5, "372.358"},
	{"Đạo đức", 1, 5, "372.83"},
	{"Âm nhạc", 1, 5, "372.87"},
	{"Mĩ thuật", 1, 5, "372.52"},
	{"Hoạt động trải nghiệm", 1, 5, "372.37"},
}

// byCourse makes n titles from patterns with a subject and a grade in them, two
// volumes each; patterns later in the list come later.
func byCourse(n int, patterns ...string) []entry {
	var es []entry
	for _, p := range patterns {
		for vol := 1; vol <= 2; vol++ {
			for g := 1; g <= 5; g++ {
				for _, c := range courses {
					if g < c.from || g > c.to {
						continue
					}
					if len(es) == n {
						return es
					}
					es = append(es, entry{
						title: fmt.Sprintf(p, c.name, g), remainder: fmt.Sprintf("tập %d", vol),
						author: "Nhóm tác giả Mẫu", publisher: samplePublisher, class: c.class, subject: c.name,
						grade: g, level: levels[g-1],
					})
				}
			}
		}
	}
	return es
}

// byTopic makes n titles from patterns with one topic in them: every topic
// under the first pattern, then under the second.
func byTopic(n int, class, subject string, topics []string, patterns ...string) []entry {
	var es []entry
	for _, p := range patterns {
		for _, t := range topics {
			if len(es) == n {
				return es
			}
			s := fmt.Sprintf(p, t)
			s = firstUpper(s)
			es = append(es, entry{title: s, author: "Nhóm tác giả Mẫu", publisher: samplePublisher, class: class, subject: subject, level: levels[len(es)%len(levels)]})
		}
	}
	return es
}

// firstUpper writes a title with a capital at its beginning.
func firstUpper(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

var (
	virtues = []string{
		"lòng hiếu thảo", "tình bạn", "lòng nhân ái", "tính trung thực", "sự dũng cảm", "lòng biết ơn", "tính tiết kiệm",
		"sự chăm chỉ", "tính khiêm tốn", "sự lễ phép", "tinh thần đoàn kết", "lòng yêu nước", "tình thầy trò", "sự sẻ chia",
		"tính kiên trì", "lòng vị tha", "sự ngăn nắp", "tính tự lập", "lòng tự trọng", "tinh thần trách nhiệm", "sự công bằng",
		"tình anh em", "sự cảm thông", "lòng yêu thiên nhiên",
	}
	rights = []string{
		"an toàn giao thông", "quyền trẻ em", "phòng cháy chữa cháy", "bảo vệ môi trường", "phòng chống đuối nước", "an ninh mạng",
		"phòng chống bạo lực học đường", "biển đảo quê hương", "an toàn thực phẩm",
	}
	tongues = []string{
		"tiếng Việt", "chính tả", "từ láy", "từ đồng nghĩa, trái nghĩa", "thành ngữ, tục ngữ", "Anh - Việt", "Việt - Anh", "bằng tranh",
	}
	circulars = []string{
		"chương trình giáo dục phổ thông", "đánh giá học sinh tiểu học", "điều lệ trường tiểu học", "thư viện trường học", "công tác Đội",
		"y tế trường học", "chuẩn nghề nghiệp giáo viên",
	}
	scenes = []string{
		"các loài hoa", "các loài cá", "các loài chim", "cây ăn quả", "nghề nghiệp", "phương tiện giao thông", "gia đình", "trường học",
		"bốn mùa", "cơ thể người", "danh lam thắng cảnh", "lễ hội", "con vật nuôi", "biển đảo", "thời tiết", "đồ dùng trong nhà",
	}
	lands = []string{
		"Việt Nam", "Đông Nam Á", "châu Á", "thế giới", "các dân tộc Việt Nam",
	}
)

// newspapers and magazines are named in the seed.
var (
	newspapers = []string{"Nhân dân", "Giáo dục và Thời đại", "Hải Dương", "Nhi đồng"}
	magazines  = []string{
		"Tạp chí Giáo dục", "Giáo dục Tiểu học", "Dạy và học ngày nay", "Thế giới trong ta", "Văn nghệ Hải Dương", "Toán tuổi thơ",
		"Thiết bị giáo dục", "Sách giáo dục và thư viện trường học", "Văn tuổi thơ", "Tài hoa trẻ", "Thế giới mới", "Giáo dục xã hội",
		"Khoa học giáo dục",
	}
)

// serialTitles makes a title of each name.
func serialTitles(names []string) []entry {
	var es []entry
	for _, n := range names {
		es = append(es, entry{title: n, class: "050"})
	}
	return es
}

// modules are the thirteen of in-service training.
func modules(n int) []entry {
	var es []entry
	for i := range n {
		es = append(es, entry{
			title: "Tài liệu bồi dưỡng thường xuyên", remainder: fmt.Sprintf("mô đun %d", i+1),
			author: "Nhóm tác giả Mẫu", publisher: samplePublisher, class: "370.71", subject: "Bồi dưỡng thường xuyên",
		})
	}
	return es
}
