package kiosk

import (
	"slices"
	"testing"
	"time"
)

var ict = time.FixedZone("ICT", 7*3600)

// tuesday is Tuesday 24 November 2026, 09:25: grade 3's morning.
var tuesday = MustDay("2026-11-24").At(9, 25, ict)

func testRules() Rules {
	y := YearOf(MustDay("2026-11-24"))
	return Rules{Year: y, Calendar: DefaultCalendar(y), Timetable: DefaultTimetable(), Policies: DefaultPolicies(), Location: ict}
}

func pupil(ref ID) Member {
	return Member{Patron: Patron{Ref: ref, Category: Pupil, Status: PatronActive}, Card: Card{Status: CardActive}, Class: "3A", Grade: 3}
}

func teacher(ref ID) Member {
	return Member{Patron: Patron{Ref: ref, Category: Teacher, Status: PatronActive}, Card: Card{Status: CardActive}}
}

func book(id ID, k Kind, sub string) Item {
	return Item{Copy: Copy{ID: id, TitleID: "t-" + id, Kind: k, SubKind: sub, State: CopyState{CopyID: id, Status: CopyAvailable}}}
}

func lent(i Item, ref ID, due string) LoanItem {
	return LoanItem{Loan: Loan{ID: "l-" + i.ID, CopyID: i.ID, PatronRef: ref, DueOn: MustDay(due)}, Item: i}
}

func TestDefaultPoliciesCheck(t *testing.T) {
	if err := DefaultPolicies().Check(); err != nil {
		t.Error(err)
	}
	if err := (Policies{{Category: Pupil}}).Check(); err == nil {
		t.Error("policies without a fallback line are accepted")
	}
	if err := append(DefaultPolicies(), PolicyLine{}).Check(); err == nil {
		t.Error("two lines with one key are accepted")
	}
}

func TestTheMostSpecificLineWins(t *testing.T) {
	p := DefaultPolicies()
	for _, x := range []struct {
		c    Category
		k    Kind
		sub  string
		want PolicyLine
	}{
		{Pupil, Children, "", PolicyLine{Category: Pupil, Limit: 2, Term: TermDays, Days: 7, Renewals: 1}},
		{Pupil, Reference, Dictionary, PolicyLine{Category: Pupil, SubKind: Dictionary, OnSiteOnly: true}},
		{Teacher, Reference, Dictionary, PolicyLine{Category: Teacher, Limit: 5, Term: TermDays, Days: 30, Renewals: 2}},
		{Teacher, Professional, "", PolicyLine{Category: Teacher, Kind: Professional, Limit: 20, Term: TermSemester, Renewals: 1}},
		{Pupil, Professional, "", PolicyLine{Kind: Professional, NotForLoan: true}},
		{Guest, Textbook, "", PolicyLine{Kind: Textbook, NotForLoan: true}},
		{Category("unheard of"), Children, "", PolicyLine{Limit: 2, Term: TermDays, Days: 7, Renewals: 1}},
	} {
		if got := p.For(x.c, x.k, x.sub); got != x.want {
			t.Errorf("%s, %s %s: %+v", x.c, x.k, x.sub, got)
		}
	}
}

func TestCanCheckOut(t *testing.T) {
	me, other := ID("me"), ID("other")
	a, b, c := book("a", Children, ""), book("b", Reference, Story), book("c", Children, "")
	with := func(i Item, s CopyStatus) Item { i.State.Status = s; return i }
	entitled := pupil(me)
	entitled.Entitled = true
	lostCard := pupil(me)
	lostCard.Card.Status = CardLost
	out := func(ref ID) *Loan { return &Loan{ID: "x", CopyID: "a", PatronRef: ref, DueOn: MustDay("2026-12-01")} }
	hold := func(ref, copyID ID) Hold {
		return Hold{TitleID: a.TitleID, PatronRef: ref, CopyID: copyID, Status: HoldWaiting}
	}

	for _, x := range []struct {
		name  string
		in    Checkout
		want  []Reason
		says  Says
		due   string
		notes []NoteCode
	}{
		{"a pupil's first book", Checkout{Member: pupil(me), Item: a}, nil, Yes, "2026-12-01", nil},
		{"the second is the last", Checkout{Member: pupil(me), Item: b, Open: []LoanItem{lent(a, me, "2026-12-01")}}, nil, Yes, "2026-12-01", []NoteCode{NoteLastOne}},
		{"the third is over the limit", Checkout{Member: pupil(me), Item: c, Open: []LoanItem{lent(a, me, "2026-12-01"), lent(b, me, "2026-12-01")}}, []Reason{ReasonLimitReached}, Ask, "", nil},
		{"a book kept too long", Checkout{Member: pupil(me), Item: b, Open: []LoanItem{lent(a, me, "2026-11-23")}}, []Reason{ReasonOverdue}, Ask, "", nil},
		{"due today is in time", Checkout{Member: pupil(me), Item: b, Open: []LoanItem{lent(a, me, "2026-11-24")}}, nil, Yes, "2026-12-01", []NoteCode{NoteLastOne}},
		{"every reason is gathered, the most useful first", Checkout{Member: pupil(me), Item: c, Open: []LoanItem{lent(a, me, "2026-11-20"), lent(b, me, "2026-12-01")}}, []Reason{ReasonOverdue, ReasonLimitReached}, Ask, "", nil},
		{"a dictionary is read here", Checkout{Member: pupil(me), Item: book("d", Reference, Dictionary)}, []Reason{ReasonOnSiteOnly}, Ask, "", nil},
		{"a newspaper is read here", Checkout{Member: pupil(me), Item: book("n", SerialIssue, "")}, []Reason{ReasonOnSiteOnly}, Ask, "", nil},
		{"a map is read here", Checkout{Member: pupil(me), Item: book("m", Map, "")}, []Reason{ReasonOnSiteOnly}, Ask, "", nil},
		{"a teachers' book is not for pupils", Checkout{Member: pupil(me), Item: book("p", Professional, "")}, []Reason{ReasonNotForLoan}, Ask, "", nil},
		{"a teacher has it for the semester", Checkout{Member: teacher(me), Item: book("p", Professional, "")}, nil, Yes, "2027-01-11", nil},
		{"a teacher takes a dictionary home", Checkout{Member: teacher(me), Item: book("d", Reference, Dictionary)}, nil, Yes, "2026-12-24", nil},
		{"a textbook for an entitled pupil, for the year", Checkout{Member: entitled, Item: book("g", Textbook, "")}, nil, Yes, "2027-05-20", nil},
		{"a textbook is not lent to others", Checkout{Member: pupil(me), Item: book("g", Textbook, "")}, []Reason{ReasonNotForLoan}, Ask, "", nil},
		{"a year's textbooks do not count against the two", Checkout{Member: entitled, Item: a, Open: []LoanItem{lent(book("g", Textbook, ""), me, "2027-05-20"), lent(b, me, "2026-12-01")}}, nil, Yes, "2026-12-01", []NoteCode{NoteLastOne}},
		{"a lost copy", Checkout{Member: pupil(me), Item: with(a, CopyLost)}, []Reason{ReasonLost}, No, "", nil},
		{"a withdrawn copy", Checkout{Member: pupil(me), Item: with(a, CopyWithdrawn)}, []Reason{ReasonWithdrawn}, No, "", nil},
		{"a copy not yet registered", Checkout{Member: pupil(me), Item: with(a, CopyInProcessing)}, []Reason{ReasonNotProcessed}, No, "", nil},
		{"another has it", Checkout{Member: pupil(me), Item: a, Out: out(other)}, []Reason{ReasonOnLoanToOther}, No, "", nil},
		{"another waits for it", Checkout{Member: pupil(me), Item: a, Holds: []Hold{hold(other, "")}, Ready: 1}, []Reason{ReasonReservedForOther}, Ask, "", nil},
		{"another waits, but there are two", Checkout{Member: pupil(me), Item: a, Holds: []Hold{hold(other, "")}, Ready: 2}, nil, Yes, "2026-12-01", nil},
		{"set aside for another", Checkout{Member: pupil(me), Item: a, Holds: []Hold{hold(other, "a")}, Ready: 2}, []Reason{ReasonReservedForOther}, Ask, "", nil},
		{"I wait for it", Checkout{Member: pupil(me), Item: a, Holds: []Hold{hold(me, "")}, Ready: 1}, nil, Yes, "2026-12-01", nil},
		{"I wait, behind another", Checkout{Member: pupil(me), Item: a, Holds: []Hold{hold(other, ""), hold(me, "")}, Ready: 1}, []Reason{ReasonReservedForOther}, Ask, "", nil},
		{"a card reported lost", Checkout{Member: lostCard, Item: a}, []Reason{ReasonCardBlocked}, Ask, "", nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			x.in.Now = tuesday
			v, terms := CanCheckOut(x.in, testRules())
			var got []Reason
			for _, r := range v.Refusals {
				got = append(got, r.Reason)
			}
			if !slices.Equal(got, x.want) || v.Says() != x.says {
				t.Errorf("refusals %v (%v), want %v (%v)", got, v.Says(), x.want, x.says)
			}
			if x.due != "" && terms.DueOn.String() != x.due {
				t.Errorf("due %s, want %s", terms.DueOn, x.due)
			}
			var notes []NoteCode
			for _, n := range v.Notes {
				notes = append(notes, n.Code)
			}
			if !slices.Equal(notes, x.notes) {
				t.Errorf("notes %v, want %v", notes, x.notes)
			}
		})
	}
}

// A semester's loan made on the semester's last open day runs into the next.
func TestSemesterLoans(t *testing.T) {
	for day, want := range map[string]string{"2026-11-24": "2027-01-11", "2027-01-11": "2027-05-20", "2027-01-12": "2027-05-20"} {
		v, terms := CanCheckOut(Checkout{Member: teacher("me"), Item: book("p", Professional, ""), Now: MustDay(day).At(9, 0, ict)}, testRules())
		if v.Says() != Yes || terms.DueOn.String() != want {
			t.Errorf("lent on %s: due %s, want %s (%+v)", day, terms.DueOn, want, v)
		}
	}
}

func TestRefusalsCarryTheirFacts(t *testing.T) {
	me := ID("me")
	a, b := book("a", Children, ""), book("b", Children, "")
	v, _ := CanCheckOut(Checkout{Member: pupil(me), Item: book("c", Children, ""), Open: []LoanItem{lent(a, me, "2026-11-20"), lent(b, me, "2026-12-01")}, Now: tuesday}, testRules())
	if f := v.Refusals[0].Facts; f["have"] != 1 || f["due_on"] != MustDay("2026-11-20") {
		t.Errorf("overdue: %v", f)
	}
	if f := v.Refusals[1].Facts; f["have"] != 2 || f["limit"] != 2 {
		t.Errorf("limit: %v", f)
	}
}

func TestOutOfSlotIsANote(t *testing.T) {
	m := pupil("me")
	m.Grade = 5
	v, _ := CanCheckOut(Checkout{Member: m, Item: book("a", Children, ""), Now: tuesday}, testRules())
	if v.Says() != Yes || len(v.Notes) != 1 || v.Notes[0].Code != NoteOutOfSlot {
		t.Errorf("%+v", v)
	}
}

func TestClosedAfterTheRecall(t *testing.T) {
	for day, want := range map[string]Says{"2027-05-19": Yes, "2027-05-20": Ask, "2027-05-25": Ask} {
		v, _ := CanCheckOut(Checkout{Member: pupil("me"), Item: book("a", Children, ""), Now: MustDay(day).At(9, 0, ict)}, testRules())
		if v.Says() != want {
			t.Errorf("%s: %+v", day, v)
		}
		if want == Ask && v.Reason() != ReasonClosed {
			t.Errorf("%s: %s", day, v.Reason())
		}
	}
}

func TestCanRenew(t *testing.T) {
	me := ID("me")
	a := book("a", Children, "")
	renewed := lent(a, me, "2026-12-01")
	renewed.Renewals = 1
	claim := func(on string, of ID, free int) []LessonClaim {
		return []LessonClaim{{Lesson: Lesson{What: LessonCopies, PatronRef: of, On: MustDay(on), Count: 1, Status: LessonWaiting}, Free: free}}
	}
	for _, x := range []struct {
		name    string
		loan    LoanItem
		holds   []Hold
		lessons []LessonClaim
		want    Reason
		due     string
	}{
		{"once", lent(a, me, "2026-12-01"), nil, nil, "", "2026-12-08"},
		{"not twice", renewed, nil, nil, ReasonRenewalLimit, ""},
		{"not when overdue", lent(a, me, "2026-11-20"), nil, nil, ReasonOverdue, ""},
		{"not when another waits", lent(a, me, "2026-12-01"), []Hold{{PatronRef: "other", Status: HoldWaiting}}, nil, ReasonReservedForOther, ""},
		{"my own hold is no bar", lent(a, me, "2026-12-01"), []Hold{{PatronRef: me, Status: HoldWaiting}}, nil, "", "2026-12-08"},
		{"not over a lesson that counts on it", lent(a, me, "2026-12-01"), nil, claim("2026-12-04", "teacher", 1), ReasonReservedForOther, ""},
		{"a lesson that has another copy", lent(a, me, "2026-12-01"), nil, claim("2026-12-04", "teacher", 2), "", "2026-12-08"},
		{"a lesson that never counted on it", lent(a, me, "2026-12-01"), nil, claim("2026-12-01", "teacher", 1), "", "2026-12-08"},
		{"a lesson after it is back again", lent(a, me, "2026-12-01"), nil, claim("2026-12-09", "teacher", 1), "", "2026-12-08"},
		{"my own lesson", lent(a, me, "2026-12-01"), nil, claim("2026-12-04", me, 1), "", "2026-12-08"},
		{"not past the recall", lent(a, me, "2027-05-20"), nil, nil, ReasonClosed, ""},
	} {
		v, terms := CanRenew(pupil(me), x.loan, x.holds, x.lessons, nil, testRules(), tuesday)
		if v.Reason() != x.want {
			t.Errorf("%s: %+v", x.name, v)
		}
		if x.due != "" && terms.DueOn.String() != x.due {
			t.Errorf("%s: due %s, want %s", x.name, terms.DueOn, x.due)
		}
	}
}

// The first semester ends on Sunday 10 January: what is due on the Friday before
// is renewed into the second.
func TestRenewOverAClosedEndOfSemester(t *testing.T) {
	rules := testRules()
	rules.Year.Semester2 = MustDay("2027-01-11")
	l := lent(book("p", Professional, ""), "me", "2027-01-08")
	v, terms := CanRenew(teacher("me"), l, nil, nil, nil, rules, tuesday)
	if v.Says() != Yes || terms.DueOn.String() != "2027-05-20" {
		t.Errorf("due %s, %+v", terms.DueOn, v)
	}
}

func TestReasonsHaveOnePlaceEach(t *testing.T) {
	for i, r := range Reasons {
		if slices.Index(Reasons, r) != i {
			t.Errorf("%s stands twice in the order of precedence", r)
		}
	}
}
