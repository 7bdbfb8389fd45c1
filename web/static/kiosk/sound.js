// A short tone for each kind of result. It only accompanies: every result has
// its picture, colour and words too, and a browser that allows no sound before
// a touch stays silent without any harm.

const TONES = {
  good: [[660, 0, 0.1], [880, 0.11, 0.16]],
  info: [[660, 0, 0.14]],
  wait: [[440, 0, 0.12], [440, 0.17, 0.14]],
  help: [[440, 0, 0.12], [550, 0.14, 0.12], [440, 0.28, 0.16]],
};

let audio = null;

// unlock is called on every touch and key: browsers allow sound only then.
export function unlock() {
  try {
    audio ??= new AudioContext();
    if (audio.state === "suspended") audio.resume().catch(() => {});
  } catch {
    audio = null;
  }
}

export function play(tone) {
  if (!audio || audio.state !== "running") return;
  for (const [hertz, at, long] of TONES[tone] ?? []) {
    const start = audio.currentTime + at;
    const osc = audio.createOscillator();
    const gain = audio.createGain();
    osc.type = "sine";
    osc.frequency.value = hertz;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.12, start + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.001, start + long);
    osc.connect(gain).connect(audio.destination);
    osc.start(start);
    osc.stop(start + long + 0.02);
  }
}
