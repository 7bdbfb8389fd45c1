package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/web/words"
)

// formOfCopy is a copy's record as its form shows it.
func formOfCopy(r kiosk.CopyRecord) *form {
	price := ""
	if r.Price != 0 {
		price = strconv.FormatInt(r.Price, 10)
	}
	pieces := ""
	if r.Pieces != 0 {
		pieces = strconv.Itoa(r.Pieces)
	}
	return newForm("sub_kind", r.SubKind, "price", price, "home_place", string(r.HomePlace), "place", string(r.Place), "condition", string(r.Condition), "note", r.Note, "pieces", pieces)
}

func recordOfForm(f *form) kiosk.CopyRecord {
	return kiosk.CopyRecord{
		SubKind: f.text("sub_kind", 0, kiosk.MaxText), Price: f.money("price"), HomePlace: kiosk.ID(f.Get("home_place")), Place: kiosk.ID(f.Get("place")),
		Condition: oneOf(f, "condition", copyConditions), Note: f.lines("note", 0, kiosk.MaxNoteText),
		Pieces: int(f.whole("pieces", 0, false)),
	}
}

// copyChanges names what an edit of a copy changed.
func copyChanges(e kiosk.CopyEdit) (all []change) {
	add := func(key, before, after string) {
		if before != after {
			all = append(all, change{key, before, after})
		}
	}
	add("list.barcode", e.Before.Barcode, e.After.Barcode)
	add("list.price", words.Money(e.Before.Price), words.Money(e.After.Price))
	add("line.sub_kind", e.Before.SubKind, e.After.SubKind)
	add("pieces.label", piecesText(e.Before), piecesText(e.After))
	add("copy.note", e.Before.Note, e.After.Note)
	return all
}

func piecesText(c kiosk.Copy) string {
	if c.Pieces == 0 {
		return ""
	}
	return strconv.Itoa(c.Pieces)
}

func (s *Server) copyForm(w http.ResponseWriter, r *http.Request, status int, f *form, i kiosk.Item) error {
	var choices lineChoices
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if choices, err = s.lineChoices(v); err != nil {
			return err
		}
		all, err := v.Places()
		// A place that was closed stays the copy's until another is chosen.
		for _, p := range all {
			if p.Closed && (p.ID == i.HomePlace || p.ID == i.State.Place) {
				choices.Places = append(choices.Places, p)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if sub := f.Get("sub_kind"); sub != "" && !slices.Contains(choices.SubKinds, sub) {
		choices.SubKinds = append(slices.Clone(choices.SubKinds), sub)
	}
	s.deskPage(w, r, status, "copyform.html", map[string]any{"F": f, "I": i, "Choices": choices, "Conditions": copyConditions})
	return nil
}

func (s *Server) editCopy(w http.ResponseWriter, r *http.Request) error {
	i, _, err := s.copyIn(r)
	if err != nil {
		return err
	}
	return s.copyForm(w, r, http.StatusOK, formOfCopy(kiosk.RecordOf(i)).stamp(), i)
}

func (s *Server) changeCopy(w http.ResponseWriter, r *http.Request) error {
	i, _, err := s.copyIn(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	rec := recordOfForm(f)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.Cataloguing.EditCopy(r.Context(), a, i.ID, rec, func(now kiosk.Item) error { return f.stale(formOfCopy(kiosk.RecordOf(now))) })
		if err != nil {
			return "", err
		}
		to := copyPath(i.ID)
		s.done(r, to, s.undoOf(done.Result.EventSeq), "copy.changed")
		return to, nil
	}, func(status int) error { return s.copyForm(w, r, status, f, i) })
}

// barcodePage is the form in which a copy gets another barcode.
func (s *Server) barcodePage(w http.ResponseWriter, r *http.Request) error {
	i, _, err := s.copyIn(r)
	if err != nil {
		return err
	}
	return s.barcodeForm(w, r, http.StatusOK, newForm(), i, "")
}

func (s *Server) barcodeForm(w http.ResponseWriter, r *http.Request, status int, f *form, i kiosk.Item, taken kiosk.ID) error {
	var other kiosk.Item
	if taken != "" {
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			other, err = v.Item(taken)
			return err
		})
		if err != nil {
			return err
		}
	}
	s.deskPage(w, r, status, "barcode.html", map[string]any{"F": f, "I": i, "Other": other})
	return nil
}

func (s *Server) moveBarcode(w http.ResponseWriter, r *http.Request) error {
	i, _, err := s.copyIn(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	code := f.code("barcode")
	if code == "" && f.Err("barcode") == "" {
		f.fault("barcode", kiosk.FieldMissing, nil)
	}
	how := f.Get("how")
	// The question was about one other copy; when the code is another's by now,
	// or another code was typed, it is asked again.
	if f.Get("of") != f.Get("barcode") {
		how = ""
	}
	taken := kiosk.ID("")
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.Cataloguing.MoveBarcode(r.Context(), a, i.ID, code, how == "swap", how == "take")
		var used *kiosk.BarcodeTakenError
		if errors.As(err, &used) {
			if taken = used.Copy; taken == "" { // nothing to choose: another code is wanted
				err = atField("barcode", err)
			}
		}
		if err != nil {
			return "", err
		}
		to := copyPath(i.ID)
		s.done(r, to, s.undoOf(done.Result.EventSeq), "barcode.moved", "code", code)
		return to, nil
	}, func(status int) error { return s.barcodeForm(w, r, status, f, i, taken) })
}
