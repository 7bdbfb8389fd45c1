// After eight hours without a touch the page asks for the PIN, also where there
// is no network. What is kept for that is a slow hash of the PIN: it keeps a
// child from opening the page, not a thief with time.

export const IDLE = 8 * 3600 * 1000; // ms
const ROUNDS = 600000;
const TRIES = 5;

async function hash(pin, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
  return Array.from(new Uint8Array(bits), (x) => x.toString(16).padStart(2, "0")).join("");
}

// remember makes what a PIN is looked at by; nothing outside a secure context,
// where the page does not work without a network either.
export async function remember(pin) {
  if (!crypto.subtle) return null;
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt, hash: await hash(pin, salt), tries: 0 };
}

// check says "right", "wrong", or "ask" when only the server may say so any more.
export async function check(kept, pin) {
  if (!kept || !crypto.subtle || kept.tries >= TRIES) return "ask";
  return (await hash(pin, kept.salt)) === kept.hash ? "right" : "wrong";
}
