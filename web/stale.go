package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"muontra/web/words"
)

// Two people may edit one thing at once. A form that edits carries a stamp of
// the values that it was made of; when it comes back and the stored values are
// others by now, nothing is saved: the page shows what was typed and, below each
// field that differs, what is stored now, and asks. Sent again, it is saved.
//
//	f := formOfThing(thing)          // the fields as they are stored
//	f.stamp()                        // when the page is shown
//	...
//	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
//		return to, s.Ledger.Update(ctx, func(tx kiosk.Tx) error {
//			now, err := tx.Thing(id)
//			if err != nil { return err }
//			if err := f.stale(formOfThing(now)); err != nil { return err }
//			return tx.PutThing(...)      // in the same transaction
//		})
//	}, again)
//
// In the template, {{template "stamp" .F}} beside the token; the templates
// "field" and "area" show the other value by themselves, other inputs with
// {{template "other" (dict "F" .F "Name" "kind")}}.

// errStale says that the stored values have changed since the form was shown.
var errStale = errors.New("somebody else changed it meanwhile")

// stampField is the hidden field of the stamp.
const stampField = "seen"

// asked are the fields that say what to do, and hold nothing that is stored.
var asked = []string{"what", "anyway", "sure", "back"}

// stamp remembers in the form the values that it shows.
func (f *form) stamp() *form {
	f.Values.Set(stampField, stampOf(f.Values))
	return f
}

// Stamp is the stamp to send along.
func (f *form) Stamp() string { return f.Values.Get(stampField) }

// otherValue is what is stored now where it is not what was typed; it may be empty.
type otherValue struct{ Value string }

// Other is the stored value of a field, nil where it is what was typed.
func (f *form) Other(name string) *otherValue { return f.others[name] }

// stale compares the stored values with those that the form was made of. A
// choice is shown in words when the stored form's say names it.
//
// The answer is the same when an act is done once more, see kiosk.Ledger.
func (f *form) stale(stored *form) error {
	if f.sent == nil {
		sent := f.Stamp()
		f.sent = &sent
	}
	now := stampOf(stored.Values)
	f.others = nil
	if *f.sent == now {
		return nil
	}
	f.others = map[string]*otherValue{}
	names := slices.Collect(maps.Keys(stored.Values))
	for name := range f.Values {
		// A box that is ticked here and stands empty there is in no stored form.
		if !stored.Values.Has(name) && !slices.Contains(asked, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		typed, have := listed(f.Values[name]), listed(stored.Values[name])
		if name == "token" || name == stampField || typed == have {
			continue
		}
		if d, is := readDay(have); is {
			if same, _ := readDay(typed); same == d {
				continue // however it is written
			}
			have = words.Date(d)
		}
		if stored.say != nil {
			have = stored.say(name, have)
		}
		f.others[name] = &otherValue{have}
	}
	f.Values.Set(stampField, now)
	if len(f.others) == 0 {
		return nil // they wrote the same
	}
	return errStale
}

// listed are a field's values as one; empty lines at the end of a list, which
// wait for more, are none of them.
func listed(values []string) string {
	for len(values) > 0 && values[len(values)-1] == "" {
		values = values[:len(values)-1]
	}
	return strings.Join(values, ", ")
}

// stampOf is a short sum of a form's values.
func stampOf(v url.Values) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if name == "token" || name == stampField {
			continue
		}
		for _, x := range v[name] {
			h.Write([]byte(name + "\x00" + tidy(x) + "\x00"))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
