package words

import (
	"fmt"
	"strings"

	"muontra/kiosk"
)

// Tone is how a result looks and sounds. It never stands alone: each card has
// its own picture and words too.
type Tone string

// The tones.
const (
	Good Tone = "good" // done
	Info Tone = "info" // to know
	Wait Tone = "wait" // something first
	Help Tone = "help" // the librarian can help
)

// Card is a result as a page shows it: one picture, one short line, what there
// is to know, and what to do next.
type Card struct {
	Tone  Tone     `json:"tone"`
	Icon  string   `json:"icon"`
	Head  string   `json:"head"`
	Title string   `json:"title,omitempty"` // of the book
	Text  string   `json:"text,omitempty"`
	Hint  string   `json:"hint,omitempty"`
	Notes []string `json:"notes,omitempty"`
}

type look struct {
	tone Tone
	icon string
}

// looks give each outcome and each reason its picture.
var looks = map[string]look{
	"outcome.session_opened": {Good, "hello"},
	"outcome.session_ended":  {Good, "bye"},
	"outcome.checked_out":    {Good, "book-out"},
	"outcome.returned":       {Good, "book-in"},
	"outcome.renewed":        {Good, "calendar"},
	"outcome.used_on_site":   {Good, "book-open"},
	"outcome.undone":         {Info, "undo"},
	"outcome.shown":          {Info, "eye"},
	"outcome.ignored":        {Info, "again"},

	"reason.malformed":          {Wait, "again"},
	"reason.unknown_barcode":    {Wait, "question"},
	"reason.card_blocked":       {Help, "card-help"},
	"reason.card_expired":       {Help, "card-help"},
	"reason.no_session":         {Wait, "card"},
	"reason.withdrawn":          {Help, "give"},
	"reason.lost":               {Help, "found"},
	"reason.not_processed":      {Help, "give"},
	"reason.not_for_loan":       {Wait, "book-stay"},
	"reason.on_site_only":       {Wait, "book-open"},
	"reason.on_loan_to_other":   {Help, "give"},
	"reason.reserved_for_other": {Wait, "friends"},
	// The same reason, when the facts name a lesson's day.
	"reason.reserved_for_lesson": {Wait, "teacher"},
	"reason.set_incomplete":      {Help, "give"},
	"reason.overdue":             {Wait, "clock"},
	"reason.limit_reached":       {Wait, "full"},
	"reason.renewal_limit":       {Wait, "clock"},
	"reason.closed":              {Wait, "calendar"},
	"reason.nothing_to_undo":     {Info, "undo"},
	"reason.staff_only":          {Help, "card-help"},
	"reason.no_stocktake":        {Help, "question"},
	"reason.busy":                {Wait, "hourglass"},
	"reason.storage_failure":     {Help, "wrench"},
}

// keyOf is the key under which a result's words stand.
func keyOf(l Lang, r kiosk.Result) string {
	if r.Outcome == kiosk.Refused {
		if r.Reason == kiosk.ReasonReservedForOther && len(r.Refusals) > 0 && r.Refusals[0].Facts["lesson"] != nil {
			return "reason.reserved_for_lesson"
		}
		if _, known := looks["reason."+string(r.Reason)]; known {
			return "reason." + string(r.Reason)
		}
		return "reason." + string(kiosk.ReasonUnknownBarcode)
	}
	if r.Outcome == kiosk.Shown {
		for _, n := range r.Notes {
			if Has(l, "note."+string(n.Code)+".head") {
				return "note." + string(n.Code)
			}
		}
		if r.Kind == kiosk.KindISBN {
			return "outcome.shown_isbn"
		}
	}
	return "outcome." + string(r.Outcome)
}

func lookOf(key string) look {
	switch key {
	case "note.counting":
		return look{Good, "scan"}
	case "note.counting_over":
		return look{Good, "check"}
	case "note.help_called":
		return look{Info, "helper"}
	case "note.nothing_to_renew":
		return look{Info, "calendar"}
	case "note.next_on_site":
		return look{Info, "book-open"}
	case "note.paper_over":
		return look{Good, "check"}
	case "note.paper_old", "note.paper_one_by_one":
		return look{Wait, "calendar"}
	case "note.box_opened", "note.corner_hour", "note.paper_on", "note.paper_child":
		return look{Info, "scan"}
	case "note.box_added":
		return look{Good, "give"}
	case "note.box_handed", "note.box_confirmed", "note.box_found":
		return look{Good, "check"}
	case "note.box_held", "note.box_empty", "note.box_one_by_one":
		return look{Wait, "again"}
	case "note.box_full", "note.box_elsewhere":
		return look{Wait, "full"}
	case "note.box_of_others":
		return look{Wait, "friends"}
	case "outcome.shown_isbn":
		return look{Wait, "question"}
	}
	if l, ok := looks[key]; ok {
		return l
	}
	return look{Info, "eye"}
}

// ForResult makes the card of a result.
func ForResult(l Lang, r kiosk.Result) Card {
	if r.Count != nil && r.Outcome == kiosk.Shown {
		return ForCount(l, *r.Count)
	}
	key := keyOf(l, r)
	lk := lookOf(key)
	vars := address(l, r.Patron)
	addFacts(l, vars, r)
	for _, n := range r.Notes {
		if key == "note."+string(n.Code) {
			vars = withFacts(l, vars, n.Facts)
		}
	}
	c := Card{Tone: lk.tone, Icon: lk.icon}
	c.Head = said(l, key+".head", vars)
	c.Text = said(l, key+".text", vars)
	c.Hint = said(l, key+".hint", vars)
	if r.Copy != nil && r.Kind != kiosk.KindPatron {
		c.Title = r.Copy.Title
	}
	if r.Reason == kiosk.ReasonOverdue && vars["title"] != "" {
		c.Title = vars["title"] // the book to bring back, not the one in the hand
	}
	for _, n := range r.Notes {
		if key == "note."+string(n.Code) {
			continue
		}
		if n.Code == kiosk.NotePaperWeek { // no child stands there to thank, and no session to finish
			c.Hint = said(l, "note.paper_week.hint", vars)
		}
		if n.Code == kiosk.NoteLastOne {
			c.Hint = said(l, key+".hint_last", vars) // not "another one"
		}
		v := withFacts(l, vars, n.Facts)
		if s := said(l, "note."+string(n.Code)+".text", v); s != "" {
			c.Notes = append(c.Notes, s)
		}
	}
	return c
}

// Line is the card as one line of text.
func (c Card) Line(l Lang) string {
	parts := []string{c.Head}
	if c.Title != "" {
		parts = append(parts, T(l, "book", "title", c.Title))
	}
	parts = append(parts, c.Text)
	parts = append(parts, c.Notes...)
	parts = append(parts, c.Hint)
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p)
		if !strings.ContainsAny(p[len(p)-1:], ".!?:") {
			b.WriteByte('.')
		}
	}
	return b.String()
}

func said(l Lang, key string, vars map[string]string) string {
	s, ok := fill(tables[l][key], vars)
	if !ok {
		return ""
	}
	return s
}

// addFacts makes the names that sentences may use: those of the first refusal,
// of the loan and of the copy.
func addFacts(l Lang, vars map[string]string, r kiosk.Result) {
	if r.Copy != nil {
		vars["title"] = r.Copy.Title
	}
	if r.Loan != nil {
		vars["due"] = Day(l, r.Loan.DueOn)
	}
	if n := len(r.Loans); n > 0 {
		vars["count"] = fmt.Sprint(n)
	}
	if len(r.Refusals) > 0 {
		for k, v := range withFacts(l, nil, r.Refusals[0].Facts) {
			vars[k] = v
		}
	}
}

func withFacts(l Lang, vars map[string]string, f kiosk.Facts) map[string]string {
	out := map[string]string{}
	for k, v := range vars {
		out[k] = v
	}
	for k, v := range f {
		out[k] = factText(l, v)
	}
	if d, ok := out["due_on"]; ok {
		out["due"] = d
	}
	return out
}

// factText also reads facts that went through JSON, as stored answers do.
func factText(l Lang, v any) string {
	switch v := v.(type) {
	case kiosk.Day:
		return Day(l, v)
	case string:
		if d, err := kiosk.ParseDay(v); err == nil && !d.IsZero() {
			return Day(l, d)
		}
		return v
	case float64:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprint(v)
}
