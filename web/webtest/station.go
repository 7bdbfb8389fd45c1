package webtest

import (
	"context"
	"sync"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// Station is a station without rules: it shows what it was given and remembers
// what it was asked.
type Station struct {
	mu        sync.Mutex
	screen    station.Screen
	scans     []station.Scan
	actions   []station.Action
	overrides []station.Override
	answer    func() (kiosk.Result, error)
	onShow    func(station.Screen)
}

// NewStation makes an idle station; show is told of every new screen, as a hub
// is. It may be nil.
func NewStation(name string, show func(station.Screen)) *Station {
	s := &Station{onShow: show}
	s.screen = Idle()
	s.screen.Station = name
	return s
}

// Idle is the screen of a Thursday morning, the fifth grade's.
func Idle() station.Screen {
	return station.Screen{
		Seq: 1, Station: kiosk.DefaultStation, Phase: station.Idle, Loans: []kiosk.LoanView{},
		Service: station.Service{Today: station.Today{Grades: []int{5}, Teachers: true}, Open: true, Day: kiosk.MustDay("2026-11-26")},
		Devices: []station.Device{},
	}
}

// Put shows a screen; its seq and station are made right.
func (s *Station) Put(sc station.Screen) station.Screen {
	s.mu.Lock()
	sc.Seq, sc.Station = s.screen.Seq+1, s.screen.Station
	if sc.Result != nil {
		r := *sc.Result
		r.Seq = sc.Seq
		sc.Result = &r
	}
	s.screen = sc
	show := s.onShow
	s.mu.Unlock()
	if show != nil {
		show(sc)
	}
	return sc
}

// Answer makes every request answer so from now on.
func (s *Station) Answer(f func() (kiosk.Result, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

func (s *Station) reply(code string) (kiosk.Result, error) {
	if s.answer != nil {
		return s.answer()
	}
	return kiosk.Result{Seq: s.screen.Seq, Code: code, Kind: kiosk.KindUnknown, Outcome: kiosk.Refused, Reason: kiosk.ReasonUnknownBarcode}, nil
}

// Scan remembers the scan.
func (s *Station) Scan(_ context.Context, in station.Scan) (kiosk.Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scans = append(s.scans, in)
	return s.reply(in.Code)
}

// Do remembers the action.
func (s *Station) Do(_ context.Context, in station.Action) (kiosk.Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch in.Command {
	case kiosk.Finish, kiosk.Undo, kiosk.Renew, kiosk.RenewAll, kiosk.OnSite, kiosk.Help, kiosk.Touch:
	default:
		return kiosk.Result{}, station.ErrUnknownAction
	}
	s.actions = append(s.actions, in)
	return s.reply("")
}

// Override remembers the override.
func (s *Station) Override(_ context.Context, in station.Override) (kiosk.Result, error) {
	if in.For != "" { // nobody of a ledger stands at a sham station
		return kiosk.Result{}, station.ErrOtherSession
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.Comment == "" {
		return kiosk.Result{}, station.ErrNoComment
	}
	s.overrides = append(s.overrides, in)
	return s.reply(in.Copy)
}

// Screen is what it shows.
func (s *Station) Screen() station.Screen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.screen
}

// Codes are the codes that were scanned, in order.
func (s *Station) Codes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var codes []string
	for _, in := range s.scans {
		codes = append(codes, in.Code)
	}
	return codes
}

// Scans, Actions and Overrides are what was asked, in order.
func (s *Station) Scans() []station.Scan {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]station.Scan(nil), s.scans...)
}

// Actions are the touches, in order, but for "touch" itself.
func (s *Station) Actions() []station.Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []station.Action
	for _, a := range s.actions {
		if a.Command != kiosk.Touch {
			out = append(out, a)
		}
	}
	return out
}

// Overrides are the librarian's.
func (s *Station) Overrides() []station.Override {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]station.Override(nil), s.overrides...)
}

// The samples that tests speak of.
var (
	An    = kiosk.PatronView{Name: "An", Class: "2A", Category: kiosk.Pupil}
	Teach = kiosk.PatronView{Name: "Hạnh", Category: kiosk.Teacher}
	Dog   = kiosk.CopyView{Barcode: "30000013", Accession: "TN.00001", Title: "Truyện mẫu: Chú chó nhỏ và vầng trăng", CallNumber: "K(3)"}
	Long  = kiosk.CopyView{Barcode: "30000021", Accession: "TK.00123", Title: "Sách mẫu có tên rất dài: những câu chuyện kể trước giờ đi ngủ dành cho học sinh tiểu học, tập mười hai", CallNumber: "V(1)"}
)

// Loan is a loan of a sample copy.
func Loan(c kiosk.CopyView, due string, overdue bool) kiosk.LoanView {
	return kiosk.LoanView{ID: kiosk.ID("loan-" + c.Barcode), Copy: c, CheckedOutAt: time.Date(2026, 11, 19, 2, 0, 0, 0, time.UTC), DueOn: kiosk.MustDay(due), Overdue: overdue}
}

// InSession is a session's screen with a result.
func InSession(p kiosk.PatronView, limit int, r kiosk.Result, loans ...kiosk.LoanView) station.Screen {
	sc := Idle()
	sc.Phase, sc.Patron, sc.Limit, sc.Loans = station.Session, &p, limit, loans
	sc.Left = max(0, limit-len(loans))
	if loans == nil {
		sc.Loans = []kiosk.LoanView{}
	}
	ends := time.Now().Add(14 * time.Second)
	sc.EndsAt = &ends
	r.Patron = &p
	sc.Result = &r
	sc.CanUndo = r.Outcome == kiosk.CheckedOut || r.Outcome == kiosk.Returned
	return sc
}
