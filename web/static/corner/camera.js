// The camera for a corner: it reads a code and gives it back, and books nothing.
// Where the browser reads barcodes itself, no picture leaves the phone and no
// network is needed; else the daemon looks into the picture.
import { Camera } from "../kiosk/camera.js";

const EVERY = 200; // ms between two looks of the browser's own reader

export class CodeCamera extends Camera {
  constructor(options) {
    super(options);
    this.own = null;
    if ("BarcodeDetector" in self) {
      BarcodeDetector.getSupportedFormats().then((formats) => {
        const ours = ["code_128", "qr_code", "ean_13"].filter((f) => formats.includes(f));
        if (ours.includes("code_128")) this.own = new BarcodeDetector({ formats: ours });
      }).catch(() => {});
    }
  }

  // show: the page itself says where the camera may be opened.
  show() {}

  async watch(run) {
    if (!this.own) return super.watch(run);
    while (run === this.run) {
      const codes = await this.own.detect(this.video).catch(() => []);
      if (run !== this.run) return;
      const all = [...new Set(codes.map((c) => c.rawValue))];
      const labels = all.filter((c) => !/^97[89]\d{10}$/.test(c)); // a publisher's ISBN beside our label
      const found = all.length === 1 ? all : labels;
      if (found.length === 1) {
        this.close();
        return this.onAnswer({ code: found[0] });
      }
      await new Promise((done) => setTimeout(done, EVERY));
    }
  }

  async post(blob) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 8000);
    try {
      const res = await fetch(`/api/v1/corner/card?lang=${this.lang}`, { method: "POST", headers: { "Content-Type": blob.type.startsWith("image/") ? blob.type : "image/jpeg" }, body: blob, signal: stop.signal });
      return { ok: res.ok, status: res.status, body: await res.json().catch(() => null) };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}
