package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/fold"
	"muontra/labels/queue"
	"muontra/web/words"
)

// importPath is where lists come in and go out.
const importPath = "/desk/lists"

// maxListForm bounds the form of a list: the file's own bound, 32 MiB, and room
// for what is around it. What a workbook unpacks to is bounded by the reader.
const maxListForm = 33 << 20

// importRoutes bring lists in and out: the page's face of what the commands
// import and export do.
func (s *Server) importRoutes() []route {
	return []route{
		{"GET", importPath, librarian, s.listsPage},
		{"POST", importPath + "/read", librarian, s.readList},
		{"POST", importPath + "/export", librarian, s.exportList},
		{"GET", importPath + "/plans/{id}", librarian, s.planPage},
		{"GET", importPath + "/plans/{id}/rejects", librarian, s.planRejects},
		{"POST", importPath + "/plans/{id}/apply", librarian, s.applyPlan},
		{"POST", importPath + "/plans/{id}/undo", librarian, s.undoPlan},
	}
}

// plan is a list that was read, with what would become of its rows or, applied,
// has become of them.
type plan struct {
	id, owner, file string
	at              time.Time
	writing         sync.Mutex
	mu              sync.Mutex
	plan            *exchange.Plan
	applied         bool
	undone          *kiosk.ImportUndone // nil while it is not taken back
}

// plans are the last few: a list may have fifty thousand rows.
type plans struct {
	mu  sync.Mutex
	all []*plan
}

// The bounds of plans.
const (
	mostPlans = 4
	planTime  = 24 * time.Hour // a wrong file is noticed the same day, and taken back
)

func (p *plans) add(x *plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = slices.DeleteFunc(append(p.all, x), func(y *plan) bool { return x.at.Sub(y.at) > planTime })
	if len(p.all) > mostPlans {
		p.all = slices.Clone(p.all[len(p.all)-mostPlans:])
	}
}

func (p *plans) find(r *http.Request) (*plan, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.all, func(x *plan) bool {
		return x.id == r.PathValue("id") && x.owner == string(callerOf(r).account.id)
	})
	if i < 0 {
		return nil, false
	}
	return p.all[i], true
}

func planPath(id string) string { return importPath + "/plans/" + id }

// listsPage is the page of lists. A link may say of what: ?subject=titles.
func (s *Server) listsPage(w http.ResponseWriter, r *http.Request) error {
	subject := exchange.Subject(r.URL.Query().Get("subject"))
	if !slices.Contains(exchange.Subjects, subject) {
		subject = exchange.Patrons
	}
	return s.listsForm(w, r, http.StatusOK, newForm("subject", string(subject)))
}

func (s *Server) listsForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	s.deskPage(w, r, status, "lists.html", map[string]any{"F": f, "Subjects": choices(s.lang(r), "lists.subject.", exchange.Subjects)})
	return nil
}

// sentList reads the form of a list: its fields and the file, in memory.
func sentList(w http.ResponseWriter, r *http.Request) (f *form, name string, data []byte, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxListForm)
	if err := r.ParseMultipartForm(maxListForm); err != nil {
		if p, known := asProblem(err); known {
			return nil, "", nil, p
		}
		return nil, "", nil, errBadBody
	}
	defer r.MultipartForm.RemoveAll()
	f = newForm()
	for k, list := range r.MultipartForm.Value {
		for _, v := range list {
			f.Values.Add(k, tidy(v))
		}
	}
	f.Token = f.Get("token")
	var head *multipart.FileHeader
	if list := r.MultipartForm.File["file"]; len(list) == 1 {
		head = list[0]
	}
	if head == nil || head.Size == 0 {
		f.fault("file", kiosk.FieldMissing, nil)
		return f, "", nil, nil
	}
	file, err := head.Open()
	if err != nil {
		return nil, "", nil, err
	}
	defer file.Close()
	if data, err = io.ReadAll(file); err != nil {
		return nil, "", nil, err
	}
	sum := sha256.Sum256(data)
	f.Values.Set("file.sum", hex.EncodeToString(sum[:8]))
	return f, head.Filename, data, nil
}

var yearName = regexp.MustCompile(`^\d{4}\s*-\s*\d{4}$`)

// readList reads a file and plans what becomes of each row. Nothing is written.
func (s *Server) readList(w http.ResponseWriter, r *http.Request) error {
	f, name, data, err := sentList(w, r)
	if err != nil {
		return err
	}
	subject := oneOf(f, "subject", exchange.Subjects)
	year := f.text("year", 0, 20)
	if year != "" && !yearName.MatchString(year) {
		f.Wrong["year"] = "year_name"
	}
	who := callerOf(r).account
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		return s.tasks.start(r, "lists.reading", func(ctx context.Context, _ func(int, int)) (taskEnd, error) {
			table, err := exchange.Read(subject, name, data)
			if err != nil {
				return taskEnd{}, err
			}
			x := &plan{id: rand.Text(), owner: string(who.id), file: name, at: s.Now()}
			err = s.Ledger.View(ctx, func(v kiosk.View) error {
				level, err := queue.LevelCode(v)
				if err != nil {
					return err
				}
				x.plan, err = exchange.NewPlan(v, table, exchange.Options{Now: s.Now(), Year: year, Account: who.id, Station: kiosk.DefaultStation, Level: level})
				return err
			})
			if err != nil {
				return taskEnd{}, err
			}
			s.plans.add(x)
			return taskEnd{Link: planPath(x.id)}, nil
		})
	}, func(status int) error { return s.listsForm(w, r, status, f) })
}

// planRow is a row of a list with what becomes of it.
type planRow struct {
	exchange.Item
	Why string
}

var actionKeys = map[exchange.Action]string{exchange.Add: "add", exchange.Change: "change", exchange.Same: "same", exchange.Wrong: "wrong"}

var planList = list[planRow]{
	Title: "lists.plan",
	Columns: []column[planRow]{
		{Key: "row", Word: "lists.row", Kind: numberCell, Of: func(p planRow) any { return p.Row }, Note: func(p planRow) string { return p.Sheet }},
		{Key: "what", Word: "lists.what", Kind: textCell, Of: func(p planRow) any { return p.What }},
		{Key: "action", Word: "lists.action", Kind: textCell, Of: func(p planRow) any { return "" }, Say: func(p planRow) string { return "lists.action." + actionKeys[p.Action] }, Mark: func(p planRow) string {
			switch p.Action {
			case exchange.Wrong:
				return "out"
			case exchange.Add, exchange.Change:
				return "free"
			}
			return ""
		}},
		{Key: "column", Word: "lists.column", Kind: textCell, Of: func(p planRow) any { return p.Header }},
		{Key: "why", Word: "lists.why", Kind: textCell, Of: func(p planRow) any { return p.Why }},
	},
	Mute: func(p planRow) bool { return p.Action == exchange.Same },
}

// planPage shows what would become of each row, or has.
func (s *Server) planPage(w http.ResponseWriter, r *http.Request) error {
	x, ok := s.plans.find(r)
	if !ok {
		return errNotFound
	}
	x.mu.Lock()
	p, applied, undone, undoable := x.plan, x.applied, x.undone, x.undoable()
	x.mu.Unlock()
	lang, only := s.lang(r), r.URL.Query().Get("only")
	n := p.Counts()
	var rows []planRow
	for _, it := range p.Items {
		if only != "" && actionKeys[it.Action] != only {
			continue
		}
		row := planRow{Item: it}
		if it.Problem != nil {
			row.Why = it.Problem.Text(exchange.Lang(lang))
		}
		rows = append(rows, row)
	}
	var unread []string
	for _, sheet := range p.Table().Sheets {
		for _, name := range sheet.Unread {
			if !slices.Contains(unread, name) {
				unread = append(unread, name)
			}
		}
	}
	data := map[string]any{
		"ID": x.id, "File": x.file, "Subject": p.Subject, "Year": p.Year, "Applied": applied, "N": n, "Only": only,
		"Unread": strings.Join(unread, ", "), "Writes": n.Added+n.Updated > 0,
		"Counts": []planCount{{"add", n.Added}, {"change", n.Updated}, {"same", n.Unchanged}, {"wrong", n.Rejected}},
	}
	data["Undoable"] = undoable && s.Cataloguing != nil && p.Wrote().Len() > 0
	if undone != nil {
		var kept []keptRow
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			kept, err = keptOf(v, lang, *undone)
			return err
		})
		if err != nil {
			return err
		}
		data["Undone"], data["Kept"] = undoneText(lang, *undone), kept
		data["More"] = len(undone.Kept) > mostKept
	}
	if slices.Contains([]string{"add", "change", "same", "wrong"}, only) {
		data["Filter"] = words.T(lang, "lists.action."+only)
	}
	return showList(s, w, r, planList, rows, "plan.html", data)
}

type planCount struct {
	Action string
	N      int
}

// planRejects gives the rejected rows as a workbook to mend and read again.
func (s *Server) planRejects(w http.ResponseWriter, r *http.Request) error {
	x, ok := s.plans.find(r)
	if !ok {
		return errNotFound
	}
	x.mu.Lock()
	p := x.plan
	x.mu.Unlock()
	if p.Counts().Rejected == 0 {
		return errNotFound
	}
	var b bytes.Buffer
	lang := s.lang(r)
	if err := exchange.SendRejects(&b, p, exchange.Lang(lang)); err != nil {
		return err
	}
	attach(w, sheetType, fileName(words.T(lang, "lists.rejects_file"))+".xlsx")
	_, err := w.Write(b.Bytes())
	return err
}

// fileName is a text as the name of a file: plain letters, no blanks.
func fileName(s string) string { return strings.ReplaceAll(fold.Text(s), " ", "-") }

// applyPlan writes the accepted rows, all in one transaction. Each is decided
// again; twice changes nothing.
func (s *Server) applyPlan(w http.ResponseWriter, r *http.Request) error {
	x, ok := s.plans.find(r)
	if !ok {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	to := planPath(x.id)
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		return s.tasks.start(r, "lists.applying", func(ctx context.Context, progress func(done, total int)) (taskEnd, error) {
			x.writing.Lock() // the page stays readable meanwhile
			defer x.writing.Unlock()
			x.mu.Lock()
			p, applied := x.plan, x.applied
			x.mu.Unlock()
			if applied {
				return taskEnd{Link: to}, nil
			}
			done, err := exchange.Apply(ctx, s.Ledger, p, progress)
			if err != nil {
				return taskEnd{}, err
			}
			x.mu.Lock()
			x.plan, x.applied = done, true
			x.mu.Unlock()
			n := done.Counts()
			return taskEnd{Link: to, Key: "lists.applied", Pairs: []any{"added", n.Added, "changed", n.Updated, "wrong", n.Rejected}}, nil
		})
	}, s.refused(w, r, f, to))
}

// exportList makes a workbook of all patrons, titles, copies or loans, or of the
// titles a file for other libraries' programs; the same page reads both back.
func (s *Server) exportList(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	subject, lang := oneOf(f, "subject", exchange.Subjects), s.lang(r)
	marc := f.Is("as", "marc") && subject == exchange.Titles
	day, err := s.todayNow(r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		return s.tasks.start(r, "lists.exporting", func(ctx context.Context, _ func(int, int)) (taskEnd, error) {
			ending, o := ".xlsx", exchange.ExportOptions{Now: s.Now()}
			if marc {
				ending = ".mrc"
			}
			var n int
			file, err := s.makeFile(func(w io.Writer) (err error) {
				if marc {
					n, err = exchange.SendMARC(ctx, s.Ledger, w, o)
				} else {
					n, err = exchange.SendExport(ctx, s.Ledger, subject, w, o)
				}
				return err
			})
			if err != nil {
				return taskEnd{}, err
			}
			name := fileName(words.T(lang, "lists.subject."+string(subject))) + "-" + day.String() + ending
			return taskEnd{Key: "lists.exported", Pairs: []any{"n", n}, File: file, Name: name}, nil
		})
	}, func(status int) error { return s.listsForm(w, r, status, f) })
}
