package web_test

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"muontra/web"
	"muontra/web/webtest"
)

// copies stand for the keeper.
type copies struct {
	state  web.BackupState
	secret string
	asked  int
	fails  error
}

func (c *copies) State() web.BackupState  { return c.state }
func (c *copies) Secret() (string, error) { return c.secret, nil }
func (c *copies) Printed()                { c.state.Printed = true }
func (c *copies) Now(_ context.Context, progress func(int, int)) error {
	progress(1, 3)
	c.asked++
	return c.fails
}
func (c *copies) Choose(_ context.Context, folder string) error {
	if folder == "/none" {
		return &web.FolderError{Code: "missing"}
	}
	c.state.Folder, c.state.HasKey = folder, true
	c.secret = "AGE-SECRET-KEY-1QQPQQQSAMPLESAMPLESAMPLESAMPLE"
	return nil
}

func backingUp(t *testing.T) (*office, *copies, *web.SelfCheck) {
	c, check := &copies{}, &web.SelfCheck{}
	o := newOffice(t, func(cfg *web.Config) {
		cfg.Backups, cfg.SelfCheck = c, func() web.SelfCheck { return *check }
	})
	return o, c, check
}

// words is the page's text with its tags taken out of the state's lines.
func badLines(body string) (bad []string) {
	for _, part := range strings.Split(body, `<li class="tone-bad">`)[1:] {
		text, _, _ := strings.Cut(part, "</li>")
		_, text, _ = strings.Cut(text, "<span>")
		text, _, _ = strings.Cut(text, "</span>")
		bad = append(bad, text)
	}
	return bad
}

func TestWhatIsSaidOfCopies(t *testing.T) {
	t.Parallel()
	o, c, check := backingUp(t)
	now := o.Now()
	good := web.BackupState{Folder: "/media/usb", Local: now.Add(-time.Hour), Outside: now.Add(-time.Hour), Rehearsed: now.Add(-7 * time.Hour), RehearsedFile: "muontra-1.db.age", HasKey: true, Printed: true}
	for name, x := range map[string]struct {
		change func(*web.BackupState, *web.SelfCheck)
		bad    string // part of the bad line, "" for none
	}{
		"well":            {func(*web.BackupState, *web.SelfCheck) {}, ""},
		"no stick chosen": {func(s *web.BackupState, _ *web.SelfCheck) { s.Folder = "" }, "Chưa chọn USB"},
		"full":            {func(s *web.BackupState, _ *web.SelfCheck) { s.LocalTrouble = "full" }, "đã đầy"},
		"stick for a day": {func(s *web.BackupState, _ *web.SelfCheck) { s.OutsideTrouble = "absent" }, ""},
		"stick for weeks": {func(s *web.BackupState, _ *web.SelfCheck) {
			s.OutsideTrouble, s.Outside = "absent", now.AddDate(0, 0, -20)
		}, "Chưa thấy USB"},
		"stick read-only":    {func(s *web.BackupState, _ *web.SelfCheck) { s.OutsideTrouble = "read_only" }, "USB không cho ghi"},
		"rehearsal failed":   {func(s *web.BackupState, _ *web.SelfCheck) { s.RehearsalTrouble = "damaged" }, "Tập khôi phục không được"},
		"rehearsal long ago": {func(s *web.BackupState, _ *web.SelfCheck) { s.Rehearsed = now.AddDate(0, 0, -20) }, "Tập khôi phục thành công"},
		"sheet not printed":  {func(s *web.BackupState, _ *web.SelfCheck) { s.Printed = false }, "Chưa in tờ khôi phục"},
		"room put by in use": {func(_ *web.BackupState, k *web.SelfCheck) { k.Free, k.SpareGone = 90<<20, true }, "phần chỗ để dành"},
		"little room":        {func(_ *web.BackupState, k *web.SelfCheck) { k.Free = 90 << 20 }, "chỉ còn 90 MB trống"},
		"faults":             {func(_ *web.BackupState, k *web.SelfCheck) { k.Faults = 2 }, "có 2 lỗi"},
	} {
		c.state, *check = good, web.SelfCheck{Quick: now}
		x.change(&c.state, check)
		for _, page := range []string{"/desk", "/desk/backup"} {
			status, body := o.get(page)
			bad := strings.Join(badLines(body), " | ")
			if status != 200 || x.bad == "" && bad != "" || !strings.Contains(bad, x.bad) {
				t.Errorf("%s, %s: %d, bad %q, want %q", name, page, status, bad, x.bad)
			}
			if page == "/desk" && x.bad == "" != strings.Contains(body, "Sao lưu tốt. Lần tập khôi phục gần nhất: 24/11 02:25") {
				t.Errorf("%s: the green date", name)
			}
		}
	}
	*check = web.SelfCheck{Quick: now, Faults: 3}
	if _, body := o.get("/healthz"); body != "ok\n" {
		t.Errorf("healthz: %q, want ok alone", body)
	}
	if _, body := o.get("/healthz?verbose"); body != "ok\ncheck: 3 faults\n" {
		t.Errorf("healthz: %q", body)
	}
}

func TestBackupPageActs(t *testing.T) {
	t.Parallel()
	o, c, _ := backingUp(t)
	if status, _ := o.get("/desk/backup/sheet"); status != 404 {
		t.Errorf("a sheet without a key: %d", status)
	}
	if status, body, _ := o.post("/desk/backup/folder", "token", "a", "folder", "/none"); status != 422 || !strings.Contains(body, "Không có thư mục này") || !strings.Contains(body, `value="/none"`) {
		t.Errorf("a wrong folder: %d", status)
	}
	if status, _, to := o.post("/desk/backup/folder", "token", "b", "folder", "/media/usb"); status != 303 || to != "/desk/backup" || c.state.Folder != "/media/usb" {
		t.Errorf("a folder: %d %s", status, to)
	}
	for range 2 {
		if status, _, to := o.post("/desk/backup/now", "token", "c"); status != 303 || to != "/desk/backup" {
			t.Errorf("now: %d %s", status, to)
		}
	}
	if c.asked != 1 {
		t.Errorf("sent twice it was done %d times", c.asked)
	}
	c.fails = errors.New("sample")
	if status, _, _ := o.post("/desk/backup/now", "token", "d"); status != 303 {
		t.Errorf("one that fails: %d", status)
	}
	res, err := o.client.Get(o.URL + "/desk/backup/sheet")
	if err != nil {
		t.Fatal(err)
	}
	if status, body, _ := o.read(res); status != 200 || !strings.Contains(body, "<span>AGE-</span>") || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the sheet: %d %q", status, res.Header.Get("Cache-Control"))
	}
	_, picture := o.get("/desk/backup/sheet/qr.png")
	img, err := png.Decode(bytes.NewReader([]byte(picture)))
	if err != nil {
		t.Fatal(err)
	}
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := qrcode.NewQRCodeReader().Decode(bmp, nil); err != nil || r.GetText() != c.secret {
		t.Errorf("the QR code: %v %v", r, err)
	}
	if status, _, _ := o.post("/desk/backup/sheet/printed", "token", "e"); status != 303 || !c.state.Printed {
		t.Errorf("printed: %d", status)
	}
	var none url.Values
	if res, err := http.PostForm(o.URL+"/desk/backup/now", none); err != nil || res.StatusCode != 401 {
		t.Errorf("a stranger: %v", err)
	}
}

func TestBackupPagesInTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	o, c, check := backingUp(t)
	now := o.Now()
	c.secret, *check = "AGE-SECRET-KEY-1QQPQQQSAMPLESAMPLESAMPLESAMPLESAMPLESAMPLESAMPLESAMPLESAM", web.SelfCheck{Quick: now, Restarts: 1}
	c.state = web.BackupState{Folder: "/media/usb/saoluu", Local: now.Add(-time.Hour), Outside: now.AddDate(0, 0, -20), OutsideTrouble: "absent", Rehearsed: now.Add(-7 * time.Hour), RehearsedFile: "muontra-20261124T010203Z.db.age", HasKey: true}
	p := webtest.Open(t)
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk")
	for _, path := range []string{"/desk/backup", "/desk/backup/sheet", "/desk"} {
		p.Go(o.URL + path)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", path, size.name, wide)
			}
			p.Axe(path + size.name)
			p.Picture("backup" + strings.ReplaceAll(path, "/", "-") + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
}
