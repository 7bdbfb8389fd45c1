package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// ev is one key event of a test's burst.
type ev = map[string]any

// key is a plain key press of the US layout.
func key(c rune, at float64) ev {
	e := ev{"key": string(c), "at": at}
	switch {
	case c >= '0' && c <= '9':
		e["code"] = "Digit" + string(c)
	case c >= 'a' && c <= 'z':
		e["code"] = "Key" + strings.ToUpper(string(c))
	case c >= 'A' && c <= 'Z':
		e["code"], e["shiftKey"] = "Key"+string(c), true
	case c == '.':
		e["code"] = "Period"
	case c == '%':
		e["code"], e["shiftKey"] = "Digit5", true
	case c == '-':
		e["code"] = "Minus"
	case c == ']':
		e["code"] = "BracketRight"
	}
	return e
}

// burst types text with a gap in ms between the keys and ends with the key
// named, if any.
func burst(text string, gap float64, end string) []ev {
	var out []ev
	at := 0.0
	for _, c := range text {
		out = append(out, key(c, at))
		at += gap
	}
	if end != "" {
		out = append(out, ev{"key": end, "code": end, "at": at})
	}
	return out
}

func with(events []ev, change func([]ev) []ev) []ev { return change(events) }

func wedgeCases() []struct {
	name  string
	keys  []ev
	scan  string // what is sent, "" for nothing
	dirty bool
} {
	return []struct {
		name  string
		keys  []ev
		scan  string
		dirty bool
	}{
		{"digits and Enter", burst("30000013", 8, "Enter"), "30000013", false},
		{"Tab for an end", burst("30000013", 8, "Tab"), "30000013", false},
		{"no end, silence", burst("30000013", 8, ""), "30000013", false},
		{"letters with shift", burst("TK.00123", 5, "Enter"), "TK.00123", false},
		{"a command's alias", burst("%FINISH", 5, "Enter"), "%FINISH", false},
		{"an AIM prefix is the daemon's matter", burst("]C030000013", 5, "Enter"), "]C030000013", false},
		{"the slowest scanner", burst("30000013", 49, "Enter"), "30000013", false},
		{"one slow gap", with(burst("30000013", 8, "Enter"), func(e []ev) []ev {
			for i := 4; i < len(e); i++ {
				e[i]["at"] = e[i]["at"].(float64) + 90
			}
			return e
		}), "30000013", false},
		{"the number keys", with(burst("30000013", 8, "Enter"), func(e []ev) []ev {
			for _, k := range e[:8] {
				k["code"] = strings.Replace(k["code"].(string), "Digit", "Numpad", 1)
			}
			return e
		}), "30000013", false},
		{"another layout: the code counts", with(burst("TK.00123", 5, "Enter"), func(e []ev) []ev {
			e[0]["key"] = "k"
			return e
		}), "TK.00123", false},
		{"composing input method: codes are whole", with(burst("TK.00123", 5, "Enter"), func(e []ev) []ev {
			for _, k := range e[:8] {
				k["key"], k["keyCode"] = "Process", 229
			}
			return e
		}), "TK.00123", false},
		{"shift presses between", with(burst("TK00123", 5, "Enter"), func(e []ev) []ev {
			return append([]ev{{"key": "Shift", "code": "ShiftLeft", "shiftKey": true, "at": 0.0}}, e...)
		}), "TK00123", false},

		{"a hand types", burst("30000013", 120, "Enter"), "", false},
		{"a fast hand", burst("30000013", 70, "Enter"), "", false},
		{"a key is held", with(burst("11111111", 30, ""), func(e []ev) []ev {
			for _, k := range e[1:] {
				k["repeat"] = true
			}
			return e
		}), "", false},
		{"two keys by an elbow", burst("12", 5, "Enter"), "", false},
		{"short and no end", burst("12345", 5, ""), "", false},
		{"Enter alone", []ev{{"key": "Enter", "code": "Enter", "at": 0.0}}, "", false},
		{"Ctrl and a letter", []ev{{"key": "r", "code": "KeyR", "ctrlKey": true, "at": 0.0}, {"key": "Enter", "code": "Enter", "at": 10.0}}, "", false},

		{"Unikey: a key swallowed, Backspace and a packet", with(burst("TAA0123", 5, "Enter"), func(e []ev) []ev {
			return slices.Concat(e[:2], []ev{{"key": "Backspace", "code": "Backspace", "at": 9.0}, {"key": "Â", "code": "", "at": 9.5}}, e[3:])
		}), "", true},
		{"packet without Backspace", with(burst("AA00123", 5, "Enter"), func(e []ev) []ev {
			e[1] = ev{"key": "Â", "code": "", "at": 5.0}
			return e
		}), "", true},
		{"Shift and Left, as in Chromium", with(burst("TAA0123", 5, "Enter"), func(e []ev) []ev {
			return slices.Concat(e[:2], []ev{{"key": "ArrowLeft", "code": "ArrowLeft", "shiftKey": true, "at": 9.0}, {"key": "Â", "code": "", "at": 9.5}}, e[3:])
		}), "", true},
		{"a packet first: the AIM prefix is gone", with(burst("]E08935244", 5, "Enter"), func(e []ev) []ev {
			e[0] = ev{"key": "ơ", "code": "", "at": 0.0}
			return e
		}), "", true},
		{"VNI: digits make letters", with(burst("D9000123", 5, "Enter"), func(e []ev) []ev {
			e[1] = ev{"key": "Đ", "code": "", "at": 5.0}
			return e
		}), "", true},
		{"dirty and no end", with(burst("TAA0123", 5, ""), func(e []ev) []ev {
			return slices.Concat(e[:2], []ev{{"key": "Backspace", "code": "Backspace", "at": 9.0}, {"key": "Â", "code": "", "at": 9.5}}, e[3:])
		}), "", true},
		{"text arrives without keys", with(burst("TK00123", 5, "Enter"), func(e []ev) []ev {
			return slices.Concat(e[:3], []ev{{"type": "compositionend", "at": 11.0}}, e[3:])
		}), "", true},
		{"a non-ASCII key", with(burst("30000013", 5, "Enter"), func(e []ev) []ev {
			e[3]["key"] = "đ"
			return e
		}), "", true},
	}
}

// The page hears a scanner in keyboard mode, and only that.
func TestWedge(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	t.Parallel()
	p := webtest.Open(t)
	s := newSite(t)
	p.Resize(webtest.Sizes[0])
	p.Go(s.URL + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	var want []string
	for _, c := range wedgeCases() {
		t.Run(c.name, func(t *testing.T) {
			p := p.For(t)
			webtest.Eval[any](p, `document.getElementById("dirty").hidden = true; 0`)
			p.Keys(c.keys)
			time.Sleep(250 * time.Millisecond) // past the silence that ends a burst
			if c.scan != "" {
				want = append(want, c.scan)
				until(t, func() bool { return len(s.desk.Codes()) >= len(want) })
			}
			if got := s.desk.Codes(); !slices.Equal(got, want) {
				t.Errorf("sent %q, want %q", got, want)
				want = got
			}
			if got := webtest.Eval[bool](p, `!document.getElementById("dirty").hidden`); got != c.dirty {
				t.Errorf("the picture of how to switch the input method off: %v", got)
			}
		})
	}
	for _, in := range s.desk.Scans() {
		if in.Device != "wedge" || in.CommandID == "" {
			t.Errorf("%+v", in)
		}
	}
	// A clean scan takes the help picture away.
	webtest.Eval[any](p, `document.getElementById("dirty").hidden = false; 0`)
	p.Keys(burst("30000013", 5, "Enter"))
	p.Wait(`document.getElementById("dirty").hidden`)
}

// Real keys through the browser's own input, at a scanner's speed: nothing is
// lost, nothing pressed a button, and the order is kept.
func TestScansAreSentInOrderWhateverTheServerDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	s := newSite(t)
	s.desk.Answer(func() (kiosk.Result, error) {
		time.Sleep(30 * time.Millisecond)
		return kiosk.Result{Kind: kiosk.KindUnknown, Outcome: kiosk.Refused, Reason: kiosk.ReasonUnknownBarcode}, nil
	})
	p.Resize(webtest.Sizes[0])
	p.Go(s.URL + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes"`)
	webtest.Eval[any](p, `document.querySelector("[data-act=help]").focus(); 0`)
	var want []string
	for i := range 20 {
		code := fmt.Sprintf("3000%04d", i)
		want = append(want, code)
		p.Keys(burst(code, 3, "Enter"))
	}
	until(t, func() bool { return len(s.desk.Codes()) >= len(want) })
	if got := s.desk.Codes(); !slices.Equal(got, want) {
		t.Errorf("sent %q", got)
	}
	if a := s.desk.Actions(); len(a) > 0 {
		t.Errorf("a scanner's Enter pressed %v", a)
	}
}
