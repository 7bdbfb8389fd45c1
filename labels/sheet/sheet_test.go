package sheet

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"muontra/labels/say"
)

func code(err error) string {
	var f *say.Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

func TestStocksAreTrue(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Stocks() {
		if err := s.Check(); err != nil {
			t.Error(err)
		}
		if seen[s.Name] {
			t.Errorf("%s twice", s.Name)
		}
		seen[s.Name] = true
		for _, lang := range say.Languages {
			if d := s.Describe(lang); d == "" || d == "stock."+s.Name {
				t.Errorf("%s has no line of text in %s", s.Name, lang)
			}
		}
		if err := (Adjust{}).Check(s); err != nil {
			t.Errorf("%s with a printer that is right: %v", s.Name, err)
		}
	}
	// The names that other parts and the manual speak of.
	for _, name := range []string{"a4-65", "a4-24", "a4-40", "35x22", "35x22x2", "35x22x3", "50x30", "card-a4", "a4"} {
		if !seen[name] {
			t.Errorf("no stock %s", name)
		}
	}
	s, err := Find("35x22x3")
	if err != nil || s.PageW != 109 || s.Per() != 3 {
		t.Errorf("35x22x3: %+v %v", s, err)
	}
	if x, y := s.At(2); x != 74 || y != 0 {
		t.Errorf("third column at %v, %v", x, y)
	}
	if _, err := Find("letter"); code(err) != "unknown_stock" {
		t.Error(err)
	}
	own := s
	own.Name, own.Text = "mine", "of the shop round the corner"
	if got, err := Find("mine", own); err != nil || got.Describe("vi") != own.Text {
		t.Error(got, err)
	}
}

func TestStockFaults(t *testing.T) {
	good, err := Find("a4-65")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Stock)
		code   string
	}{
		"larger than its page":  {func(s *Stock) { s.LabelW, s.PitchX, s.Columns = 300, 300, 1 }, "stock_page"},
		"too many columns":      {func(s *Stock) { s.Columns = 6 }, "stock_page"},
		"too many rows":         {func(s *Stock) { s.Rows = 14 }, "stock_page"},
		"overlap across":        {func(s *Stock) { s.PitchX = 30 }, "stock_overlap"},
		"overlap down":          {func(s *Stock) { s.PitchY = 20 }, "stock_overlap"},
		"no columns":            {func(s *Stock) { s.Columns = 0 }, "stock_value"},
		"a million rows":        {func(s *Stock) { s.Rows = 1e6 }, "stock_value"},
		"negative margin":       {func(s *Stock) { s.Left = -1 }, "stock_value"},
		"not a number":          {func(s *Stock) { s.Top = math.NaN() }, "stock_value"},
		"in inches":             {func(s *Stock) { s.LabelW = 1.5 }, "stock_value"},
		"infinite":              {func(s *Stock) { s.PageH = math.Inf(1) }, "stock_value"},
		"unknown printer":       {func(s *Stock) { s.DPI = 100 }, "stock_value"},
		"no kind":               {func(s *Stock) { s.Kind = "" }, "stock_value"},
		"a roll with rows":      {func(s *Stock) { s.Kind = Roll }, "stock_value"},
		"name with a path":      {func(s *Stock) { s.Name = "../x" }, "stock_value"},
		"corner beyond a label": {func(s *Stock) { s.Radius = 20 }, "stock_value"},
	} {
		s := good
		c.change(&s)
		if err := s.Check(); code(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	var f *say.Fault
	s := good
	s.Columns = 6
	if errors.As(s.Check(), &f); math.Abs(f.Fact("over").(float64)-(4.75+5*40.6+38.1-210)) > 1e-9 {
		t.Errorf("over by %v", f.Fact("over"))
	}
}

func TestReadJSON(t *testing.T) {
	b, err := json.Marshal(Stocks())
	if err != nil {
		t.Fatal(err)
	}
	list, err := Read(b)
	if err != nil || len(list) != len(Stocks()) || list[0] != Stocks()[0] {
		t.Errorf("%d stocks, %v", len(list), err)
	}
	for _, bad := range []string{"", "{", `[{"name":"x","colour":"red"}]`, `[{"name":"x"}]`, `{"name":"x"}`} {
		if _, err := Read([]byte(bad)); code(err) == "" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	twice, _ := json.Marshal([]Stock{Stocks()[0], Stocks()[0]})
	if _, err := Read(twice); code(err) != "stock_value" {
		t.Errorf("the same name twice: %v", err)
	}
}

// A printer that stretches and shifts is put right by the four numbers that
// its calibration page shows.
func TestMeasuredPutsAPrinterRight(t *testing.T) {
	for _, p := range []struct{ kx, ky, dx, dy float64 }{
		{1, 1, 0, 0}, {1, 1, 2.5, -1.5}, {0.97, 0.97, 3, 4}, {1.01, 0.99, -2, 1},
	} {
		paper := func(x, y float64) (float64, float64) { return p.kx*x + p.dx, p.ky*y + p.dy }
		left, top := paper(Cross, Cross)
		a, err := Measured(left, top, p.kx*Ruler, p.ky*Ruler)
		if err != nil {
			t.Errorf("%+v: %v", p, err)
			continue
		}
		sx, sy := a.Scales()
		for _, at := range [][2]float64{{0, 0}, {4.75, 10.7}, {200, 280}} {
			x, y := paper(a.X+sx*at[0], a.Y+sy*at[1])
			if math.Abs(x-at[0]) > 1e-9 || math.Abs(y-at[1]) > 1e-9 {
				t.Errorf("%+v: %v lands at %.3f, %.3f", p, at, x, y)
			}
		}
	}
	if _, err := Measured(20, 20, 80, 80); code(err) != "scale" {
		t.Error("a printer that fits to the page must be switched off, not followed")
	}
}

func TestOffsetsOffTheSheet(t *testing.T) {
	for _, c := range []struct {
		stock string
		a     Adjust
		over  float64
		edge  say.Key
	}{
		{"a4-65", Adjust{X: -6}, 1.25, "edge.left"},
		{"a4-65", Adjust{X: 6}, 1.25, "edge.right"},
		{"a4-65", Adjust{Y: 11.7}, 1, "edge.bottom"},
		{"a4-65", Adjust{Y: -30}, 19.3, "edge.top"},
		{"a4-24", Adjust{X: -5}, 0.8, "edge.left"},
		{"35x22", Adjust{X: 3}, 2, "edge.right"},
	} {
		s, err := Find(c.stock)
		if err != nil {
			t.Fatal(err)
		}
		var f *say.Fault
		if err := c.a.Check(s); !errors.As(err, &f) || f.Code != "off_sheet" {
			t.Errorf("%s %+v: %v", c.stock, c.a, err)
			continue
		}
		if math.Abs(f.Fact("over").(float64)-c.over) > 1e-6 || f.Fact("edge") != c.edge {
			t.Errorf("%s %+v: %v", c.stock, c.a, f)
		}
	}
	s, _ := Find("a4-65")
	for _, a := range []Adjust{{X: 1, Y: -1}, {X: 4, Y: 5}, {ScaleX: 0.99, ScaleY: 1.01}} {
		if err := a.Check(s); err != nil && a.ScaleY == 0 {
			t.Errorf("%+v: %v", a, err)
		}
	}
	for _, a := range []Adjust{{ScaleX: 2}, {ScaleY: math.NaN()}, {ScaleX: -1}} {
		if err := a.Check(s); code(err) != "scale" {
			t.Errorf("%+v: %v", a, err)
		}
	}
	if err := (Adjust{X: math.NaN()}).Check(s); err == nil {
		t.Error("an offset that is not a number")
	}
}
