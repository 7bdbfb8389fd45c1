package sheet

// Stocks are the papers that muontra knows from the start. The sheets' sizes
// are those that public label programs use for the common European sheets
// (65-up 38.1 x 21.2, 24-up 70 x 33.8 and 70 x 37, 21-up 70 x 42.3, 40-up
// 52.5 x 29.7); Vietnamese brands were not measured, so a librarian compares
// the calibration page with her sheet and, where it differs, writes a stock
// of her own.
func Stocks() []Stock {
	return []Stock{
		{Name: "a4-65", Kind: Sheet, PageW: 210, PageH: 297, Left: 4.75, Top: 10.7, PitchX: 40.6, PitchY: 21.2, Columns: 5, Rows: 13, LabelW: 38.1, LabelH: 21.2, Radius: 1.5, Edge: 4.2, DPI: 600},
		{Name: "a4-24", Kind: Sheet, PageW: 210, PageH: 297, Left: 0, Top: 0.5, PitchX: 70, PitchY: 37, Columns: 3, Rows: 8, LabelW: 70, LabelH: 37, Edge: 4.2, DPI: 600},
		{Name: "a4-24-34", Kind: Sheet, PageW: 210, PageH: 297, Left: 0, Top: 13.3, PitchX: 70, PitchY: 33.8, Columns: 3, Rows: 8, LabelW: 70, LabelH: 33.8, Edge: 4.2, DPI: 600},
		{Name: "a4-21", Kind: Sheet, PageW: 210, PageH: 297, Left: 0, Top: 0.45, PitchX: 70, PitchY: 42.3, Columns: 3, Rows: 7, LabelW: 70, LabelH: 42.3, Edge: 4.2, DPI: 600},
		{Name: "a4-40", Kind: Sheet, PageW: 210, PageH: 297, Left: 0, Top: 0, PitchX: 52.5, PitchY: 29.7, Columns: 4, Rows: 10, LabelW: 52.5, LabelH: 29.7, Edge: 4.2, DPI: 600},
		{Name: "a4-8", Kind: Sheet, PageW: 210, PageH: 297, Left: 0, Top: 0.5, PitchX: 105, PitchY: 74, Columns: 2, Rows: 4, LabelW: 105, LabelH: 74, Edge: 4.2, DPI: 600},
		{Name: "card-a4", Kind: Card, PageW: 210, PageH: 297, Left: 19.4, Top: 13.5, PitchX: 85.6, PitchY: 54, Columns: 2, Rows: 5, LabelW: 85.6, LabelH: 54, Edge: 4.2, DPI: 600},
		{Name: "a4", Kind: Page, PageW: 210, PageH: 297, PitchX: 210, PitchY: 297, Columns: 1, Rows: 1, LabelW: 210, LabelH: 297, Edge: 10, DPI: 600},
		roll("35x22", 35, 22, 1),
		roll("35x22x2", 35, 22, 2),
		roll("35x22x3", 35, 22, 3),
		roll("50x30", 50, 30, 1),
	}
}

// roll is labels w x h with 2 mm between them, which is what the rolls sold
// for 203 dpi label printers have.
func roll(name string, w, h float64, columns int) Stock {
	const gap = 2
	return Stock{Name: name, Kind: Roll, PageW: float64(columns)*(w+gap) - gap, PageH: h, PitchX: w + gap, PitchY: h + gap,
		Columns: columns, Rows: 1, LabelW: w, LabelH: h, Radius: 1.5, DPI: 203}
}
