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
	"help_head":     {"muontra: quầy mượn trả sách bằng mã vạch cho thư viện trường tiểu học.\nKhông có lệnh: chạy trên thư mục dữ liệu mặc định và mở trình duyệt. Các lệnh:", "muontra: barcode circulation for a primary-school library.\nWithout a command: serves the default data folder and opens the browser. Commands:"},
	"help_serve":    {"chạy dịch vụ: máy quét, quầy, trang web", "the daemon: scanners, stations, pages"},
	"help_demo":     {"chạy thử với một trường mẫu", "serve a sample school"},
	"help_scan":     {"gửi mã như máy quét: scan [--url URL] [--station TÊN] MÃ...", "send codes as a scanner would: scan [--url URL] [--station NAME] CODE..."},
	"help_devices":  {"liệt kê máy quét và máy in; --watch xem từng lần quét", "list scanners and printers; --watch shows every scan"},
	"help_station":  {"trạm ở máy khác: station --hub https://MÁY:7443 --name TÊN --serial CỔNG [--code MÃ]", "a station on another machine: station --hub https://HOST:7443 --name NAME --serial PORT [--code CODE]"},
	"help_import":   {"nhập danh sách: import patrons|titles|copies|loans TỆP", "read a list: import patrons|titles|copies|loans FILE"},
	"help_export":   {"xuất danh sách: export patrons|titles|copies|loans --out TỆP", "write a list: export patrons|titles|copies|loans --out FILE"},
	"help_labels":   {"in nhãn và thẻ: labels copies|cards|shelves --stock TÊN --out TỆP hoặc --printer TÊN", "print labels and cards: labels copies|cards|shelves --stock NAME --out FILE or --printer NAME"},
	"help_printers": {"máy in nhãn: printers [list] | add TÊN --target ĐỊA_CHỈ --language pdf|zpl|tspl|epl | test TÊN | remove TÊN", "label printers: printers [list] | add NAME --target T --language pdf|zpl|tspl|epl | test NAME | remove NAME"},
	"help_stop":     {"dừng dịch vụ đang chạy trên thư mục dữ liệu", "stop the daemon of the data folder"},
	"help_check":    {"kiểm tra cơ sở dữ liệu", "check the database"},
	"help_user":     {"tạo tài khoản: user add TÊN --role librarian --password-stdin", "make an account: user add NAME --role librarian --password-stdin"},
	"help_version":  {"phiên bản", "the version"},

	"unknown_command":        {"không có lệnh %q: gõ 'muontra help' để xem các lệnh", "no command %q: 'muontra help' lists the commands"},
	"bad_flag":               {"%s: %v: thêm -h để xem các lựa chọn", "%s: %v: add -h to see the options"},
	"no_words":               {"thừa tham số %q: bỏ đi rồi chạy lại", "unexpected %q: leave it out"},
	"no_data_dir":            {"không biết thư mục dữ liệu ở đâu: %v: chỉ rõ bằng --data THƯ_MỤC", "the data folder is not known: %v: name it with --data DIR"},
	"open_store":             {"không mở được dữ liệu trong %s: %v", "cannot open the data in %s: %v"},
	"no_database":            {"không có dữ liệu muontra trong %s: kiểm tra lại --data", "there is no muontra data in %s: check --data"},
	"second_daemon":          {"một muontra khác đang chạy trên thư mục %s: tắt nó trước, hoặc chọn --data khác", "another muontra is running on %s: stop it first, or choose another --data"},
	"stopped":                {"đã dừng muontra trên thư mục %s", "the muontra on %s has ended"},
	"stop_none":              {"không có muontra nào đang chạy trên thư mục %s", "no muontra is running on %s"},
	"stop_failed":            {"không báo dừng được cho muontra trên thư mục %s: %v: đóng cửa sổ của nó, hoặc bấm Ctrl+C trong đó", "the muontra on %s cannot be told to stop: %v: close its window, or press Ctrl+C in it"},
	"stop_slow":              {"muontra trên thư mục %s chưa dừng sau 20 giây: đóng cửa sổ của nó", "the muontra on %s has not ended after 20 seconds: close its window"},
	"lock_failed":            {"không khoá được thư mục %s: %v", "cannot lock the folder %s: %v"},
	"listen_failed":          {"không mở được địa chỉ %s: %v: chọn cổng khác bằng --listen", "cannot listen on %s: %v: choose another port with --listen"},
	"listen_lan":             {"địa chỉ %s ra ngoài máy này mà chưa mã hoá: bỏ http:// để dùng HTTPS, hoặc thêm --insecure-lan nếu chấp nhận để cả mạng đọc được", "%s can be reached from other machines without encryption: leave http:// out to serve HTTPS, or add --insecure-lan and accept that the whole network can read along"},
	"insecure_lan":           {"cảnh báo: --insecure-lan gửi tên học sinh và mật khẩu không mã hoá qua mạng", "warning: --insecure-lan sends pupils' names and passwords unencrypted over the network"},
	"outside":                {"máy khác vào bằng %s (lần đầu mở %s/trust); vân tay chứng chỉ: %s", "other machines use %s (at first %s/trust); the certificate's fingerprint: %s"},
	"tls_both":               {"chứng chỉ và khoá đi cùng nhau: ghi cả --tls-cert và --tls-key", "a certificate and its key belong together: give both --tls-cert and --tls-key"},
	"tls_files":              {"không dùng được chứng chỉ đã chỉ: %v: kiểm tra --tls-cert và --tls-key, hoặc bỏ cả hai để dùng chứng chỉ riêng của trường", "the certificate that was given cannot be used: %v: check --tls-cert and --tls-key, or leave both out for the school's own"},
	"tls_own":                {"không đọc được chứng chỉ của trường trong %s: %v: lấy lại thư mục đó từ bản sao; nếu không còn bản sao, xoá thư mục để làm mới (các máy khác phải tin cậy lại)", "the school's own certificate in %s cannot be read: %v: bring the folder back from a copy; if there is none, remove it for a new one (other machines have to trust it again)"},
	"station_no_scanner":     {"chưa chọn máy quét: thêm --serial CỔNG hoặc --hid VID:PID (máy quét kiểu bàn phím không cần lệnh này: mở trang /pair của máy chủ bằng trình duyệt)", "no scanner chosen: add --serial PORT or --hid VID:PID (a keyboard scanner does not need this command: open the hub's page /pair in a browser)"},
	"station_code_needs":     {"ghép lần đầu cần cả --hub và --name: chép nguyên dòng lệnh trên trang Máy khác của thủ thư", "pairing needs --hub and --name too: copy the whole line from the desk's page Other machines"},
	"station_unpaired":       {"máy này chưa ghép: lấy mã ở trang Máy khác của thủ thư rồi chạy với --hub, --name và --code", "this machine is not paired: get a code on the desk's page Other machines and run this with --hub, --name and --code"},
	"station_other":          {"máy này đã ghép làm trạm %s của %s: bỏ --hub và --name, hoặc ghép lại bằng --code mới", "this machine is paired as station %s of %s: leave --hub and --name out, or pair it anew with --code"},
	"station_paired":         {"đã ghép làm trạm %s; trên trình duyệt của máy này mở %s/pair và nhập mã %s", "paired as station %s; in this machine's browser open %s/pair and type the code %s"},
	"station_refused":        {"%s không nhận: %s", "%s refuses: %s"},
	"station_removed":        {"trạm %s không còn được nhận (%s): ghép lại bằng mã mới ở trang Máy khác", "station %s is no longer accepted (%s): pair it anew with a code from the page Other machines"},
	"station_not_recognised": {"chứng chỉ của %s không khớp mã: kiểm tra lại mã và địa chỉ; nếu vẫn vậy, có thể một máy khác đang giả làm máy chủ, hãy dừng và báo thủ thư", "the certificate of %s does not match the code: check the code and the address; if it stays so, another machine may pretend to be the hub: stop, and tell the librarian"},
	"station_untrusted":      {"chưa tin cậy chứng chỉ của %s: nhập cả mã có chữ đi kèm như trang Máy khác ghi, hoặc thêm --ca TỆP", "the certificate of %s is not trusted: type the whole code with its letters as the page Other machines shows it, or add --ca FILE"},
	"station_wrong_host":     {"chứng chỉ của %s không ghi địa chỉ này (%v): dùng đúng địa chỉ trên trang Máy khác", "the certificate of %s does not name this address (%v): use the address on the page Other machines"},
	"station_no_hub":         {"không gọi được %s (%v): kiểm tra mạng và máy chủ; sẽ tự thử lại khi đang chạy", "cannot reach %s (%v): check the network and the hub; a running station tries again by itself"},
	"station_up":             {"đã nối lại với %s", "connected to %s again"},
	"station_lost":           {"một lần quét CHƯA được ghi vì mất mạng quá 10 giây: quét lại khi màn hình sẵn sàng", "a scan was NOT done, the network was gone for more than 10 seconds: scan again when the screen is ready"},
	"station_scan_refused":   {"máy chủ không nhận lần quét: %s", "the hub did not take the scan: %s"},
	"bad_station":            {"%v", "%v"},
	"bad_device":             {"%v", "%v"},
	"failed":                 {"%v", "%v"},
	"no_daemon":              {"không gọi được %s: %v: dịch vụ đã chạy chưa? (muontra serve)", "cannot reach %s: %v: is the daemon running? (muontra serve)"},
	"scan_refused":           {"dịch vụ không nhận mã %q: %s", "the daemon did not take %q: %s"},
	"in_use":                 {"đang dùng ở quầy %s\t%s\t%s\tquét %d, lặp %d, hỏng %d, lạ %d, bỏ %d\t%s", "in use at station %s\t%s\t%s\tscanned %d, twice %d, garbled %d, unknown %d, dropped %d\t%s"},
	"watching_daemon":        {"đang xem máy quét của dịch vụ ở %s; Ctrl+C để dừng", "watching the scanners of the daemon at %s; Ctrl+C ends it"},
	"bad_url":                {"địa chỉ %q không đúng: viết như http://127.0.0.1:7373", "%q is no address: write it like http://127.0.0.1:7373"},
	"scan_none":              {"chưa có mã nào: muontra scan MÃ...", "no codes: muontra scan CODE..."},
	"scan_malformed":         {"mã chứa byte không phải UTF-8", "the code is not valid UTF-8"},
	"check_ok":               {"ok", "ok"},
	"user_use":               {"dùng: muontra user add TÊN --role librarian|management|collaborator|helper --password-stdin, hoặc muontra user reset TÊN", "use: muontra user add NAME --role librarian|management|collaborator|helper --password-stdin, or muontra user reset NAME"},
	"user_unknown":           {"không có tài khoản %q: kiểm tra lại tên đăng nhập và thư mục dữ liệu", "no account %q: look at the sign-in name and the data folder"},
	"user_common":            {"mật khẩu này ai cũng đoán ra: chọn một câu ngắn của riêng mình", "anybody would guess this password: choose a short sentence of your own"},
	"user_reset":             {"mật khẩu dùng một lần của %s: %s", "one-time password of %s: %s"},
	"user_role":              {"không có vai trò %q: chọn một trong %s", "no role %q: choose one of %s"},
	"user_name":              {"tên đăng nhập %q không dùng được: 1 đến 32 chữ thường a-z, chữ số, dấu . _ -", "%q cannot be a sign-in name: 1 to 32 of a-z, digits, . _ -"},
	"user_stdin":             {"mật khẩu được đọc từ đầu vào chuẩn: thêm --password-stdin", "the password is read from standard input: add --password-stdin"},
	"user_short":             {"mật khẩu quá ngắn: cần ít nhất %d ký tự", "the password is too short: it needs at least %d characters"},
	"user_exists":            {"đã có tài khoản %q: chọn tên khác", "there is an account %q already: choose another name"},
	"user_added":             {"đã tạo tài khoản %s (%s)", "account %s (%s) made"},
	"what":                   {"không biết %q: chọn %s", "%q is not known: choose %s"},
	"one_file":               {"cần đúng một tệp: %s", "exactly one file is needed: %s"},
	"out_needed":             {"thiếu --out TỆP: ghi tên tệp .xlsx hoặc .csv", "--out FILE is missing: name an .xlsx or .csv file"},
	"import_failed":          {"không nhập được %s: %v", "cannot import %s: %v"},
	"import_progress":        {"\rđã xử lý %d trên %d dòng", "\r%d of %d rows done"},
	"import_row":             {"dòng %d, cột %s: %s", "row %d, column %s: %s"},
	"import_unread":          {"các cột không đọc vì thư viện không cần: %s", "columns left unread, a library has no business with them: %s"},
	"import_rejects":         {"các dòng bị loại đã ghi vào %s: sửa rồi nhập lại tệp đó", "rejected rows are in %s: mend them and import that file"},
	"rejects_ending":         {"không biết kiểu tệp của %s: --rejects cần tên kết thúc bằng .xlsx hoặc .csv", "the kind of %s is not known: --rejects needs a name that ends in .xlsx or .csv"},
	"rejects_folder":         {"không có thư mục để ghi %s: tạo thư mục trước", "there is no folder for %s: make it first"},
	"rejects_same":           {"%s là chính danh sách đang nhập: chọn tên khác cho --rejects để không mất các dòng đúng", "%s is the list itself: choose another name for --rejects, or its good rows are lost"},
	"import_dry":             {"chạy thử: chưa ghi gì", "dry run: nothing was written"},
	"export_failed":          {"không xuất được %s: %v", "cannot export %s: %v"},
	"exported":               {"đã ghi %d dòng vào %s", "%d rows written to %s"},
	"bad_year":               {"năm học %q không đúng: viết như 2026-2027", "%q is no school year: write it like 2026-2027"},
	"no_devices":             {"không thấy máy quét hay máy in nào: cắm vào rồi chạy lại; máy quét kiểu bàn phím vẫn dùng được ngay trên trang quầy", "no scanner or printer seen: plug one in and run this again; a keyboard scanner works on the kiosk page as it is"},
	"no_hid":                 {"bản này không đọc trực tiếp máy quét USB HID (dựng không có cgo): dùng USB-COM, hoặc quét vào trang quầy", "this build cannot read USB HID scanners directly (built without cgo): use USB-COM, or scan into the kiosk page"},
	"watching":               {"đang xem %d máy quét, Ctrl+C để dừng", "watching %d scanners, Ctrl+C ends"},
	"device_state":           {"%s: %s", "%s: %s"},
	"connected":              {"đã kết nối", "connected"},
	"disconnected":           {"chưa kết nối (%s) %s", "not connected (%s) %s"},
	"opening_browser":        {"mở %s bằng trình duyệt", "open %s in the browser"},
	"first_account":          {"chưa có tài khoản nào: mở %s/desk/set-up trên máy này để tạo tài khoản thủ thư", "no account yet: open %s/desk/set-up on this machine to make the librarian's"},
	"demo_building":          {"đang dựng trường mẫu: %d%%", "building the sample school: %d%%"},
	"demo_failed":            {"không dựng được trường mẫu: %v", "cannot build the sample school: %v"},
	"stopping":               {"đang dừng", "stopping"},
	"stock_unknown":          {"không có mẫu giấy %q: 'muontra labels --stock list' liệt kê các mẫu", "no stock %q: 'muontra labels --stock list' lists them"},
	"labels_progress":        {"đã vẽ %d trên %d nhãn", "%d of %d labels drawn"},
	"labels_none":            {"không có gì để in: lựa chọn này không khớp bản sách hay thẻ nào", "nothing to print: the selection matches no copy or card"},
	"labels_failed":          {"không in được: %v", "cannot print: %v"},
	"labels_done":            {"%d nhãn trên %d trang: %s", "%d labels on %d pages: %s"},
	"labels_replaced":        {"chữ không in được đã thay trong %q: %s", "letters that cannot be printed were replaced in %q: %s"},
	"labels_out":             {"thiếu --out TỆP.pdf|.zpl|.tspl|.epl hoặc THƯ_MỤC/", "--out FILE.pdf|.zpl|.tspl|.epl or DIR/ is missing"},
	"labels_range":           {"khoảng số %q không đúng: viết như TK.00001..TK.00060", "%q is no range: write it like TK.00001..TK.00060"},
	"labels_layout":          {"không có bố cục %q: chọn copy, spine hoặc both", "no layout %q: choose copy, spine or both"},
	"labels_ending":          {"không biết kiểu tệp của %s: kết thúc bằng .pdf, .zpl, .tspl, .epl, hoặc / cho ảnh PNG", "the kind of %s is not known: end it in .pdf, .zpl, .tspl, .epl, or / for PNG pictures"},
	"labels_either_of":       {"chọn một trong hai: --out hoặc --printer", "choose one of --out and --printer"},
	"read_failed":            {"không đọc được %s: %v", "cannot read %s: %v"},
	"write_failed":           {"không ghi được %s: %v", "cannot write %s: %v"},

	"printers_use":     {"dùng: muontra printers [list] | add TÊN --target ĐỊA_CHỈ --language pdf|zpl|tspl|epl [--dpi N] [--stock MẪU] [--offset X,Y] [--scale X,Y] | test TÊN | remove TÊN | disable TÊN", "use: muontra printers [list] | add NAME --target T --language pdf|zpl|tspl|epl [--dpi N] [--stock S] [--offset X,Y] [--scale X,Y] | test NAME | remove NAME | disable NAME"},
	"no_printers":      {"chưa có máy in nào: thêm bằng 'muontra printers add TÊN --target tcp://ĐỊA_CHỈ:9100 --language zpl'", "no printer yet: add one with 'muontra printers add NAME --target tcp://HOST:9100 --language zpl'"},
	"printer_unknown":  {"không có máy in %q: 'muontra printers' liệt kê các máy in", "no printer %q: 'muontra printers' lists them"},
	"printer_added":    {"đã thêm máy in %s: in thử bằng 'muontra printers test %s'", "printer %s added: try it with 'muontra printers test %s'"},
	"printer_changed":  {"đã sửa máy in %s: in thử bằng 'muontra printers test %s'", "printer %s changed: try it with 'muontra printers test %s'"},
	"printer_disabled": {"máy in %s không dùng nữa; các lần in cũ vẫn xem được, dùng lại bằng 'muontra printers add %s'", "printer %s is out of use; its jobs can still be read, 'muontra printers add %s' uses it again"},
	"printer_off":      {"máy in %s đã ngừng dùng: dùng lại bằng 'muontra printers add %s'", "printer %s is out of use: 'muontra printers add %s' uses it again"},
	"printer_name":     {"tên máy in %q không dùng được: 1 đến 64 chữ, không có ký tự điều khiển", "%q cannot be a printer's name: 1 to 64 letters without control characters"},
	"printer_target":   {"thiếu --target: ghi tcp://ĐỊA_CHỈ:9100, /dev/usb/lp0 hoặc ipp://ĐỊA_CHỈ/ipp/print", "--target is missing: write tcp://HOST:9100, /dev/usb/lp0 or ipp://HOST/ipp/print"},
	"printer_address":  {"địa chỉ máy in %q không đúng (%v): ghi tcp://ĐỊA_CHỈ:9100, /dev/usb/lp0 hoặc ipp://ĐỊA_CHỈ/ipp/print", "%q is no printer's address (%v): write tcp://HOST:9100, /dev/usb/lp0 or ipp://HOST/ipp/print"},
	"printer_language": {"ngôn ngữ máy in %q không đúng: chọn --language pdf, zpl, tspl hoặc epl", "%q is no printer language: choose --language pdf, zpl, tspl or epl"},
	"printer_dpi":      {"không có máy in %d chấm một inch: chọn --dpi 203, 300 hoặc 600", "no printer has %d dots an inch: choose --dpi 203, 300 or 600"},
	"printer_pair":     {"%s %q không đúng: viết như 1.5,-0.5", "%s %q is not understood: write it like 1.5,-0.5"},
	"printer_scale":    {"chấm của máy in nhãn không co giãn được: đặt --scale 1,1", "the dots of a label printer cannot be scaled: set --scale 1,1"},
	"print_daemon":     {"muontra đang chạy trên thư mục này sẽ in", "the muontra that runs on this folder prints it"},
	"print_waits":      {"lệnh in còn nằm trong hàng đợi của máy in %s: xem trang in ở quầy", "the job still waits for printer %s: look at the desk's print page"},
	"print_progress":   {"\r%d trên %d nhãn, %s        ", "\r%d of %d labels, %s        "},
	"print_done":       {"đã in %d nhãn trên máy in %s", "%d labels printed on %s"},
	"print_but":        {"đã in, nhưng %s (%s)", "printed, but %s (%s)"},
	"print_failed":     {"máy in %s không in xong: %s; đã gửi %d trên %d nhãn: %s", "printer %s did not finish: %s; %d of %d labels were sent: %s"},
	"job_title":        {"%s: %d", "%s: %d"},

	// The layouts, as a job's title names them.
	"layout_copy":        {"nhãn mã vạch", "copy labels"},
	"layout_spine":       {"nhãn gáy", "spine labels"},
	"layout_both":        {"nhãn gáy và mã vạch", "spine and copy labels"},
	"layout_shelf":       {"nhãn kệ", "shelf labels"},
	"layout_place":       {"nhãn nơi đặt sách", "place labels"},
	"layout_card":        {"thẻ bạn đọc", "patron cards"},
	"layout_class-sheet": {"bảng mã vạch của lớp, số học sinh", "class sheets, pupils"},
	"layout_commands":    {"bảng mã lệnh", "command sheet"},
	"layout_colours":     {"bảng màu", "colour key"},
	"layout_calibration": {"trang căn chỉnh", "calibration page"},
	"layout_test":        {"nhãn thử", "test label"},

	// How a printer is.
	"printer_is_unknown":    {"có mặt, không hỏi được gì thêm", "there, and says no more"},
	"printer_is_idle":       {"sẵn sàng", "ready"},
	"printer_is_processing": {"đang in", "printing"},
	"printer_is_stopped":    {"đang dừng", "stopped"},
	"printer_is_away":       {"không liên lạc được", "cannot be reached"},

	// The states of a job.
	"job_sending":  {"đang gửi", "sending"},
	"job_printing": {"máy in đang in", "printing"},

	// Why something was not printed, by the codes of the queue and of the
	// printers' drivers.
	"reason_interrupted":         {"muontra đã tắt khi đang in", "muontra ended while it printed"},
	"reason_stopped":             {"đã bấm dừng", "it was stopped"},
	"reason_cancelled":           {"đã huỷ", "it was cancelled"},
	"reason_cancelled_at_screen": {"đã huỷ tại máy in", "it was cancelled at the printer"},
	"reason_aborted":             {"máy in bỏ dở mà không nói vì sao", "the printer gave it up and does not say why"},
	"reason_forgotten":           {"máy in không còn nhớ lệnh in này, hãy xem giấy đã in", "the printer does not know the job any more, look at what came out"},
	"reason_unknown_subject":     {"có bản sách, thẻ hoặc nơi đặt không còn nữa", "a copy, card or place of it is gone"},
	"reason_printer_disabled":    {"máy in đã ngừng dùng", "the printer is out of use"},
	"reason_ignored":             {"máy in không làm theo một số yêu cầu", "the printer did not do all that was asked"},
	"reason_spool":               {"không ghi được tệp in tạm lên đĩa", "the drawn job could not be kept on the disk"},
	"reason_failed":              {"có lỗi", "it failed"},
	"reason_bad_target":          {"địa chỉ máy in không đúng", "the printer's address is wrong"},
	"reason_refused":             {"máy in từ chối kết nối, kiểm tra máy đã bật và đúng cổng", "the printer refuses the connection, check that it is on and the port"},
	"reason_unreachable":         {"không tới được máy in, kiểm tra nguồn điện, dây và địa chỉ", "the printer cannot be reached, check power, cable and address"},
	"reason_timed_out":           {"máy in không nhận tiếp, xem giấy, nắp và nút tạm dừng", "the printer stopped taking data, look at paper, cover and pause"},
	"reason_cut_off":             {"máy in ngắt kết nối giữa chừng", "the printer broke off in the middle"},
	"reason_garbage":             {"máy in trả lời không hiểu được, kiểm tra địa chỉ", "the printer answers nonsense, check the address"},
	"reason_no_permission":       {"không được phép in trên máy in này", "printing there is not permitted"},
	"reason_busy":                {"máy in đang bận việc khác", "the printer is busy with something else"},
	"reason_not_ready":           {"máy in chưa sẵn sàng", "the printer is not ready"},
	"reason_not_found":           {"không thấy máy in hoặc hàng đợi này", "there is no such printer or queue"},
	"reason_not_supported":       {"máy in không làm được việc này", "the printer cannot do that"},
	"reason_untrusted":           {"chứng chỉ của máy in không đáng tin", "the printer's certificate is not trusted"},
	"reason_job_failed":          {"máy in đã nhận rồi bỏ lệnh in", "the printer took the job and gave it up"},
	"reason_too_late":            {"lệnh in đã kết thúc", "the job has already ended"},
	"reason_canceled":            {"đã dừng", "it was stopped"},
	"reason_media_empty":         {"hết giấy hoặc nhãn", "out of paper or labels"},
	"reason_media_low":           {"sắp hết giấy", "paper is low"},
	"reason_media_needed":        {"cần đổi giấy", "other paper is needed"},
	"reason_tray_missing":        {"thiếu khay giấy", "a tray is missing"},
	"reason_output_full":         {"khay ra đã đầy", "the output tray is full"},
	"reason_jam":                 {"kẹt giấy", "paper jam"},
	"reason_door_open":           {"nắp máy in đang mở", "a cover is open"},
	"reason_toner_empty":         {"hết mực hoặc ruy-băng", "out of toner, ink or ribbon"},
	"reason_toner_low":           {"sắp hết mực", "toner is low"},
	"reason_paused":              {"máy in đang tạm dừng", "the printer is paused"},
	"reason_offline":             {"máy in đang tắt hoặc ngoại tuyến", "the printer is off or offline"},
	"reason_no_answer":           {"máy in không trả lời", "the printer does not answer"},
	"reason_connecting":          {"đang tìm máy in", "looking for the printer"},
	"reason_overheated":          {"máy in quá nóng", "the printer is too hot"},
	"reason_spool_full":          {"bộ nhớ máy in đã đầy", "the printer has no room for more jobs"},
	"reason_no_driver":           {"hệ thống in thiếu trình điều khiển", "the print system lacks a driver"},
	"reason_printer_error":       {"máy in báo lỗi", "the printer has an error"},
	"reason_other":               {"máy in báo lỗi khác", "the printer has another error"},
}
