package web_test

var undoPeople = map[string]undoRow{
	// The enrolment is counted without a name, as that of everybody who is forgotten.
	"/desk/patrons": {deeds: []deed{
		{page: "/desk/patrons/new", with: []string{"name", "Lê Mẫu Chi", "class", "{class:2A}", "birth_date", "2019-03-04"}, stays: []string{"enrolments"}},
		{page: "/desk/patrons/new", with: []string{"name", "Thầy Mẫu Dũng", "category", "teacher", "class", "", "card", ""}},
	}},
	"/desk/patrons/{id}": {deeds: []deed{{page: "/desk/patrons/{patron:20000016}/edit", with: []string{"name", "Nguyễn Mẫu Ân", "birth_date", "2019-03-04"}}}},
	"/desk/patrons/{id}/status": {deeds: []deed{
		{page: "/desk/patrons/{patron:20000016}", with: []string{"status", "left"}},
		{page: "/desk/patrons/{patron:20000016}", at: `name="reason"`, with: []string{"status", "blocked", "reason", "rách sách"}},
	}},
	"/desk/patrons/{id}/entitled": {deeds: []deed{{page: "/desk/patrons/{patron:20000016}", with: []string{"entitled", "yes"}}}},
	"/desk/patrons/{id}/move":     {deeds: []deed{{page: "/desk/patrons/{patron:20000016}", with: []string{"class", "{class:2B}"}}}},
	"/desk/patrons/{id}/notes":    {deeds: []deed{{page: "/desk/patrons/{patron:20000016}", with: []string{"note", "Ghi chú mẫu"}}}},
	"/desk/patrons/{id}/notes/{note}/remove": {apart: true, deeds: []deed{{
		first: []deed{{page: "/desk/patrons/{patron:20000016}", form: "/desk/patrons/{id}/notes", with: []string{"note", "Ghi chú mẫu"}}},
		page:  "/desk/patrons/{patron:20000016}",
	}}},
	"/desk/patrons/{id}/card":         {deeds: []deed{{page: "/desk/patrons/{patron:20000016}"}}},
	"/desk/patrons/{id}/cards/{card}": {deeds: []deed{{page: "/desk/patrons/{patron:20000016}", with: []string{"what", "lost"}}}},
	"/desk/patrons/{id}/loans/{copy}": {deeds: []deed{
		{page: "/desk/patrons/{patron:20000016}", at: "{copy:30000070}", with: []string{"what", "return"}},
	}},
	"/desk/patrons/{id}/data":   {nothing: outside},
	"/desk/patrons/{id}/forget": {nothing: erased},
	"/desk/patrons/{id}/photo": {deeds: []deed{
		{page: "/desk/patrons/{patron:20000016}", with: []string{"photo", "file:mat.png"}}, // there was none
		{
			first: []deed{{page: "/desk/patrons/{patron:20000016}", form: "/desk/patrons/{id}/photo", with: []string{"photo", "file:mat.png"}}},
			page:  "/desk/patrons/{patron:20000016}", with: []string{"photo", "file:mat-khac.png"},
		},
	}},
	"/desk/classes/{id}/photos": {deeds: []deed{{
		first: []deed{{page: "/desk/patrons/{patron:20000016}", form: "/desk/patrons/{id}/photo", with: []string{"photo", "file:mat.png"}}},
		page:  "/desk/classes > /desk/classes/{id}", with: []string{"photos", "file:20000016.png", "photos", "file:20000024.png"},
	}}},
	"/desk/privacy":          {deeds: []deed{{page: "/desk/privacy", with: []string{"months", "12"}}}},
	"/desk/privacy/run":      {nothing: erased},
	"/desk/year":             {nothing: draft},
	"/desk/year/class/{id}":  {nothing: draft},
	"/desk/year/list":        {nothing: draft},
	"/desk/year/list/decide": {nothing: draft},
	"/desk/year/list/drop":   {nothing: draft},
	// The new year and its empty classes stay and are used again by the next try.
	"/desk/year/begin":              {apart: true, deeds: []deed{{page: "/desk/year", with: []string{"sure", "yes"}, by: "/desk/year/undo", stays: []string{"years", "calendars", "classes", "promotions", "settings"}, first: []deed{{page: "/desk/year", form: "/desk/year"}}}}},
	"/desk/year/undo":               {nothing: undoes},
	"/desk/accounts":                {deeds: []deed{{page: "/desk/accounts/new", with: []string{"name", "co-ba", "role", "helper"}, by: "/desk/accounts/{id}/do", byAt: `value="disabled"`, then: []string{"do", "disabled"}}}},
	"/desk/accounts/{id}":           {deeds: []deed{{page: "/desk/accounts/{account:co-hai}", with: []string{"role", "helper"}}}},
	"/desk/accounts/{id}/do":        {deeds: []deed{{page: "/desk/accounts/{account:co-hai}", at: `value="disabled"`, with: []string{"do", "disabled"}}}},
	"/desk/accounts/{id}/pin":       {nothing: signsIn},
	"/desk/password":                {nothing: signsIn},
	"/desk/sign-in":                 {nothing: signsIn},
	"/desk/sign-out":                {nothing: signsIn},
	"/desk/sign-out-everywhere":     {nothing: signsIn},
	"/desk/set-up":                  {nothing: signsIn},
	"/desk/start":                   {deeds: []deed{{page: "/desk/start?school", with: []string{"school", "Trường tiểu học Mẫu khác", "superior", "Phòng Mẫu", "start", "2026-09-01"}}}},
	"/desk/surveys/{class}/{round}": {deeds: []deed{{page: "/desk/surveys/{class:2A}/1", with: []string{"pupils", "2", "full", "1", "notebooks", "1", "tools", "1"}}}},
	"/desk/teams":                   {deeds: []deed{{page: "/desk/teams/new?patron={patron:20000909}", with: []string{"role", "member", "task", "Việc mẫu"}}}},
	"/desk/teams/{id}":              {apart: true, deeds: []deed{{page: "/desk/teams > /desk/teams/{id}", with: []string{"task", "Việc khác"}, first: []deed{{page: "/desk/teams/new?patron={patron:20000909}", form: "/desk/teams", with: []string{"role", "member", "task", "Việc mẫu"}}}}}},
}
