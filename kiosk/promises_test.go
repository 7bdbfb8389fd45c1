package kiosk_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// promise is a fault or an abuse, what muontra does then, and the tests that show
// it, as "folder.Test". A row without a test says why there can be none.
type promise struct {
	id, case_, does string
	tests           string
	reason          string
}

// faults are what happens to a school's PC.
var faults = []promise{
	{"F01", "power cut during a commit", "every act that was shown as done is there, whole; tried after each operation on the disk, with NORMAL as the control that must lose", "store.TestPowerCut store.TestPowerCutIsNoticed cmd/muontra.TestRehearse", ""},
	{"F02", "the program is killed", "the same; a command that is sent again gets its answer and is done once", "cmd/muontra.TestKilledAgainAndAgain cmd/muontra.TestStationOverACutNetwork cmd/muontra.TestUnit", ""},
	{"F03", "the disk fills and is freed", "room put by is given back and the act done in it; when that is gone too nothing is told as done, the screen says so; the same program goes on once there is room; the desk warns at 500 MB; no part of a copy stays", "cmd/muontra.TestDiskFillsAndIsFreed store.TestFullDisk store.TestFullDiskAmongActs kiosk/station.TestAFullDisk store/backup.TestDiskFullLeavesNoPart store.TestRoomIsMadeForActs store/backup.TestKeeperIsMadeRoomFor store/backup.TestKeeperSparesTheDisk cmd/muontra.TestFullDiskIsLivedOn cmd/muontra.TestFullDiskIsStartedOn cmd/muontra.TestSpareRoomComesAndGoes web.TestWhatIsSaidOfCopies", ""},
	{"F04", "the disk is read-only", "the page says so, books can be looked up, nothing is lent", "cmd/muontra.TestReadOnlyDiskIsForLookingUp store.TestReadOnlyFileIsSaid", ""},
	{"F05", "the file is damaged in the middle", "found by the look each night, told on the desk; the last good copy is kept", "store.TestCheckNamesTheFault store/backup.TestKeeperKeepsTheGoodCopy web.TestWhatIsSaidOfCopies cmd/muontra.TestTroubleIsToldOnThePage", ""},
	{"F06", "the file's head is overwritten", "a page with what to do and the newest copies; the file is left as it is", "cmd/muontra.TestTroubleIsToldOnThePage store.TestRefusals", ""},
	{"F07", "the file is cut short", "the same", "cmd/muontra.TestTroubleIsToldOnThePage store.TestRefusals", ""},
	{"F08", "the file has no bytes, or is gone", "the same; never begun anew in silence", "cmd/muontra.TestTroubleIsToldOnThePage store.TestRefusals store.TestZeroBytesWithoutAMark", ""},
	{"F09", "the clock is back, in 1970, years ahead", "told on the desk with both times; events are marked, days due are counted from the last day that is sure and the screen says so, and the staff confirm or change them once the clock is set; no name is taken off; order is by number", "kiosk.TestClockAt kiosk/circulation.TestLendingAtAWrongClock kiosk/circulation.TestConfirmDue web.TestDaysDueAreConfirmed web.TestWrongClockIsToldOnTheDesk web/certs.TestClockOf1970", ""},
	{"F10", "change of summer time, leap day, due on a holiday", "days are civil days of the school's zone, due days are open ones", "kiosk.TestDaysDueAreCivilDays kiosk.TestDueFallsOnAnOpenDayNeverAfterTheRecall kiosk.TestDayArithmetic", ""},
	{"F11", "the scanner is pulled out in a scan", "half a scan is dropped, nothing is booked, the page shows it; put back, it reads on", "devices.TestHalfReadIsDropped devices.TestFramingSilence devices.TestSerialPulledAndPutBack devices.TestPulledAHundredTimes cmd/muontra.TestFromTheCableToThePage", ""},
	{"F12", "garbage, NUL, ten kilobytes, emoji", "refused in words; never a fault, never SQL or HTML", "kiosk.TestNormalizeCode kiosk.FuzzNormalizeCode web.FuzzScanBody web.TestHostileText devices.TestSerialNoise devices.TestFramingLength", ""},
	{"F13", "the same code twice", "a repeat of the station's previous code within 1.5 s of its previous reading is ignored, writes no event and changes nothing; later it is a new scan", "kiosk/station.TestDoubleScans kiosk/station.TestDoubleScansSentAgain", ""},
	{"F14", "two stations, one copy", "exactly one gets it, the other is told", "kiosk/station.TestTwoStationsOneCopy cmd/muontra/bench.TestMeasuresWork", ""},
	{"F15", "a copy comes back and goes out at once", "one after the other; who has it is what the events' order says", "kiosk/station.TestReturnAndCheckoutAtOnce", ""},
	{"F16", "the writer is busy", "given up after the limit, told as busy, not done", "store.TestWaits store.TestAnActGivesUpWaiting kiosk/station.TestABusyStore", ""},
	{"F17", "a page reads slowly", "it skips pictures, never the last, and holds nobody up", "web.TestSlowPageSkipsButSeesTheLast", ""},
	{"F18", "a page floods its websocket", "it is closed", "web.TestTalkativePageIsClosed", ""},
	{"F19", "two hundred pages come back at once", "each gets the whole picture at once; pages wait a random while between tries", "web.TestReconnectStorm web.TestLostConnection", ""},
	{"F20", "the printer is off, empty, jammed", "lending never waits for it; the job is kept with its state", "cmd/muontra.TestPrintersThatMisbehave cmd/muontra.TestDaemonPrints", ""},
	{"F21", "ten thousand bad rows", "looked at first, each row with its reason, whole or nothing", "kiosk/exchange.TestEveryOtherRowWrong kiosk/exchange.TestApplyIsWholeOrNothing kiosk/exchange.TestManyRowsWithProgress", ""},
	{"F22", "a list with wrong encoding, merged cells, numbers for dates, zeros lost", "read as meant, or the row says what is wrong", "kiosk/exchange.TestSpreadsheetCells kiosk/exchange.TestMergedClassesAndRepeatedHeader kiosk/exchange.TestFilesThatAreNoLists", ""},
	{"F23", "no link to a district for a week", "nothing changes: the school's database is the system of record, no act asks another machine", "store.TestLedger", ""},
	{"F24", "a command arrives twice or late", "done once, the same answer; what is too old is told as not done", "kiosk/station.TestCommandIDs cmd/muontra.TestKilledAgainAndAgain cmd/muontra.TestStationOverACutNetwork kiosk/station.TestAScanThatWaitedIsDroppedAndTold", ""},
	{"F25", "the school is restored from an old copy", "a new epoch: later events are never taken for the lost ones of the same numbers; the old file stays beside", "store/backup.TestCopyAndBack store/backup.TestRestoreCutBetweenRenames", ""},
	{"F26", "a message broker loses its disk", "", "", "there is no broker: the outbox is a table of the same file, written in the same transaction"},
	{"F27", "a database server dies", "", "", "there is no server: the database is a file of this PC"},
	{"F28", "an upgrade is cut", "the old database or the new, never between; a copy before each migration; an older program refuses", "store.TestUpgradeCut store.TestMigrateCopiesFirst store.TestMigrationThatFailsChangesNothing store.TestNewerIsRefused store.TestEveryReleasedSchemaOpens", ""},
	{"F29", "a virus scanner holds the file (Windows)", "tried again for as long as the store waits, then told as busy", "store.TestWaits", ""},
	{"F30", "two daemons on one folder", "the second refuses in words, the first goes on", "cmd/muontra.TestSecondDaemonRefuses store.TestLock", ""},
}

// abuses are what people try.
var abuses = []promise{
	{"A01", "SQL, search operators", "text and nothing else", "web.TestHostileText store.FuzzSearch web.FuzzFind", ""},
	{"A02", "scripts in titles, names, notes", "shown as text; the policy lets no inline script run", "web.TestHostileText web.TestFieldsOfAnyText web.TestHeaders", ""},
	{"A03", "formulas in lists that go out", "an apostrophe before them", "kiosk/exchange.TestFormulasAndHTMLAreText kiosk/exchange.TestWriteList kiosk/exchange.TestExportedForm", ""},
	{"A04", "a websocket of another site", "refused", "web.TestSocketRefusesForeigners", ""},
	{"A05", "a form of another site", "refused; GET changes nothing", "web.TestFormsOfOtherSitesAreRefused web.TestGETRoutesChangeNothing", ""},
	{"A06", "DNS rebinding", "only the daemon's own names are answered", "web.TestOwnHost cmd/muontra.TestOverTheNetwork", ""},
	{"A07", "a session is fixed or stolen", "a new token at each sign-in, its hash kept, ended by time, by sign-out and by a change of role", "web.TestSignInAndOut web.TestSignInEnds web.TestRoleChangeEndsSignIns web.TestTokensAreNotInTheLedger web.TestOnlyTheHashIsKept", ""},
	{"A08", "a PIN is guessed", "slowed down, per account and place, over a restart; a PIN opens at an enrolled browser only", "web.TestSignInIsSlowedDown web.TestSignInsAndGuessesOutliveARestart web.TestPINOpensAtAnEnrolledBrowserOnly web.TestGuesserElsewhereLocksNobodyOut web.TestPairingIsGuessedSlowly", ""},
	{"A09", "who has an account", "the same answer after the same work", "web.TestNobodyLearnsWhoHasAnAccount", ""},
	{"A10", "a path out of its folder, a symlink", "refused by the system (os.Root); names are the program's own", "cmd/muontra.TestPhotosOnCards cmd/muontra.TestPhotoFolder web.TestHostileText", ""},
	{"A11", "a bomb in a workbook", "refused at 64 MB unpacked", "kiosk/exchange.TestFilesThatAreNoLists web.TestBadLists", ""},
	{"A12", "too much is sent", "413, in words", "web.TestAPI web.TestBadLists web.TestPictures", ""},
	{"A13", "slow and many connections", "closed, and counted by address", "cmd/muontra.TestSlowAndManyConnections", ""},
	{"A14", "a workbook with links, entities, macros", "only cells are read", "kiosk/exchange.TestFilesThatAreNoLists kiosk/exchange.FuzzWorkbook kiosk/exchange.FuzzMARC", ""},
	{"A15", "others read the files", "folder 0700, files 0600", "store.TestFilesArePrivate", ""},
	{"A16", "secrets in copies", "tokens stay outside, passwords are argon2id, what leaves the PC is encrypted to the school's key", "store/backup.TestTokensStayOutside store/backup.TestKey", ""},
	{"A17", "a child's data on a public screen", "the given name, the class and the own loans, gone when the session ends (20 s); read on the frames", "cmd/muontra.TestFramesCarryOnlyTheContract web.TestFramesAreClearedWithTheSession kiosk/station.TestTheScreenForgetsThePatron web.TestDeskFramesByRole", ""},
	{"A18", "a way out of the kiosk", "a public page reaches no page of the staff; another machine needs to be paired", "web.TestWhoMay web.TestWhoMayPaired web.TestNobodyReachesWhatIsAnothers web.TestKioskKeepsToItsHost", ""},
	{"A19", "lines slipped into the log", "escaped; no names", "cmd/muontra.TestLogNamesNobody cmd/muontra.TestLogLinesCannotBeForged", ""},
	{"A20", "a compromised school towards a district", "", "", "nothing is sent anywhere yet; the outbox carries site and epoch of each event, by which a district can refuse another's"},
	{"A21", "huge numbers, negative days, doubled fields", "refused beside the field; CHECK in the schema", "web.TestHostileText web.TestFieldsOfAnyText store.TestSchemaForbids kiosk/exchange.FuzzParseDay", ""},
	{"A22", "a panic", "of a page a 500 without details, of an act a rollback, of a part a new beginning: the program goes on", "web.TestPanicShowsNothing kiosk/station.TestStationOutlivesAPanic cmd/muontra.TestABrokenPartBeginsAnew store.TestActsShareACommit", ""},
}

// Every fault and every abuse has tests that exist, or the reason why not.
func TestEveryFaultAndAbuseHasItsTest(t *testing.T) {
	for prefix, table := range map[string][]promise{"F": faults, "A": abuses} {
		want := map[string]int{"F": 30, "A": 22}[prefix]
		if len(table) != want {
			t.Errorf("%d rows of %s, want %d", len(table), prefix, want)
		}
		for i, p := range table {
			if n := prefix + string('0'+rune(i+1)/10) + string('0'+rune(i+1)%10); p.id != n {
				t.Errorf("row %s stands where %s should", p.id, n)
			}
			names := strings.Fields(p.tests)
			if (len(names) == 0) == (p.reason == "") {
				t.Errorf("%s: a row has tests, or else a reason", p.id)
			}
			if len(names) > 0 && (p.case_ == "" || p.does == "") {
				t.Errorf("%s does not say what happens", p.id)
			}
			for _, name := range names {
				if !exists(t, name) {
					t.Errorf("%s names %s, which does not exist", p.id, name)
				}
			}
		}
	}
}

// tests are the names of the tests and fuzz targets of a folder.
var tests = map[string]map[string]bool{}

var testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

func exists(t *testing.T, name string) bool {
	t.Helper()
	i := strings.LastIndex(name, ".")
	folder, fn := name[:i], name[i+1:]
	if tests[folder] == nil {
		files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(folder), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		tests[folder] = map[string]bool{}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range testFunc.FindAllStringSubmatch(string(b), -1) {
				tests[folder][m[1]] = true
			}
		}
	}
	return tests[folder][fn]
}

// The README's security section names tests that exist.
func TestReadmeNamesRealTests(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	err = filepath.WalkDir("..", func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := os.ReadFile(name)
		for _, m := range testFunc.FindAllStringSubmatch(string(src), -1) {
			all[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w+)`").FindAllStringSubmatch(string(b), -1) {
		if n++; !all[m[1]] {
			t.Errorf("README.md names %s, which does not exist", m[1])
		}
	}
	if n < 40 {
		t.Errorf("%d tests are named: nothing was looked at", n)
	}
}
