package fold

import (
	"slices"
	"strings"
	"testing"
)

// Each list stands in its order; sorting it turned round gives it back.
func TestOrder(t *testing.T) {
	for _, list := range []string{
		"ma mà mả mã má mạ mai nặng",
		"an ăn ân bình chi da dung đa đạt em ê oanh ôn ơn uyên ưng",
		"toan toàn toản toãn toán toạn",
		"K1 K2 K10",
		"Dế Mèn, Dế mèn 2, Dế mèn 10, Đất rừng",
		"Truyện An Tiêm, “Truyện cổ” A, Truyện cổ B",
	} {
		sep := " "
		if strings.Contains(list, ",") {
			sep = ", "
		}
		want := strings.Split(list, sep)
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortStableFunc(got, func(a, b string) int { return strings.Compare(Order(a), Order(b)) })
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
	for _, same := range [][2]string{{"hòa", "hoà"}, {"Thúy Nga", "THUÝ  NGA"}, {"Tập 1.", "tập 1"}} {
		if Order(same[0]) != Order(same[1]) {
			t.Errorf("%q and %q have two places", same[0], same[1])
		}
	}
}

func TestNameOrder(t *testing.T) {
	want := []string{"Trần Mẫu An", "Nguyễn Mẫu Ân", "Lê Mẫu Bình", "Nguyễn Mẫu Bình", "Nguyễn Thị Bình", "Bình", "Đỗ Mẫu Dung", "An Mẫu Đạt"}
	// A given name alone stands before the same with a family name.
	want = []string{want[0], want[1], want[5], want[2], want[3], want[4], want[6], want[7]}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortStableFunc(got, func(a, b string) int { return strings.Compare(NameOrder(a), NameOrder(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func BenchmarkNameOrder(b *testing.B) {
	for b.Loop() {
		NameOrder("Nguyễn Thị Mẫu Hạnh")
	}
}
