package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/store"
	"muontra/web"
)

// practiceName is the sandbox station where pupils and teachers learn the
// kiosk (seed R101, R191).
const practiceName = "practice"

// practice is a small school of its own, in a folder of its own within the data
// folder and made anew at each start, so that whoever learns cannot touch a
// real loan. The demo has none: there the served school itself is for trying.
type practice struct {
	store   *store.Store
	samples web.Samples
}

// openPractice makes the sandbox and its station.
func (p *program) openPractice(ctx context.Context) error {
	if p.cfg.demo {
		return nil
	}
	dir := filepath.Join(p.cfg.data, practiceName)
	if err := os.RemoveAll(dir); err != nil {
		// On Windows a virus scanner may hold yesterday's file. Nobody's library
		// stays closed for that: today's sandbox lies beside it.
		p.cfg.logger.Warn("the old practice folder cannot be removed", "error", err)
		dir = filepath.Join(dir, strconv.FormatInt(p.cfg.now().UnixMilli(), 36))
	}
	st, err := store.Open(ctx, dir, store.Options{Now: p.cfg.now, Logger: p.cfg.logger})
	if err != nil {
		return fmt.Errorf("practice: %w", err)
	}
	p.practice.store = st
	if p.practice.samples, err = furnish(ctx, st, kiosk.DayOf(p.cfg.now(), p.cfg.now().Location())); err != nil {
		return fmt.Errorf("practice: %w", err)
	}
	p.addStation(p.newStation(practiceName, &circulation.Desk{Ledger: st, Now: p.cfg.now}))
	return nil
}

// furnish puts three readers and five books, plainly samples, into the sandbox.
func furnish(ctx context.Context, l kiosk.Ledger, today kiosk.Day) (web.Samples, error) {
	var s web.Samples
	err := l.Update(ctx, func(tx kiosk.Tx) error {
		s = web.Samples{}
		rules, err := tx.Rules(today)
		if err != nil {
			return err
		}
		class := kiosk.Class{ID: tx.NewID(), YearID: rules.Year.ID, Name: "3A", Grade: 3}
		if err := tx.PutClass(class); err != nil {
			return err
		}
		for _, who := range []struct {
			name     string
			category kiosk.Category
		}{{"Mẫu Văn An", kiosk.Pupil}, {"Mẫu Thị Bình", kiosk.Pupil}, {"Mẫu Thị Cúc", kiosk.Teacher}} {
			card, err := putPracticeReader(tx, class, who.name, who.category, today)
			if err != nil {
				return err
			}
			sc := web.SampleCard{Barcode: card, Name: who.name}
			if who.category == kiosk.Pupil {
				sc.Class = class.Name
			}
			s.Cards = append(s.Cards, sc)
		}
		for _, what := range []struct {
			title, sub string
			kind       kiosk.Kind
		}{
			{"Truyện mẫu: Chú mèo đi học", kiosk.Story, kiosk.Reference},
			{"Truyện mẫu: Vườn cây của bà", kiosk.Story, kiosk.Reference},
			{"Truyện mẫu: Con đường đến trường", "", kiosk.Children},
			{"Từ điển mẫu cho học sinh", kiosk.Dictionary, kiosk.Reference},
			{"Sách mẫu dành cho giáo viên", "", kiosk.Professional},
		} {
			c, err := putPracticeCopy(tx, what.title, what.kind, what.sub, today)
			if err != nil {
				return err
			}
			s.Copies = append(s.Copies, web.SampleCopy{Barcode: c.Barcode, Accession: c.Accession, Title: what.title})
		}
		return nil
	})
	return s, err
}

func putPracticeReader(tx kiosk.Tx, class kiosk.Class, name string, category kiosk.Category, today kiosk.Day) (card string, err error) {
	p := kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Category: category, Name: name, Status: kiosk.PatronActive}
	if err := tx.PutPatron(p); err != nil {
		return "", err
	}
	if category == kiosk.Pupil {
		if err := tx.PutEnrolment(kiosk.Enrolment{ID: tx.NewID(), PatronID: p.ID, ClassID: class.ID, YearID: class.YearID, Since: today}); err != nil {
			return "", err
		}
	}
	if card, err = tx.NextBarcode(kiosk.PatronSeries); err != nil {
		return "", err
	}
	return card, tx.PutCard(kiosk.Card{ID: tx.NewID(), PatronID: p.ID, Barcode: card, Status: kiosk.CardActive})
}

func putPracticeCopy(tx kiosk.Tx, title string, kind kiosk.Kind, sub string, today kiosk.Day) (c kiosk.Copy, err error) {
	t := kiosk.Title{ID: tx.NewID(), Title: title, Language: "vi", CallNumber: "MẪU"}
	if err := tx.PutTitle(t); err != nil {
		return c, err
	}
	c = kiosk.Copy{ID: tx.NewID(), TitleID: t.ID, Kind: kind, SubKind: sub, Received: today, Labelled: true}
	if c.Barcode, err = tx.NextBarcode(kiosk.CopySeries); err != nil {
		return c, err
	}
	if c.Accession, err = tx.NextAccession(kind.Prefix()); err != nil {
		return c, err
	}
	places, err := tx.Places()
	if err != nil {
		return c, err
	}
	if len(places) > 0 {
		c.HomePlace = places[0].ID
	}
	if err := tx.PutCopy(c); err != nil {
		return c, err
	}
	c.State = kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: c.HomePlace}
	return c, tx.Append(&kiosk.Event{
		Type: kiosk.EventCopyAdded, CopyID: c.ID, ClockOK: true,
		Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{c.State}}},
	})
}
