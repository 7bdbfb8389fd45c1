package sample

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"

	"muontra/kiosk/fold"
)

// The parts of a sample person's name. The family name says that nobody is
// meant; the given names are many and short, so that lists sort and a child's
// screen reads like one at school.
const family = "Mẫu"

type nameParts struct {
	sex    string
	middle []string
	given  []string
}

var (
	girls = nameParts{"f",
		strings.Fields("Thị Ngọc Thanh Khánh Phương Bảo Thu Minh Quỳnh Hải"),
		strings.Fields("An Anh Ánh Châu Chi Diệp Dung Giang Hà Hạnh Hân Hiền Hoa Hòa Hương Huyền Lan Liên Linh Loan Ly Mai My Nga Ngân Ngọc Nhi Như Nhung Oanh Phượng Quyên Thảo Thơ Thủy Thư Trà Trâm Trang Tú Tuyết Uyên Vân Vy Xuân Yến"),
	}
	boys = nameParts{"m",
		strings.Fields("Văn Đức Minh Hoàng Quang Gia Anh Tuấn Nhật Xuân"),
		strings.Fields("An Bách Bảo Bình Cường Dũng Duy Đại Đạt Đăng Giáp Hải Hiếu Hùng Huy Hưng Khang Khánh Khoa Khôi Kiên Lâm Long Lộc Minh Nam Nghĩa Nhân Phong Phú Phúc Quân Quốc Sơn Tài Tâm Thành Thắng Thiện Tiến Toàn Trí Trung Tuấn Việt Vinh"),
	}
)

// person is a name with the sex it is usual for.
type person struct{ name, sex string }

func (p person) given() string { return p.name[strings.LastIndexByte(p.name, ' ')+1:] }

// namer gives each name once.
type namer struct {
	rng  *rand.Rand
	used map[string]bool
}

// people gives n persons, no two with the same given name, ordered by it as
// class lists are. n is less than the given names there are.
func (n *namer) people(count int) []person {
	var ps []person
	called := map[string]bool{}
	for len(ps) < count {
		parts := girls
		if len(ps)%2 == 1 {
			parts = boys
		}
		p := person{sex: parts.sex}
		given := parts.given[n.rng.IntN(len(parts.given))]
		middle := parts.middle[n.rng.IntN(len(parts.middle))]
		p.name = family + " " + middle + " " + given
		if called[given] || middle == given || n.used[p.name] {
			continue
		}
		called[given], n.used[p.name] = true, true
		ps = append(ps, p)
	}
	slices.SortFunc(ps, func(a, b person) int {
		return cmp.Or(strings.Compare(fold.Text(a.given()), fold.Text(b.given())), strings.Compare(a.name, b.name))
	})
	return ps
}
