package web_test

var undoStock = map[string]undoRow{
	"/desk/titles/new":            {deeds: []deed{{page: "/desk/titles/new", with: []string{"title.title", "Tên mẫu mới"}}}},
	"/desk/titles/{id}/edit":      {deeds: []deed{{page: "/desk/titles/{title:30000039}/edit", with: []string{"title.title", "Chú chó mẫu con"}}}},
	"/desk/titles/{id}/merge":     {deeds: []deed{{page: "/desk/titles/{title:30000021}/merge?with={title:30000054}"}}},
	"/desk/titles/{id}/take-back": {nothing: undoes},
	"/desk/copies/{id}/edit":      {deeds: []deed{{page: "/desk/copies/{copy:30000039}/edit", with: []string{"note", "bìa rời", "price", "30.000"}}}},
	"/desk/copies/{id}/barcode":   {deeds: []deed{{page: "/desk/copies/{copy:30000039}/barcode", with: []string{"barcode", "30000999"}}}},
	"/desk/copies/{id}/do": {deeds: []deed{
		{page: "/desk/copies/{copy:30000054}", at: `value="repair"`},
		{page: "/desk/copies/{copy:30000054}", at: `value="lost"`},
		{page: "/desk/copies/{copy:30000054}", at: `value="damaged"`},
	}},
	"/desk/copies/{id}/take-back": {nothing: undoes},
	// The numbers of the labels of copies that were made of textbook lines are used up.
	"/desk/sets/new": {deeds: []deed{
		{page: "/desk/sets/new", with: []string{"name", "Bộ sách mẫu", "grade", "2"}},
		{page: "/desk/sets/new", with: []string{"name", "Bộ sách mẫu", "grade", "2", "count", "2", "line", "*"}, stays: []string{"copies"}},
	}},
	"/desk/sets/{id}/edit":      {deeds: []deed{{page: "/desk/sets > /desk/sets/{id} > /desk/sets/{id}/edit", with: []string{"name", "Bộ sách khác"}}}},
	"/desk/sets/{id}/add":       {deeds: []deed{{page: "/desk/sets > /desk/sets/{id}", with: []string{"code", "30000054"}}}},
	"/desk/sets/{id}/remove":    {deeds: []deed{{page: "/desk/sets > /desk/sets/{id}"}}},
	"/desk/sets/{id}/take-back": {nothing: undoes},
	"/desk/textbooks/new":       {deeds: []deed{{page: "/desk/textbooks/new?title={title:30000039}", with: []string{"year", "2024", "from", "1", "to", "20", "quantity", "20", "price", "15.000"}}}},
	"/desk/textbooks/{id}":      {deeds: []deed{{page: "/desk/textbooks > /desk/textbooks/{id}", with: []string{"price", "13.000"}}}},
	"/desk/textbooks/{id}/off":  {deeds: []deed{{page: "/desk/textbooks > /desk/textbooks/{id} > /desk/textbooks/{id}/off", with: []string{"shelf", "2"}}}},
	// Its number in the general register is given, and never again: what was opened by
	// mistake is corrected into the next delivery.
	"/desk/receipts":      {deeds: []deed{{page: "/desk/receipts/new", with: []string{"supplier", "Nhà sách mẫu", "voucher", "HD-02"}, by: "/desk/receipts/{id}", then: []string{"voucher", "HD-09"}, stays: []string{"receipts"}}}},
	"/desk/receipts/{id}": {deeds: []deed{{page: "/desk/receipts/{receipt:HD-01}/edit", with: []string{"voucher", "HD-03"}}}},
	// The numbers of the copies are used up; the title stays, as others may take it.
	"/desk/receipts/{id}/add":          {deeds: []deed{{page: "/desk/receipts/{receipt:HD-01}/add?new=yes&q=x", with: []string{"quantity", "2"}, stays: []string{"copies", "processing", "titles"}}}},
	"/desk/receipts/{id}/lines/{line}": {deeds: []deed{{page: "/desk/receipts/{receipt:HD-01} > /desk/receipts/{id}/lines/{line}", with: []string{"price", "26.000"}}}},
	// The line comes back with copies of new numbers; those before stay as numbers used up.
	"/desk/receipts/{id}/lines/{line}/remove": {apart: true, deeds: []deed{{page: "/desk/receipts/{receipt:HD-01}", stays: []string{"copies", "states", "processing"}}}},
	// The accession numbers stay with their copies, which are registered under them again.
	"/desk/receipts/{id}/tick":  {deeds: []deed{{page: "/desk/receipts/{receipt:HD-01}", stays: []string{"copies"}}}},
	"/desk/receipts/{id}/close": {deeds: []deed{{page: "/desk/receipts/{receipt:HD-01}"}}},
	// That its label was read is proven, whatever becomes of the book.
	"/desk/shelve":         {deeds: []deed{{page: "/desk/shelve", with: []string{"code", "30000021"}, stays: []string{"copies"}}}},
	"/desk/shelve/move":    {deeds: []deed{{page: "/desk/shelve/move?to={place:KE9}", with: []string{"code", "30000054"}}}},
	"/desk/shelve/trolley": {deeds: []deed{{page: "/desk/shelve/trolley", with: []string{"what", "all"}}}},
	// The title stays: the subscription that was taken back is of it.
	"/desk/serials/new":       {deeds: []deed{{page: "/desk/serials/new", with: []string{"name", "Báo mẫu", "from", "2026-11-02", "to", "2026-11-30", "price", "9.000"}, stays: []string{"titles"}}}},
	"/desk/serials/{id}/edit": {deeds: []deed{{page: "/desk/serials > /desk/serials/{id} > /desk/serials/{id}/edit", with: []string{"price", "10.000"}}}},
	"/desk/serials/{id}": {deeds: []deed{
		{page: "/desk/serials > /desk/serials/{id}", with: []string{"what", "receive", "pick", "*"}},
		{page: "/desk/serials > /desk/serials/{id}", with: []string{"what", "claim", "pick", "*"}},
		{page: "/desk/serials > /desk/serials/{id}", with: []string{"what", "give_up", "pick", "*"}},
		{page: "/desk/serials > /desk/serials/{id}", with: []string{"what", "remove"}, first: []deed{{page: "/desk/serials/new", form: "/desk/serials/new", with: []string{"name", "A báo mẫu", "from", "2026-11-02", "to", "2026-11-30"}}}},
	}},
	"/desk/serials/scan":         {deeds: []deed{{page: "/desk/serials", with: []string{"code", "977123456700340"}}}},
	"/desk/serials/late":         {deeds: []deed{{page: "/desk/serials/late", with: []string{"what", "claim", "pick", "*"}}}},
	"/desk/serials/round":        {elsewhere: "TestSerialPages"},
	"/desk/labels/print":         {nothing: printed},
	"/desk/labels/mark":          {deeds: []deed{{page: "/desk/labels?what=codes&codes=30000039"}}},
	"/desk/interloans/new":       {deeds: []deed{{page: "/desk/interloans/new", with: []string{"lender", "Thư viện mẫu"}}}},
	"/desk/interloans/{id}/edit": {deeds: []deed{{page: "/desk/interloans > /desk/interloans/{id} > /desk/interloans/{id}/edit", with: []string{"note", "Ghi chú mẫu"}}}},
	"/desk/interloans/{id}": {deeds: []deed{
		{page: "/desk/interloans > /desk/interloans/{id}", at: `value="paste"`, with: []string{"books", "Sách mẫu khác; TV.002"}},
		{page: "/desk/interloans > /desk/interloans/{id}", at: `value="add"`, with: []string{"title-0", "Sách mẫu khác", "code-0", "TV.003", "quantity-0", "1"}},
		{page: "/desk/interloans > /desk/interloans/{id}", at: `value="drop"`, with: []string{"book", "*"}},
		{page: "/desk/interloans > /desk/interloans/{id}", at: `value="scan"`, with: []string{"scan", "TV.001"}},
	}},
	"/desk/lists/read":             {nothing: reads},
	"/desk/lists/export":           {nothing: reads},
	"/desk/lists/plans/{id}/apply": {elsewhere: "TestImportIsTakenBack"},
	"/desk/lists/plans/{id}/undo":  {nothing: undoes},
}
