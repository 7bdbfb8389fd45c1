package web

import (
	"net/url"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/words"
)

// A line becomes its form and the form the line again.
func TestPolicyFormRoundTrip(t *testing.T) {
	lines := append(kiosk.DefaultPolicies(),
		kiosk.PolicyLine{Category: kiosk.Guest, Kind: kiosk.Map, SubKind: "bản đồ cổ", Limit: 1000, Term: kiosk.TermSemester, Renewals: 100},
		kiosk.PolicyLine{SubKind: kiosk.Story, NotForLoan: true})
	for _, l := range lines {
		f := formOfPolicy(l)
		sent := &form{Values: url.Values(f.Values), Wrong: map[string]string{}}
		if got := policyOfForm(sent); got != l || len(sent.Wrong) > 0 {
			t.Errorf("%+v came back as %+v %v", l, got, sent.Wrong)
		}
		for _, lang := range words.Langs {
			if s := policyText(lang, l); strings.ContainsAny(s, "{}") || strings.Contains(s, "policy.") || strings.Contains(s, "kind.") {
				t.Errorf("%s: %s", lang, s)
			}
		}
	}
}

func TestPolicySentences(t *testing.T) {
	for want, l := range map[string]kiosk.PolicyLine{
		"Học sinh được mượn 2 cuốn sách trong 7 ngày, gia hạn 1 lần.":                                                           {Category: kiosk.Pupil, Limit: 2, Term: kiosk.TermDays, Days: 7, Renewals: 1},
		"Học sinh được mượn 2 cuốn sách thiếu nhi trong 7 ngày, không gia hạn.":                                                 {Category: kiosk.Pupil, Kind: kiosk.Children, Limit: 2, Term: kiosk.TermDays, Days: 7},
		"Giáo viên được mượn 20 cuốn sách nghiệp vụ đến hết học kì, gia hạn 1 lần.":                                             {Category: kiosk.Teacher, Kind: kiosk.Professional, Limit: 20, Term: kiosk.TermSemester, Renewals: 1},
		"Học sinh đọc sách tra cứu, từ điển tại thư viện, không mượn về.":                                                       {Category: kiosk.Pupil, SubKind: kiosk.Dictionary, OnSiteOnly: true},
		"Mọi bạn đọc không mượn thiết bị.":                                                                                      {Kind: kiosk.Equipment, NotForLoan: true},
		"Học sinh thuộc diện được cấp mượn 20 cuốn sách giáo khoa đến hết năm học, không gia hạn; những người khác không mượn.": {Category: kiosk.Pupil, Kind: kiosk.Textbook, Limit: 20, Term: kiosk.TermYear, EntitledOnly: true},
		"Khách được mượn 1 cuốn sách tham khảo (truyện) trong 7 ngày, không gia hạn.":                                           {Category: kiosk.Guest, Kind: kiosk.Reference, SubKind: kiosk.Story, Limit: 1, Term: kiosk.TermDays, Days: 7},
	} {
		if got := policyText(words.VI, l); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// Months begin on Monday and know the days that are closed.
func TestMonths(t *testing.T) {
	y := kiosk.YearOf(kiosk.MustDay("2026-11-24"))
	set := kiosk.YearSettings{Year: y, Calendar: kiosk.DefaultCalendar(y)}
	all := months(words.VI, set, kiosk.MustDay("2026-11-24"))
	if len(all) != 12 || all[0].Name != "Tháng 6/2026" || all[11].Name != "Tháng 5/2027" {
		t.Fatalf("%d months, %s to %s", len(all), all[0].Name, all[len(all)-1].Name)
	}
	november := all[5]
	if first := november.Weeks[0]; first[6].N != 1 || first[5].N != 0 || first[6].Kind != "shut" {
		t.Errorf("1 November 2026 is a Sunday: %+v", first)
	}
	if d := november.Weeks[4][1]; d.N != 24 || d.Kind != "open today" {
		t.Errorf("24 November: %+v", d)
	}
	if d := all[8].Weeks[0][5]; d.N != 6 || d.Kind != "holiday" || d.Why != "Tết Nguyên đán" {
		t.Errorf("6 February 2027: %+v", d)
	}
}
