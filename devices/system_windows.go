package devices

import (
	"slices"

	"golang.org/x/sys/windows/registry"
)

// mayReadWrite is not known before a port is opened.
func mayReadWrite(string) bool { return true }

// windowsPorts are the COM ports that are there now; drivers keep this key.
func windowsPorts() []string {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `HARDWARE\DEVICEMAP\SERIALCOMM`, registry.QUERY_VALUE)
	if err != nil {
		return nil // the key is missing where there never was a port
	}
	defer key.Close()
	names, err := key.ReadValueNames(0)
	if err != nil {
		return nil
	}
	var ports []string
	for _, name := range names {
		if port, _, err := key.GetStringValue(name); err == nil {
			ports = append(ports, port)
		}
	}
	slices.Sort(ports)
	return ports
}
