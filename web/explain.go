package web

import (
	"context"
	"errors"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/station"
	"muontra/labels/queue"
	"muontra/labels/say"
	"muontra/web/words"
)

// explained is an error of an act in a librarian's words; false for one that
// is a fault of ours.
func explained(l words.Lang, err error) (string, bool) {
	var closed *kiosk.ReceiptClosedError
	var registered *kiosk.LineRegisteredError
	var step *kiosk.StepError
	var field *kiosk.FieldError
	var fault *say.Fault
	var used *inUseError
	var own *toldError
	if text, known := explainAccount(l, err); known {
		return text, true
	}
	if text := explainedLending(l, err); text != "" {
		return text, true
	}
	if text := explainedCorner(l, err); text != "" {
		return text, true
	}
	if text := explainedStock(l, err); text != "" {
		return text, true
	}
	if text := explainedActivity(l, err); text != "" {
		return text, true
	}
	if text := explainedWithdrawal(l, err); text != "" {
		return text, true
	}
	var taken *kiosk.BarcodeTakenError
	var inSet *kiosk.InOtherSetError
	var lineShort *kiosk.LineShortError
	var serial *kiosk.SerialError
	var file *exchange.FileError
	switch {
	case errors.As(err, &own):
		return words.T(l, own.key, own.pairs...), true
	case errors.As(err, &file):
		return sentenceOf(file.Text(exchange.Lang(l))), true
	case errors.As(err, &closed):
		return words.T(l, "receipt.is_closed", "n", closed.Entry), true
	case errors.As(err, &registered):
		return words.T(l, "line.is_registered", "n", registered.Registered, "of", registered.Quantity), true
	case errors.As(err, &step):
		return refusals(l, step), true
	case errors.As(err, &field):
		return words.Fact(l, "field."+string(field.Problem), field.Facts), true
	case errors.As(err, &taken):
		if taken.Copy != "" {
			return words.T(l, "barcode.taken"), true
		}
		return words.T(l, "barcode.taken_else", "code", taken.Code), true
	case errors.As(err, &inSet):
		return words.T(l, "sets.in_other", "set", inSet.Set.Name), true
	case errors.As(err, &lineShort):
		return words.T(l, "sets.line_short", "title", lineShort.Title, "have", lineShort.Have, "want", lineShort.Want), true
	case errors.As(err, &serial):
		return explainedSerial(l, serial), true
	case errors.As(err, &used):
		return words.T(l, "stocks.in_use", "printer", used.printer), true
	case errors.As(err, &fault):
		return sentenceOf(fault.In(string(l))), true
	case errors.As(err, new(*kiosk.OpenLoansError)), errors.As(err, new(*kiosk.AlikeError)), errors.As(err, new(*kiosk.PromotionError)), errors.As(err, new(errNoAct)):
		return explainedPeople(l, err), true
	case errors.Is(err, kiosk.ErrReserved):
		return words.T(l, "patron.reserved"), true
	case errors.Is(err, kiosk.ErrNotNow):
		return words.T(l, "patron.not_now"), true
	case errors.Is(err, kiosk.ErrTooLate):
		return words.T(l, "year.too_late"), true
	case errors.Is(err, errNotSure):
		return words.T(l, "year.not_sure"), true
	case errors.Is(err, errNoPicture):
		return words.T(l, "patron.no_picture"), true
	case errors.Is(err, kiosk.ErrMoved):
		return words.T(l, "patron.not_now"), true
	case errors.Is(err, errFormSent), errors.Is(err, kiosk.ErrUsedID):
		return words.T(l, "form.sent"), true
	case errors.Is(err, kiosk.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		return words.T(l, "error.unavailable"), true
	case errors.Is(err, kiosk.ErrConflict):
		return words.T(l, "form.taken"), true
	}
	for of, key := range map[error]string{
		errManyTasks: "task.many", errScratch: "task.no_room", errInterloanBegun: "interloan.begun", errChangedSince: "settings.changed_since", errPolicyGone: "policy.gone", errPolicyNeeded: "policy.needed",
		kiosk.ErrSameTitle: "titles.itself", kiosk.ErrMerged: "titles.was_merged", kiosk.ErrCopyOnLoan: "copy.on_loan", kiosk.ErrWithdrawn: "copy.is_withdrawn", kiosk.ErrNotUndoable: "titles.not_undoable", errStale: "form.stale", kiosk.ErrInTeam: "teams.twice", kiosk.ErrIsTrolley: "trolley.is_this",
		queue.ErrUnderWay: "queue.under_way", queue.ErrEnded: "queue.ended", queue.ErrDisabled: "queue.disabled", queue.ErrFrom: "queue.from",
		ErrScannerFixed: "scanners.is_fixed", ErrNothingHeard: "scanners.nothing_heard", ErrNoSuchScanner: "scanners.gone",
		errNotUndone: "live.not_undone", errWordNeeded: "live.word_needed", errWordLong: "live.word_long", station.ErrOtherSession: "error.other_session", errNoShelf: "reshelve.no_shelf",
	} {
		if errors.Is(err, of) {
			return words.T(l, key), true
		}
	}
	return "", false
}

// sentenceOf makes a sentence of a fault's text, which begins small.
func sentenceOf(text string) string {
	for i, r := range text {
		if i > 0 {
			return strings.ToUpper(text[:i]) + text[i:] + "."
		}
		_ = r
	}
	return text
}

// refusals says why a step was refused: the reasons, each with the first few
// copies that it holds of.
func refusals(l words.Lang, e *kiosk.StepError) string {
	const few = 3
	var order []kiosk.StepReason
	by := map[kiosk.StepReason][]string{}
	for _, r := range e.Refusals {
		if by[r.Reason] == nil {
			order = append(order, r.Reason)
		}
		name := r.Copy.Accession
		if name == "" {
			name = r.Copy.Barcode
		}
		by[r.Reason] = append(by[r.Reason], name)
	}
	var all []string
	for _, reason := range order {
		names := by[reason]
		list := strings.Join(names[:min(few, len(names))], ", ")
		if len(names) > few {
			list = words.T(l, "step.and_more", "list", list, "n", len(names)-few)
		}
		all = append(all, words.T(l, "step.refused."+string(reason), "copies", list))
	}
	return strings.Join(all, " ")
}
