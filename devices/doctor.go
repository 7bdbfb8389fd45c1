package devices

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Cause is what most likely is wrong with a scanner. Each has one sentence and
// one picture on the doctor's page.
type Cause string

const (
	CauseNone        Cause = ""             // nothing to say
	CauseAbsent      Cause = "absent"       // not plugged in
	CausePermission  Cause = "permission"   // the system does not let us open it
	CauseBusy        Cause = "busy"         // another program has it
	CauseUnsupported Cause = "unsupported"  // this build or this system cannot read it directly
	CausePort        Cause = "port"         // it cannot be opened: not a port, no such speed, something else
	CauseInputMethod Cause = "input_method" // Telex or VNI is on and spoils what is typed
	CauseLayout      Cause = "layout"       // it types for another country's keyboard
	CauseCapsLock    Cause = "caps_lock"    // capitals and small letters are swapped
	CauseBaud        Cause = "baud"         // the speed of the port is wrong
	CauseFlood       Cause = "flood"        // it sends without pause, more than anybody scans
	CauseJoined      Cause = "joined"       // two codes arrive as one: the ending is missing
	CauseSuffix      Cause = "suffix"       // no ending; each scan waits for silence
	CauseCut         Cause = "cut"          // codes are cut off: cable, or a wrong report
	CauseDouble      Cause = "double"       // codes come twice: the trigger is held, or it repeats
	CauseUnknown     Cause = "unknown"      // codes that the library does not have
)

// Outcome is what became of a scan at its station, as far as it says something
// of the scanner.
type Outcome string

const (
	Taken     Outcome = "taken"     // the station knew what to do with it
	Doubled   Outcome = "doubled"   // the same code again at once
	Malformed Outcome = "malformed" // no code at all
	Unknown   Outcome = "unknown"   // a code that nobody has
	Spoilt    Outcome = "spoilt"    // the page saw an input method change it
	Waiting   Outcome = ""          // not done yet
)

// Read is one scan as the doctor sees it.
type Read struct {
	Text    string
	Raw     []byte
	At      time.Time
	Outcome Outcome
	// Mended is the cause that explains an unknown code: undoing it gives a code
	// that the library has. It is certain, where the looks of a code only hint.
	Mended Cause
}

// Facts are what is known of a scanner. Status is zero for one that types into
// the page.
type Facts struct {
	Status Status
	Spec   Spec
	Wedge  bool   // it types into the page
	Recent []Read // the last scans, oldest first
	Now    time.Time
}

const (
	// healed is how many good scans in a row end a complaint.
	healed = 3
	// stale is how old a scan may be to say something of now.
	stale = 30 * time.Minute
	// floodScans within floodTime is more than hands can do.
	floodScans = 20
	floodTime  = 2 * time.Second
)

// Diagnose says what is most likely wrong, of the newest evidence: first what
// keeps the scanner from being read at all, then what its codes look like.
func Diagnose(f Facts) Cause {
	if !f.Wedge && !f.Status.Connected {
		return causeOfWhy(f.Status.Why)
	}
	recent := f.Recent
	for len(recent) > 0 && f.Now.Sub(recent[0].At) > stale {
		recent = recent[1:]
	}
	if flooded(recent) {
		return CauseFlood
	}
	good, doubles := 0, 0
	for i := len(recent) - 1; i >= 0 && good < healed; i-- {
		r := recent[i]
		switch r.Outcome {
		case Taken:
			good++
		case Doubled:
			doubles++
		case Spoilt:
			return CauseInputMethod
		case Malformed, Unknown:
			if r.Mended != CauseNone {
				return r.Mended
			}
			if c := causeOfLooks(f, r); c != CauseNone {
				return c
			}
		}
	}
	switch {
	case doubles >= 3:
		return CauseDouble
	case good >= healed:
		// What the counters say is past.
	case f.Status.Dropped > 0 && f.Status.Dropped > f.Status.Scans/10:
		return CauseFlood
	case f.Status.Discarded > 2 && f.Status.Discarded > f.Status.Scans/5:
		if f.Spec.Kind == Serial {
			return CauseBaud
		}
		return CauseCut
	case count(recent, Unknown) >= 2:
		return CauseUnknown
	}
	if !f.Wedge && bare(f.Spec, recent) {
		return CauseSuffix
	}
	return CauseNone
}

func causeOfWhy(why string) Cause {
	switch why {
	case WhyStarting, WhyStopped:
		return CauseNone
	case WhyAbsent:
		return CauseAbsent
	case WhyNoPermission:
		return CausePermission
	case WhyBusy:
		return CauseBusy
	case WhyNoHIDSupport, WhyKeyboardOnly:
		return CauseUnsupported
	}
	return CausePort
}

func flooded(recent []Read) bool {
	for i := floodScans - 1; i < len(recent); i++ {
		if recent[i].At.Sub(recent[i-floodScans+1].At) < floodTime {
			return true
		}
	}
	return false
}

func count(recent []Read, o Outcome) (n int) {
	for _, r := range recent {
		if r.Outcome == o {
			n++
		}
	}
	return n
}

// causeOfLooks judges one bad code by its characters.
func causeOfLooks(f Facts, r Read) Cause {
	typed := f.Wedge || f.Spec.Kind == HID
	switch {
	case f.Spec.Kind == Serial && !f.Wedge && !ascii(r.Text):
		return CauseBaud
	case typed && vietnamese(r.Text):
		return CauseInputMethod
	case joined(f, r):
		return CauseJoined
	case typed && shiftedDigits(r.Text):
		return CauseLayout
	}
	return CauseNone
}

// vietnamese finds the letters that only an input method makes: what scanners
// type themselves is ASCII.
func vietnamese(text string) bool {
	for _, c := range text {
		if c > unicode.MaxASCII && (unicode.IsLetter(c) || unicode.Is(unicode.Mn, c)) {
			return true
		}
	}
	return false
}

// shiftedDigits is how a number looks that was typed for a French keyboard and
// read as a US one: !@#$%.
func shiftedDigits(text string) bool {
	n := 0
	for _, c := range text {
		switch {
		case strings.ContainsRune("!@#$%^&*()", c):
			n++
		case unicode.IsDigit(c):
			return false
		}
	}
	return n >= 3 && n*2 > utf8.RuneCountInString(text)
}

// joined finds two codes in one: the test code twice, or the code of the scan
// before at the beginning or the end.
func joined(f Facts, r Read) bool {
	for _, o := range f.Recent {
		if o.Outcome == Taken && len(o.Text) >= 4 && len(r.Text) > len(o.Text) &&
			(strings.HasPrefix(r.Text, o.Text) || strings.HasSuffix(r.Text, o.Text)) {
			return true
		}
	}
	half := len(r.Text) / 2
	return half >= 4 && len(r.Text)%2 == 0 && r.Text[:half] == r.Text[half:]
}

// bare says that a line's scans end without a terminator, which costs each a
// moment and may join two.
func bare(s Spec, recent []Read) bool {
	if s.Kind == Serial && s.End == EndNone {
		return true
	}
	if s.Kind != Serial || s.End != "" || len(recent) < 3 {
		return false
	}
	for _, r := range recent {
		if n := len(r.Raw); n == 0 || ends[r.Raw[n-1]] != "" {
			return false
		}
	}
	return true
}

// Mend is a text as it may have been meant, and what spoilt it.
type Mend struct {
	Cause Cause
	Text  string
}

// Mends undoes what is known to spoil codes, each by itself. Whoever knows the
// library's codes can look which of them exists.
func Mends(text string) []Mend {
	var all []Mend
	add := func(c Cause, s string, ok bool) {
		if ok && s != "" && s != text {
			all = append(all, Mend{c, s})
		}
	}
	for _, l := range layouts {
		if l == US {
			continue
		}
		meant, ok := l.meant(text) // set to that country, read as US
		add(CauseLayout, meant, ok)
	}
	add(CauseCapsLock, swapCase(text), true)
	for _, s := range untyped(text) {
		add(CauseInputMethod, s, true)
	}
	return all
}

// telex gives what was typed for the letters that Telex makes.
var telex = strings.NewReplacer("â", "aa", "ê", "ee", "ô", "oo", "ă", "aw", "ơ", "ow", "ư", "w", "đ", "dd",
	"Â", "AA", "Ê", "EE", "Ô", "OO", "Ă", "AW", "Ơ", "OW", "Ư", "W", "Đ", "DD")

// vni gives what was typed for the letters that VNI makes.
var vni = strings.NewReplacer("â", "a6", "ê", "e6", "ô", "o6", "ă", "a8", "ơ", "o7", "ư", "u7", "đ", "d9",
	"Â", "A6", "Ê", "E6", "Ô", "O6", "Ă", "A8", "Ơ", "O7", "Ư", "U7", "Đ", "D9")

// untyped takes back what an input method made: the letters, and a tone that was
// typed as a key after its vowel.
func untyped(text string) []string {
	if !vietnamese(text) {
		return nil
	}
	var all []string
	for _, way := range []struct {
		letters *strings.Replacer
		tones   map[rune]string // combining mark to key
	}{
		{telex, map[rune]string{'́': "s", '̀': "f", '̉': "r", '̃': "x", '̣': "j"}},
		{vni, map[rune]string{'́': "1", '̀': "2", '̉': "3", '̃': "4", '̣': "5"}},
	} {
		var b strings.Builder
		for _, c := range norm.NFC.String(text) {
			letter, key := string(c), ""
			for mark, k := range way.tones {
				if before, after, ok := strings.Cut(norm.NFD.String(letter), string(mark)); ok {
					letter, key = norm.NFC.String(before+after), k
				}
			}
			if unicode.IsUpper(c) {
				key = strings.ToUpper(key)
			}
			b.WriteString(way.letters.Replace(letter) + key)
		}
		all = append(all, b.String())
	}
	return all
}
