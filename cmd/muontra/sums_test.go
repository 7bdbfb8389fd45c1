package main

import (
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/register"
)

// sumsAgree counts every sum of every register and report a second time. A sum or a figure
// that has no second count is a fault too.
func sumsAgree(t *testing.T, ledger kiosk.Ledger, now time.Time) {
	t.Helper()
	err := ledger.View(t.Context(), func(v kiosk.View) error {
		for _, sheet := range register.Sheets() {
			src, err := register.Open(v, sheet, register.Ask{}, now)
			if err != nil {
				return err
			}
			parts, err := sheet.Parts(src)
			if err != nil {
				return err
			}
			for i := range parts {
				faults, none, err := src.Prove(&parts[i])
				if err != nil {
					return err
				}
				for _, f := range faults {
					t.Errorf("%s, %s %s %s: the lines say %d, counted again it is %d", sheet.Name, f.Part, f.Column, f.Line, f.Says, f.Counted)
				}
				if len(none) > 0 {
					t.Errorf("%s, %s: no second count of %q", sheet.Name, parts[i].Key, none)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
