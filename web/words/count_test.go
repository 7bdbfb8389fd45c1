package words

import (
	"fmt"
	"strings"
	"testing"

	"muontra/kiosk"
)

// A large set fits the kiosk's card; the desk names all of it.
func TestSetLeft(t *testing.T) {
	var n kiosk.Count
	for i := range 20 {
		n.Members = append(n.Members, kiosk.SetMemberSeen{Code: fmt.Sprintf("GK.%05d", i), Title: "Sách mẫu", Seen: i == 0})
	}
	if all := SetLeft("vi", n, len(n.Members)); strings.Contains(all, "GK.00000") || !strings.Contains(all, "GK.00019") {
		t.Error(all)
	}
	n.Outcome = kiosk.CountSet
	if card := ForCount("vi", n); strings.Count(card.Text, "GK.") != mostNamed || !strings.Contains(card.Text, "…") {
		t.Error(card.Text)
	}
	for i := range n.Members {
		n.Members[i].Seen = true
	}
	if left := SetLeft("vi", n, mostNamed); left != "" {
		t.Error(left)
	}
}
