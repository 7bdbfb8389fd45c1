package web_test

var undoSettings = map[string]undoRow{
	"/desk/settings/calendar":        {deeds: []deed{{page: "/desk/settings/calendar", with: []string{"closure.0.name", "Nghỉ hè mẫu"}}}},
	"/desk/settings/places":          {deeds: []deed{{page: "/desk/settings/places/new", with: []string{"code", "K8", "name", "Kệ mẫu"}}}},
	"/desk/settings/places/{id}":     {deeds: []deed{{page: "/desk/settings/places/{place:SANH}", with: []string{"name", "Sảnh mẫu"}}}},
	"/desk/settings/places/trolley":  {deeds: []deed{{page: "/desk/settings/places", with: []string{"place", ""}}}},
	"/desk/settings/policies/line":   {deeds: []deed{{page: "/desk/settings/policies/line", with: []string{"who", "teacher", "kind", "map", "does", "lend", "limit", "3", "days", "10"}}}},
	"/desk/settings/policies/remove": {deeds: []deed{{page: "/desk/settings/policies"}}},
	"/desk/settings/school":          {deeds: []deed{{page: "/desk/settings/school", with: []string{"place", "Xã Mẫu"}}}},
	"/desk/settings/timetable":       {deeds: []deed{{page: "/desk/settings/timetable", with: []string{"1.am.note", "Ghi chú mẫu"}}}},
	"/desk/settings/timetable/usual": {apart: true, deeds: []deed{{page: "/desk/settings/timetable", first: []deed{{page: "/desk/settings/timetable", form: "/desk/settings/timetable", with: []string{"1.am.note", "Ghi chú mẫu"}}}}}},
	"/desk/posters/rules":            {deeds: []deed{{page: "/desk/posters", with: []string{"rules", "Giữ sách sạch."}}}},
	"/desk/labels/settings":          {deeds: []deed{{page: "/desk/labels/settings", with: []string{"level.0.name", "Xanh mẫu"}}}},
	"/desk/stocks":                   {deeds: []deed{{page: "/desk/stocks/new", with: []string{"do", "save", "text", "Giấy khác"}}}},
	"/desk/stocks/own/{name}":        {deeds: []deed{{page: "/desk/stocks/own/giay-mau", with: []string{"do", "save", "margin_left", "9"}}}},
	"/desk/stocks/own/{name}/remove": {deeds: []deed{{page: "/desk/stocks"}}},
	"/desk/backup/folder":            {deeds: []deed{{page: "/desk/backup", with: []string{"folder", "/media/usb"}}}},
	"/desk/backup/now":               {nothing: outside},
	"/desk/backup/sheet/printed":     {nothing: printed},
	"/desk/clock":                    {nothing: outside},
	"/desk/undo":                     {nothing: undoes},
}
