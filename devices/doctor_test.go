package devices

import (
	"slices"
	"testing"
	"time"
)

// How a code looks when it was spoilt on the way, and what the doctor makes of
// it. The spoilt texts are what these things do to a real code: a pupil's card
// 20002119, a book TK.00123, and an old label "TVA-MS01".
func TestDiagnose(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 40, 0, 0, time.UTC)
	at := func(ago time.Duration) time.Time { return now.Add(-ago) }
	bad := func(o Outcome, texts ...string) (all []Read) {
		for i, s := range texts {
			all = append(all, Read{Text: s, Raw: []byte(s + "\r"), At: at(time.Duration(60-i) * time.Second), Outcome: o})
		}
		return all
	}
	serial, usb := Spec{Kind: Serial, Port: "COM3"}, Spec{Kind: HID, VendorID: 0x05e0, ProductID: 0x1200}
	up := Status{Connected: true, Scans: 10}
	down := func(why string) Status { return Status{Why: why} }
	flood := func() (all []Read) {
		for i := range 30 {
			all = append(all, Read{Text: "1", At: at(time.Duration(30-i) * 20 * time.Millisecond), Outcome: Malformed})
		}
		return all
	}
	for _, c := range []struct {
		name string
		f    Facts
		want Cause
	}{
		{"nothing yet", Facts{Status: up, Spec: serial}, CauseNone},
		{"pulled out", Facts{Status: down(WhyAbsent), Spec: serial}, CauseAbsent},
		{"dialout", Facts{Status: down(WhyNoPermission), Spec: serial}, CausePermission},
		{"another program", Facts{Status: down(WhyBusy), Spec: serial}, CauseBusy},
		{"Windows' keyboards", Facts{Status: down(WhyKeyboardOnly), Spec: usb}, CauseUnsupported},
		{"no cgo", Facts{Status: down(WhyNoHIDSupport), Spec: usb}, CauseUnsupported},
		{"a file", Facts{Status: down(WhyNotAPort), Spec: serial}, CausePort},
		{"starting", Facts{Status: down(WhyStarting), Spec: serial}, CauseNone},

		{"Telex on TVAAS01", Facts{Wedge: true, Recent: bad(Unknown, "TVẤ01")}, CauseInputMethod},
		{"VNI on A1", Facts{Wedge: true, Recent: bad(Malformed, "Á")}, CauseInputMethod},
		{"Telex seen by the page", Facts{Wedge: true, Recent: bad(Spoilt, "")}, CauseInputMethod},
		{"AZERTY on 20002119", Facts{Status: up, Spec: usb, Recent: bad(Unknown, "@))@!!(")}, CauseLayout},
		{"AZERTY found by its repair", Facts{Status: up, Spec: usb, Recent: mended(bad(Unknown, "TK<))!@#"), CauseLayout)}, CauseLayout},
		{"caps lock", Facts{Status: up, Spec: usb, Recent: mended(bad(Unknown, "tk.00123"), CauseCapsLock)}, CauseCapsLock},
		{"9600 read at 115200", Facts{Status: up, Spec: serial, Recent: bad(Malformed, "\xf8\x00\x80\xf8")}, CauseBaud},
		{"a port of noise", Facts{Status: Status{Connected: true, Discarded: 9, Scans: 1}, Spec: serial}, CauseBaud},
		{"a loose cable", Facts{Status: Status{Connected: true, Discarded: 9, Scans: 1}, Spec: usb}, CauseCut},
		{"a flood", Facts{Status: up, Spec: serial, Recent: flood()}, CauseFlood},
		{"an overflow", Facts{Status: Status{Connected: true, Dropped: 5, Scans: 20}, Spec: serial}, CauseFlood},
		{"two codes in one", Facts{Status: up, Spec: serial, Recent: append(bad(Taken, "20002119"), bad(Unknown, "2000211930026710")...)}, CauseJoined},
		{"one code twice in one", Facts{Status: up, Spec: usb, Recent: bad(Unknown, "2000211920002119")}, CauseJoined},
		{"no ending, learned", Facts{Status: up, Spec: Spec{Kind: Serial, Port: "COM3", Learned: Learned{End: EndNone}}}, CauseSuffix},
		{"a held trigger", Facts{Status: up, Spec: serial, Recent: bad(Doubled, "20002119", "20002119", "20002119")}, CauseDouble},
		{"codes of another library", Facts{Status: up, Spec: serial, Recent: bad(Unknown, "A100", "A101")}, CauseUnknown},
		{"one strange code is none", Facts{Status: up, Spec: serial, Recent: bad(Unknown, "A100")}, CauseNone},

		{"healed by three good scans", Facts{Status: up, Spec: usb, Recent: append(bad(Unknown, "@))@!!("), bad(Taken, "1", "2", "3")...)}, CauseNone},
		{"two are not enough", Facts{Status: up, Spec: usb, Recent: append(bad(Unknown, "@))@!!("), bad(Taken, "1", "2")...)}, CauseLayout},
		{"an hour ago", Facts{Status: up, Spec: usb, Recent: []Read{{Text: "@))@!!(", At: at(time.Hour), Outcome: Unknown}}}, CauseNone},
		{"punctuation is no layout", Facts{Status: up, Spec: usb, Recent: bad(Unknown, "A-1/(2)")}, CauseNone},
	} {
		c.f.Now = now
		if got := Diagnose(c.f); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	// Three scans that all end in silence.
	quiet := bad(Taken, "20002119", "30026710", "20002119")
	for i := range quiet {
		quiet[i].Raw = []byte(quiet[i].Text)
	}
	if got := Diagnose(Facts{Status: up, Spec: serial, Recent: quiet, Now: now}); got != CauseSuffix {
		t.Errorf("scans without an ending: %q", got)
	}
}

func mended(all []Read, c Cause) []Read {
	for i := range all {
		all[i].Mended = c
	}
	return all
}

func TestMends(t *testing.T) {
	for _, c := range []struct {
		spoilt string
		cause  Cause
		meant  string
	}{
		{"@)))@!!(", CauseLayout, "20002119"}, // a French scanner, read as US
		{"TK<))!@#", CauseLayout, "TK.00123"},
		{"TK.00123/Z", CauseLayout, "TK.00123-Y"}, // a German one
		{"tk.00123", CauseCapsLock, "TK.00123"},
		{"TVÂ01", CauseInputMethod, "TVAA01"},
		{"TÁ01", CauseInputMethod, "TAS01"}, // Telex
		{"Á00", CauseInputMethod, "A100"},   // VNI
		{"Đ00", CauseInputMethod, "D900"},   // VNI
		{"đ00", CauseInputMethod, "dd00"},   // Telex
		{"Ư-12", CauseInputMethod, "W-12"},
		{"Ấ", CauseInputMethod, "AAS"},
	} {
		if all := Mends(c.spoilt); !slices.Contains(all, Mend{c.cause, c.meant}) {
			t.Errorf("%s: %s is not among %v", c.spoilt, c.meant, all)
		}
	}
	if all := Mends("20002119"); len(all) > 2 {
		t.Errorf("digits are not so easily spoilt: %v", all)
	}
}
