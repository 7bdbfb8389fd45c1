package web_test

var undoPaperwork = map[string]undoRow{
	"/desk/activities": {deeds: []deed{{page: "/desk/activities/new?kind=reading", with: []string{"text", "Việc mẫu khác", "people", "20", "class", "2A", "status", "planned"}}}},
	"/desk/activities/{id}": {deeds: []deed{
		{page: "/desk/activities > /desk/activities/{id}", with: []string{"text", "Việc mẫu sửa"}},
		{page: "/desk/activities > /desk/activities/{id}", with: []string{"what", "remove"}},
	}},
	"/desk/plan":                   {elsewhere: "TestUsualPlanIsTakenBack"},
	"/desk/rota":                   {elsewhere: "TestRota"},
	"/desk/rota/edit":              {elsewhere: "TestRota"},
	"/desk/proposals":              {deeds: []deed{{page: "/desk/proposals/new", with: []string{"name", "Đề nghị khác", "text_0", "Sách mẫu", "quantity_0", "2"}}}},
	"/desk/proposals/{id}":         {deeds: []deed{{page: "/desk/proposals > /desk/proposals/{id}", with: []string{"note", "Ghi chú mẫu"}}}},
	"/desk/wishes/{id}":            {deeds: []deed{{page: "/desk/wishes > /desk/wishes/{id}", with: []string{"note", "Ghi chú mẫu"}}}},
	"/desk/room":                   {deeds: []deed{{page: "/desk/room", with: []string{"seats", "36"}}}},
	"/desk/registers/declared":     {deeds: []deed{{page: "/desk/registers/declared", with: []string{"copies_children", "12"}}}},
	"/desk/registers/{name}/close": {nothing: signed},
	"/desk/targets":                {deeds: []deed{{page: "/desk/targets/goals", with: []string{"census", "31/12/2026"}}}},
	"/desk/targets/assessment":     {deeds: []deed{{page: "/desk/targets/assessment", with: []string{"least_area", "60"}}}},
	"/desk/targets/old-scheme":     {deeds: []deed{{page: "/desk/targets/old-scheme", with: []string{"most_1", "20", "points_1", "15"}}}},
	"/desk/targets/records":        {deeds: []deed{{page: "/desk/targets/records", with: []string{"what", "file"}}}},
	"/desk/stocktake":              {elsewhere: "TestStocktakeOpenedByMistakeIsTakenBack"},
	"/desk/stocktake/found": {apart: true, deeds: []deed{{
		page: "/desk/stocktake", with: []string{"code", "30000054"},
		first: []deed{{page: "/desk/copies/{copy:30000054}", form: "/desk/copies/{id}/do", at: `value="lost"`}},
	}}},
	// A line stays that says that nothing was counted.
	"/desk/stocktake/{id}/lines": {deeds: []deed{{page: "/desk/stocktake > /desk/stocktake/{id} > /desk/stocktake/{id}/lines", with: []string{"n-*", "12"}, stays: []string{"records.Quantities"}}}},
	"/desk/stocktake/{id}/file":  {elsewhere: "TestStocktakeFileIsTakenBack"},
	"/desk/stocktake/{id}/close": {apart: true, deeds: []deed{{
		page: "/desk/stocktake > /desk/stocktake/{id} > /desk/stocktake/{id}/close", with: []string{"name1", "Bà Mẫu"}, by: "/desk/stocktake/{id}/reopen",
		first: []deed{{page: "/desk/count", form: "/desk/count", with: []string{"code", "30000054"}}},
	}}},
	"/desk/stocktake/{id}/reopen":        {nothing: undoes},
	"/desk/stocktake/{id}/stations":      {elsewhere: "TestPairedStationCountsTheStock"},
	"/desk/stocktake/{id}/stations/stop": {nothing: undoes},
	"/desk/count":                        {deeds: []deed{{page: "/desk/count", with: []string{"code", "30000054"}, by: "/desk/count/back"}}},
	"/desk/count/back":                   {nothing: undoes},
	"/desk/count/picture":                {elsewhere: "TestStocktakePages"},
	"/desk/withdrawals":                  {deeds: []deed{{page: "/desk/withdrawals/new", with: []string{"numbers", "30000054", "cause", "torn"}}}},
	"/desk/withdrawals/rules":            {deeds: []deed{{page: "/desk/withdrawals/new", with: []string{"unlent", "4"}}}},
	"/desk/withdrawals/{id}":             {deeds: []deed{{page: "/desk/withdrawals/{withdrawal:Thanh lý mẫu}", with: []string{"what", "drop"}}}},
	"/desk/withdrawals/{id}/approval": {deeds: []deed{
		{page: "/desk/withdrawals/{withdrawal:Thanh lý mẫu}", with: []string{"approver", "Bà Mẫu", "day", "2026-11-24"}},
		{page: "/desk/withdrawals/{withdrawal:Thanh lý đã duyệt}", with: []string{"what", "unapprove"}},
	}},
	"/desk/withdrawals/{id}/close": {nothing: signed},
}
