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
	// Choosing and moving have their undo (the scanners' page says so), a station that was
	// added has none: it can stand unused.
	"/desk/scanners/choose":   {unproven: "no scanners in this office"},
	"/desk/scanners/do":       {unproven: "no scanners in this office"},
	"/desk/scanners/listen":   {nothing: reads},
	"/desk/scanners/stations": {unproven: "no scanners in this office"},
	"/desk/scanners/typed":    {nothing: reads},
}
