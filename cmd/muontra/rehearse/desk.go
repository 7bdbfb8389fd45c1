package rehearse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

// Librarian and Password are the account that [Plan].Sample makes beside the
// sample school: the rehearsal's librarian signs in with it.
const (
	Librarian = "thuthu"
	Password  = "mat-khau-mau"
)

// desk is the librarian's browser: it opens pages and sends their forms.
type desk struct {
	base   string
	client http.Client
}

// signIn opens the desk of the program that listens at base.
func signIn(ctx context.Context, base string) (*desk, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	d := &desk{base: base, client: http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	return d, d.send(ctx, "/desk/sign-in", url.Values{"name": {Librarian}, "password": {Password}})
}

// page is what the desk shows at a path.
func (d *desk) page(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+path, nil)
	if err != nil {
		return "", err
	}
	text, status, err := d.do(req)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s was answered %d", path, status)
	}
	return text, err
}

// send sends a form. Each that is taken leads on to another page.
func (d *desk) send(ctx context.Context, path string, f url.Values) error {
	return d.post(ctx, path, "application/x-www-form-urlencoded", strings.NewReader(f.Encode()))
}

// upload sends a form with a file in it.
func (d *desk) upload(ctx context.Context, path, token, field, name string, content []byte) error {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	err := m.WriteField("token", token)
	if file, ferr := m.CreateFormFile(field, name); ferr != nil {
		err = errors.Join(err, ferr)
	} else {
		_, ferr = file.Write(content)
		err = errors.Join(err, ferr)
	}
	if err = errors.Join(err, m.Close()); err != nil {
		return err
	}
	return d.post(ctx, path, m.FormDataContentType(), &b)
}

func (d *desk) post(ctx context.Context, path, kind string, body io.Reader) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", kind)
	text, status, err := d.do(req)
	if err == nil && status != http.StatusSeeOther {
		err = fmt.Errorf("%s was answered %d: %s", path, status, seen(text))
	}
	return err
}

func (d *desk) do(req *http.Request) (text string, status int, err error) {
	res, err := d.client.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return string(b), res.StatusCode, err
}

var (
	hidden  = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
	tags    = regexp.MustCompile(`<[^>]*>`)
	spaces  = regexp.MustCompile(`\s+`)
	mainRow = regexp.MustCompile(`(?s)<main.*</main>`)
)

// hiddenIn are the hidden fields of a page's form that is sent to action; nil
// when it has none.
func hiddenIn(page, action string) url.Values {
	_, rest, ok := strings.Cut(page, `action="`+action+`"`)
	if !ok {
		return nil
	}
	rest, _, _ = strings.Cut(rest, "</form>")
	f := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(rest, -1) {
		f.Set(m[1], html.UnescapeString(m[2]))
	}
	return f
}

// seen is the beginning of what a page says, for a message.
func seen(page string) string {
	text := strings.TrimSpace(spaces.ReplaceAllString(tags.ReplaceAllString(mainRow.FindString(page), " "), " "))
	return text[:min(len(text), 600)]
}
