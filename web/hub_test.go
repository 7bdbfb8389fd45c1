package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"muontra/kiosk"
	"muontra/web"
	"muontra/web/webtest"
)

func (s *site) dial(t testing.TB, path string, header http.Header) *websocket.Conn {
	t.Helper()
	conn, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+path, header)
	if err != nil {
		t.Fatal(err, res)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// frame reads the next state.
func frame(t testing.TB, conn *websocket.Conn) (seq int64, raw string) {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(patience))
	_, b, err := conn.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	var st struct{ Seq int64 }
	if err := json.Unmarshal(b, &st); err != nil {
		t.Fatal(err)
	}
	return st.Seq, string(b)
}

func TestFirstFrameAtOnceAndEachChange(t *testing.T) {
	s := newSite(t)
	conn := s.dial(t, "/ws/stations/desk", nil)
	first, _ := frame(t, conn)
	for i := range 5 {
		want := s.desk.Put(webtest.Idle()).Seq
		if got, _ := frame(t, conn); got != want || got != first+int64(i)+1 {
			t.Fatalf("frame %d, want %d", got, want)
		}
	}
	// A page that comes back is right at once.
	conn.Close()
	want := s.desk.Put(webtest.Idle()).Seq
	if got, _ := frame(t, s.dial(t, "/ws/stations/desk", nil)); got != want {
		t.Errorf("after a reconnect: %d, want %d", got, want)
	}
}

// A page that reads nothing for a while skips pictures, never the last one, and
// does not hold the station up.
func TestSlowPageSkipsButSeesTheLast(t *testing.T) {
	s := newSite(t)
	slow := s.dial(t, "/ws/stations/desk", nil)
	frame(t, slow)
	big := webtest.Idle()
	for i := range 200 { // each picture about 40 KB: the socket's buffers fill
		l := webtest.Loan(webtest.Dog, "2026-12-03", false)
		l.Copy.Title = fmt.Sprint(i, strings.Repeat("x", 100))
		big.Loans = append(big.Loans, l)
	}
	// A station that waited for this page would wait for good: nobody reads.
	var last int64
	for range 500 {
		last = s.desk.Put(big).Seq
	}
	seen := 0
	for {
		seq, _ := frame(t, slow)
		seen++
		if seq == last {
			break
		}
	}
	if seen >= 500 {
		t.Errorf("saw all %d pictures: this test tests nothing", seen)
	}
}

func TestFramesAreClearedWithTheSession(t *testing.T) {
	s := newSite(t)
	conn := s.dial(t, "/ws/stations/desk", nil)
	frame(t, conn)
	dog := webtest.Dog
	secret := webtest.An
	secret.Name, secret.Class = "Zạch", "9-zed"
	s.desk.Put(webtest.InSession(secret, 2, kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.CheckedOut, Copy: &dog}, webtest.Loan(dog, "2026-12-03", false)))
	if _, raw := frame(t, conn); !strings.Contains(raw, "Zạch") {
		t.Fatal("the session's name is not shown")
	}
	ended := webtest.Idle()
	ended.Result = &kiosk.Result{Kind: kiosk.KindCommand, Outcome: kiosk.SessionEnded}
	s.desk.Put(ended)
	_, raw := frame(t, conn)
	for _, left := range []string{"Zạch", "9-zed", dog.Barcode, dog.Title} {
		if strings.Contains(raw, left) {
			t.Errorf("%q is left in %s", left, raw)
		}
	}
	// Nor does a page that connects later get it.
	if _, raw := frame(t, s.dial(t, "/ws/stations/desk", nil)); strings.Contains(raw, "Zạch") {
		t.Error("a new page sees the last session")
	}
}

func TestSocketRefusesForeigners(t *testing.T) {
	s := newSite(t)
	for name, h := range map[string]http.Header{
		"origin": {"Origin": {"http://evil.example"}}, "null": {"Origin": {"null"}}, "port": {"Origin": {"http://127.0.0.1:1"}},
	} {
		_, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+"/ws/stations/desk", h)
		if err == nil || res == nil || res.StatusCode != 403 {
			t.Errorf("%s: %v %v", name, res, err)
		}
	}
	d := *websocket.DefaultDialer
	_, res, err := d.Dial("ws"+strings.TrimPrefix(s.URL, "http")+"/ws/stations/desk", http.Header{"Host": {"evil.example"}})
	if err == nil || res == nil || res.StatusCode != 421 {
		t.Errorf("host: %v %v", res, err)
	}
	own := s.dial(t, "/ws/stations/desk", http.Header{"Origin": {s.URL}})
	frame(t, own)
	if status, body := s.send(t, s.client(), "GET", "/ws/stations/desk", "", ""); status != 400 || !strings.Contains(body, "bad_request") {
		t.Errorf("no upgrade: %d %s", status, body)
	}
	if status, _ := s.send(t, s.client(), "GET", "/ws/stations/nowhere", "", ""); status != 404 {
		t.Errorf("no station: %d", status)
	}
}

// A page has nothing to say: more than a few bytes close its socket, and the
// hub forgets it.
func TestTalkativePageIsClosed(t *testing.T) {
	s := newSite(t)
	conn := s.dial(t, "/ws/stations/desk", nil)
	frame(t, conn)
	conn.WriteMessage(websocket.TextMessage, make([]byte, 5<<20))
	conn.SetReadDeadline(time.Now().Add(patience))
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("still open")
	}
	until(t, func() bool { return s.hub.Pages() == 0 })
}

// patience is how long a test waits for what has to come, however slow the
// machine is.
const patience = 2 * time.Minute

func until(t testing.TB, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never came")
		}
	}
}

func TestOlderPictureNeverReplacesANewer(t *testing.T) {
	h := web.NewHub()
	sc := webtest.Idle()
	sc.Seq = 10
	h.Show(sc)
	sc.Seq = 9
	h.Show(sc)
	if got, _ := h.Newest(sc.Station); got.Seq != 10 {
		t.Errorf("seq %d", got.Seq)
	}
}

func TestDeskHearsHelpAndRefusals(t *testing.T) {
	s := newSite(t)
	c := s.client()
	s.signIn(t, c, "librarian", webtest.Password)
	h := http.Header{}
	r, _ := http.NewRequest("GET", s.URL, nil)
	for _, k := range c.Jar.Cookies(r.URL) {
		h.Add("Cookie", k.String())
	}
	conn := s.dial(t, "/ws/desk", h)
	at := time.Date(2026, 11, 26, 2, 31, 0, 0, time.UTC)
	s.events <- kiosk.Event{Seq: 1, Type: kiosk.EventCheckedOut, OccurredAt: at}
	s.events <- kiosk.Event{Seq: 2, Type: kiosk.EventHelp, Station: "desk", PatronRef: "p", OccurredAt: at}
	s.events <- kiosk.Event{Seq: 3, Type: kiosk.EventRefused, Station: "desk", PatronRef: "p", CopyID: "c", OccurredAt: at,
		Payload: kiosk.Payload{Reason: kiosk.ReasonLimitReached, Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonLimitReached, Facts: kiosk.Facts{"have": 2.0, "limit": 2.0}}}}}
	_, lent := frame(t, conn)
	if !strings.Contains(lent, `"kind":"checked_out"`) {
		t.Errorf("a loan: %s", lent)
	}
	_, help := frame(t, conn)
	for _, want := range []string{`"kind":"help"`, "Nguyễn Mẫu An", `"clock":"09:31"`} {
		if !strings.Contains(help, want) {
			t.Errorf("no %s in %s", want, help)
		}
	}
	_, refused := frame(t, conn)
	for _, want := range []string{`"may_override":true`, webtest.Dog.Barcode, "2 trên 2 cuốn"} {
		if !strings.Contains(refused, want) {
			t.Errorf("no %s in %s", want, refused)
		}
	}
}
