//go:build linux

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"muontra/cmd/muontra/rehearse"
)

// A rehearsal of some days of two school years, with a kill, a power cut and a
// pulled cable in the middle of breaks, and the year's change between: nothing that
// was shown as done is lost (F01, F02, F11), and everybody is in the class that
// follows. MUONTRA_LONG plays two months of days.
func TestRehearse(t *testing.T) {
	t.Parallel()
	bin, tmp := builtProgram(t), t.TempDir()
	args := []string{"rehearse", "--json", "--dir", tmp, "--days", "6", "--years", "2"}
	least := 1
	if os.Getenv("MUONTRA_LONG") != "" && !slow {
		args[len(args)-3], least = "40", 4
	}
	cmd := exec.CommandContext(t.Context(), bin, args...)
	out, err := cmd.Output()
	var f rehearse.Figures
	if jerr := json.Unmarshal(out, &f); err != nil || jerr != nil {
		t.Fatalf("%v %v: %s", err, jerr, out)
	}
	if f.Wrong() > 0 {
		t.Errorf("not as it was answered: %+v", f)
	}
	if f.Turns != 1 || f.Promoted < 400 || f.Leavers < 90 || f.Joined < 90 || f.Owing == 0 {
		t.Errorf("the school year's change: %+v", f)
	}
	if f.Kills < least || f.Cuts < least || f.Cables < least || f.Acts < 1000 || f.MostInABreak < 100 || f.P50 <= 0 {
		t.Errorf("too little was tried: %+v", f)
	}
	t.Logf("%d acts acknowledged, %d lost; %d kills, %d power cuts, %d cables", f.Acts, f.Lost, f.Kills, f.Cuts, f.Cables)
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if c := runCLI(t, "", "rehearse", "--years", "0"); c.code != exitUsage {
		t.Errorf("no years: %+v", c)
	}
}
