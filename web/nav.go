package web

import (
	"slices"
	"strings"

	"muontra/kiosk"
)

// navItem is one page of the desk's menu. The menu has two rows: the groups,
// and the pages of the group in which one is.
type navItem struct {
	group string // its words are "nav.group.GROUP"
	key   string // of its own words
	path  string // the page, and the beginning of those behind it
	roles []kiosk.Role
}

var onlyLibrarian = []kiosk.Role{kiosk.Librarian}

// nav is the menu, in the order in which it is shown.
func (s *Server) nav() []navItem {
	items := []navItem{
		{"today", "work.desk", "/desk", staffRoles},
	}
	if s.Lending != nil {
		readers := []kiosk.Role{kiosk.Librarian, kiosk.Management}
		items = append(items,
			navItem{"loans", "work.overdue", overduePath, readers},
			navItem{"loans", "work.loans", loansPath, readers},
			navItem{"loans", "work.holds", holdsPath, readers},
			navItem{"loans", "work.recall", recallPath, readers},
			navItem{"loans", "work.compensation", compensationPath, readers},
		)
		if s.Cataloguing != nil {
			items = append(items,
				navItem{"loans", "work.lessons", lessonsPath, onlyLibrarian},
				navItem{"loans", "work.handouts", handoutsPath, readers},
				navItem{"loans", "work.clearance", clearancePath, readers},
			)
		}
	}
	if s.Cataloguing != nil {
		items = append(items,
			navItem{"stock", "work.titles", "/desk/titles", onlyLibrarian},
			navItem{"stock", "work.copies", "/desk/copies", onlyLibrarian},
			navItem{"stock", "work.sets", setsPath, onlyLibrarian},
			navItem{"stock", "work.textbooks", textbooksPath, onlyLibrarian},
			navItem{"stock", "work.serials", serialsPath, onlyLibrarian},
		)
	}
	if s.Corners != nil {
		readers := []kiosk.Role{kiosk.Librarian, kiosk.Management}
		items = append(items, navItem{"corners", "work.corners", cornersPath, readers}, navItem{"corners", "rotation.register", rotationsPath, readers},
			navItem{"stock", "work.interloans", interloansPath, onlyLibrarian},
			navItem{"corners", "work.corner_late", cornerLatePath, []kiosk.Role{kiosk.Librarian, kiosk.Collaborator}})
	}
	if s.CornerActs != nil {
		items = append(items, navItem{"corners", "work.corner_sheets", sheetsPath, []kiosk.Role{kiosk.Librarian, kiosk.Collaborator}})
	}
	if s.Wishes != nil {
		items = append(items, navItem{"stock", "work.wishes", wishesPath, onlyLibrarian})
	}
	if s.Counter != nil {
		items = append(items, navItem{"today", "work.counter", counterPath, onlyLibrarian})
	}
	if s.Acquisitions != nil {
		items = append(items,
			navItem{"stock", "work.receipts", "/desk/receipts", onlyLibrarian},
			navItem{"stock", "work.shelve", "/desk/shelve", onlyLibrarian},
		)
	}
	if s.Stocktaking != nil {
		items = append(items,
			navItem{"check", "work.stocktake", stocktakePath, []kiosk.Role{kiosk.Librarian, kiosk.Management}},
			navItem{"check", "work.count", countPath, []kiosk.Role{kiosk.Librarian, kiosk.Helper, kiosk.Collaborator}},
		)
	}
	if s.Withdrawing != nil {
		items = append(items, navItem{"check", "work.withdrawal", withdrawalPath, []kiosk.Role{kiosk.Librarian, kiosk.Management}})
	}
	if s.Yearly != nil {
		items = append(items,
			navItem{"plan", "work.targets", targetsPath, []kiosk.Role{kiosk.Librarian, kiosk.Management}},
			navItem{"plan", "work.plan", planBookPath, []kiosk.Role{kiosk.Librarian, kiosk.Management}},
			navItem{"plan", "work.room", roomPath, []kiosk.Role{kiosk.Librarian, kiosk.Management}},
			navItem{"plan", "work.rota", rotaPath, []kiosk.Role{kiosk.Librarian, kiosk.Management}},
			navItem{"plan", "work.activities", activitiesPath, []kiosk.Role{kiosk.Librarian, kiosk.Management}},
			navItem{"plan", "work.proposals", proposalsPath, onlyLibrarian},
			navItem{"stock", "work.surveys", surveysPath, []kiosk.Role{kiosk.Librarian, kiosk.Collaborator}},
		)
	}
	if s.People != nil {
		items = append(items,
			navItem{"patrons", "work.classes", "/desk/classes", onlyLibrarian},
			navItem{"patrons", "work.patrons", "/desk/patrons/new", onlyLibrarian},
			navItem{"patrons", "work.privacy", "/desk/privacy", onlyLibrarian},
			navItem{"year", "work.year", "/desk/year", onlyLibrarian},
		)
	}
	items = append(items, registerNav...)
	items = append(items,
		navItem{"print", "work.labels", "/desk/labels", onlyLibrarian},
		navItem{"print", "work.stocks", "/desk/stocks", onlyLibrarian},
	)
	if s.Settings != nil {
		items = append(items, navItem{"print", "work.posters", postersPath, onlyLibrarian})
	}
	if s.Printing != nil {
		items = append(items, navItem{"print", "work.printers", "/desk/printers", onlyLibrarian})
	}
	if s.Scanners != nil {
		items = append(items, navItem{"settings", "work.scanners", "/desk/scanners", onlyLibrarian})
	}
	if s.Settings != nil {
		items = append(items,
			navItem{"settings", "work.policies", policiesPath, onlyLibrarian},
			navItem{"settings", "work.calendar", calendarPath, onlyLibrarian},
			navItem{"settings", "work.timetable", timetablePath, onlyLibrarian},
			navItem{"settings", "work.places", placesPath, onlyLibrarian},
			navItem{"settings", "work.school", schoolPath, onlyLibrarian},
			navItem{"year", "work.teams", teamsPath, onlyLibrarian},
			navItem{"settings", "work.lists", importPath, onlyLibrarian},
		)
	}
	if s.Accounts != nil {
		items = append(items, navItem{"settings", "work.accounts", "/desk/accounts", onlyLibrarian})
	}
	if s.Backups != nil {
		items = append(items, navItem{"settings", "work.backup", backupPath, onlyLibrarian})
	}
	return append(items,
		navItem{"settings", "machines.title", "/desk/machines", onlyLibrarian},
		navItem{"today", "work.my_classes", "/desk/my-classes", []kiosk.Role{kiosk.Collaborator}},
	)
}

// navGroups is the order of the groups; a group without a page for the caller
// is not shown.
var navGroups = []string{"today", "loans", "stock", "corners", "check", "patrons", "plan", "papers", "print", "year", "settings"}

// navLink is a link of the menu as it is shown.
type navLink struct {
	Key, Path string
	Here      bool
}

// menu is the menu for somebody who is at path: the groups, and the pages of
// the present one.
func (s *Server) menu(c caller, path string) (groups, pages []navLink) {
	first := map[string]navLink{}
	mine, here := s.placeIn(c, path)
	for _, n := range mine {
		if _, ok := first[n.group]; !ok {
			first[n.group] = navLink{Key: "nav.group." + n.group, Path: n.path}
		}
	}
	for _, g := range navGroups {
		if l, ok := first[g]; ok {
			l.Here = g == here.group
			groups = append(groups, l)
		}
	}
	for _, n := range mine {
		if n.group == here.group {
			pages = append(pages, navLink{Key: n.key, Path: n.path, Here: n.path == here.path})
		}
	}
	if len(pages) < 2 {
		pages = nil
	}
	return groups, pages
}

// placeIn is the caller's own menu, and where in it a path lies.
func (s *Server) placeIn(c caller, path string) (mine []navItem, here navItem) {
	mine = slices.DeleteFunc(s.nav(), func(n navItem) bool { return !c.is(n.roles...) })
	for _, n := range mine {
		if n.holds(path) && len(n.path) > len(here.path) {
			here = n
		}
	}
	return mine, here
}

// holds reports whether path is the item's page or lies behind it. The desk's
// first page has nothing behind it but itself.
func (n navItem) holds(path string) bool {
	path = strings.TrimSuffix(path, "/")
	// Somebody's page is reached from the class lists.
	if n.path == "/desk/classes" && strings.HasPrefix(path, "/desk/patrons/") {
		return true
	}
	return path == n.path || n.path != "/desk" && strings.HasPrefix(path, n.path+"/")
}
