package web_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muontra/kiosk"
)

// besides sends a form that is refused: the answer is the page with the form, the
// sentence stands beside the field, and all sentences about fields are a field's own.
// Pairs without a token get one.
func (o *office) besides(path, field, want string, pairs ...string) (body string) {
	o.t.Helper()
	has := false
	for i := 0; i < len(pairs); i += 2 {
		has = has || pairs[i] == "token"
	}
	if !has {
		pairs = append([]string{"token", rand.Text()}, pairs...)
	}
	status, body, to := o.post(path, pairs...)
	if status != http.StatusUnprocessableEntity {
		o.t.Errorf("%s %v: %d %s", path, pairs, status, to)
		return body
	}
	_, after, is := strings.Cut(body, `id="`+field+`-wrong"`)
	_, after, _ = strings.Cut(after, ">")
	text, _, _ := strings.Cut(after, "<")
	if !is || !strings.Contains(text, want) {
		o.t.Errorf("%s %.200v: beside %s stands %q: %s", path, pairs, field, text, troubles(body))
	}
	if _, why := besideFields(body); why != "" {
		o.t.Errorf("%s %.200v: %s", path, pairs, why)
	}
	return body
}

// A form whose page is a list or a box for scans comes back like any other: what was
// typed and ticked is there, and the sentence beside it. (Loans, overdue slips, serials,
// and registers are asked by the tests of their pages.)
func TestWhatIsRefusedStaysTyped(t *testing.T) {
	t.Parallel()
	o, paths := fullOffice(t)
	corner := ""
	for _, p := range paths {
		if at, is := strings.CutSuffix(p, "/pick?sent=yes&count=5"); is {
			corner = at
		}
	}
	for _, c := range []struct{ path, field, typed, want, others string }{
		{"/desk/shelve", "code", "39999999", "", ""},
		{"/desk/stocktake/found", "code", "39999999", "39999999", ""},
		{"/desk/stocktake/found", "code", "", "Ô này cần điền", ""},
		{"/desk/stocktake/found", "code", "30000013", "không bị ghi là mất", ""},
		{"/desk/serials/round", "code", "39999999", "mang mã này", ""},
		{"/desk/corners/back", "code", "9786040000001", "không phải sách của thư viện", "condition=worn"},
		{corner + "/scan", "code", "9786040000001", "không phải sách của thư viện", ""},
		{corner + "/do", "until", "mai", "Viết ngày như", "what=begin"},
		{corner + "/do", "count", "-4", "", "what=read&readers=3&day=24/11/2026"},
		{corner + "/do", "quantity", "nhiều", "Chỉ viết chữ số", "what=own&text=Sách của lớp"},
	} {
		pairs := []string{c.field, c.typed}
		for one := range strings.SplitSeq(c.others, "&") {
			if name, value, is := strings.Cut(one, "="); is {
				pairs = append(pairs, name, value)
			}
		}
		body := o.besides(c.path, c.field, c.want, pairs...)
		if c.typed != "" && !strings.Contains(body, `value="`+c.typed+`"`) {
			t.Errorf("%s: %q is not in its field any more", c.path, c.typed)
		}
		for i := 2; i < len(pairs); i += 2 {
			if pairs[i] != "what" && pairs[i] != "day" && !strings.Contains(body, `value="`+pairs[i+1]+`"`) {
				t.Errorf("%s: %s %q is gone", c.path, pairs[i], pairs[i+1])
			}
		}
		if strings.Contains(body, "said-bar bad") {
			t.Errorf("%s: told twice", c.path)
		}
	}
	o.Replayed()
}

// A code that no book may bear is wrong where it was typed.
func TestBarcodesThatNoneMayBear(t *testing.T) {
	t.Parallel()
	o, _ := fullOffice(t)
	var copyID, setID string
	o.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode("30000039")
		if err != nil {
			return err
		}
		sets, err := v.Sets()
		copyID, setID = string(i.ID), string(sets[0].ID)
		return err
	})
	o.besides("/desk/copies/"+copyID+"/barcode", "barcode", "Quét mã khác", "barcode", "20000016")
	edit := "/desk/sets/" + setID + "/edit"
	_, body := o.get(edit)
	v := url.Values{}
	for _, form := range formOf.FindAllString(body, -1) {
		if strings.Contains(form, `name="barcode"`) {
			v = unescaped(valuesOf(form))
		}
	}
	v.Set("barcode", "20000016")
	if status, answer, _ := o.send(edit, v); status != http.StatusUnprocessableEntity || !strings.Contains(answer, `id="barcode-wrong"`) {
		t.Errorf("%d %s", status, troubles(answer))
	}
}
