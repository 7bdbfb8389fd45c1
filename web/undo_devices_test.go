package web_test

var undoDevices = map[string]undoRow{
	"/desk/printers":                  {deeds: []deed{{page: "/desk/printers/new", with: []string{"name", "Máy in khác", "target", "tcp://192.0.2.10:9100"}, by: "/desk/printers/{id}/do", byAt: `value="disable"`}}},
	"/desk/printers/{id}":             {deeds: []deed{{page: "/desk/printers > /desk/printers/{id}", with: []string{"name", "Máy in đổi tên"}}}},
	"/desk/printers/{id}/do":          {deeds: []deed{{page: "/desk/printers", at: `value="disable"`}}},
	"/desk/printers/{id}/calibration": {deeds: []deed{{page: "/desk/printers/queue > /desk/printers/{id}/calibration", with: []string{"left", "21"}}}},
	"/desk/jobs/{job}":                {nothing: printed},
	"/desk/browsers":                  {deeds: []deed{{page: "/desk/accounts", with: []string{"browser", "Máy mẫu"}, by: "/desk/browsers/{id}/remove"}}},
	"/desk/browsers/{id}/remove":      {nothing: signsIn},
	"/desk/machines":                  {nothing: signsIn},
	"/desk/machines/lan":              {deeds: []deed{{page: "/desk/machines", with: []string{"on", "yes"}}}},
	"/desk/machines/{id}/remove":      {nothing: signsIn},
	"/desk/phones":                    {nothing: signsIn},
	"/desk/phones/{id}/remove":        {nothing: signsIn},
	"/corner/enrol":                   {nothing: signsIn},
	"/pair":                           {nothing: signsIn},
	"/api/v1/pair":                    {nothing: signsIn},
	"/desk/scanners/choose":           {deeds: []deed{{page: "/desk/scanners/choose?station=cua-so"}}},
	"/desk/scanners/do": {deeds: []deed{
		{page: "/desk/scanners", at: `value="move"`, with: []string{"station", "cua-so"}},
		{page: "/desk/scanners", at: `value="forget"`},
	}},
	"/desk/scanners/listen":   {nothing: reads},
	"/desk/scanners/stations": {deeds: []deed{{page: "/desk/scanners", with: []string{"name", "lop-2"}}}},
	"/desk/scanners/typed":    {nothing: reads},
}
