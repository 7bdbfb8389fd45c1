package web_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"muontra/web"
	"muontra/web/webtest"
)

// On a plain page of another machine the browser gives no video: the button
// opens the phone's own camera, and what that took is sent, smaller. A file that
// the browser cannot draw goes as it is, and the daemon says what is wrong.
func TestCameraOnAPlainPage(t *testing.T) {
	p := webtest.OpenWhole(t, "host-resolver-rules=MAP library.test 127.0.0.1")
	var mu sync.Mutex
	var got [][]byte
	s := newSite(t, func(c *web.Config) {
		c.Hosts = []string{"library.test"}
		c.Pictures = func(_ context.Context, b []byte) ([]string, error) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, b)
			if !strings.HasPrefix(string(b), "\xff\xd8") {
				return nil, web.ErrNoPicture
			}
			return []string{"30000013"}, nil
		}
	})
	p.Resize(webtest.Size{W: 390, H: 844})
	p.Go(strings.Replace(s.URL, "127.0.0.1", "library.test", 1) + "/kiosk/desk")
	p.Wait(`document.body.dataset.ready === "yes" && !document.getElementById("camera").hidden`)
	if webtest.Eval[bool](p, `isSecureContext`) {
		t.Fatal("the page is a secure context, so this proves nothing")
	}
	webtest.Eval[any](p, `HTMLInputElement.prototype.click = function () { window.opened = this.id + " " + this.accept + " " + this.getAttribute("capture") }; 0`)
	p.Tap("#camera")
	p.Wait(`window.opened === "camera-file image/* environment"`)

	file := func(name, content string) string {
		f := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(f, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return f
	}
	var large bytes.Buffer
	if err := png.Encode(&large, image.NewGray(image.Rect(0, 0, 3000, 2400))); err != nil {
		t.Fatal(err)
	}
	p.ChooseFile("#camera-file", file("a.png", large.String()))
	p.Wait(`document.getElementById("camera-file").value === ""`)
	for deadline := time.Now().Add(patience); len(s.desk.Scans()) == 0 && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	if scans := s.desk.Scans(); len(scans) != 1 || scans[0].Code != "30000013" || scans[0].CommandID == "" {
		t.Fatalf("scanned %+v", scans)
	}
	p.ChooseFile("#camera-file", file("b.jpg", "not a picture"))
	p.WaitText("Tệp này không phải là ảnh đọc được")
	mu.Lock()
	defer mu.Unlock()
	if c, format, err := image.DecodeConfig(bytes.NewReader(got[0])); err != nil || format != "jpeg" || c.Width != 2000 || c.Height != 1600 {
		t.Errorf("the page sent %s %d x %d, %v", format, c.Width, c.Height, err)
	}
	if n := len(got); n == 0 || string(got[n-1]) != "not a picture" {
		t.Errorf("%d pictures came, the last %.40q", n, got)
	}
}
