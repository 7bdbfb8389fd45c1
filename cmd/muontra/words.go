package main

import (
	"fmt"
	"strings"
)

// said is a sentence of the command line with its facts.
type said struct {
	key  string
	args []any
}

func sentence(key string, facts ...any) said { return said{key, facts} }

// wrong is a sentence that says what is wrong, for a function that may find
// nothing wrong.
func wrong(key string, facts ...any) *said { s := sentence(key, facts...); return &s }

// word is the sentence in the user's language.
func (e *env) word(s said) string {
	w, ok := sentences[s.key]
	if !ok {
		return s.key + " " + strings.TrimSpace(fmt.Sprintln(s.args...))
	}
	t := w.vi
	if e.lang == "en" {
		t = w.en
	}
	return fmt.Sprintf(t, s.args...)
}

// sentences holds every sentence of the command line, Vietnamese and English with
// the same facts in the same order. Errors are "what went wrong: what to do".
var sentences = map[string]struct{ vi, en string }{
	"help_head":    {"muontra: quầy mượn trả sách bằng mã vạch cho thư viện trường tiểu học.\nKhông có lệnh: chạy trên thư mục dữ liệu mặc định và mở trình duyệt. Các lệnh:", "muontra: barcode circulation for a primary-school library.\nWithout a command: serves the default data folder and opens the browser. Commands:"},
	"help_serve":   {"chạy dịch vụ: máy quét, quầy, trang web", "the daemon: scanners, stations, pages"},
	"help_demo":    {"chạy thử với một trường mẫu", "serve a sample school"},
	"help_scan":    {"gửi mã như máy quét: scan [--url URL] [--station TÊN] MÃ...", "send codes as a scanner would: scan [--url URL] [--station NAME] CODE..."},
	"help_devices": {"liệt kê máy quét và máy in; --watch xem từng lần quét", "list scanners and printers; --watch shows every scan"},
	"help_import":  {"nhập danh sách: import patrons|titles|copies|loans TỆP", "read a list: import patrons|titles|copies|loans FILE"},
	"help_export":  {"xuất danh sách: export patrons|titles|copies|loans --out TỆP", "write a list: export patrons|titles|copies|loans --out FILE"},
	"help_labels":  {"in nhãn và thẻ: labels copies|cards|shelves --stock TÊN --out TỆP", "print labels and cards: labels copies|cards|shelves --stock NAME --out FILE"},
	"help_check":   {"kiểm tra cơ sở dữ liệu", "check the database"},
	"help_user":    {"tạo tài khoản: user add TÊN --role librarian --password-stdin", "make an account: user add NAME --role librarian --password-stdin"},
	"help_version": {"phiên bản", "the version"},

	"unknown_command":  {"không có lệnh %q: gõ 'muontra help' để xem các lệnh", "no command %q: 'muontra help' lists the commands"},
	"bad_flag":         {"%s: %v: thêm -h để xem các lựa chọn", "%s: %v: add -h to see the options"},
	"no_words":         {"thừa tham số %q: bỏ đi rồi chạy lại", "unexpected %q: leave it out"},
	"no_data_dir":      {"không biết thư mục dữ liệu ở đâu: %v: chỉ rõ bằng --data THƯ_MỤC", "the data folder is not known: %v: name it with --data DIR"},
	"open_store":       {"không mở được dữ liệu trong %s: %v", "cannot open the data in %s: %v"},
	"second_daemon":    {"một muontra khác đang chạy trên thư mục %s: tắt nó trước, hoặc chọn --data khác", "another muontra is running on %s: stop it first, or choose another --data"},
	"lock_failed":      {"không khoá được thư mục %s: %v", "cannot lock the folder %s: %v"},
	"listen_failed":    {"không mở được địa chỉ %s: %v: chọn cổng khác bằng --listen", "cannot listen on %s: %v: choose another port with --listen"},
	"listen_lan":       {"địa chỉ %s ra ngoài máy này mà chưa mã hoá: dùng 127.0.0.1, hoặc thêm --insecure-lan nếu chấp nhận để cả mạng đọc được", "%s can be reached from other machines without encryption: use 127.0.0.1, or add --insecure-lan and accept that the whole network can read along"},
	"insecure_lan":     {"cảnh báo: --insecure-lan gửi tên học sinh và mật khẩu không mã hoá qua mạng", "warning: --insecure-lan sends pupils' names and passwords unencrypted over the network"},
	"bad_station":      {"%v", "%v"},
	"bad_device":       {"%v", "%v"},
	"failed":           {"%v", "%v"},
	"no_daemon":        {"không gọi được %s: %v: dịch vụ đã chạy chưa? (muontra serve)", "cannot reach %s: %v: is the daemon running? (muontra serve)"},
	"scan_refused":     {"dịch vụ không nhận mã %q: %s", "the daemon did not take %q: %s"},
	"bad_url":          {"địa chỉ %q không đúng: viết như http://127.0.0.1:7373", "%q is no address: write it like http://127.0.0.1:7373"},
	"scan_none":        {"chưa có mã nào: muontra scan MÃ...", "no codes: muontra scan CODE..."},
	"scan_malformed":   {"mã chứa byte không phải UTF-8", "the code is not valid UTF-8"},
	"check_ok":         {"ok", "ok"},
	"user_use":         {"dùng: muontra user add TÊN --role librarian|management|collaborator|helper --password-stdin", "use: muontra user add NAME --role librarian|management|collaborator|helper --password-stdin"},
	"user_role":        {"không có vai trò %q: chọn một trong %s", "no role %q: choose one of %s"},
	"user_name":        {"tên đăng nhập %q không dùng được: 1 đến 32 chữ thường a-z, chữ số, dấu . _ -", "%q cannot be a sign-in name: 1 to 32 of a-z, digits, . _ -"},
	"user_stdin":       {"mật khẩu được đọc từ đầu vào chuẩn: thêm --password-stdin", "the password is read from standard input: add --password-stdin"},
	"user_short":       {"mật khẩu quá ngắn: cần ít nhất %d ký tự", "the password is too short: it needs at least %d characters"},
	"user_exists":      {"đã có tài khoản %q: chọn tên khác", "there is an account %q already: choose another name"},
	"user_added":       {"đã tạo tài khoản %s (%s)", "account %s (%s) made"},
	"what":             {"không biết %q: chọn %s", "%q is not known: choose %s"},
	"one_file":         {"cần đúng một tệp: %s", "exactly one file is needed: %s"},
	"out_needed":       {"thiếu --out TỆP: ghi tên tệp .xlsx hoặc .csv", "--out FILE is missing: name an .xlsx or .csv file"},
	"import_failed":    {"không nhập được %s: %v", "cannot import %s: %v"},
	"import_progress":  {"\rđã xử lý %d trên %d dòng", "\r%d of %d rows done"},
	"import_row":       {"dòng %d, cột %s: %s", "row %d, column %s: %s"},
	"import_unread":    {"các cột không đọc vì thư viện không cần: %s", "columns left unread, a library has no business with them: %s"},
	"import_rejects":   {"các dòng bị loại đã ghi vào %s: sửa rồi nhập lại tệp đó", "rejected rows are in %s: mend them and import that file"},
	"import_dry":       {"chạy thử: chưa ghi gì", "dry run: nothing was written"},
	"export_failed":    {"không xuất được %s: %v", "cannot export %s: %v"},
	"exported":         {"đã ghi %d dòng vào %s", "%d rows written to %s"},
	"bad_year":         {"năm học %q không đúng: viết như 2026-2027", "%q is no school year: write it like 2026-2027"},
	"no_devices":       {"không thấy máy quét hay máy in nào: cắm vào rồi chạy lại; máy quét kiểu bàn phím vẫn dùng được ngay trên trang quầy", "no scanner or printer seen: plug one in and run this again; a keyboard scanner works on the kiosk page as it is"},
	"no_hid":           {"bản này không đọc trực tiếp máy quét USB HID (dựng không có cgo): dùng USB-COM, hoặc quét vào trang quầy", "this build cannot read USB HID scanners directly (built without cgo): use USB-COM, or scan into the kiosk page"},
	"watch_none":       {"chưa chọn máy quét nào để xem: thêm --serial CỔNG hoặc --hid VID:PID", "no scanner chosen to watch: add --serial DEVICE or --hid VID:PID"},
	"watching":         {"đang xem %d máy quét, Ctrl+C để dừng", "watching %d scanners, Ctrl+C ends"},
	"device_state":     {"%s: %s", "%s: %s"},
	"connected":        {"đã kết nối", "connected"},
	"disconnected":     {"chưa kết nối (%s) %s", "not connected (%s) %s"},
	"opening_browser":  {"mở %s bằng trình duyệt", "open %s in the browser"},
	"first_account":    {"chưa có tài khoản nào: mở %s/desk/sign-in trên máy này để tạo tài khoản thủ thư", "no account yet: open %s/desk/sign-in on this machine to make the librarian's"},
	"demo_building":    {"đang dựng trường mẫu: %d%%", "building the sample school: %d%%"},
	"demo_failed":      {"không dựng được trường mẫu: %v", "cannot build the sample school: %v"},
	"stopping":         {"đang dừng", "stopping"},
	"stock_unknown":    {"không có mẫu giấy %q: 'muontra labels --stock list' liệt kê các mẫu", "no stock %q: 'muontra labels --stock list' lists them"},
	"labels_none":      {"không có gì để in: lựa chọn này không khớp bản sách hay thẻ nào", "nothing to print: the selection matches no copy or card"},
	"labels_failed":    {"không in được: %v", "cannot print: %v"},
	"labels_done":      {"%d nhãn trên %d trang: %s", "%d labels on %d pages: %s"},
	"labels_replaced":  {"chữ không in được đã thay trong %q: %s", "letters that cannot be printed were replaced in %q: %s"},
	"labels_out":       {"thiếu --out TỆP.pdf|.zpl|.tspl|.epl hoặc THƯ_MỤC/", "--out FILE.pdf|.zpl|.tspl|.epl or DIR/ is missing"},
	"labels_range":     {"khoảng số %q không đúng: viết như TK.00001..TK.00060", "%q is no range: write it like TK.00001..TK.00060"},
	"labels_layout":    {"không có bố cục %q: chọn copy, spine hoặc both", "no layout %q: choose copy, spine or both"},
	"labels_ending":    {"không biết kiểu tệp của %s: kết thúc bằng .pdf, .zpl, .tspl, .epl, hoặc / cho ảnh PNG", "the kind of %s is not known: end it in .pdf, .zpl, .tspl, .epl, or / for PNG pictures"},
	"labels_noprinter": {"chưa có hàng đợi máy in: dùng --out TỆP.pdf rồi in tệp đó", "there is no print queue yet: use --out FILE.pdf and print that file"},
	"read_failed":      {"không đọc được %s: %v", "cannot read %s: %v"},
	"write_failed":     {"không ghi được %s: %v", "cannot write %s: %v"},
}
