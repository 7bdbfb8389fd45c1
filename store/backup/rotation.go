package backup

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// How many copies stay: the newest, and the newest of each of so many days and
// months before.
const (
	keepHourly  = 24
	keepDaily   = 14
	keepMonthly = 12
)

// copyFile is a copy in a folder, by its name.
type copyFile struct {
	name string
	at   time.Time
}

// copiesIn lists a folder's copies, the newest first. What is not named as the
// keeper names its copies is not its own: it is neither counted nor deleted.
func copiesIn(dir string) ([]copyFile, error) {
	es, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []copyFile
	for _, e := range es {
		stamp, is := strings.CutPrefix(e.Name(), prefix)
		stamp, _ = strings.CutSuffix(stamp, Encrypted)
		stamp, db := strings.CutSuffix(stamp, plainEnd)
		at, err := time.Parse(stampForm, stamp)
		if is && db && err == nil && e.Type().IsRegular() {
			all = append(all, copyFile{e.Name(), at})
		}
	}
	slices.SortFunc(all, func(a, b copyFile) int { return b.at.Compare(a.at) })
	return all, nil
}

// outlived are those of the copies, the newest first, that need not stay. The
// day and the month are the school's. A clock that was wrong makes no copy
// older than it is: the last by name stays whatever its date.
func outlived(all []copyFile, zone *time.Location) []copyFile {
	var gone []copyFile
	days, months := map[string]bool{}, map[string]bool{}
	for i, c := range all {
		day, month := c.at.In(zone).Format("20060102"), c.at.In(zone).Format("200601")
		stays := i < keepHourly
		if !days[day] && len(days) < keepDaily {
			days[day], stays = true, true
		}
		if !months[month] && len(months) < keepMonthly {
			months[month], stays = true, true
		}
		if !stays {
			gone = append(gone, c)
		}
	}
	return gone
}

// rotate deletes what need not stay. It is called only after a copy was made
// and proved, and never deletes that one.
func rotate(dir, made string, zone *time.Location) error {
	all, err := copiesIn(dir)
	if err != nil {
		return err
	}
	for _, c := range outlived(all, zone) {
		if c.name == filepath.Base(made) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, c.name)); err != nil {
			return err
		}
	}
	return nil
}
