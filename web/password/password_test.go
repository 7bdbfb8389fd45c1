package password

import (
	"errors"
	"strings"
	"testing"
)

func TestHashAndVerify(t *testing.T) {
	h, err := Hash("a good password")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q: wrong parameters", h)
	}
	again, _ := Hash("a good password")
	if h == again {
		t.Error("two hashes of one password are equal: no salt")
	}
	for pw, want := range map[string]bool{"a good password": true, "a good passwore": false, "": false} {
		if got := Verify(h, pw); got != want {
			t.Errorf("Verify(%q) = %v", pw, got)
		}
	}
}

func TestVerifyRefusesWhatIsNoHash(t *testing.T) {
	for _, h := range []string{"", "plain", "$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2id$v=19$m=4294967295,t=2,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$bcrypt$x$y$z$a"} {
		if Verify(h, "whatever it is") {
			t.Errorf("Verify(%q) let somebody in", h)
		}
	}
}

func TestCheck(t *testing.T) {
	for pw, want := range map[string]error{
		"k9mz rt2": nil, "12345678": ErrCommon, "1234567": ErrTooShort, "\xff\xfe12345678": ErrEncoding, strings.Repeat("a", 1025): ErrTooLong,
	} {
		if err := Check(pw); !errors.Is(err, want) {
			t.Errorf("Check(%d bytes) = %v, want %v", len(pw), err, want)
		}
	}
}
