// The camera as a scanner, for a phone, or a PC whose scanner is away. Pictures
// go to the daemon, which finds the barcode and scans it like any other.
//
// In a secure context (https, or this machine) the page shows what the camera
// sees and sends two pictures a second until one is read; one opening is one
// scan, under one command id, so that a book held on before the camera is not
// given back again. On a plain page the browser gives no video; there a button
// takes one picture with the system's own camera.
import { newID } from "./dom.js";

const EVERY = 450; // ms between two frames
const FRAME = 1000; // pixels of a frame's longer side
const PHOTO = 2000; // and of a photo's
const CLOSER = 4; // frames without a barcode until a hint, ...
const TIRED = 60; // ... and until the camera is put down
const KEEP = 10000; // ms for which a photo is sent again
const ANSWER = 8000; // ms to wait for one answer
const PHONE = 600; // CSS pixels of a phone, across

export class Camera {
  // onAnswer(result), onRefused(message), onReading(), onLost(), onTrouble().
  constructor({ root, t, station, lang, ...told }) {
    Object.assign(this, { t, station, lang, ...told });
    const $ = (id) => root.getElementById(id);
    this.button = $("camera");
    this.dialog = $("camera-view");
    this.video = $("camera-video");
    this.aim = $("camera-aim");
    this.note = $("camera-note");
    this.file = $("camera-file");
    this.asked = new URLSearchParams(location.search).get("camera");
    this.live = Boolean(isSecureContext && navigator.mediaDevices?.getUserMedia);
    this.has = Math.min(screen.width, screen.height, innerWidth) < PHONE;
    this.typed = false; // a scanner has typed into this page
    this.run = 0;
    this.button.addEventListener("click", () => this.open());
    this.file.addEventListener("change", () => this.photo());
    $("camera-close").addEventListener("click", () => this.close());
    $("camera-photo").addEventListener("click", () => this.file.click());
    this.dialog.addEventListener("close", () => this.stop());
    document.addEventListener("visibilitychange", () => document.hidden && this.close());
    this.findCamera();
  }

  // findCamera: a touchscreen that is no phone may have one too. Without a
  // secure context it cannot be known.
  async findCamera() {
    if (!this.has && this.live) {
      try {
        this.has = (await navigator.mediaDevices.enumerateDevices()).some((d) => d.kind === "videoinput");
      } catch {
        return;
      }
    }
    this.show(this.state);
  }

  // show offers the button: where it was asked for, or by touch, with a camera,
  // and as long as no scanner does the work.
  show(state) {
    this.state = state;
    if (!state) return;
    const scanner = this.typed || state.devices.some((d) => d.connected && ["hid", "serial", "wedge"].includes(d.kind));
    const offer = matchMedia("(pointer: coarse)").matches && this.has && !scanner;
    this.button.hidden = !(this.asked === "1" || (offer && this.asked !== "0"));
  }

  scannerTyped() {
    this.typed = true;
    this.close();
    this.show(this.state);
  }

  async open() {
    if (!this.live) return this.file.click();
    const run = ++this.run;
    this.say("starting");
    this.dialog.showModal();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } } });
    } catch {
      if (run !== this.run) return;
      // Refused, or taken by another program: the system's own may still do.
      this.close();
      this.file.click();
      return;
    }
    if (run !== this.run) return stream.getTracks().forEach((track) => track.stop());
    this.stream = stream;
    this.video.srcObject = stream;
    try {
      await this.video.play();
    } catch {
      return this.close();
    }
    this.say("hint");
    this.watch(run);
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  stop() {
    this.run++;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }

  say(key, text) {
    this.note.textContent = text ?? this.t(`camera.${key}`);
  }

  // watch sends what stands in the frame until it is read or the camera is put
  // down, one picture after the other.
  async watch(run) {
    const id = newID();
    for (let n = 0; run === this.run; n++) {
      const next = new Promise((done) => setTimeout(done, EVERY));
      const blob = await this.frame();
      if (run !== this.run) return;
      const res = blob && (await this.post(blob, id));
      // An answer that came after the camera was put down was scanned all the same.
      if (res?.ok) {
        this.close();
        return this.onAnswer(res.body);
      }
      if (run !== this.run) return;
      if (!blob) {
        // The camera has no picture yet.
      } else if (!res) {
        this.onTrouble();
      } else if (res.status === 422) {
        if (res.body?.error?.code === "several_barcodes") this.say("", res.body.error.message);
        else if (n >= CLOSER) this.say("closer");
      } else if (res.status < 500) {
        this.close();
        return this.onRefused(res.body?.error?.message ?? "");
      }
      if (n >= TIRED) {
        this.close();
        return this.onRefused(this.t("camera.tired"));
      }
      await next;
    }
  }

  // frame is the part of the video within the drawn frame.
  frame() {
    const { video } = this;
    const [vw, vh] = [video.videoWidth, video.videoHeight];
    if (!vw || !vh) return null;
    const box = video.getBoundingClientRect();
    const aim = this.aim.getBoundingClientRect();
    const k = Math.max(box.width / vw, box.height / vh); // object-fit: cover
    const w = Math.min(vw, aim.width / k), h = Math.min(vh, aim.height / k);
    return draw(video, (vw - w) / 2, (vh - h) / 2, w, h, FRAME);
  }

  // photo sends one picture of the system's camera, smaller where the browser
  // can draw it.
  async photo() {
    const file = this.file.files[0];
    if (!file) return;
    this.close();
    this.onReading();
    let blob = file;
    try {
      const bitmap = await createImageBitmap(file);
      blob = (await draw(bitmap, 0, 0, bitmap.width, bitmap.height, PHOTO)) ?? file;
      bitmap.close();
    } catch {
      // The daemon says what is wrong with it.
    }
    this.file.value = "";
    const id = newID();
    const until = performance.now() + KEEP;
    for (let pause = 300; ; pause = Math.min(2 * pause, 2000)) {
      const res = await this.post(blob, id);
      if (res?.ok) return this.onAnswer(res.body);
      if (res && res.status < 500) return this.onRefused(res.body?.error?.message ?? "");
      this.onTrouble();
      if (performance.now() > until) return this.onLost();
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  // post sends a picture; null when nothing came back.
  async post(blob, id) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER);
    try {
      const res = await fetch(`/api/v1/stations/${this.station}/pictures?lang=${this.lang}&command_id=${id}`, {
        method: "POST", headers: { "Content-Type": blob.type.startsWith("image/") ? blob.type : "image/jpeg" }, body: blob, signal: stop.signal,
      });
      return { ok: res.ok, status: res.status, body: await res.json().catch(() => null) };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}

// draw makes a JPEG of a part of a picture, its longer side at most most pixels.
function draw(from, x, y, w, h, most) {
  const k = Math.min(1, most / Math.max(w, h));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(w * k));
  canvas.height = Math.max(1, Math.round(h * k));
  const ink = canvas.getContext("2d");
  ink.imageSmoothingQuality = "high";
  ink.drawImage(from, x, y, w, h, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}
