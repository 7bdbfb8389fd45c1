//go:build linux

package usbtest

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// bootLimit is for the whole life of the virtual machine, which without hardware
// help is some twenty times slower than what it runs on.
const bootLimit = 8 * time.Minute

// kernelModules are what the guest loads, with what they depend on, in this order.
var kernelModules = []string{"usbhid", "hid-generic", "evdev", "cdc-acm", "dummy_hcd", "libcomposite", "usb_f_hid", "usb_f_acm"}

// sockets is how many USB sockets the guest has: a virtual bus each.
const sockets = 6

const initScript = `#!/bin/busybox sh
B=/bin/busybox
$B mount -t proc proc /proc; $B mount -t sysfs sysfs /sys; $B mount -t devtmpfs dev /dev
while read m; do $B insmod $m || echo "insmod $m failed"; done < /modules
$B mount -t configfs none /sys/kernel/config
$B ip link set lo up
%s=1 HOME=/tmp TMPDIR=/tmp /usb.test -test.v -test.timeout 420s -test.run '%s'
echo "MUONTRA-USB-EXIT $?"
$B poweroff -f
`

// rig is what the virtual machine is made of.
type rig struct {
	qemu, busybox, cpio string
	image, modules      string // the kernel, and the folder of its modules
}

// findRig looks for what is needed, and says in one sentence what is missing.
func findRig() (r rig, missing string) {
	if raceDetector {
		return r, "with the race detector the scanners on a virtual USB bus are not tried again: the race-built program is not what runs there"
	}
	if runtime.GOARCH != "amd64" {
		return r, "scanners on a virtual USB bus are tried on amd64 only"
	}
	dir := os.Getenv("MUONTRA_USB_KERNEL")
	if dir == "" {
		return r, "scanners on a virtual USB bus were not tried: unpack Debian's kernel with '.ci/usb-kernel DIR' and set MUONTRA_USB_KERNEL=DIR"
	}
	for name, path := range map[string]*string{"qemu-system-x86_64": &r.qemu, "busybox": &r.busybox, "cpio": &r.cpio, "gcc": new(string)} {
		found, err := exec.LookPath(name)
		if err != nil {
			return r, fmt.Sprintf("scanners on a virtual USB bus were not tried: no %s here (apt-get install qemu-system-x86 busybox-static cpio gcc libc6-dev)", name)
		}
		*path = found
	}
	images, _ := filepath.Glob(filepath.Join(dir, "boot", "vmlinuz-*"))
	for _, image := range images {
		_, version, _ := strings.Cut(filepath.Base(image), "-")
		modules := filepath.Join(dir, "lib", "modules", version)
		if _, err := os.Stat(filepath.Join(modules, "modules.dep")); err == nil {
			r.image, r.modules = image, modules
			return r, ""
		}
	}
	return r, fmt.Sprintf("scanners on a virtual USB bus were not tried: no kernel with its modules in %s, which '.ci/usb-kernel %s' puts there", dir, dir)
}

// boot builds both programs, runs the virtual machine and passes by its last line.
func boot(t *testing.T) {
	r, missing := findRig()
	if missing != "" {
		t.Skip(missing)
	}
	began := time.Now()
	root := filepath.Join(t.TempDir(), "root")
	for _, d := range []string{"bin", "proc", "sys", "dev", "tmp", "lib/modules"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	static := []string{"-ldflags", `-s -w -linkmode external -extldflags "-static"`}
	build(t, append([]string{"build", "-o", filepath.Join(root, "muontra")}, append(static, "muontra/cmd/muontra")...)...)
	build(t, append([]string{"test", "-c", "-o", filepath.Join(root, "usb.test")}, append(static, "muontra/devices/usbtest")...)...)
	copyFile(t, r.busybox, filepath.Join(root, "bin", "busybox"), 0o755)
	write(t, filepath.Join(root, "modules"), strings.Join(r.takeModules(t, root), "\n")+"\n", 0o644)
	write(t, filepath.Join(root, "init"), fmt.Sprintf(initScript, inside, wanted()), 0o755)
	disk := pack(t, r.cpio, root)
	built := time.Since(began)

	for try := 1; ; try++ {
		said := r.emulate(t, disk)
		t.Logf("built in %v, all in %v", built.Round(time.Second/10), time.Since(began).Round(time.Second/10))
		// A kernel that breaks down in the emulator says nothing of scanners. It has
		// been seen once in many boots, at places that have nothing to do with USB.
		if strings.Contains(said, "Kernel panic - not syncing: Fatal exception") && try < 3 {
			t.Logf("the kernel broke down in the emulator, so it is booted again (%d):\n%s", try, said)
			continue
		}
		if !strings.Contains(said, "\nMUONTRA-USB-EXIT 0\n") {
			t.Errorf("the virtual machine did not say that all went well:\n%s", said)
			return
		}
		if !strings.Contains(said, "\n    --- PASS: TestUSB/") {
			t.Errorf("nothing was tried there:\n%s", said)
		}
		t.Logf("%s", said)
		return
	}
}

// emulate boots the disk once and returns what its console said.
func (r rig) emulate(t *testing.T, disk string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bootLimit)
	defer cancel()
	// Plain emulation everywhere: /dev/kvm is there on machines where it does not work.
	// Time goes by the instructions done in there, 2 ns each: a busy host makes it all
	// slower and nothing in it late. At 8 ns it was a computer so slow that a reader
	// was held up by a garbage collection for longer than the USB library keeps
	// reports, and a key was lost. The processor is the plainest, the clock is set
	// to a school day. Without cx16, because the emulator, interrupted right behind
	// that instruction, was seen to hand back wrong flags, and the kernel fell.
	qemu := exec.CommandContext(ctx, r.qemu, "-machine", "q35", "-accel", "tcg", "-cpu", "qemu64,-cx16", "-smp", "1", "-m", "512", "-icount", "shift=1",
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-rtc", "base=2026-11-25T02:00:00",
		"-kernel", r.image, "-initrd", disk, "-append", "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off",
		"-serial", "stdio")
	var console bytes.Buffer
	qemu.Stdout, qemu.Stderr = &console, &console
	err := qemu.Run()
	switch {
	case ctx.Err() != nil:
		t.Errorf("the virtual machine did not end within %v", bootLimit)
	case err != nil:
		t.Errorf("qemu: %v", err)
	}
	return strings.ReplaceAll(console.String(), "\r", "")
}

// wanted is the -run pattern, for the guest.
func wanted() string {
	pattern := flag.Lookup("test.run").Value.String()
	if pattern == "" || strings.ContainsAny(pattern, "'\n") {
		return "^TestUSB$"
	}
	return pattern
}

func build(t *testing.T, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "go", args...)
	c.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// takeModules copies the kernel modules and returns their names in the guest, a
// module after those it depends on, with its settings.
func (r rig) takeModules(t *testing.T, root string) (lines []string) {
	dep, err := os.ReadFile(filepath.Join(r.modules, "modules.dep"))
	if err != nil {
		t.Fatal(err)
	}
	needs := map[string][]string{} // path: all that it depends on, nearest first
	path := map[string]string{}    // name: path
	for line := range strings.Lines(string(dep)) {
		p, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		needs[p] = strings.Fields(rest)
		name, _, _ := strings.Cut(filepath.Base(p), ".")
		path[name] = p
	}
	taken := map[string]bool{}
	take := func(p string) {
		if taken[p] {
			return
		}
		taken[p] = true
		in := "/lib/modules/" + filepath.Base(p)
		copyFile(t, filepath.Join(r.modules, p), filepath.Join(root, in), 0o644)
		if strings.HasPrefix(filepath.Base(p), "dummy_hcd.") {
			in += fmt.Sprintf(" num=%d", sockets)
		}
		lines = append(lines, in)
	}
	for _, name := range kernelModules {
		p, ok := path[name]
		if !ok {
			continue // built into this kernel; what is really missing shows in the guest
		}
		for i := len(needs[p]) - 1; i >= 0; i-- {
			take(needs[p][i])
		}
		take(p)
	}
	return lines
}

// pack makes the guest's file system. It is not compressed: the guest would take
// longer to unpack it than this machine to read it.
func pack(t *testing.T, cpio, root string) string {
	var names strings.Builder
	err := filepath.WalkDir(root, func(p string, _ os.DirEntry, err error) error {
		if rel, _ := filepath.Rel(root, p); err == nil && rel != "." {
			fmt.Fprintln(&names, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	disk := root + ".cpio"
	out, err := os.Create(disk)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	c := exec.CommandContext(t.Context(), cpio, "-o", "-H", "newc", "--quiet")
	c.Dir, c.Stdin, c.Stdout = root, strings.NewReader(names.String()), out
	if err := c.Run(); err != nil {
		t.Fatalf("cpio: %v", err)
	}
	return disk
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	src, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(dst, src); err != nil {
		t.Fatal(err)
	}
	if err := dst.Close(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
