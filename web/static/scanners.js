// The page on which a scanner is chosen. A scanner in keyboard mode types into
// it; what it typed goes to the daemon, which knows the test code.
import { Wedge } from "./kiosk/wedge.js";

const { station } = document.body.dataset;

function send(text, ended, spoilt) {
  fetch("/desk/scanners/typed", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ station, text: text.slice(0, 60), ended, spoilt }),
  }).catch(() => {}); // the daemon is away; the next scan tries again
}

new Wedge({
  onScan: (text, ended) => send(text, ended, false),
  onDirty: (typed) => send(typed, false, true),
}).listen(document);
