package devices

import (
	"testing"
)

func TestLearn(t *testing.T) {
	const c = TestCode
	const azerty, qwertz = "Aq^w6@($Zy;", "Qa6y/294Wzm"
	for _, row := range []struct {
		raw              string
		keyboard, framed bool
		want             Lesson
	}{
		{c + "\r", false, false, Lesson{Learned: Learned{End: "cr"}}},
		{c + "\r\n", false, false, Lesson{Learned: Learned{End: "cr"}}},
		{c + "\n", false, false, Lesson{Learned: Learned{End: "lf"}}},
		{c + "\t", true, false, Lesson{Learned: Learned{End: "tab"}}},
		{"\x02" + c + "\x03", false, false, Lesson{Learned: Learned{End: "etx"}}},
		{c, false, false, Lesson{Learned: Learned{End: "none"}}},
		{c, false, true, Lesson{}},
		{"]C0" + c + "\r", false, false, Lesson{Learned: Learned{End: "cr", AIM: true}}},
		{"S]C0" + c + "\r", false, false, Lesson{Learned: Learned{End: "cr", AIM: true, Prefix: "S"}}},
		{"]C0S" + c + "\r", false, false, Lesson{Learned: Learned{End: "cr", AIM: true, Prefix: "S"}}},
		{"*" + c + "*None\r", false, false, Lesson{Learned: Learned{End: "cr", Prefix: "*", Suffix: "*None"}}},
		{"qA6Z-294wYM\r", true, false, Lesson{Learned: Learned{End: "cr", SwapCase: true}}},
		{"QA6Z-294WYM\r", true, false, Lesson{Learned: Learned{End: "cr"}, Case: "upper"}},
		{"qa6z-294wym\r", false, false, Lesson{Learned: Learned{End: "cr"}, Case: "lower"}},
		{azerty + "\r", true, false, Lesson{Learned: Learned{End: "cr", Layout: French}}},
		{"!" + azerty + "\r", true, false, Lesson{Learned: Learned{End: "cr", Layout: French, Prefix: "1"}}},
		{qwertz + "\r", true, false, Lesson{Learned: Learned{End: "cr", Layout: German}}},
		{"qA6Y/294wZM\r", true, false, Lesson{Learned: Learned{End: "cr", Layout: German, SwapCase: true}}},
	} {
		got, ok := Learn([]byte(row.raw), row.keyboard, row.framed)
		if !ok || got != row.want {
			t.Errorf("%q: %v %+v, want %+v", row.raw, ok, got, row.want)
			continue
		}
		// What was learned survives being written down, and takes the additions off.
		s := Spec{Kind: Serial, Port: "/dev/ttyACM0", Baud: 9600, Station: "desk", Name: "Máy quét & cửa sổ", Learned: got.Learned}
		if again, err := ParseSerial(s.String()); err != nil || again != s {
			t.Errorf("%q: %s read back: %+v %v", row.raw, s, again, err)
		}
		if row.want.Case != "" || row.want.Layout != US {
			continue
		}
		if rd, ok := interpret([]byte(row.raw)); !ok || got.Learned.strip(rd).text != c {
			t.Errorf("%q: stripped to %q", row.raw, got.Learned.strip(rd).text)
		}
	}
	for _, raw := range []string{"", "\r", "30000016\r", "Qa6z-294Wy\r", azerty + "\r", "\xf8\x00\xff"} {
		if l, ok := Learn([]byte(raw), false, false); ok {
			t.Errorf("%q is not the test code, learned %+v", raw, l)
		}
	}
	// Noise around the code is no setting.
	if l, ok := Learn([]byte("\xff\xfe"+c+"\r"), false, false); !ok || l.Prefix != "" {
		t.Errorf("noise became a prefix: %+v", l)
	}
}

func TestStripLeavesOtherCodes(t *testing.T) {
	l := Learned{Prefix: "S", Suffix: "#"}
	for in, want := range map[string]string{"S30000016#": "30000016", "30000016": "30000016", "S": "S", "S#": "#", "SS1#": "S1"} {
		if got := l.strip(reading{text: in}); got.text != want {
			t.Errorf("%q: %q, want %q", in, got.text, want)
		}
	}
	if got := l.strip(reading{text: "S]C030000016#"}); got.text != "30000016" || got.aim != "]C0" {
		t.Errorf("AIM behind the prefix: %+v", got)
	}
}

// A scanner set to a French keyboard presses other keys; its table puts them
// right, keypad digits included.
func TestKeyboardOfAnotherCountry(t *testing.T) {
	for layout, keys := range map[Layout][]byte{
		French: {0x04, 0x14, 0x1a, 0x33}, // q a z m
		German: {0x1c, 0x1d, 0x04, 0x10}, // z y a m
	} {
		k := newKeyboard([]keyLayout{bootLayout}, DefaultGap)
		k.keys = layoutKeys[layout]
		var out []reading
		press := func(mod, key byte) {
			out = k.feed([]byte{mod, 0, key, 0, 0, 0, 0, 0}, out)
			out = k.feed(make([]byte, 8), out)
		}
		for _, key := range keys {
			press(0, key)
		}
		press(0x02, 0x1e) // shift and the key of 1
		press(0, keyKeypad1)
		if layout == French {
			press(0x40, 0x2d) // AltGr and )
		}
		press(0, 0x28)
		want := map[Layout]string{French: "qazm11]", German: "zyam!1"}[layout]
		if len(out) != 1 || out[0].text != want {
			t.Errorf("%s: %+v, want %s", layout, out, want)
		}
	}
}

func TestOptionsThatAreNone(t *testing.T) {
	for _, in := range []string{"/dev/tty?x", "/dev/tty?"} {
		s, err := ParseSerial(in)
		if err != nil || s.Learned != (Learned{}) {
			t.Errorf("%s: %+v %v", in, s, err)
		}
	}
	for in, want := range map[string]string{
		"COM3?end=maybe": "end of a code", "COM3?layout=xx": "keyboard layout", "COM3?prefix=%00": "prefix", "COM3?suffix=12345678901234567": "suffix",
	} {
		wrongSpecs(t, ParseSerial, map[string]string{in: want})
	}
	s, err := ParseHID("05e0:1200:A?B=desk")
	if err != nil || s.SerialNo != "A?B" || s.Station != "desk" {
		t.Errorf("a serial number with a question mark: %+v %v", s, err)
	}
}
