package web

import (
	"context"
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// cornerBack is where books come back from the corners: one scan each, at the
// year's end or when a box is given back.
func (s *Server) cornerBack(w http.ResponseWriter, r *http.Request) error {
	return s.showCornerBack(w, r, http.StatusOK, newForm("condition", r.URL.Query().Get("condition")))
}

func (s *Server) showCornerBack(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var rows []cornerRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		all, err := s.cornerRows(v)
		rows = slices.DeleteFunc(all, func(c cornerRow) bool { return c.Copies == 0 })
		return err
	})
	if err != nil {
		return err
	}
	cs := append([]choice{{"", words.T(s.lang(r), "corner.condition_same")}}, choices(s.lang(r), "copy.condition.", []kiosk.Condition{kiosk.ConditionGood, kiosk.ConditionWorn, kiosk.ConditionDamaged})...)
	s.deskPage(w, r, status, "cornerback.html", map[string]any{"F": f, "Rows": rows, "Conditions": cs})
	return nil
}

func (s *Server) scanCornerBack(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	code := f.code("code")
	if f.Get("code") == "" {
		f.fault("code", kiosk.FieldMissing, nil)
	}
	condition := kiosk.Condition("")
	if f.Get("condition") != "" {
		condition = oneOf(f, "condition", []kiosk.Condition{kiosk.ConditionGood, kiosk.ConditionWorn, kiosk.ConditionDamaged})
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.Corners.ScanBack(r.Context(), a, code, condition)
		if isNotFound(err) {
			done.Done, done.Find, err = kiosk.BoxRefused, kiosk.FindPrivate, nil
		}
		if err == nil {
			err = s.keptOut(r, done)
		}
		if err != nil {
			return "", atField("code", err)
		}
		to := cornersPath + "/back"
		if condition != "" {
			to += "?condition=" + string(condition)
		}
		var back func(context.Context, kiosk.Attempt) error
		if done.Done == kiosk.BoxBack && done.Find != kiosk.FindOnLoan {
			back = func(ctx context.Context, a kiosk.Attempt) error {
				return s.Corners.UndoScanBack(ctx, a, done.CopyID)
			}
		}
		return to, s.sayScan(r, cornersPath+"/back", done, back)
	}, func(status int) error { return s.showCornerBack(w, r, status, f) })
}
