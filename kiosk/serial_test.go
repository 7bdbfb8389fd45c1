package kiosk

import "testing"

func TestSerialCodes(t *testing.T) {
	for text, want := range map[string]SerialCode{
		"1234-5679": {"1234-5679", 0}, "12345679": {"1234-5679", 0}, "ISSN 1234-5679": {"1234-5679", 0}, "0000-006x": {"0000-006X", 0},
		"9771234567003": {"1234-5679", 0}, "977123456700312": {"1234-5679", 12}, "9771234567003 00043": {"1234-5679", 43},
		"8934986002029": {"8934986002029", 0}, "036000291452": {"0036000291452", 0}, "03600029145207": {"0036000291452", 7},
	} {
		if got, ok := SerialCodeOf(text); !ok || got != want {
			t.Errorf("%q: %+v %v, want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "1234-5678", "12a4-5679", "9781234567897", "9771234567004", "97712345670031a", "977123456700", "ISSN", "30026710x", "đ2345679"} {
		if got, ok := SerialCodeOf(text); ok {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func TestIssueForAScan(t *testing.T) {
	today := MustDay("2026-11-24")
	issue := func(n int, day string, s IssueStatus) Issue {
		return Issue{Number: n, Expected: MustDay(day), Status: s}
	}
	all := []Issue{issue(198, "2026-11-02", IssueReceived), issue(199, "2026-11-09", IssueGivenUp), issue(200, "2026-11-16", IssueExpected), issue(201, "2026-11-23", IssueExpected), issue(301, "2028-11-01", IssueExpected)}
	for _, c := range []struct {
		number, want int
		of           []Issue
	}{
		{0, 0, all},       // two are due: which?
		{0, 201, all[3:]}, // one is
		{1, 201, all},     // an add-on of two digits; the nearest
		{99, 199, all},    // given up, and it came
		{198, 0, all},     // here already
		{301, 301, all},   // in full
		{7, 0, all[3:]},   // no issue has it: ask, although one is due
	} {
		got, ok := IssueFor(c.of, c.number, today)
		if got.Number != c.want || ok != (c.want > 0) {
			t.Errorf("add-on %d: %d %v, want %d", c.number, got.Number, ok, c.want)
		}
	}
}
