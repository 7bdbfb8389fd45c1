package web

import (
	"errors"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// cornerNotice is something about a corner that somebody has to see to, or to
// know; Path leads there.
type cornerNotice struct{ Icon, Head, Text, Path string }

// noticeDays is how long what a phone met is told, silentDays after how many
// days without news a phone is asked for.
const (
	noticeDays   = 7
	silentDays   = 3
	mostMet      = 10
	mostMetShown = 200 // acts of phones that are looked through
)

// cornersToday is the corners' part of the desk's first page: which are open
// today, and what waits.
func (s *Server) cornersToday(v kiosk.View, lang words.Lang, data map[string]any) error {
	rows, err := s.cornerRows(v)
	if err != nil || len(rows) == 0 {
		return err
	}
	today, err := s.today(v)
	if err != nil {
		return err
	}
	rules, err := v.Rules(today)
	if err != nil {
		return err
	}
	type opening struct {
		Name, Path, When string
		Open             bool
	}
	var open []opening
	var wait []cornerNotice
	for _, c := range rows {
		if c.Ended.IsZero() && (bounded(c.Corner) || c.Class == "" && c.At.Kind != kiosk.Elsewhere) {
			open = append(open, opening{c.At.Name, deskCornerPath(c.Place), openWords(lang, c.Corner), rules.Calendar.Open(today) && c.OpenOn(today)})
		}
		if c.Wait > 0 {
			wait = append(wait, cornerNotice{"question", c.At.Name, words.T(lang, "today.corner_wait", "n", c.Wait), deskCornerPath(c.Place)})
		}
	}
	rotations, err := v.Rotations()
	if err != nil {
		return err
	}
	for _, r := range rotations {
		if n := r.Left(); r.Open() && n > 0 && !r.Day.After(today) {
			wait = append(wait, cornerNotice{"again", r.Name, words.T(lang, "today.rotation_left", "n", n, "day", words.Date(r.Day)), rotationsPath + "/" + string(r.ID)})
		}
	}
	phones, err := s.phoneNotices(v, lang, rules)
	if err != nil {
		return err
	}
	met, err := s.metByPhones(v, lang)
	if err != nil {
		return err
	}
	data["CornersOpen"], data["CornersWait"] = open, append(append(wait, phones...), met...)
	return nil
}

// phoneNotices are the phones that said they still hold acts, and those that
// nobody has heard of for some school days: there may be acts on them.
func (s *Server) phoneNotices(v kiosk.View, lang words.Lang, rules kiosk.Rules) (all []cornerNotice, err error) {
	browsers, err := v.Browsers()
	if err != nil {
		return nil, err
	}
	today := rules.Today(s.Now())
	for _, b := range browsers {
		if !b.Phone || b.Removed || b.Contact.IsZero() {
			continue
		}
		last := kiosk.DayOf(b.Contact, rules.Location)
		silent := 0
		for d := last.Add(1); d.Before(today) && silent < silentDays; d = d.Add(1) {
			if rules.Calendar.Open(d) {
				silent++
			}
		}
		switch {
		case b.Unsent > 0:
			all = append(all, cornerNotice{"plug", b.Name, words.T(lang, "today.phone_unsent", "n", b.Unsent, "day", words.Date(last)), "/desk/machines"})
		case silent >= silentDays:
			all = append(all, cornerNotice{"plug", b.Name, words.T(lang, "today.phone_silent", "day", words.Date(last)), "/desk/machines"})
		}
	}
	return all, nil
}

// metByPhones are the acts of the last days against which something stood when
// they arrived, in the words that the phone was given.
func (s *Server) metByPhones(v kiosk.View, lang words.Lang) (all []cornerNotice, err error) {
	acts, err := v.CornerActs(s.Now().Add(-noticeDays * 24 * time.Hour))
	if err != nil {
		return nil, err
	}
	p := phonePost{s: s, lang: lang}
	for i, a := range acts {
		if len(all) >= mostMet || i >= mostMetShown {
			break
		}
		if quiet[a.Done.Rule] || a.Done.Event == 0 || a.Done.CopyID == "" {
			continue
		}
		e, err := v.Event(a.Done.Event)
		if errors.Is(err, kiosk.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if e.Payload.Corner == nil || e.Payload.Corner.Source != kiosk.FromPhone {
			continue
		}
		item, err := v.Item(a.Done.CopyID)
		if err != nil {
			return nil, err
		}
		kind := phoneLend
		if a.Done.Outcome == kiosk.Returned {
			kind = phoneReturn
		}
		place, err := placeName(v, e.Payload.Corner.Place)
		if err != nil {
			return nil, err
		}
		all = append(all, cornerNotice{"book", place, p.told(actAnswer{}, kind, a.Done, item).Message, copyPath(item.ID)})
	}
	return all, nil
}
