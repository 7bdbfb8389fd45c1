package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// From its page a register's file is made by a task: it comes at once when it was
// made in a moment, else the task's page leads to it. What cannot be made is told
// on the register's page.
func TestAFileIsMadeBehindThePage(t *testing.T) {
	t.Parallel()
	o := registerOffice(t)
	follow := &http.Client{Jar: o.client.Jar}
	const page = "/desk/registers/accession-register"
	if _, body := o.get(page); !strings.Contains(body, "?as=pdf&amp;behind=yes") || !strings.Contains(body, "?as=xlsx&amp;behind=yes") {
		t.Error("the page leads to no file that is made behind it")
	}
	for as, want := range map[string]struct{ kind, head string }{
		"pdf":  {"application/pdf", "%PDF-"},
		"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"},
	} {
		res, err := follow.Get(o.URL + page + "?as=" + as + "&behind=yes")
		if err != nil {
			t.Fatal(err)
		}
		status, body, _ := o.read(res)
		at := strings.TrimSuffix(res.Request.URL.Path, "/file")
		if status != http.StatusOK || !strings.HasPrefix(at, "/desk/tasks/") {
			t.Fatalf("%s: %d at %s", as, status, at)
		}
		for end := time.Now().Add(2 * time.Minute); !strings.HasPrefix(body, want.head) && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			if res, err = follow.Get(o.URL + at + "/file"); err != nil {
				t.Fatal(err)
			}
			_, body, _ = o.read(res)
		}
		if !strings.HasPrefix(body, want.head) || res.Header.Get("Content-Type") != want.kind || !strings.Contains(res.Header.Get("Content-Disposition"), "."+as) {
			t.Errorf("%s: %.20q, %v", as, body, res.Header)
		}
	}
	if status, body := o.get(page + "?as=pdf&behind=yes&from=2999-01-01"); status != http.StatusUnprocessableEntity || strings.HasPrefix(body, "%PDF-") {
		t.Errorf("of a time to come: %d", status)
	}
}
