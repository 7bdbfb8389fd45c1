package kiosktest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// notKept are the parts of a ledger that tell of what was done and not of how
// things are: an act that was taken back leaves its traces there.
var notKept = []string{"ids", "events", "answers", "acts", "serials", "accessions", "greatest", "barcodes", "signIns", "guesses", "unmet", "spans", "order"}

// Rows are all that the ledger knows now, by table and key, each as JSON: so that a
// test can say that an act which was taken back left everything as it was. The
// events, the answers to commands and the numbers that are used up are not among
// them. A table that is added is, without a line here.
func (m *Memory) Rows() map[string]map[string]string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	all := map[string]map[string]string{}
	rowsOf(all, "", reflect.ValueOf(&m.data).Elem())
	return all
}

func rowsOf(all map[string]map[string]string, name string, v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		if slices.Contains(notKept, t.Field(i).Name) {
			continue
		}
		f := reflect.NewAt(t.Field(i).Type, unsafe.Pointer(v.Field(i).UnsafeAddr())).Elem()
		at := t.Field(i).Name
		if name != "" && at != "rows" {
			at = name + "." + at
		} else if name != "" {
			at = name
		}
		switch {
		case f.Kind() == reflect.Map:
			rows := map[string]string{}
			for it := f.MapRange(); it.Next(); {
				rows[fmt.Sprint(it.Key().Interface())] = asJSON(it.Value())
			}
			all[at] = rows
		case f.Kind() == reflect.Struct && f.NumField() > 0 && !t.Field(i).IsExported() && holdsTables(f.Type()):
			rowsOf(all, at, f)
		default:
			all[at] = map[string]string{"": asJSON(f)}
		}
	}
}

// holdsTables says that a type is no row but tables.
func holdsTables(t reflect.Type) bool {
	for i := range t.NumField() {
		k := t.Field(i).Type.Kind()
		if k == reflect.Map || k == reflect.Struct && t.Field(i).Type.PkgPath() == t.PkgPath() && holdsTables(t.Field(i).Type) {
			return true
		}
	}
	return false
}

func asJSON(v reflect.Value) string {
	b, err := json.Marshal(v.Interface())
	if err != nil {
		panic("row of a ledger in memory: " + err.Error())
	}
	return string(b)
}
