package webtest

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"muontra/kiosk"
)

// Ledger is as much of a ledger as the pages read: accounts, a search over a
// few titles, stations. Any other method is a nil dereference, so a page that
// begins to use one is noticed.
type Ledger struct {
	kiosk.Tx // nil: what is not below is not there

	mu       sync.Mutex
	accounts []kiosk.Account
	signIns  map[string]kiosk.SignIn
	browsers []kiosk.Browser
	guesses  map[string]kiosk.Guesses
	found    []kiosk.Found
	writes   int
	ids      int
	paired   []kiosk.PairedStation
	Fail     error // when set, View and Update answer it
}

// Password is every test account's.
const Password = "mat khau thu"

// PasswordHash is of Password, by the least that argon2id takes: a hash carries its
// parameters, so that the hundreds of sign-ins of the tests need not cost what a guesser's do.
var PasswordHash = func() string {
	const memory, passes, threads = 8, 1, 1
	salt := []byte("salt of the test")
	key := argon2.IDKey([]byte(Password), salt, passes, memory, threads, 32)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, threads, b64(salt), b64(key))
}()

// NewLedger has an account of each role, named after it.
func NewLedger() *Ledger {
	l := &Ledger{signIns: map[string]kiosk.SignIn{}, guesses: map[string]kiosk.Guesses{}}
	for i, r := range kiosk.Roles {
		l.accounts = append(l.accounts, kiosk.Account{ID: kiosk.ID(fmt.Sprint("account-", i)), Name: string(r), Role: r, PasswordHash: PasswordHash})
	}
	one := func(acc string, free bool, due string) kiosk.FoundCopy {
		it := kiosk.Item{Copy: kiosk.Copy{Accession: acc, Barcode: "30000013", State: kiosk.CopyState{Status: kiosk.CopyAvailable}}, PlaceName: "Giá 3"}
		d, _ := kiosk.ParseDay(due)
		return kiosk.FoundCopy{Item: it, Available: free, DueOn: d}
	}
	l.found = []kiosk.Found{
		{Title: kiosk.Title{ID: "t1", Title: "Truyện mẫu: Chú chó nhỏ và vầng trăng", Authors: []string{"Tác giả Mẫu", "Họa sĩ Mẫu"}, Publisher: "Nhà xuất bản Mẫu", Year: 2024, CallNumber: "K(3)"},
			Copies: []kiosk.FoundCopy{one("TN.00001", true, ""), one("TN.00002", false, "2099-12-03")}},
		{Title: kiosk.Title{ID: "t2", Title: "Từ điển mẫu <b>bằng hình</b>", Year: 2020}, Copies: []kiosk.FoundCopy{one("TK.00123", false, "2020-12-01")}},
	}
	return l
}

// NoAccounts takes all accounts away.
func (l *Ledger) NoAccounts() { l.mu.Lock(); defer l.mu.Unlock(); l.accounts = nil }

// Writes is how often something was written.
func (l *Ledger) Writes() int { l.mu.Lock(); defer l.mu.Unlock(); return l.writes }

// View implements kiosk.Ledger.
func (l *Ledger) View(_ context.Context, fn func(kiosk.View) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Fail != nil {
		return l.Fail
	}
	return fn(view{l})
}

// Update implements kiosk.Ledger.
func (l *Ledger) Update(_ context.Context, fn func(kiosk.Tx) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Fail != nil {
		return l.Fail
	}
	return fn(view{l})
}

// Act implements kiosk.Ledger.
func (l *Ledger) Act(ctx context.Context, fn func(kiosk.Tx) error) error { return l.Update(ctx, fn) }

type view struct{ *Ledger }

func (v view) Site() (kiosk.Site, error) {
	return kiosk.Site{ID: "site", Name: "Trường mẫu", Zone: "Asia/Ho_Chi_Minh"}, nil
}
func (v view) Accounts() ([]kiosk.Account, error) { return v.accounts, nil }
func (v view) AccountByName(name string) (kiosk.Account, error) {
	for _, a := range v.accounts {
		if a.Name == name {
			return a, nil
		}
	}
	return kiosk.Account{}, kiosk.ErrNotFound
}
func (v view) Account(id kiosk.ID) (kiosk.Account, error) {
	for _, a := range v.accounts {
		if a.ID == id {
			return a, nil
		}
	}
	return kiosk.Account{}, kiosk.ErrNotFound
}
func (v view) SignIn(hash string) (kiosk.SignIn, error) {
	if s, ok := v.signIns[hash]; ok {
		return s, nil
	}
	return kiosk.SignIn{}, kiosk.ErrNotFound
}
func (v view) SignIns() ([]kiosk.SignIn, error) {
	return slices.SortedFunc(maps.Values(v.signIns), func(a, b kiosk.SignIn) int { return a.Seen.Compare(b.Seen) }), nil
}
func (v view) PutSignIn(s kiosk.SignIn) error     { v.signIns[s.Hash] = s; return nil }
func (v view) EndSignIn(hash string) error        { delete(v.signIns, hash); return nil }
func (v view) Browsers() ([]kiosk.Browser, error) { return v.browsers, nil }
func (v view) PutBrowser(b kiosk.Browser) error {
	v.Ledger.browsers = append(v.Ledger.browsers, b)
	return nil
}
func (v view) Guesses(key string) (kiosk.Guesses, error) {
	if g, ok := v.guesses[key]; ok {
		return g, nil
	}
	return kiosk.Guesses{}, kiosk.ErrNotFound
}
func (v view) PutGuesses(g kiosk.Guesses) error { v.guesses[g.Key] = g; return nil }
func (v view) DropGuesses(time.Time) error      { return nil }
func (v view) NewID() kiosk.ID                  { v.ids++; return kiosk.ID(fmt.Sprint("new-", v.ids)) }
func (v view) Rules(on kiosk.Day) (kiosk.Rules, error) {
	site, _ := v.Site()
	loc, err := site.Location()
	return kiosk.Rules{Site: site, Year: kiosk.YearOf(on), Timetable: kiosk.DefaultTimetable(), Location: loc}, err
}
func (v view) Events(int64, int) ([]kiosk.Event, error)             { return nil, nil }
func (v view) EachLoan(bool, func(kiosk.Loan) error) error          { return nil }
func (v view) EachMember(kiosk.Day, func(kiosk.Member) error) error { return nil }
func (v view) HouseFigures() (kiosk.HouseFigures, error)            { return kiosk.HouseFigures{}, nil }
func (v view) OpenLoan(kiosk.ID) (kiosk.Loan, error)                { return kiosk.Loan{}, kiosk.ErrNotFound }
func (v view) OpenLoans() ([]kiosk.LoanItem, error)                 { return nil, nil }
func (v view) EachItem(func(kiosk.Item) error) error                { return nil }
func (v view) StationDevices() ([]kiosk.StationDevice, error)       { return nil, nil }
func (v view) PutAccount(a kiosk.Account) error {
	v.accounts = append(v.accounts, a)
	v.writes++
	return nil
}
func (v view) PutStation(kiosk.Station) error { v.writes++; return nil }
func (v view) Stations() ([]kiosk.Station, error) {
	return []kiosk.Station{{ID: "s", Name: "desk"}}, nil
}
func (v view) PairedStations() ([]kiosk.PairedStation, error) { return v.paired, nil }
func (v view) PutPairedStation(p kiosk.PairedStation) error {
	v.writes++
	for i := range v.paired {
		if v.paired[i].Hash == p.Hash {
			v.paired[i] = p
			return nil
		}
	}
	v.paired = append(v.paired, p)
	return nil
}
func (v view) Setting(string) (string, error) { return "", nil }
func (v view) Browse(q kiosk.TitleQuery, _ kiosk.Day, offset, limit int) (h kiosk.Hits, err error) {
	h.Total, h.Found, err = v.Search(q.Text, offset, limit)
	return h, err
}
func (v view) LastSeq() (int64, error) { return 0, nil }
func (v view) Item(id kiosk.ID) (kiosk.Item, error) {
	return kiosk.Item{Copy: kiosk.Copy{ID: id, Barcode: Dog.Barcode, Accession: Dog.Accession}, Title: kiosk.Title{Title: Dog.Title}}, nil
}
func (v view) MemberByRef(ref kiosk.ID, _ kiosk.Day) (kiosk.Member, error) {
	return kiosk.Member{Patron: kiosk.Patron{Ref: ref, Name: "Nguyễn Mẫu An"}, Class: "2A"}, nil
}

// Search finds by plain text.
func (v view) Search(q string, offset, limit int) (int, []kiosk.Found, error) {
	var out []kiosk.Found
	for _, f := range v.found {
		if strings.Contains(strings.ToLower(f.Title.Title), strings.ToLower(q)) {
			out = append(out, f)
		}
	}
	total := len(out)
	out = out[min(offset, total):min(offset+limit, total)]
	return total, out, nil
}
