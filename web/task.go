package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"muontra/web/words"
)

// A task is work that may take longer than a second: it goes on behind the page,
// which shows how far it is, can be closed and opened again, and leads on when
// it has ended. An act starts one and goes to its page:
//
//	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
//		return s.tasks.start(r, "lists.reading", func(ctx context.Context, progress func(done, total int)) (taskEnd, error) {
//			...
//			return taskEnd{Link: "/desk/where/it/is"}, nil
//		})
//	}, again)
//
// What ends within a moment leads on without its page being seen. A task is its
// starter's alone, and lost when the program ends: what it does must be one
// transaction.
type task struct {
	id, owner string
	title     string // key of its words
	from      string // the page to go back to when it failed
	mu        sync.Mutex
	done      int
	total     int // 0 while it is not known
	end       taskEnd
	err       error
	ended     chan struct{}
}

// taskEnd is how a task ended.
type taskEnd struct {
	Link  string // where it leads on
	Key   string // words to say; "" for the usual
	Pairs []any
	File  *madeFile // to keep, with its name; it is removed when newer ones are there
	Name  string
	Type  string // of the file; "" for a workbook
	// Straight gives a file that was made in a moment without its page being seen.
	Straight bool
}

// The bounds of tasks.
const (
	mostTasks   = 40 // remembered, the oldest ended go
	mostRunning = 2
	taskTime    = 10 * time.Minute
	taskMoment  = 900 * time.Millisecond
)

// tasks are all of them.
type tasks struct {
	mu      sync.Mutex
	all     []*task
	running int
	closing func() <-chan struct{}
	fault   func(title string, err error)
}

var errManyTasks = errors.New("two tasks are running already")

// start begins a task of the caller and names the page to go to: its own, or
// where it leads when it has ended in a moment. Two at most run at a time.
func (t *tasks) start(r *http.Request, title string, do func(ctx context.Context, progress func(done, total int)) (taskEnd, error)) (string, error) {
	x := &task{id: rand.Text(), owner: string(callerOf(r).account.id), title: title, from: "/desk/lists", ended: make(chan struct{})}
	if r.Method == http.MethodGet {
		x.from = r.URL.Path
	}
	t.mu.Lock()
	if t.running >= mostRunning {
		t.mu.Unlock()
		return "", errManyTasks
	}
	t.running++
	t.all = append(t.all, x)
	t.forget()
	t.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), taskTime)
	closing := t.closing()
	go func() {
		defer cancel()
		go func() {
			select {
			case <-closing:
				cancel()
			case <-ctx.Done():
			}
		}()
		end, err := safely(func() (taskEnd, error) { return do(ctx, x.progress) })
		x.mu.Lock()
		x.end, x.err = end, err
		x.mu.Unlock()
		t.mu.Lock()
		t.running--
		t.mu.Unlock()
		close(x.ended)
		if err != nil {
			t.fault(title, err)
		}
	}()
	select {
	case <-x.ended:
		switch {
		case x.err == nil && x.end.Link != "":
			return x.end.Link, nil
		case x.err == nil && x.end.Straight && x.hasFile():
			return taskPath(x.id) + "/file", nil
		}
	case <-time.After(taskMoment):
	}
	return taskPath(x.id), nil
}

// safely makes an error of a panic: one task must not end the program.
func safely(do func() (taskEnd, error)) (end taskEnd, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

func taskPath(id string) string { return "/desk/tasks/" + id }

// forget lets go of the oldest that have ended. The caller holds mu.
func (t *tasks) forget() {
	for i := 0; len(t.all) > mostTasks && i < len(t.all); {
		select {
		case <-t.all[i].ended:
			t.all[i].drop()
			t.all = append(t.all[:i:i], t.all[i+1:]...)
		default:
			i++
		}
	}
	// Files are large: those of the newest few stay.
	const files = 3
	n := 0
	for i := len(t.all) - 1; i >= 0; i-- {
		if t.all[i].hasFile() {
			if n++; n > files {
				t.all[i].drop()
			}
		}
	}
}

func (x *task) hasFile() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.end.File != nil
}

// drop lets go of the task's file.
func (x *task) drop() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.end.File != nil {
		x.end.File.remove()
		x.end.File = nil
	}
}

// dropAll lets go of all files: the program ends, and with it the tasks' pages.
func (t *tasks) dropAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range t.all {
		x.drop()
	}
}

func (x *task) progress(done, total int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.done, x.total = done, total
}

// find is the caller's task of an id.
func (t *tasks) find(r *http.Request) (*task, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range t.all {
		if x.id == r.PathValue("id") && x.owner == string(callerOf(r).account.id) {
			return x, true
		}
	}
	return nil, false
}

// taskRoutes are the pages of tasks.
func (s *Server) taskRoutes() []route {
	return []route{
		{"GET", "/desk/tasks/{id}", reader, s.taskPage},
		{"GET", "/desk/tasks/{id}/file", reader, s.taskFile},
	}
}

// taskPage shows how far a task is; ?part=yes is its live part alone.
func (s *Server) taskPage(w http.ResponseWriter, r *http.Request) error {
	x, ok := s.tasks.find(r)
	if !ok {
		return errNotFound
	}
	lang := s.lang(r)
	x.mu.Lock()
	data := map[string]any{"Title": x.title, "ID": x.id, "Done": x.done, "Total": x.total, "Link": x.end.Link, "From": x.from, "HasFile": x.end.File != nil}
	err, end := x.err, x.end
	x.mu.Unlock()
	if data["Total"].(int) > 0 {
		data["Percent"] = 100 * data["Done"].(int) / data["Total"].(int)
	}
	select {
	case <-x.ended:
		data["Ended"] = true
		switch {
		case err != nil:
			data["Failed"] = taskTrouble(lang, err)
		case end.Key != "":
			data["Says"] = words.T(lang, end.Key, end.Pairs...)
		default:
			data["Says"] = words.T(lang, "task.done")
		}
	default:
	}
	name := "task.html"
	if r.URL.Query().Get("part") != "" {
		name = "taskpart"
	}
	s.deskPage(w, r, http.StatusOK, name, data)
	return nil
}

// taskTrouble says why a task failed; of a fault of ours, only that it did.
func taskTrouble(lang words.Lang, err error) string {
	if text, known := explained(lang, err); known {
		return text
	}
	return words.T(lang, "error.internal")
}

// taskFile gives the file that a task has made.
func (s *Server) taskFile(w http.ResponseWriter, r *http.Request) error {
	x, ok := s.tasks.find(r)
	if !ok {
		return errNotFound
	}
	x.mu.Lock()
	file, name, kind := x.end.File, x.end.Name, cmp.Or(x.end.Type, sheetType)
	x.mu.Unlock()
	if file == nil {
		return errNotFound
	}
	return file.send(w, kind, name)
}
