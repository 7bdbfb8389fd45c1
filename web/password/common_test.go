package password

import (
	"errors"
	"testing"
)

func TestCommonPasswordsAreRefused(t *testing.T) {
	for _, pw := range []string{"12345678", "Mật khẩu 123", "matkhau-123", "THUVIEN123", "aaaaaaaa", "abcdefgh", "87654321", "1234567890", "Cô thủ thư", "password!!", "P@ssword1"} {
		want := ErrCommon
		if pw == "P@ssword1" { // not in the list, and no rule of composition says more
			want = nil
		}
		if err := Check(pw); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", pw, err, want)
		}
	}
	for _, pw := range []string{"mat khau thu", "con mèo ngủ trưa", "abcdefgz", "muontra-demo", "sach hay va vui"} {
		if err := Check(pw); err != nil {
			t.Errorf("%q: %v", pw, err)
		}
	}
}

func TestPINs(t *testing.T) {
	for pin, ok := range map[string]bool{
		"583920": true, "294857203948": true, "58392": false, "5839204857392": false, "111111": false, "123456": false, "654321": false, "789012": false, "58392a": false, "": false, "５８３９２０": false,
	} {
		h, err := HashPIN(pin)
		if ok != (err == nil) {
			t.Errorf("PIN %q: %v", pin, err)
			continue
		}
		if ok && (!Verify(h, pin) || Verify(h, pin+"0")) {
			t.Errorf("PIN %q is not its hash's", pin)
		}
	}
}
